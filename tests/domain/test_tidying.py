"""Which table goes on under which file, and what a clean table's file says of itself."""
from __future__ import annotations

import pytest

from ckanext.satudata.domain.tidying.describing import (
    columns_of,
    free,
    merged,
    name_of,
    titled,
)
from ckanext.satudata.domain.tidying.matching import matched, same_name
from ckanext.satudata.domain.tidying.table import Held, Table


def table(number: int, title: str = "", sha256: str = "", columns: str = "a b",
          sheet: str = "Lembar1") -> Table:
    return Table(number, sha256 or f"{title}-{number}", title or sheet, sheet,
                 {"fields": [{"name": each, "type": "string"} for each in columns.split()]}, 3)


def held(name: str, number: int = 0, title: str = "", sha256: str = "x",
         columns: str = "a b") -> Held:
    return Held(name, title, sha256, number, tuple(columns.split()))


def test_a_table_stays_the_file_it_was_when_others_come_and_go() -> None:
    own = [held("r1", 1, "Kunjungan 2025"), held("r2", 2, "Tempat tidur 2025"),
           held("r3", 3, "Dokter 2025")]
    left = [table(1, "Tempat tidur 2025"), table(2, "Dokter 2025")]
    assert matched(left, own) == {1: "r2", 2: "r3"}
    more = [table(1, "Bidan 2025"), table(2, "Kunjungan 2025"), *left[0:0]]
    assert matched(more, own[:1]) == {2: "r1"}


def test_equal_bytes_are_the_same_file_whatever_their_name() -> None:
    own = [held("r1", 1, "Nama lain", "abc"), held("r2", 2, "Tempat tidur", "def")]
    assert matched([table(1, "Tempat tidur", "abc"), table(2, "Apa saja", "def")], own) == {
        1: "r1", 2: "r2"}


def test_next_year_s_table_is_known_by_its_name_without_the_year() -> None:
    assert same_name("Kunjungan Puskesmas, 2025", "KUNJUNGAN PUSKESMAS 2026")
    assert not same_name("Kunjungan 2025", "Kematian 2025") and not same_name("2025", "2026")
    others = [held("lain", 0, "Tempat tidur 2025"), held("asing", 0, "Dokter 2025")]
    found = matched([table(1, "Tempat tidur 2026"), table(2, "Kunjungan 2026")], [],
                    held("ganti", 0, "Kunjungan 2025"), others)
    assert found == {1: "lain", 2: "ganti"}


def test_the_file_that_is_replaced_is_taken_in_any_case() -> None:
    assert matched([table(1, "Baru", columns="c")], [], held("ganti", 0, "Lama")) == {1: "ganti"}
    own = [held("r1", 1, "Satu", "s1"), held("r2", 2, "Dua", "s2")]
    found = matched([table(1, "Satu", "s1"), table(2, "Dua", "s2")], own,
                    held("ganti", 0, "Lama", columns="z"))
    assert found == {1: "ganti", 2: "r2"}


def test_files_of_other_origin_are_taken_only_by_name() -> None:
    assert matched([table(1, "Kunjungan")], [], None, [held("lain", 0, "Kematian")]) == {}


@pytest.mark.parametrize(("title", "before", "many", "name"), [
    ("Kunjungan 2025", "", False, "Kunjungan 2025"),
    ("Kunjungan 2026", "Kunjungan 2025", False, "Kunjungan 2026"),
    ("Kunjungan 2025", "Kunjungan puskesmas", False, "Kunjungan puskesmas"),
    ("Kunjungan", "Kunjungan 2025", False, "Kunjungan 2025"),
    ("Kunjungan 2025", "data final", False, "Kunjungan 2025"),  # only its file's name so far
    ("", "", False, "data final"),
    ("", "", True, "data final - Lembar1"),
])
def test_a_file_is_called_as_people_know_it(
    title: str, before: str, many: bool, name: str
) -> None:
    assert name_of(table(1, title), "data_final.xlsx", many, before) == name


