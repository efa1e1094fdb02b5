"""Lists about data (metadata), answers of portals, and files of kode wilayah and borders."""
from __future__ import annotations

import json
from functools import cache, partial
from typing import Any

from expected.kit import (
    DEMO,
    Col,
    Expected,
    Finding,
    Rows,
    Shape,
    Table,
    children,
    cols,
    figure,
    plain,
    sheet,
    text,
    text_rows,
    texts,
)

# --- A CSV of text columns, as it is ---------------------------------------------------------


def _csv(file: str, names: tuple[str, ...], header: bool = True) -> Rows:
    body = [row + ("",) * (len(names) - len(row))
            for row in text_rows(file)[1 if header else 0:]]
    return {name: texts(cells) for name, cells in zip(names, zip(*body, strict=True),
                                                      strict=True)}


def _codes(file: str, names: str, n_rows: int, spots: dict[tuple[int, str], Any],
           needs: str = "clean list of codes: all text") -> Expected:
    columns = cols(names)
    rows = partial(_csv, file, tuple(column.name for column in columns))
    return Expected(file, needs, (Table((Shape(columns, rows, n_rows, spots),),
                                        body="every row below the header"),),
                    # Lists of older years hold codes that are retired by now.
                    blocks=None)


# --- Daftar Data of Jawa Barat ----------------------------------------------------------------

_LIST = "metadata/daftar_data_jabar.csv"
_LIST_NAMES = ("penghasil_data", "iku_pemerintah_daerah", "nama_data", "periode_data",
               "jadwal_rilis", "satuan", "klasifikasi")


def _daftar_data() -> Rows:
    made = dict(_csv(_LIST, _LIST_NAMES))
    # Signs in a column of words: kept as written, or missing where a question or change says so.
    made["jadwal_rilis"] = [("-", None) if cell == "-" else cell for cell in made["jadwal_rilis"]]
    return made


DAFTAR_DATA = Expected(
    _LIST, "a Daftar Data: all text, large headers; “***” and “*” stand for nothing yet and are"
    " kept in columns of words; three rows shifted by a column are the source's own",
    (Table((Shape(tuple(Col(name) for name in _LIST_NAMES), _daftar_data, 2618, {
        (1, "penghasil_data"): "Badan Kepegawaian Daerah", (1, "jadwal_rilis"): "***",
        (1, "satuan"): "perangkat daerah", (195, "iku_pemerintah_daerah"): None,
        (195, "satuan"): "*", (195, "klasifikasi"): "poin",
        (862, "klasifikasi"): None, (863, "satuan"): "persen", (-1, "satuan"): "kali",
    }),), body="every row below the header; rows 862 and 863 lack their last cell"),),
    findings=(Finding("missing-cell|cell|extra|kurang", "two rows are one cell short",
                      rows=(862, 863)),),
    blocks=None,
)

# --- EPSS worksheet ---------------------------------------------------------------------------

_EPSS = "metadata/lke_epss.xlsx"


def _epss() -> Rows:
    page = sheet(_EPSS, "LKE EPSS")
    return {name: [_lines(value) for value in page.col(letter, 2, 39)]
            for letter, name in zip("ABCDEFG", (
                "domain", "kode", "aspek", "kodeind", "indikator", "penjelasan_indikator",
                "tingkat_kematangan"), strict=True)}


def _lines(value: Any) -> Any:
    """A text of several lines keeps them, or becomes one line."""
    said = text(value)
    if said is None or "\n" not in said:
        return said
    return (said, " ".join(said.split()), "\n".join(filter(None, said.split("\n"))),
            str(value), str(value).strip())


EPSS = Expected(
    _EPSS, "used range of 998 rows, 38 filled; kode 101 and KodeInd 10101 stored as numbers are"
    " codes; cells of many lines",
    (Table((Shape((
        Col("domain"), Col("kode"), Col("aspek"),
        # “KodeInd”: cut at the large letter or not.
        Col("kodeind", also=("kode_ind",)), Col("indikator"), Col("penjelasan_indikator"),
        Col("tingkat_kematangan"),
    ), _epss, 38, {
        (1, "kode"): "101", (1, "kodeind"): "10101", (1, "domain"): "Prinsip SDI",
        (-1, "kodeind"): "50303", (26, "aspek"): "SDM yang Memadai dan Kapabel",
    }),), "LKE EPSS", "A1:G39", body="rows 2-39"),),
)

