"""Our verdict on a table is frictionless' own: every error, its row and its field."""
from __future__ import annotations

import csv
import io
import sys
import tempfile
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.satudata.domain.inspection.engine import validate
from ckanext.satudata.domain.inspection.validation.checking import message
from ckanext.satudata.domain.inspection.validation.labels import Dialect
from ckanext.satudata.domain.inspection.validation.text import open_text
from ckanext.satudata.domain.inspection.validation.workbook import open_sheet

sys.path.insert(0, str(Path(__file__).parent))
from frictionless_oracle import ours, theirs

TYPES: dict[str, list[str]] = {
    "integer": ["0", "1", "-5", "007", " 8 ", "+3", "1_000", "0x1F", "1.0", "x", "9" * 25, "10",
                "12", "١٢"],
    "number": ["0", "1.5", "-2.50", "1e5", "nan", "inf", "1,5", ".5", "5.", " 7", "1.50",
               "0.1", "0.1000000000000000055", "123456789.123456789123", "x", "1_0", "1.", "+2",
               "1e-3", "1E400", "-0", "1\t"],
    "string": ["a", "b", "Desa Ciruas", "é", "  ", "ab\ncd", 'say "x"', "x,y", "360401", "12ab"],
    "year": ["2020", "1999", "20", "02020", " 202", "+202", "abcd", "2_02"],
    "yearmonth": ["2020-01", "2020-1", "2020-13", "x", "99999-12", "2020-12"],
    "date": ["2020-01-05", "2020-1-5", "2020-02-30", "0000-01-01", "2020-01-05 ", "x",
             "2021-12-31"],
    "datetime": ["2020-01-05T10:00:00", "2020-01-05 10:00:00", "2020-01-05T24:00:00",
                 "2020-01-05", "2020-01-05T10:00:60", "2020-01-05T10:00:00.125", "x"],
    "time": ["10:00:00", "25:00:00", "10:00", "x"],
    "boolean": ["true", "1", "False", "0", "yes", "Ya", "TRUE"],
    "any": ["a", "1", "x"],
    "geopoint": ["90.5,45", "200,1", "x", "1, 2"],
    "list": ["a,b", "1"],
    "array": ["[1,2]", "{}", "x"],
    "object": ['{"a": 1}', "[1]", "x"],
    "duration": ["P1Y", "x", "PT5M"],
}
BOUNDS: dict[str, list[Any]] = {
    "integer": [0, 5, 12], "number": [0, 1.5, 0.1], "year": [2000, 2020],
    "date": ["2020-01-05", "2020-06-01"], "yearmonth": ["2020-06"],
    "datetime": ["2020-01-05T10:00:00"], "time": ["10:00:00"],
}
MISSING = ["", "-", "NA", "x"]