@pytest.mark.parametrize(("tables", "titles"), [
    ([table(1, "Guru 2025"), table(2, "Siswa 2025")], ["Guru 2025", "Siswa 2025"]),
    ([table(1, "Guru", sheet="SD"), table(2, "Guru", sheet="SMP"), table(3, "Siswa", sheet="SD")],
     ["Guru - SD", "Guru - SMP", "Siswa"]),
    ([table(1, "Guru"), table(2, "Guru"), table(3, "Guru (2)")],
     ["Guru", "Guru (3)", "Guru (2)"]),
    ([table(1, "Guru", sheet="SD"), table(2, "Guru", sheet="SD"), table(3, "Guru", sheet="SMP")],
     ["Guru", "Guru (2)", "Guru (3)"]),
    ([table(1), table(2)], ["Lembar1", "Lembar1"]),  # no title: the file's name is its own
    ([table(1, "G" * 300, sheet="SD"), table(2, "G" * 300, sheet="SMP")],
     ["G" * 295 + " - SD", "G" * 294 + " - SMP"]),
])
def test_tables_of_one_title_are_told_apart(tables: list[Table], titles: list[str]) -> None:
    made = titled(tables)
    assert [each.title for each in made] == titles
    assert [each.title for each in titled(made)] == titles  # and stay so
    # Read again, each goes on under its own file, also when the first is left out.
    own = [held(f"r{each.number}", each.number, each.title, each.sha256) for each in made]
    again = titled([table(each.number, each.title, "new", sheet=each.sheet) for each in tables])
    assert matched(again, own) == {each.number: f"r{each.number}" for each in tables}


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert free("a", ["b"]) == "a" and free("a", ["a", "a (2)"]) == "a (3)"
    assert free("x" * 400, ["x" * 300]) == "x" * 296 + " (2)"


def test_what_people_wrote_of_a_column_stays_where_the_reading_says_nothing() -> None:
    before = {"fields": [
        {"name": "a", "type": "integer", "konsep": "Orang", "satuan": "jiwa",
         "constraints": {"minimum": 0}},
        {"name": "b", "type": "integer", "constraints": {"minimum": 0}},
        {"name": "gone", "type": "string"}], "primaryKey": ["a"]}
    schema = {"fields": [{"name": "a", "type": "integer", "satuan": "orang"},
                         {"name": "b", "type": "string"}], "missingValues": [""]}
    assert merged(schema, before) == {"fields": [
        {"name": "a", "type": "integer", "satuan": "orang", "konsep": "Orang",
         "constraints": {"minimum": 0}},
        {"name": "b", "type": "string"}], "missingValues": [""], "primaryKey": ["a"]}
    assert "primaryKey" not in merged({"fields": [{"name": "b", "type": "string"}]}, before)
    assert merged(schema, None) == schema


def test_the_data_dictionary_says_label_notes_and_unit() -> None:
    assert columns_of({"fields": [
        {"name": "n", "type": "integer", "title": "Jumlah", "satuan": "orang",
         "definisi": "Yang datang."}, {"name": "k"}]}) == [
        {"name": "n", "type": "integer",
         "info": {"label": "Jumlah", "notes": "Yang datang.", "satuan": "orang"}},
        {"name": "k", "type": "string", "info": {"label": "k"}}]


def test_tables_of_one_title_are_told_apart_by_what_they_count() -> None:
    both = [Table(at, f"x{at}", "PENDUDUK PER RT", "Sheet1", {"fields": [
        {"name": "rt", "type": "string"},
        {"name": name, "title": title, "type": "integer"}]}, 3)
        for at, (name, title) in enumerate((("penduduk", "JUMLAH PENDUDUK"),
                                            ("kk", "JUMLAH KK")), 1)]
    assert [each.title for each in titled(both)] == [
        "PENDUDUK PER RT: JUMLAH PENDUDUK", "PENDUDUK PER RT: JUMLAH KK"]
