"""Reading a table: what becomes a number, what stays text, what is no table."""
from __future__ import annotations

import gzip
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.domain.loading import columns, reading, sandbox
from ckanext.satudata.domain.loading.limits import DEFAULT, Limits
from ckanext.satudata.domain.loading.problems import LoadError
from ckanext.satudata.domain.loading.table import NotATable


def read(
    tmp_path: Path, content: str | bytes, name: str = "a.csv", limits: Limits = DEFAULT
) -> dict[str, Any]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = reading.read(path, name, tmp_path / "out.csv", limits)
    return found | {"text": (tmp_path / "out.csv").read_text()}


def types(found: dict[str, Any]) -> list[str]:
    return [field["type"] for field in found["fields"]]


@pytest.mark.parametrize(("name", "values", "kind"), [
    ("jumlah", ["1", "20", "-3", ""], "integer"),
    ("nilai", ["1", "2.5"], "number"),
    ("nilai", ["1.5E-05"], "number"),
    ("kode_wilayah", ["32.10", "32.01"], "string"),
    ("Kode Kabupaten", ["32.10"], "string"),
    ("id_desa", ["1", "2"], "string"),
    ("id", ["1", "2"], "integer"),
    ("no", ["1", "2"], "integer"),
    ("No. KK", ["1"], "string"),
    ("jumlah", ["007", "12"], "string"),
    ("rekening", ["3604123456789012"], "string"),
    ("jumlah", ["1", "-"], "string"),
    ("tanggal", ["2025-01-31"], "date"),
    ("tanggal", ["2025-02-31"], "string"),
    ("harga", ["12.080", "9.500"], "string"),
    ("indeks", ["0.944", "12.080"], "number"),
    ("nilai", ["1.234,5", "12"], "number"),
    ("nilai", ["1,234"], "string"),
    ("nilai", ["12,5"], "number"),
    ("kosong", ["", ""], "string"),
])
def test_a_column_is_a_number_only_beyond_doubt(name: str, values: list[str], kind: str) -> None:
    column = columns.Column(name)
    column.feed(values)
    assert column.type() == kind


def test_a_comma_in_a_semicolon_file_is_decimal() -> None:
    column = columns.Column("nilai")
    column.feed(["1,234", "2,500"])
    assert column.type(comma_expected=True) == "number"
    assert column.type(comma_expected=False) == "string"


def test_who_has_a_number_is_counted_and_the_number_is_not(tmp_path: Path) -> None:
    found = read(tmp_path, "umkm_nib,nib,npsn\n120,9120001234567,0\n93,120,20601234\n")
    assert types(found) == ["integer", "string", "string"]


def test_what_dots_mean_is_not_guessed_but_said(tmp_path: Path) -> None:
    found = read(tmp_path, "bahan,harga\nberas,12.080\n")
    assert types(found) == ["string", "string"]
    assert any("desimal atau ribuan" in template for template, _ in found["remarks"])


def test_column_ids_are_what_a_database_takes() -> None:
    long = "Jumlah " + "é" * 80
    ids = columns.datastore_ids(["_event", 'a "b"', long, long + "x", "Nilai", "nilai", "  "])
    assert ids[0] == "event"
    assert ids[1] == "a 'b'"
    assert all(0 < len(name.encode()) <= 63 for name in ids)
    assert len({name.lower() for name in ids}) == len(ids)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "\r\n".join(
        delimiter.join(row) for row in [["nama", "nilai"], ["Café", "1"], ["B", "2"]]
    )
    found = read(tmp_path, text.encode(encoding))
    assert types(found) == ["string", "integer"]
    assert found["text"] == "Café,1\nB,2\n"


def test_quotes_escaped_with_backslashes_are_read(tmp_path: Path) -> None:
    rows = "".join(f'{n},"Jalan {n}"\n' for n in range(50))
    found = read(tmp_path, 'no,nama\n' + rows + '51,"Kampung \\"Pasir, Pahlawan\\""\n')
    assert found["rows"] == 51
    assert not found["problems"]
    assert '51,"Kampung ""Pasir, Pahlawan"""' in found["text"]


