"""Two versions of a table: what is said to have changed is what did, whatever is handed in."""
from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from version_tables import compared, oracle, written

from ckanext.satudata.domain.loading.problems import LoadError
from ckanext.satudata.domain.versions.table_values import harmless
from ckanext.satudata.domain.versions.tables import LIST, Bounds, Key, Source, compare, table_kind

OFTEN = settings(max_examples=20, deadline=None,
                 suppress_health_check=[HealthCheck.function_scoped_fixture])
KEY = Key(("kode", "tahun"), "skema")
HEAD = ["kode", "tahun", "nilai", "nama"]
#: Quotes, delimiters, line ends, letters beyond ASCII: whatever a cell may hold.
CELLS = st.text(alphabet='ab1.,;"\'\n\té—0 -', max_size=6).map(str.strip)


@st.composite
def two_tables(draw: st.DrawFn) -> tuple[list[list[str]], list[list[str]]]:
    """Return two tables with the same key columns, of which some cells and rows differ."""
    keys = draw(st.lists(st.tuples(st.sampled_from("ABCDEF"), st.sampled_from(["2020", "2021"])),
                         unique=True, max_size=8))
    old, new = [HEAD[:]], [HEAD[:]]
    for key in keys:
        where = draw(st.sampled_from(["lama", "baru", "sama", "ubah"]))
        values = [draw(CELLS), draw(CELLS)]
        others = [draw(CELLS), draw(CELLS)] if where == "ubah" else values
        if where != "baru":
            old.append([f"{key[0]}", key[1], *values])
        if where != "lama":
            new.append([key[0], key[1], *others])
    new[1:] = draw(st.permutations(new[1:]))
    if draw(st.booleans()):
        order = draw(st.permutations(range(4)))
        new = [[row[at] for at in order] for row in new]
    if draw(st.booleans()):
        extra = draw(st.sampled_from(["tambahan", "nama baru"]))
        new = [[*row, extra if at == 0 else "x"] for at, row in enumerate(new)]
    if draw(st.booleans()):
        old = [row[:3] for row in old]
    return old, new


@OFTEN
@given(two_tables(), st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["\n", "\r\n"]))
def test_a_diff_by_key_says_what_a_walk_over_all_cells_says(
    tmp_path: Path, tables: tuple[list[list[str]], list[list[str]]], delimiter: str, newline: str
) -> None:
    old, new = tables
    # numbers apart from their writing are another test's
    schema = {"fields": [{"name": name, "type": "string"} for name in HEAD]}
    found, listed = compared(tmp_path, written(old, delimiter, newline), written(new), [KEY],
                             schema)
    expected = oracle(old, new, KEY.columns)
    assert found["key"] == ["kode", "tahun"] and found["key_source"] == "skema"
    assert found["rows"] == expected["rows"]
    assert found["past_changed"] == expected["past_changed"]
    assert found["columns"]["changed"] == expected["changed"]
    assert found["columns"]["added"] == [name for name in new[0] if name not in old[0]]
    assert found["columns"]["removed"] == [name for name in old[0] if name not in new[0]]
    assert listed[0] == ["jenis", "kode", "tahun", "kolom", "lama", "baru"]
    assert sorted(listed[1:]) == expected["lines"]
    assert found["listed"] == len(listed) - 1


