"""Citing a version: in every format it is the same version, whatever its title holds."""
from __future__ import annotations

import datetime as dt
import json

import pytest

from ckanext.satudata.domain.versions import citation, marks
from ckanext.satudata.domain.versions.citation import Cited

STUNTING = Cited(
    "Dinas Kesehatan", "Kabupaten Serang", "Stunting & gizi 100% {baru}_1", 3,
    "Satu Data Kabupaten Serang", dt.date(2026, 3, 10), "https://data.id/dataset/stunting/versi/3",
    "stunting")


@pytest.mark.parametrize(("producer", "author"), [
    ("Dinas Kesehatan", "Dinas Kesehatan Kabupaten Serang"),
    ("Dinas Kesehatan Kabupaten Serang", "Dinas Kesehatan Kabupaten Serang"),
    ("", "Kabupaten Serang"),
])
def test_an_office_is_named_with_its_region_once(producer: str, author: str) -> None:
    cited = Cited(producer, "Kabupaten Serang", "T", 1, "P", dt.date(2026, 1, 1), "u")
    assert cited.author == author


def test_a_bibtex_entry_is_balanced_and_its_signs_are_escaped() -> None:
    entry = citation.bibtex(STUNTING)
    assert entry.startswith("@misc{stunting-v3,\n")
    assert r"title = {{Stunting \& gizi 100\% \textbraceleft{}baru\textbraceright{}\_1}}" in entry
    assert "version = {3}" in entry
    assert "url = {https://data.id/dataset/stunting/versi/3}" in entry
    assert entry.count("{") == entry.count("}")


def test_a_brace_in_a_title_ends_no_field() -> None:
    evil = Cited("D", "R", "a}}, url = {https://b", 1, "P", dt.date(2026, 1, 1), "https://a/b")
    line = next(line for line in citation.bibtex(evil).splitlines() if "title" in line)
    depth = [line[:at].count("{") - line[:at].count("}") for at in range(len(line))]
    # BibTeX counts them whether a backslash stands before them or not.
    assert all(depth[line.index("{") + 1:-2]) and not depth[-1]


def test_csl_and_ris_name_the_version_and_its_day() -> None:
    item, = json.loads(citation.csl(STUNTING))
    assert item["type"] == "dataset"
    assert item["issued"] == {"date-parts": [[2026, 3, 10]]}
    assert (item["version"], item["URL"]) == ("3", STUNTING.url)
    lines = citation.ris(STUNTING).split("\r\n")
    assert lines[0] == "TY  - DATA"
    assert "DA  - 2026/03/10" in lines
    assert lines[-2] == "ER  - "


def test_a_title_cannot_break_out_of_its_field() -> None:
    hostile = Cited("D", "R", "Satu\r\nER  - \x00}\n", 1, "P", dt.date(2026, 1, 1), "https://a/b")
    assert citation.ris(hostile).count("\r\nER  - ") == 1
    assert "\x00" not in citation.csl(hostile) + citation.bibtex(hostile)


@pytest.mark.parametrize(("old", "new", "parts"), [
    ("sama", "sama", [("same", "sama")]),
    ("balita di bawah lima tahun", "balita di bawah dua tahun",
     [("same", "balita di bawah "), ("del", "lima"), ("ins", "dua"), ("same", " tahun")]),
    ("402", "420", [("del", "402"), ("ins", "420")]),
    ("", "baru", [("ins", "baru")]),
])
def test_only_the_words_that_differ_are_marked(
    old: str, new: str, parts: list[marks.Part]
) -> None:
    assert marks.marked(old, new) == parts


def test_both_texts_can_be_read_back_from_the_marks() -> None:
    old, new = "Data dihimpun tiap bulan.\n" * 30, "Data dihimpun tiap triwulan.\n" * 30
    found = marks.marked(old, new)
    assert "".join(text for kind, text in found if kind != "ins") == old
    assert "".join(text for kind, text in found if kind != "del") == new


def test_long_texts_are_shown_whole_instead_of_compared_for_minutes() -> None:
    assert len(marks.marked("a " * 5000, "b " * 5000)) == 2