# --- JSON ------------------------------------------------------------------------------------

@cache
def _json(file: str) -> Any:
    return json.loads((DEMO / file).read_text(encoding="utf-8"))


_SIPD = "metadata/keerom_kelompok_data_sipd.json"


def _sipd() -> Rows:
    return {"value": [text(entry["value"]) for entry in _json(_SIPD)],
            "id": [entry["id"] for entry in _json(_SIPD)]}


SIPD = Expected(
    _SIPD, "JSON list of records; id is digits written as text",
    (Table((Shape((Col("value"), Col("id", ("string", "integer"))), _sipd, 3065, {
        (1, "value"): ". Cagar Budaya Yang Dilestarikan", (1, "id"): "1016",
        (-1, "value"): "XII. Turap", (-1, "id"): "2190",
    }),), body="every record"),),
)

_PAGE = "metadata/opendatajabar_api_banjir_page0.json"
_PAGE_COLUMNS = cols("id:i kode_provinsi nama_provinsi kode_kabupaten_kota nama_kabupaten_kota"
                     " jumlah_banjir:i satuan tahun:y")


def _page() -> Rows:
    return {column.name: [(text if column.type == "string" else figure)(entry[column.name])
                          for entry in _json(_PAGE)["data"]] for column in _PAGE_COLUMNS}


PAGE = Expected(
    _PAGE, "an answer of an API: the table is the list under “data”; codes are numbers in JSON,"
    " text here; the lists of filters beside it are no table",
    (Table((Shape(_PAGE_COLUMNS, _page, 100, {
        (1, "kode_kabupaten_kota"): "3201", (2, "jumlah_banjir"): 20, (1, "tahun"): 2012,
    }),), body="every record of “data”"),),
)

CKAN = Expected(
    "metadata/ckan_muaraenim_package_search.json", "an answer of a portal's API about one dataset",
    no_table="metadata of one dataset, nested: no table of figures")
FETCH = Expected(
    "metadata/opendatajabar_api_banjir_metadata.json", "notes of a program about what it fetched",
    no_table="one object of settings: no table")

# --- Kode wilayah ------------------------------------------------------------------------------

_OLD = "wilayah/permendagri_72_2019_base.csv"

OLD_CODES = Expected(
    _OLD, "no header row at all: the first row (11, ACEH) is data",
    (Table((Shape((
        # Nothing names the columns: any name of a place or of what they hold is right.
        Col("kolom_1", also=("kode*", "kolom*", "field*", "a", "column*")),
        Col("kolom_2", also=("nama*", "kolom*", "field*", "b", "column*", "wilayah")),
    ), partial(_csv, _OLD, ("kolom_1", "kolom_2"), False), 91220, {
        (1, "kolom_1"): "11", (1, "kolom_2"): "ACEH", (2, "kolom_1"): "11.01",
    }),), body="every row"),),
    blocks=None,
    corrections={1: {"header_rows": 0}},
)

_RELATION = "kode_bps nama_bps kode_dagri nama_dagri"

CODES = [
    _codes("wilayah/kode_wilayah_kepmendagri_2025.csv", "kode nama", 91599,
           {(1, "kode"): "11", (2, "kode"): "11.01", (-1, "nama"): "Tanjung Kasuari"},
           "codes of four levels in one column (11, 11.01): text; five names lose edge blanks"),
    OLD_CODES,
    _codes("wilayah/relasi_bps_kemendagri_2020_kabkota.csv", _RELATION, 514,
           {(1, "kode_dagri"): "1109", (-1, "nama_dagri"): "KOTA JAYAPURA"}),
    _codes("wilayah/relasi_bps_kemendagri_2020_kecamatan.csv", _RELATION, 6857,
           {(1, "kode_bps"): "1101010", (1, "kode_dagri"): "110907"}),
    _codes("wilayah/relasi_bps_kemendagri_2020_provinsi.csv", _RELATION, 34,
           {(1, "kode_bps"): "11", (-1, "kode_dagri"): "91"}),
    _codes("wilayah/relasi_bps_kemendagri_2024_semua_tingkat.csv",
           "tingkat kode_bps kode_kemendagri nama kode_bps_induk kode_pos", 90618,
           {(1, "kode_bps_induk"): "0", (2, "kode_kemendagri"): "11.09",
            (1, "kode_pos"): "20000", (-1, "kode_pos"): None},
           "codes and postal codes are text; 16,223 postal codes missing"),
]