def test_bare_quotes_in_a_cell_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, 'no,nama\n1,"Toko "Maju" Jaya"\n2,B\n')
    assert found["rows"] == 2


@pytest.mark.parametrize(("content", "reason"), [
    ("", "tidak berisi baris"),
    ("Judul,,\na,b,c\n", "tidak sama lebarnya"),
    ("a,,c\n1,2,3\n", "kolom ke-2 tidak berjudul"),
    ("a,A\n1,2\n", "dipakai dua kali"),
    ("11,Aceh\n12,Sumut\n", "baris pertama berisi data"),
    ("a,Unnamed: 1\n1,2\n", "bukan judul yang sebenarnya"),
    ("a,b,c\n1,2,3\n4,5,6\nSumber: BPS,,\n", "di bawah tabel ada catatan"),
])
def test_what_is_no_clean_table_says_why(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(NotATable) as caught:
        read(tmp_path, content)
    assert reason in caught.value.problem.text()


@pytest.mark.parametrize(
    "note",
    [
        "Catatan: angka sementara",
        "<i>Sumber</i>: BPS",
        "*) angka sangat sementara",
        "1) termasuk kota",
        "Data ini dikumpulkan oleh petugas lapangan dan dicocokkan dengan catatan desa setiap "
        "bulan.",
    ],
)
def test_a_footnote_is_seen(tmp_path: Path, note: str) -> None:
    with pytest.raises(NotATable, match="ada catatan"):
        read(tmp_path, f"a,b,c\n1,2,3\n{note},,\n")


def test_a_last_row_without_figures_is_no_footnote(tmp_path: Path) -> None:
    assert read(tmp_path, "provinsi,jumlah,persen\nAceh,2,3\nPapua Pegunungan,,\n")["rows"] == 2


def test_a_sparse_row_in_the_middle_is_no_footnote(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b,c\nx,,\ny,2,3\n")["rows"] == 2


def test_a_flat_list_in_json_is_a_table_and_geojson_is_not(tmp_path: Path) -> None:
    found = read(tmp_path, '[{"nama": "A", "nilai": 1}, {"nama": "B", "lain": null}]', "a.json")
    assert [field["name"] for field in found["fields"]] == ["nama", "nilai", "lain"]
    with pytest.raises(NotATable):
        read(tmp_path, '{"type": "FeatureCollection", "features": []}', "b.json")
    with pytest.raises(LoadError, match="bukan JSON"):
        read(tmp_path, "{", "c.json")


def test_a_packed_file_is_unpacked_up_to_the_limit(tmp_path: Path) -> None:
    packed = gzip.compress(b"nama,nilai\n" + b"A,1\n" * 500_000)
    assert read(tmp_path, packed, "a.csv.gz")["rows"] == 500_000
    with pytest.raises(LoadError, match="melebihi"):
        read(tmp_path, packed, "a.csv.gz", Limits(unpacked_bytes=1_000_000))
    with pytest.raises(LoadError, match="gzip rusak"):
        read(tmp_path, packed[:1000], "a.csv.gz")


@pytest.mark.parametrize("limits", [Limits(rows=10), Limits(cells=10), Limits(columns=1)])
def test_more_than_the_limits_is_refused(tmp_path: Path, limits: Limits) -> None:
    with pytest.raises(LoadError):
        read(tmp_path, "nama,nilai\n" + "A,1\n" * 100, limits=limits)


def test_an_open_quote_does_not_swallow_the_file_silently(tmp_path: Path) -> None:
    text = "nama,nilai\n" + "A,1\n" * 5 + '"B,2\n' + "C,3\n" * 400_000
    with pytest.raises(LoadError):
        read(tmp_path, text)


def test_a_reader_that_eats_memory_or_time_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("nama,nilai\n" + "A,1\n" * 2_000_000)
    with pytest.raises(LoadError, match="detik"):
        sandbox.read_file(path, "a.csv", tmp_path / "o.csv", Limits(seconds=1))
    (tmp_path / "b.json").write_text("[" + ",".join(['{"a": "%s"}' % ("x" * 50)] * 600_000) + "]")
    with pytest.raises(LoadError, match="memori"):
        sandbox.read_file(tmp_path / "b.json", "b.json", tmp_path / "o.csv",
                          Limits(memory_bytes=120_000_000))


def test_the_child_tells_what_it_found(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("nama,nilai\nA,1\n")
    found = sandbox.read_file(path, "a.csv", tmp_path / "o.csv", DEFAULT)
    assert found.is_table
    assert found.rows == 1
    path.write_text("1,2\n")
    reason = sandbox.read_file(path, "a.csv", tmp_path / "o.csv", DEFAULT).reason
    assert reason is not None
    assert reason.place.line == 1


@pytest.mark.parametrize("content", ["kode,n\n36.04,1\n36.05,2\n", "judul saja\n", ""])
def test_a_file_of_our_own_is_read_alike_without_a_child(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    found: list[Any] = []
    for ours in (False, True):
        try:
            found.append(sandbox.read_file(path, "a.csv", tmp_path / "o.csv", DEFAULT, ours=ours))
        except LoadError as error:
            found.append(str(error))
    assert found[0] == found[1]


def test_a_program_in_the_folder_that_is_loaded_is_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who hands in a folder may put a json.py into it, and people load from inside it."""
    (tmp_path / "json.py").write_text("open('dijalankan', 'w').close()\n")
    (tmp_path / "a.csv").write_text("nama,nilai\nA,1\n")
    monkeypatch.chdir(tmp_path)
    try:
        sandbox.read_file(Path("a.csv").resolve(), "a.csv", tmp_path / "o.csv", DEFAULT)
    finally:
        assert not (tmp_path / "dijalankan").exists()


def workbook(path: Path, cells: str) -> Path:
    """Write the least workbook with these rows, as hostile or careless programs write them."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    pack = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{pack}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/s.xml" ContentType="{types}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{pack}/relationships"><Relationship Id="a" '
        f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{pack}/relationships">'
        f'<Relationship Id="a" Type="{rel}/worksheet" Target="worksheets/s.xml"/></Relationships>',
        "xl/worksheets/s.xml":
            f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


ROWS = ('<row r="1"><c r="A1" t="inlineStr"><is><t>kode_desa</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>nilai</t></is></c></row>'
        '<row r="2"><c r="A2"><v>3604</v></c><c r="B2"><v>1.5</v></c></row>')


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_a_workbook_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    path = workbook(tmp_path / name, ROWS)
    found = sandbox.read_file(path, name, tmp_path / "o.csv", DEFAULT)
    assert [(f["name"], f["type"]) for f in found.fields] == [
        ("kode_desa", "string"), ("nilai", "number")]
    assert (tmp_path / "o.csv").read_text() == "3604,1.5\n"


@pytest.mark.parametrize("cell", [
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    '<row r="9"><c r="AAAA9"><v>1</v></c></row>',
])
def test_a_far_cell_costs_neither_memory_nor_time(tmp_path: Path, cell: str) -> None:
    path = workbook(tmp_path / "a.xlsx", ROWS + cell)
    start = time.monotonic()
    with pytest.raises(LoadError):
        sandbox.read_file(path, "a.xlsx", tmp_path / "o.csv", DEFAULT)
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(("content", "said"), [
    (b"", "kosong"), (b"PK\x03\x04", "rusak"), (b"<html><p>Masuk</p></html>", "halaman web"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "rusak")])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    for name in ("a.xlsx", "a.xls"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(LoadError, match=said):
            sandbox.read_file(tmp_path / name, name, tmp_path / "o.csv", DEFAULT)