@OFTEN
@given(st.lists(st.tuples(CELLS, CELLS), max_size=8), st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_without_a_key_rows_are_counted_as_they_are(
    tmp_path: Path, old: list[tuple[str, str]], new: list[tuple[str, str]]
) -> None:
    from collections import Counter
    twice = [("sama", "sama")] * 2  # so that no column can be a key
    schema = {"fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "string"}]}
    tables = [[["a", "b"], *twice, *map(list, rows)] for rows in (old, new)]
    found, listed = compared(tmp_path, *map(written, tables), [], schema)
    before, after = (Counter(row for row in [*twice, *rows] if any(row)) for rows in (old, new))
    assert (found["key"], found["key_source"]) == ([], "tanpa")
    assert found["rows"] == {
        "added": (after - before).total(), "removed": (before - after).total(), "changed": 0,
        "same": (before & after).total()}
    assert found["past_changed"] == (before - after).total()
    assert Counter(map(tuple, listed[1:])) == Counter(
        [("hapus", *map(harmless, row), "", "", "") for row in (before - after).elements()]
        + [("tambah", *map(harmless, row), "", "", "") for row in (after - before).elements()])


TABLE = [["kode", "tahun", "nilai", "nama"], ["A", "2020", "10", "Satu"], ["B", "2020", "20,5", ""],
         ["C", "2020", "30", 'Tiga "3"']]


@pytest.mark.parametrize("way", [
    pytest.param(lambda raw: raw.decode().encode("cp1252"), id="windows"),
    pytest.param(lambda raw: b"\xef\xbb\xbf" + raw, id="bom"),
    pytest.param(lambda raw: raw.decode().encode("utf-16"), id="utf-16"),
    pytest.param(gzip.compress, id="gzip"),
    pytest.param(lambda raw: raw.replace(b"\n", b"\r\n"), id="crlf"),
    pytest.param(lambda raw: raw.replace(b"\n", b"\r"), id="cr"),
    pytest.param(lambda raw: raw.rstrip(b"\n"), id="no end of line"),
    pytest.param(lambda raw: b"\n\n" + raw + b"\n,,,\n\n", id="blank lines"),
    pytest.param(lambda raw: raw.replace("Satu é".encode(), "  Satu é\xa0".encode()), id="blanks"),
])
def test_how_a_file_is_written_is_no_change(tmp_path: Path, way) -> None:  # type: ignore[no-untyped-def]
    table = [row[:] for row in TABLE]
    table[1][3] = "Satu é"
    raw = written(table)
    found, _ = compared(tmp_path, raw, way(raw), [KEY])
    assert found["rows"] == {"added": 0, "removed": 0, "changed": 0, "same": 3}
    assert found["past_changed"] == 0


def test_a_number_written_otherwise_is_no_change_and_is_told(tmp_path: Path) -> None:
    old = [["kode", "jumlah", "rata"], ["A", "1000", "12.50"], ["B", "2000", "-0.5"],
           ["C", "30", "7.0"]]
    new = [["kode", "jumlah", "rata"], ["A", "1000", "12,5"], ["B", "2000", "-0,50"],
           ["C", "31", "7"]]
    found, _ = compared(tmp_path, written(old), written(new, ";"))
    assert found["columns"]["changed"] == {"jumlah": 1}
    assert found["columns"]["reformatted"] == {"rata": 3}
    assert found["past_changed"] == 1


def test_what_could_be_a_code_is_compared_letter_by_letter(tmp_path: Path) -> None:
    old = [["kode_kab", "versi", "rek", "n"], ["32.10", "1.10", "0012", "1"], ["B", "2", "3", "2"]]
    new = [["kode_kab", "versi", "rek", "n"], ["32.1", "1.1", "12", "1"], ["B", "2", "3", "2"]]
    found, _ = compared(tmp_path, old, new, [Key(("n",), "skema")])
    assert found["columns"]["changed"] == {"kode_kab": 1, "rek": 1}
    assert found["columns"]["reformatted"] == {"versi": 1}
    texts = {"fields": [{"name": "versi", "type": "string"}]}
    found, _ = compared(tmp_path, old, new, [Key(("n",), "skema")], texts)
    assert found["columns"]["changed"] == {"kode_kab": 1, "versi": 1, "rek": 1}


def test_a_value_filled_in_later_changed_the_past(tmp_path: Path) -> None:
    found, listed = compared(tmp_path, [["kode", "n"], ["A", ""]], [["kode", "n"], ["A", "5"]])
    assert found["past_changed"] == 1
    assert listed[1:] == [["ubah", "A", "n", "", "5"]]


@pytest.mark.parametrize(("names", "rows", "key"), [
    (["kode", "nilai"], [["A", "1"], ["B", "1"]], ["kode"]),
    (["nama", "tahun", "nilai"], [["A", "2020", "1"], ["A", "2021", "1"], ["B", "2020", "1"]],
     ["nama", "tahun"]),
    (["no", "nama", "nilai"], [["1", "A", "1"], ["2", "B", "1"]], ["nama"]),
    (["tahun", "nilai"], [["2020", "1"], ["2021", "1"]], ["tahun"]),
    # time is part of the key where there is one, or next year's release would be a correction
    (["kode", "tahun", "n"], [["A", "2020", "1"], ["B", "2020", "1"]], ["kode", "tahun"]),
    # figures that happen to differ tell nothing
    (["nilai", "jumlah"], [["1", "2"], ["2", "3"]], []),
    (["nama", "n"], [["A", "1"], ["A", "2"]], []),
    (["id", "n"], [["7", "1"], ["9", "1"]], ["id"]),
])
def test_the_key_is_what_a_person_would_look_rows_up_by(
    tmp_path: Path, names: list[str], rows: list[list[str]], key: list[str]
) -> None:
    found, _ = compared(tmp_path, [names, *rows], [names, *reversed(rows)])
    assert found["key"] == key
    assert found["key_source"] == ("usulan" if key else "tanpa")


def test_a_declared_key_that_repeats_is_passed_over(tmp_path: Path) -> None:
    table = [["wilayah", "kode", "n"], ["A", "1", "1"], ["A", "2", "1"]]
    found, _ = compared(tmp_path, table, table, [
        Key(("wilayah",), "skema"), Key(("tidak ada",), "skema"), Key(("kode",), "datastore")])
    assert (found["key"], found["key_source"]) == (["kode"], "datastore")


def test_headers_that_repeat_or_are_missing_still_name_their_columns(tmp_path: Path) -> None:
    old = [["kode", "nilai", "nilai", "", "Nilai"], ["A", "1", "2", "3", "4"]]
    new = [["kode", "nilai", "nilai", "", "Nilai"], ["A", "1", "9", "8", "7"]]
    found, _ = compared(tmp_path, old, new)
    assert found["columns"]["changed"] == {"nilai (2)": 1, "kolom 4": 1, "Nilai": 1}


def test_a_table_without_header_is_compared_by_position(tmp_path: Path) -> None:
    found, _ = compared(tmp_path, b"1,Andi,5\n2,Budi,6\n", b"1,Andi,5\n2,Budi,7\n3,Cici,1\n")
    assert found["rows"] == {"added": 1, "removed": 0, "changed": 1, "same": 1}
    assert found["key"] == ["kolom 2"]


def test_tables_that_share_no_column_share_no_row(tmp_path: Path) -> None:
    found, listed = compared(tmp_path, [["a"], ["x"], ["y"]], [["b"], ["x"]])
    assert found["rows"] == {"added": 1, "removed": 2, "changed": 0, "same": 0}
    assert found["past_changed"] == 2 and not listed


def test_the_sample_shows_each_kind_and_is_bounded(tmp_path: Path) -> None:
    old = [["kode", "n", "m"], *([f"L{n}", "1", "2"] for n in range(400)),
           *([f"U{n}", "1", "2"] for n in range(400))]
    new = [["kode", "n", "m"], *([f"B{n}", "1", "2"] for n in range(400)),
           *([f"U{n}", "9", "x" * 5000] for n in range(400))]
    found, listed = compared(tmp_path, old, new)
    kinds = [(each["kind"], each["column"]) for each in found["sample"]]
    assert [sum(kind == one for kind, _ in kinds) for one in ("ubah", "hapus", "tambah")] == [
        20, 15, 15]
    assert set(kinds) == {("ubah", "n"), ("hapus", ""), ("tambah", "")} | {("ubah", "m")}
    assert max(len(each["new"]) for each in found["sample"]) == 300
    assert found["listed"] == len(listed) - 1 == 400 * 4


def test_a_list_reads_back_whatever_the_cells_hold(tmp_path: Path) -> None:
    evil = 'HYPERLINK("http://x"),\n"; DROP\rTABLE lama; --\'"'
    found, listed = compared(tmp_path, [["kode '\"x", "n\n"], [evil, "1"]],
                             [["kode '\"x", "n\n"], [evil, evil]])
    assert listed == [["jenis", "kode '\"x", "kolom", "lama", "baru"],
                      ["ubah", evil, "n", "1", evil]]
    assert found["sample"][0]["key"] == {"kode '\"x": evil}


def test_a_spreadsheet_takes_nothing_in_the_list_for_a_formula(tmp_path: Path) -> None:
    """Who inspects opens it there; signs and numbers stay as they are."""
    _found, listed = compared(tmp_path, [["=kode", "n"], ["@A", "1"], ["B", "-"], ["C", "+1"]], [
        ["=kode", "n"], ["@A", "-1.234,5"], ["B", "=1+1"], ["C", "-1+cmd|x"]],
        [Key(("=kode",), "skema")])
    assert listed == [
        ["jenis", "'=kode", "kolom", "lama", "baru"], ["ubah", "'@A", "n", "1", "-1.234,5"],
        ["ubah", "B", "n", "-", "'=1+1"], ["ubah", "C", "n", "+1", "'-1+cmd|x"]]


# ------------------------------------------------------------------------------ the child process

def _source(path: Path, content: bytes, name: str) -> Source:
    path.write_bytes(content)
    return Source(path, name, table_kind(name, "") or "CSV")


def test_the_child_answers_with_progress_and_leaves_the_list(tmp_path: Path) -> None:
    work, heard = tmp_path / "kerja", list[int]()
    work.mkdir()
    found = compare(_source(tmp_path / "a", written(TABLE), "a.csv"),
                    _source(tmp_path / "b", written(TABLE[:-1]), "b.csv"),
                    work, progress=heard.append)
    assert found["rows"]["removed"] == 1
    assert heard == sorted(heard) and heard[0] < 50 < heard[-1]
    with (work / LIST).open(newline="") as stream:
        assert list(csv.reader(stream))[1:] == [["hapus", "C", "2020", "", "", ""]]


def test_a_workbook_and_a_text_with_the_same_figures_are_the_same(tmp_path: Path) -> None:
    import openpyxl
    book = openpyxl.Workbook()
    for row in (["kode", "tahun", "nilai"], ["A", 2020, 1.5], ["B", 2020, 3]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    raw = b"kode,tahun,nilai\nA,2020,1.50\nB,2020,3\n"
    work = tmp_path / "kerja"
    work.mkdir()
    found = compare(_source(tmp_path / "a", raw, "a.csv"),
                    _source(tmp_path / "b", stream.getvalue(), "b.xlsx"), work)
    assert found["rows"] == {"added": 0, "removed": 0, "changed": 0, "same": 2}


@pytest.mark.parametrize(("content", "name", "said"), [
    (b"\x00\x01" * 100, "a.csv", "bukan teks"),
    (b"", "a.csv", "kosong"),
    (b"a," * 16_000 + b"a\n" + b"1," * 16_000 + b"1\n", "a.csv", "16.001 kolom"),
    (b"PK\x03\x04rusak", "a.xlsx", "rusak atau terpotong"),
    (b'{"type": "FeatureCollection"}', "a.json", "GeoJSON"),
    (b'[{"a": "\\ud800"}]', "a.json", "bukan teks"),
    (b'[{"\\u0000": 1}]', "a.json", "bukan teks"),
])
def test_what_cannot_be_compared_is_said_with_the_name_of_the_file(
    tmp_path: Path, content: bytes, name: str, said: str
) -> None:
    work = tmp_path / "kerja"
    work.mkdir()
    with pytest.raises(LoadError, match=said) as caught:
        compare(_source(tmp_path / "a", content, name),
                _source(tmp_path / "b", written(TABLE), "b.csv"), work)
    assert name in str(caught.value)


def test_a_comparison_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    work = tmp_path / "kerja"
    work.mkdir()
    with pytest.raises(LoadError, match="0 detik"):
        compare(_source(tmp_path / "a", written(TABLE), "a.csv"),
                _source(tmp_path / "b", written(TABLE), "b.csv"), work,
                bounds=Bounds(seconds=0))


def test_the_engine_reaches_nothing_but_its_files(tmp_path: Path) -> None:
    import duckdb

    from ckanext.satudata.domain.versions.comparing import open_engine
    other = tmp_path / "lain.csv"
    other.write_text("rahasia\n")
    (tmp_path / "kerja").mkdir()
    engine = open_engine(tmp_path / "kerja", [], 100_000_000, 100_000_000)
    for query in (f"SELECT * FROM read_csv('{other}')", f"SELECT * FROM read_text('{other}')",
                  f"ATTACH '{tmp_path}/x.db'", "INSTALL httpfs", "SET enable_external_access=true",
                  f"COPY (SELECT 1) TO '{tmp_path}/keluar.csv'",
                  f"SELECT * FROM read_text('{tmp_path}/kerja/../lain.csv')"):
        with pytest.raises(duckdb.Error):
            engine.execute(query)
