"""Reading delimited text: nothing is asked, and no cell is lost."""
from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.satudata.domain.inspection.formats import text
from ckanext.satudata.domain.inspection.formats.dialect import Dialect, records
from ckanext.satudata.domain.inspection.limits import DEFAULT, Limits
from ckanext.satudata.domain.inspection.notes import RefusedFile
from ckanext.satudata.domain.inspection.reader import read
from ckanext.satudata.domain.inspection.sheet import RawFile


def file(tmp_path: Path, content: bytes, name: str = "a.csv", limits: Limits = DEFAULT) -> RawFile:
    path = tmp_path / "berkas"
    path.write_bytes(content)
    return read(path, name, limits)


def cells(found: RawFile) -> list[list[str]]:
    columns = [column.text.to_pylist() for column in found.sheets[0].columns]
    return [list(row) for row in zip(*columns, strict=True)]


@pytest.mark.parametrize("encoding", [
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["nama", "nilai"], ["Café – Ciputat", "1"], ["B", "2"]]
    content = "\r\n".join(delimiter.join(row) for row in rows)
    found = file(tmp_path, content.encode(encoding))
    assert cells(found) == rows
    assert found.delimiter == delimiter
    assert found.encoding == encoding
    assert found.kind == ("tsv" if delimiter == "\t" else "csv")


def test_rows_of_any_width_keep_every_cell_and_blank_lines_their_place(tmp_path: Path) -> None:
    found = file(tmp_path, b"Jumlah Penduduk\n\nkec,l,p\nKramatwatu,1,2\nCiruas,3,4,lebih,\n\n"
                           b'"Sumber: Dinas, 2025"\n')
    assert cells(found) == [
        ["Jumlah Penduduk", "", "", ""], ["", "", "", ""], ["kec", "l", "p", ""],
        ["Kramatwatu", "1", "2", ""], ["Ciruas", "3", "4", "lebih"], ["", "", "", ""],
        ["Sumber: Dinas, 2025", "", "", ""]]


def test_ragged_rows_of_a_long_file_stand_at_their_places(tmp_path: Path) -> None:
    rows = [[str(n), f"Desa {n}", "x"] for n in range(200_000)]
    for at in (0, 77, 199_998):
        rows[at] = [f"judul {at}"]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    found = cells(file(tmp_path, out.getvalue().encode()))
    assert found == [row + [""] * (3 - len(row)) for row in rows]


@pytest.mark.parametrize(("line", "cell"), [
    ('51,"Kampung \\"Pasir, Pahlawan\\""', 'Kampung "Pasir, Pahlawan"'),
    ('51,"Toko ""Maju"" Jaya"', 'Toko "Maju" Jaya'),
    ('51,Toko "Maju" Jaya', 'Toko "Maju" Jaya'),
    ('51, "Ciruas, Serang"', "Ciruas, Serang"),
    ('51,"dua\nbaris"', "dua\nbaris"),
    ('51,pipa 2"', 'pipa 2"'),
])
def test_quotes_are_read_however_they_are_written(tmp_path: Path, line: str, cell: str) -> None:
    rows = "".join(f'{n},"Jalan {n}"\n' for n in range(50))
    found = cells(file(tmp_path, f"no,nama\n{rows}{line}\n52,B\n".encode()))
    assert found[51][1] == cell
    assert found[52] == ["52", "B"]
    assert len(found) == 53


def test_a_quote_that_never_closes_is_told_with_its_line(tmp_path: Path) -> None:
    content = "nama,nilai\n" + "A,1\n" * 5 + '"B,2\n' + "C,3\n" * 4_000
    with pytest.raises(RefusedFile, match="sekitar baris 7") as refused:
        file(tmp_path, content.encode())
    assert refused.value.code == "open_quote"


def test_a_packed_text_is_unpacked_up_to_the_limit(tmp_path: Path) -> None:
    packed = gzip.compress(b"nama,nilai\n" + b"A,1\n" * 500_000)
    assert file(tmp_path, packed, "a.csv.gz").sheets[0].n_rows == 500_001
    assert cells(file(tmp_path, gzip.compress(b"a,b\n") + gzip.compress(b"1,2\n"))) == [
        ["a", "b"], ["1", "2"]]
    for content, limits, code in ((packed, Limits(unpacked_bytes=1_000_000), "unpacks_too_large"),
                                  (packed[:1000], DEFAULT, "damaged")):
        with pytest.raises(RefusedFile) as refused:
            file(tmp_path, content, "a.csv.gz", limits)
        assert refused.value.code == code


@pytest.mark.parametrize(("limits", "code"), [
    (Limits(rows=10), "too_many_rows"), (Limits(cells=10), "too_many_cells"),
    (Limits(columns=1), "too_many_columns"), (Limits(file_bytes=10), "too_large")])
def test_more_than_the_limits_is_refused(tmp_path: Path, limits: Limits, code: str) -> None:
    with pytest.raises(RefusedFile) as refused:
        file(tmp_path, b"nama,nilai\n" + b"A,1\n" * 100, limits=limits)
    assert refused.value.code == code


def test_blank_columns_beyond_the_limit_are_no_columns(tmp_path: Path) -> None:
    found = file(tmp_path, b"a,b" + b"," * 2_000 + b"\n1,2" + b"," * 2_000 + b"\n")
    assert cells(found) == [["a", "b"], ["1", "2"]]


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@settings(max_examples=150, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(TEXT | st.sampled_from(['a"b', 'x, y', "", "1.234,5", "q\nw"]),
                              min_size=2, max_size=5), min_size=2, max_size=12))
def test_what_is_written_by_the_standard_reads_back(
    tmp_path: Path, rows: list[list[str]]
) -> None:
    width = max(map(len, rows))
    rows = [["kolom_a", "kolom_b", *["x"] * (width - 2)]] * 12 + rows
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    assert cells(file(tmp_path, out.getvalue().encode())) == [
        row + [""] * (width - len(row)) for row in rows]


@settings(max_examples=300, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.text(alphabet='a"\',;\n\r\\ é', max_size=5), min_size=1, max_size=4),
                min_size=1, max_size=6))
def test_quotes_as_they_fall_are_read_alike_by_both_readers(
    tmp_path: Path, rows: list[list[str]]
) -> None:
    """Arrow reads what keeps to the standard, and may not read it otherwise than ``csv`` does."""
    raw = ("nama,b\n" + "\n".join(",".join(row) for row in rows)).encode()
    dialect = Dialect("utf-8-sig", ",")
    if not text._is_standard(raw, ","):
        return
    fast = text._by_arrow(raw, dialect, raw.decode(), False, DEFAULT)
    if fast is None:
        return
    slow = [cells for _, cells in records(io.BytesIO(raw), dialect, DEFAULT)]
    width = len(fast)
    assert [list(row) for row in zip(*(column.to_pylist() for column in fast), strict=True)] == [
        (cells + [""] * width)[:width] for cells in slow]
    assert not any(any(map(str.strip, cells[width:])) for cells in slow)