@st.composite
def fields(draw: st.DrawFn, name: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(TYPES)))
    made: dict[str, Any] = {"name": name, "type": kind}
    limits: dict[str, Any] = {}
    if draw(st.booleans()):
        limits["required"] = draw(st.booleans())
    if kind in BOUNDS:
        for limit in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            if draw(st.integers(0, 3)) == 0:
                limits[limit] = draw(st.sampled_from(BOUNDS[kind]))
    if kind == "string":
        if draw(st.integers(0, 2)) == 0:
            limits["minLength"] = draw(st.integers(0, 4))
        if draw(st.integers(0, 2)) == 0:
            limits["maxLength"] = draw(st.integers(0, 6))
        if draw(st.integers(0, 2)) == 0:
            limits["pattern"] = draw(st.sampled_from(
                [r"\d{6}", "[a-z]+", "a|b.*", r"(?!b).*", r"\w+", r"\S+", "x$|."]))
    if kind not in ("list", "array", "object", "geopoint", "any") and draw(
            st.integers(0, 4)) == 0:
        good = {"boolean": ["true"], "string": ["a", "b", "é"], "date": ["2020-01-05"]}
        limits["enum"] = good.get(kind) or [TYPES[kind][0], TYPES[kind][1]]
    if kind not in ("array", "object", "list") and draw(st.integers(0, 2)) == 0:
        limits["unique"] = True
    if limits:
        made["constraints"] = limits
    if draw(st.integers(0, 3)) == 0:
        made["missingValues"] = draw(st.lists(st.sampled_from(MISSING), unique=True))
    if kind == "number" and draw(st.integers(0, 2)) == 0:
        made.update(draw(st.sampled_from([
            {"decimalChar": ","}, {"decimalChar": ",", "groupChar": "."}, {"bareNumber": False},
            {"groupChar": ","}])))
    if kind == "integer" and draw(st.integers(0, 4)) == 0:
        made["bareNumber"] = False
    if kind == "boolean" and draw(st.integers(0, 2)) == 0:
        made["trueValues"], made["falseValues"] = ["Ya", "yes"], ["0"]
    if kind == "date" and set(limits) <= {"required", "unique"} and draw(st.integers(0, 1)):
        made["format"] = draw(st.sampled_from(["%d/%m/%Y", "%Y%m%d", "any", "%d %B %Y"]))
    return made


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, Any], list[list[str]]]:
    count = draw(st.integers(1, 5))
    names = [f"k{number}" for number in range(count)]
    schema: dict[str, Any] = {"fields": [draw(fields(name)) for name in names]}
    if draw(st.integers(0, 3)) == 0:
        schema["missingValues"] = draw(st.lists(st.sampled_from(MISSING), unique=True, max_size=3))
    plain = [one["name"] for one in schema["fields"] if one["type"] not in (
        "array", "object", "list")]
    if plain and draw(st.integers(0, 2)) == 0:
        schema["primaryKey"] = draw(st.lists(st.sampled_from(plain), min_size=1, max_size=2,
                                             unique=True))
    if plain and draw(st.integers(0, 3)) == 0:
        pair = [draw(st.sampled_from(plain)), draw(st.sampled_from(plain))]
        schema["foreignKeys"] = [{"fields": [pair[0]],
                                  "reference": {"resource": "", "fields": [pair[1]]}}]
    header = list(names)
    how = draw(st.integers(0, 9))
    if how == 0:
        header = [draw(st.sampled_from([*names, "", "lain", "K0"])) for _ in names]
    elif how == 1:
        header = [*names, "lebih"]
    elif how == 2 and count > 1:
        header = names[:-1]
    kinds = [one["type"] for one in schema["fields"]]
    rows = [header]
    for _ in range(draw(st.integers(0, 25))):
        shape = draw(st.integers(0, 19))
        width = len(header) + (shape == 0) - (shape == 1 and len(header) > 1)
        row = [draw(st.sampled_from([*TYPES[kinds[at] if at < count else "any"], "", "", "-"]))
               for at in range(width)]
        if shape == 2:
            row = []
        elif shape == 3:
            row = [""] * width
        rows.append(row)
        if shape == 4:
            rows.append(list(row))
    return schema, rows


def written(rows: list[list[str]], folder: str, bom: bool = False, end: str = "\n") -> Path:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=end)
    writer.writerows(rows)
    path = Path(folder) / "tabel.csv"
    path.write_bytes(("\ufeff" if bom else "").encode() + stream.getvalue().encode())
    return path


