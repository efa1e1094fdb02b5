"""Two workbooks of Kabupaten Pemalang: lists of data to be filled in, no figure in them yet.

What is right for columns of years without one value is open: left out as a listed change (the
step “Baris dan kolom kosong dilewati”), kept, or melted into rows without figures. A number that
only counts the rows may stay or go, for remarks point to it (“nilai harus sama dengan nomor 1”).
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from expected.kit import (
    ANY,
    Col,
    Expected,
    Finding,
    Rows,
    Shape,
    Table,
    column_letters,
    sheet,
    text,
    texts,
)

_Fill = Callable[[list[list[Any]]], list[list[Any]]]


def _list(file: str, name: str, letters: str, names: Sequence[str], last: int,
          keep: Callable[[list[Any]], bool] | None = None, fill: _Fill | None = None) -> Rows:
    """Rows 2 to ``last`` of some columns, blank rows left out."""
    page = sheet(file, name)
    rows = [[text(page[f"{letter}{row}"]) for letter in letters] for row in range(2, last + 1)]
    rows = [row for row in rows if any(cell is not None for cell in row)]
    if fill is not None:
        rows = fill(rows)
    if keep is not None:
        rows = [row for row in rows if keep(row)]
    return {column: [row[at] for row in rows] for at, column in enumerate(names)}


def _with_years(rows: Callable[[], Rows], years: range) -> Rows:
    made = dict(rows())
    n = len(next(iter(made.values())))
    return {**made, **{str(year): [None] * n for year in years}}


def _melted(rows: Callable[[], Rows], years: range) -> Rows:
    made = {name: [value for value in values for _ in years] for name, values in rows().items()}
    n = len(next(iter(made.values())))
    return {**made, "tahun": list(years) * (n // len(years)), "nilai": [None] * n}


def _shapes(columns: tuple[Col, ...], rows: Callable[[], Rows], n_rows: int, years: range,
            spots: dict[tuple[int, str], Any]) -> list[Shape]:
    """The list alone, with empty columns of years, or melted."""
    wide = tuple(Col(str(year), ANY, also=(f"tahun_{year}", f"kolom_{year}", f"_{year}"),
                     optional=True) for year in years)
    return [
        Shape((*columns, *wide), partial(_with_years, rows, years), n_rows, spots,
              note="columns of years without one value may stay or go"),
        Shape((*columns, Col("tahun", "year"), Col("nilai", ANY, also=("*",))),
              partial(_melted, rows, years), n_rows * len(years), key=("tahun",),
              note="melted, without one figure"),
    ]


# --- Geography: three versions of a list ------------------------------------------------------

_GEO = "xlsx/pemalang_daftar_data_geografi_klimatologi.xlsx"
_GEO_NAMES = ("no", "data_variabel_dda", "satuan", "level", "interval_data", "sumber_data",
              "kegiatan_publikasi", "aspek", "ket")
_GEO_COLUMNS = (Col("no", ("integer", "string"), "A No", optional=True),
                *(Col(name) for name in _GEO_NAMES[1:]))


def _geo_base() -> Rows:
    page = sheet(_GEO, "geografidaniklim.dasar")
    made: dict[str, list[Any]] = {"no": texts(page.col("A", 2, 45))}
    for letter, name in zip("BCDEF", ("data_variabel_dda", "satuan", "sumber_data",
                                      "kegiatan_publikasi", "aspek"), strict=True):
        made[name] = list(texts(page.col(letter, 2, 45)))
    return made


def _geo(name: str, last: int, spots: dict[tuple[int, str], Any]) -> Table:
    rows = partial(_list, _GEO, name, "ABCDEFGHI", _GEO_NAMES, last)
    return Table(tuple(_shapes(_GEO_COLUMNS, rows, last - 1, range(2010, 2029), spots)), name,
                 f"A1:AB{last}", body=f"rows 2-{last}; J-AB are years without figures")


GEO = Expected(
    _GEO, "three lists of data, used range of 1,104 rows mostly blank; column A numbers the rows"
    " (without a header on the first sheet); years without figures; leading blanks",
    (
        Table((Shape((
            # Nothing names the numbers of column A: they go, or stay under any name.
            Col("no", ("integer", "string"), "A, no header", optional=True,
                also=("kolom_*", "nomor", "a", "tanpa_nama*")),
            *(Col(name) for name in ("data_variabel_dda", "satuan", "sumber_data",
                                     "kegiatan_publikasi", "aspek")),
        ), _geo_base, 44, {
            (1, "satuan"): "km²", (5, "satuan"): "km²", (44, "satuan"): None,
            (1, "sumber_data"): "Keputusan Menteri Dalam Negeri Nomor 050-145 Tahun 2022 tanggal"
                                " 14 Februari 2022", (-1, "data_variabel_dda"): "Prakiraan Iklim",
        }),), "geografidaniklim.dasar", "A1:F45", body="rows 2-45; below is blank"),
        _geo("geografidaniklim.olah1", 45, {
            (1, "level"): "kecamatan", (16, "level"): None,
            (2, "ket"): "nilai haus sinkron dengan luas kecamatan",
            (-1, "data_variabel_dda"): "Prakiraan Iklim"}),
        _geo("geografidaniklim.olah2", 31, {
            (1, "kegiatan_publikasi"): "DDA, SIPD Umum & KOR", (25, "level"): "st. pemantauan (19)",
            (-1, "sumber_data"): "DPU TR"}),
    ),
    blocks=None,
)

# --- Education: six sheets of work versions; names only in the first row of their group -------

_EDU = "xlsx/pemalang_daftar_data_pendidikan.xlsx"
_EDU_NAMES = ("no", "data_indikator", "klasifikasi", "subklasifikasi_1", "subklasifikasi_2",
              "satuan", "kode_lokasi", "urusan", "produsen_data", "kategori_statistik",
              "publikasi")
_LEVELS = 5  # columns A-E: number, indicator, and up to three splits


def fill_down(rows: list[list[Any]]) -> list[list[Any]]:
    """Each level holds until it, or a level above it, says something else.

    A row that says nothing at any level may continue its group or stay as it is: nobody can tell.
    The number of the group may be filled or not.
    """
    held: list[Any] = [None] * _LEVELS
    made: list[list[Any]] = []
    for row in rows:
        said = [at for at in range(_LEVELS) if row[at] is not None]
        if not said:
            made.append([(None, value) for value in held] + row[_LEVELS:])
            continue
        first = said[0]
        # A split may start anew below the same parent; the deepest level is the row's own.
        held = held[:first] + row[first:_LEVELS]
        number = held[0] if row[0] is not None else (held[0], None)
        made.append([number, *held[1:], *row[_LEVELS:]])
    return made


def _not_parent(row: list[Any]) -> bool:
    """“PEMALANG” heads its kecamatan: the row of the parent area."""
    return not any(cell == "PEMALANG" for cell in row[2:_LEVELS])


def _edu(name: str, last: int, n_all: int, n_below: int,
         spots: dict[tuple[int, str], Any]) -> Table:
    columns = (Col("no", "string", "A No", optional=True), Col("data_indikator", "string", "B"),
               *(Col(column, "string", optional=True) for column in _EDU_NAMES[2:5]),
               *(Col(column, "string") for column in _EDU_NAMES[5:]))
    shapes: list[Shape] = []
    for keep, n_rows, pins in ((None, n_all, spots), (_not_parent, n_below, {})):
        rows = partial(_list, _EDU, name, "ABCDEFGHIJK", _EDU_NAMES, last, keep, fill_down)
        shapes += _shapes(columns, rows, n_rows, range(2015, 2024), pins)
    return Table(tuple(shapes), name, f"A1:T{last}",
                 body=f"rows 2-{last}, blank rows left out; A-E filled down within their group;"
                      " L-T are years without figures; rows PEMALANG may be set apart as parents")


def _performance() -> Rows:
    page = sheet(_EDU, "indikator.kinerja")
    names = (*_EDU_NAMES[:10], "referensi", "publikasi")
    return {name: texts(page.col(column_letters(at), 2, 32)) for at, name in enumerate(names)}


PERFORMANCE = Table((*_shapes((
    Col("no", "string", "A No: 00001…00031", optional=True), Col("data_indikator"),
    *(Col(name, ANY, optional=True) for name in _EDU_NAMES[2:5]),
    *(Col(name) for name in (*_EDU_NAMES[5:10], "referensi", "publikasi")),
), _performance, 31, range(2015, 2024), {
    (1, "data_indikator"): "APK PAUD", (-1, "referensi"): "SPM", (10, "referensi"): None,
    (1, "kode_lokasi"): "33.27",
}),), "indikator.kinerja", "A1:U32", about={"sumber": "SPM E-Jateng"},
    body="rows 2-32; rows 48-56 are remarks and a source")

EDU = Expected(
    _EDU, "six work versions of one list; indicator, split and number only in the first row of"
    " their group; years without figures; rows PEMALANG head their kecamatan; kode 33.28 is"
    " another regency; “33.27.09.” is no code; remarks and a source far below the last table",
    (
        _edu("awal", 1658, 1657, 1635, {
            (1, "no"): "000001", (2, "data_indikator"): "Penduduk Berdasarkan Usia Sekolah",
            (2, "klasifikasi"): "Usia 0-6 Tahun", (2, "subklasifikasi_1"): "Moga",
            (17, "klasifikasi"): "Usia 7-12 Tahun", (2, "kode_lokasi"): "33.27.01",
            (-1, "publikasi"): "RKPD"}),
        _edu("kemenag", 414, 413, 389, {
            (2, "data_indikator"): "Jumlah Siswa MI/Sederajat", (2, "klasifikasi"): "Perempuan",
            (47, "klasifikasi"): "Baik", (47, "subklasifikasi_1"): None,
            (47, "subklasifikasi_2"): "Moga"}),
        _edu("dindikbud", 745, 740, 695, {
            (2, "subklasifikasi_1"): "Perempuan", (2, "subklasifikasi_2"): "Moga",
            (17, "subklasifikasi_1"): "Laki-laki", (17, "klasifikasi"): "Usia 0-6 Tahun"}),
        _edu("cdpVII", 140, 139, 131, {(2, "klasifikasi"): "Perempuan", (1, "urusan"): "1.01"}),
        _edu("dikti", 15, 14, 14, {(2, "data_indikator"): "Jumlah Perguruan Tinggi/Akademi/"
                                   "Sederajat", (2, "klasifikasi"): "Swasta", (1, "satuan"): "pt"}),
        PERFORMANCE,
    ),
    findings=(Finding("area-(code|name|outside|level)",
                      "33.28 is Kabupaten Tegal, and “33.27.09.” no code"),),
    blocks=None,
)

FILES = [GEO, EDU]