# --- Borders: the properties of a GeoJSON are a table ----------------------------------------


def _properties(file: str, names: dict[str, str]) -> Rows:
    features = _json(file)["features"]
    return {name: [text(feature["properties"][source]) for feature in features]
            for source, name in names.items()}


def _borders(file: str, n_rows: int, spots: dict[tuple[int, str], Any]) -> Expected:
    path = f"wilayah/{file}.geojson"
    return Expected(path, "GeoJSON: properties kode and nama of every feature",
                    (Table((Shape(cols("kode nama"),
                                  partial(_properties, path, {"kode": "kode", "nama": "nama"}),
                                  n_rows, spots),), body="every feature"),))


_LIGHT = "wilayah/batas_kabkota_ringan.geojson"


def _light() -> Rows:
    made = dict(_properties(_LIGHT, {"WADMPR": "wadmpr", "WADMKK": "wadmkk"}))
    made["kode_wilayah"] = [_regency_or_none(str(province), str(name)) for province, name
                            in zip(made["wadmpr"], made["wadmkk"], strict=True)]
    return made


def _regency_or_none(province: str, name: str) -> Any:
    """The code by exact name, or none; a name spelled otherwise is open."""
    known = children("")
    parent = known.get(plain(province))
    found = children(parent) if parent else {}
    form = plain(name) if name.upper().startswith("KOTA ") else "KABUPATEN" + plain(name)
    code = found.get(form) or found.get(form.replace("KOTA", "KOTAADMINISTRASI", 1))
    # Open: a kota named without the word, waters (“Danau Toba”), provinces split since.
    return (code, None) if code else ANY_CODE


class _AnyCode(tuple[Any, ...]):
    """Equals whatever stands there."""

    def __contains__(self, _: object) -> bool:
        return True


ANY_CODE = _AnyCode()

LIGHT = Expected(
    _LIGHT, "GeoJSON with names only: 507 of 514 kabupaten/kota, codes by name and province",
    (Table((Shape((
        Col("wadmpr"), Col("kode_wilayah", "string", "made from WADMKK", optional=True),
        Col("wadmkk"),
    ), _light, 507, {(1, "wadmkk"): "Aceh Barat", (1, "kode_wilayah"): "11.05",
                     (1, "wadmpr"): "Aceh"}),), body="every feature"),),
)


def _province_rows() -> Rows:
    return _properties("wilayah/batas_provinsi_38.geojson",
                       {"id": "id", "KODE_PROV": "kode_prov", "PROVINSI": "provinsi"})


PROVINCES_38 = Expected(
    "wilayah/batas_provinsi_38.geojson", "GeoJSON: id and KODE_PROV are codes written as text",
    (Table((Shape((Col("id", ("string", "integer")), Col("kode_prov"), Col("provinsi")),
                  _province_rows, 38, {
        (1, "id"): "72", (1, "kode_prov"): "72", (1, "provinsi"): "Sulawesi Tengah",
    }),), body="every feature"),),
)

BORDERS = [
    _borders("batas_kabkota_berkode_big", 514, {(1, "kode"): "11.01", (1, "nama"): "Aceh Selatan"}),
    LIGHT,
    _borders("batas_kecamatan_kab_lombok_timur", 21, {(1, "kode"): "52.03.01"}),
    _borders("batas_kecamatan_kab_serang", 29, {(1, "kode"): "36.04.05",
                                                (1, "nama"): "Kramatwatu"}),
    PROVINCES_38,
]

FILES = [DAFTAR_DATA, EPSS, SIPD, PAGE, CKAN, FETCH, *CODES, *BORDERS]