@settings(max_examples=250, deadline=None, database=None, derandomize=True,
          suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(tables(), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_generated_tables_get_the_same_errors(
        made: tuple[dict[str, Any], list[list[str]]], bom: bool, end: str) -> None:
    schema, rows = made
    with tempfile.TemporaryDirectory() as folder:
        path = written(rows, folder, bom, end)
        dialect = {"csv": {"delimiter": ",", "quoteChar": '"', "skipInitialSpace": False}}
        expected, counts = theirs(path, schema, dialect,
                                  encoding="utf-8-sig" if bom else "utf-8")
        found, counted = ours(path, schema, dialect)
        assert found == expected
        assert counted == counts


CHECKS: list[dict[str, Any]] = [
    {"type": "ascii-value"},
    {"type": "duplicate-row"},
    {"type": "truncated-value"},
    {"type": "forbidden-value", "fieldName": "jumlah", "values": [3, 7, "3"]},
    {"type": "forbidden-value", "fieldName": "tak_ada", "values": [3]},
    {"type": "required-value", "fieldName": "nama", "values": ["a", "tak ada", "lain"]},
    {"type": "sequential-value", "fieldName": "nomor"},
    {"type": "table-dimensions", "numRows": 3, "minFields": 9, "maxRows": 1},
]
FAR: list[dict[str, Any]] = [
    {"type": "deviated-value", "fieldName": "jumlah"},
    {"type": "deviated-value", "fieldName": "nilai", "average": "median", "interval": 1},
    {"type": "deviated-cell", "interval": 1},
]
ASKED: dict[str, Any] = {"fields": [
    {"name": "nomor", "type": "integer"}, {"name": "nama", "type": "string"},
    {"name": "jumlah", "type": "integer"}, {"name": "nilai", "type": "number"}]}


@settings(max_examples=40, deadline=None, database=None, derandomize=True,
          suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(
    st.sampled_from(["1", "2", "3", "0", "x"]),
    st.sampled_from(["a", "é", "", "b" * 255, "c" * 6000]),
    st.sampled_from(["3", "7", "32767", "100000", "", "-"]),
    st.sampled_from(["1.5", "2", "3.25", "900", ""])), max_size=14), st.booleans())
def test_the_checks_one_asks_for_find_the_same(rows: list[tuple[str, ...]], counted: bool) -> None:
    if counted:
        rows = [(str(at), *row[1:]) for at, row in enumerate(rows, start=1)]
    with tempfile.TemporaryDirectory() as folder:
        path = written([["nomor", "nama", "jumlah", "nilai"], *map(list, rows)], folder)
        dialect = {"csv": {"delimiter": ",", "quoteChar": '"', "skipInitialSpace": False}}
        assert ours(path, ASKED, dialect, CHECKS) == theirs(path, ASKED, dialect, CHECKS)
        # Which rows deviate frictionless says in words only: the numbers of them are compared.
        assert ours(path, ASKED, dialect, FAR)[1] == theirs(path, ASKED, dialect, FAR)[1]


# --- every real file, as it is: also those that are no clean tables ---

DEMO = Path(__file__).parents[4] / "shared" / "data" / "demo"
MOST_ROWS = 400


def guessed(rows: list[list[Any]]) -> dict[str, Any]:
    """Return a schema a hurried person would write from the first rows: it must not fit."""
    labels = [str(cell or "").strip() for cell in rows[0]]
    fields: list[dict[str, Any]] = []
    for at, label in enumerate(labels):
        seen = [str(row[at]) for row in rows[1:15] if at < len(row) and row[at] not in ("", None)]
        kind = "string"
        if seen and all(one.lstrip("-").isdigit() for one in seen):
            kind = "year" if "tahun" in label.lower() else "integer"
        elif seen and all(one.replace(".", "", 1).lstrip("-").isdigit() for one in seen):
            kind = "number"
        one: dict[str, Any] = {"name": label or f"kolom{at}", "type": kind}
        limits: dict[str, Any] = {"required": at < 3}
        if kind == "string":
            limits["maxLength"] = 25
        elif kind != "year":
            limits["minimum"] = 10
        if at == 0:
            limits["unique"] = True
        fields.append({**one, "constraints": limits})
    names: list[str] = []
    for one in fields:
        while one["name"] in names:
            one["name"] += "_"
        names.append(one["name"])
    return {"fields": fields, "primaryKey": names[:2], "missingValues": ["", "-"]}


@pytest.mark.beside("demo")
@pytest.mark.parametrize("path", sorted(DEMO.glob("*/*.csv")), ids=lambda path: path.stem)
def test_a_real_text_file_gets_the_same_errors(path: Path, tmp_path: Path) -> None:
    found = open_text(path, Dialect())
    copy = tmp_path / "berkas.csv"
    with path.open("rb") as stream:
        copy.write_bytes(b"".join(islice(stream, MOST_ROWS)))
    schema = guessed(found.sample or [[]])
    assert ours(copy, schema) == theirs(copy, schema, encoding=found.encoding)


@pytest.mark.beside("demo")
@pytest.mark.parametrize("path", sorted(DEMO.glob("*/*.xlsx")), ids=lambda path: path.stem)
def test_a_real_workbook_gets_the_same_errors(path: Path) -> None:
    found = open_sheet(path, Dialect())
    schema = guessed(found.sample or [[]])
    # Cells that only have a style are cells to frictionless and nothing to us.
    rows, width = len(found.rows), len(found.sample[0])
    expected = {one for one in theirs(path, schema, encoding=None)[0]
                if (one[1] or 0) <= rows and not (one[0] == "extra-label" and one[2] > width)}
    assert ours(path, schema)[0] == expected


# --- how a file is written: quotes, ends of lines, ragged rows, comments, blocks ---

LOOSE = {"fields": [{"name": "a", "type": "any"}, {"name": "b", "type": "integer"}]}


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(st.lists(st.sampled_from(['a', 'b', '1', ',', ',', '"', '""', '\n', '\n', '\r\n', '\r', ' ',
                                 'é', '#', 'a,1\n', '"x\ny",2\n', '"q""r",3\r\n']), max_size=30),
       st.sampled_from([4, 16, 1 << 19]), st.sampled_from([
           {}, {"skipBlankRows": True}, {"commentChar": "#"}, {"commentRows": [2, 4]},
           {"header": False}, {"headerRows": [1, 2]}, {"headerCase": False}]))
def test_any_text_is_split_as_it_is_there(
        pieces: list[str], block: int, dialect: dict[str, Any]) -> None:
    text = "a,b\n" + "".join(pieces)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("ckanext.satudata.domain.inspection.validation.text.BLOCK_BYTES", block)
        path = Path(folder) / "tabel.csv"
        path.write_bytes(text.encode())
        written_so = {**dialect, "csv": {"delimiter": ",", "quoteChar": '"',
                                         "skipInitialSpace": False}}
        assert ours(path, LOOSE, written_so) == theirs(path, LOOSE, written_so)
        assert ours(path, LOOSE, dialect) == theirs(path, LOOSE, dialect)


@pytest.mark.parametrize("match", ["exact", "equal", "subset", "superset", "partial"])
@pytest.mark.parametrize("labels", [
    ["a", "b"], ["b", "a"], ["a"], ["a", "b", "c"], ["c"], ["a", "a"], ["", "b"], ["B", "a"]])
def test_labels_are_matched_in_every_mode(match: str, labels: list[str], tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a", "type": "integer"},
                         {"name": "b", "type": "string", "constraints": {"required": True}}],
              "fieldsMatch": match}
    path = written([labels, ["x"] * len(labels), [""] * len(labels)], str(tmp_path))
    for dialect in ({}, {"headerCase": False}):
        assert ours(path, schema, dialect)[0] == theirs(path, schema, dialect)[0]


@pytest.mark.parametrize("content, encoding", [
    ("kota;jumlah\nBandung;1.234,5\n", "utf-16"), ("kota;jumlah\nBandung;x\n", "utf-8-sig"),
    ("kota;jumlah\nSão Tomé;1\n", "cp1252"), ("", "utf-8"), ("\n\n", "utf-8"),
    ("kota;jumlah\n", "utf-8"), ("kota\tjumlah\nA\t1\n", "utf-8")])
def test_encodings_and_delimiters_are_found(content: str, encoding: str, tmp_path: Path) -> None:
    schema = {"fields": [{"name": "kota", "type": "string"},
                         {"name": "jumlah", "type": "number", "decimalChar": ",",
                          "groupChar": "."}]}
    path = tmp_path / "tabel.csv"
    path.write_bytes(content.encode(encoding))
    assert ours(path, schema) == theirs(path, schema, encoding=encoding)


def test_every_error_of_a_file_is_said_in_words(tmp_path: Path) -> None:
    path = written([["a", "b", "b", "", "lebih"], ["1", "x", "7", "", ""], ["1", "y", "200", "1"],
                    [], ["", "x", "9", "1", "2", "3"]], str(tmp_path))
    schema = {"fields": [
        {"name": "a", "type": "integer", "constraints": {"required": True, "unique": True}},
        {"name": "b", "type": "integer"},
        {"name": "c", "type": "string", "constraints": {"enum": ["7", "9"]}},
        {"name": "d", "type": "any"}], "primaryKey": "a", "foreignKeys": [
            {"fields": "c", "reference": {"resource": "wilayah", "fields": "kode"}}]}
    found = validate(path, schema, stated={"rows": 9, "hash": "md5:0"}, limit=5, checks=[
        "duplicate-row", {"type": "required-value", "fieldName": "c", "values": ["8"]}])
    texts = [message(found, error).text() for error in replace(found, limit=99).errors]
    assert "Baris 2, kolom b: “x” bukan bilangan bulat." in texts
    assert "Baris 3, kolom c: “200” bukan salah satu dari 7, 9." in texts
    assert "Kolom ke-5 “lebih” tidak ada dalam skema." in texts
    assert "Ada 4 baris, menurut keterangannya 9." in texts
    assert not [text for text in texts if not text.endswith(".") or "{" in text]
    assert {*found.counts} >= {
        "extra-label", "duplicate-label", "blank-label", "type-error", "constraint-error",
        "unique-error", "primary-key", "foreign-key", "blank-row", "missing-cell", "extra-cell",
        "required-value", "row-count", "hash-count"}
    # Listed up to the limit, counted and handed out in full.
    assert len(found.errors) == 5
    assert found.more == sum(found.counts.values()) - 5
    assert sum(batch.num_rows for batch in found.all_errors()) == len(texts)


@pytest.mark.parametrize("content", [
    b"a,b\n1,\x00\n2,x\n", b"a,b\n1," + b"x" * 300_000 + b"\nz,y\n", b"a,b\r1,x\rz,y\r",
    b'a,b\n1,5" pipa\n2,"ok"\nx,z\n', b'a,b\n1,"abc\n2,x\n3,y\n', b"a\n1\n\nx\n"],
    ids=["nul", "long", "returns", "stray quote", "open quote", "one column"])
def test_odd_files_are_split_as_they_are_there(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "tabel.csv"
    path.write_bytes(content)
    schema = {"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]}
    assert ours(path, schema) == theirs(path, schema)


def test_minus_nought_is_nought(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a", "type": "number", "constraints": {
        "enum": [0, 1.5], "unique": True}}], "primaryKey": ["a"]}
    path = written([["a"], ["0"], ["-0"], ["1.50"], ["1.5"], ["-0.0"]], str(tmp_path))
    assert ours(path, schema) == theirs(path, schema)
