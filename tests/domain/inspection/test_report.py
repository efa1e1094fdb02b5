"""The report says all that was found, counts all of it, and is safe to show."""
from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
from inspected_samples import EVIL, finding, inspected, raw_file

from ckanext.satudata.domain.inspection import interchange, report, report_html, terminal
from ckanext.satudata.domain.inspection.notes import Message, Principle, RefusedFile, Severity
from ckanext.satudata.domain.inspection.report import Tally


@pytest.fixture(scope="module")
def made():
    return report.build(raw_file(), [inspected()], bytes_=21_400, sha256="0" * 64, seconds=0.81)


def test_the_report_is_json_and_has_what_the_contract_names(made):
    read = json.loads(json.dumps(made, allow_nan=False))
    assert read["version"] == 1 and read["refused"] is None
    (table,) = read["tables"]
    assert table["range"] == "A3:D8" and table["n_rows"] == 3
    assert table["rows"][0] == {"kecamatan": "Kramatwatu", "kunjungan": 50360,
                                "nik_petugas": "3604••••••••••••"}
    assert table["rows"][1]["kunjungan"] is None
    assert [column["sheet_column"] for column in table["columns"]] == ["B", "C", "D"]
    assert table["questions"][0]["text"]["text"] == "Tanda “-” di kolom kunjungan, artinya apa?"
    assert read["counts"] == {"wajib": 3, "sebaiknya": 1, "saran": 1,
                              "by_code": {"personal-data": 3, "contoh": 1, "satuan": 1}}
    assert [each["severity"] for each in read["findings"]] == ["wajib", "sebaiknya", "saran"]


def test_a_refused_file_says_what_it_is():
    made = report.refusal("x.xlsx", RefusedFile("encrypted", "Berkas terkunci kata sandi."))
    assert made["refused"]["text"] == "Berkas terkunci kata sandi." and not made["tables"]
    assert "Berkas terkunci kata sandi." in report_html.page([made])
    assert "Berkas terkunci kata sandi." in terminal.text(made)
    assert not interchange.frictionless(made)["valid"]


def test_a_score_of_100_means_that_nothing_was_found():
    def tally(severity, count, rows, code="x"):
        return Tally(code, Principle.METADATA, severity, count, rows)

    clean = tally(Severity.WAJIB, 0, 0)
    assert report.scores([clean], [10]) == {"metadata": 100}
    assert report.scores([clean, tally(Severity.SARAN, 1, 1)], [1000, 1_000_000])["metadata"] == 97
    assert report.scores([tally(Severity.WAJIB, 5, 5)], [10]) == {"metadata": 77}  # 30 x 0.75
    # A hundred checks that pass do not hide one that fails; the tables of a file count as one.
    many = [tally(Severity.WAJIB, 0, 0, str(at)) for at in range(100)]
    failing = [tally(Severity.WAJIB, 10, 10), tally(Severity.WAJIB, 0, 0)]
    assert report.scores([*many, *failing], [10] * 102) == {"metadata": 77}
    worst = [tally(severity, 9, 9, str(at)) for at in range(9) for severity in Severity]
    assert report.scores(worst, [9] * 27) == {"metadata": 0}
    assert report.scores([], []) == {}


def test_findings_beyond_the_cap_are_counted():
    many = inspected()
    many.findings = [finding(Severity.SARAN, "kunjungan", 1, "C5", str(at)) for at in range(1500)]
    many.findings.append(finding(Severity.WAJIB, "kunjungan", 2, "C6", "x"))
    many.tallies = [Tally("contoh", Principle.METADATA, Severity.SARAN, 1500, 3)]
    made = report.build(raw_file(), [many])
    assert len(made["findings"]) == report.MAX_LISTED
    assert made["findings"][0]["severity"] == "wajib"
    assert made["counts"]["saran"] == 1500
    assert "1.500 catatan" in report_html.page([made])
    assert "catatan lagi" in terminal.text(made)


def test_frictionless_reads_our_report(made):
    from frictionless import Report

    descriptor = interchange.frictionless(made)
    assert [error["type"] for error in descriptor["tasks"][0]["errors"]] == ["personal-data"]
    typed = dict(made, findings=[dict(each, code="type-error") for each in made["findings"]])
    read = Report.from_descriptor(interchange.frictionless(typed))
    assert not read.valid and read.stats["errors"] == 1 and read.stats["warnings"] == 2
    assert read.flatten(["type", "rowNumber", "fieldNumber"]) == [["type-error", 2, 3]]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.marked: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        named = dict(attrs)
        self.ids += [named["id"]] if named.get("id") else []
        self.links += [named["href"]] if named.get("href") else []
        assert not any(name.startswith("on") or name == "src" for name, _ in attrs)
        if tag == "td" and "err" in (named.get("class") or "").split():
            self.marked.append(tag)


def test_the_page_marks_the_cells_and_runs_nothing(made):
    text = report_html.page([made])
    page = _Page()
    page.feed(text)
    assert "script" not in page.tags and "&lt;script&gt;" in text and EVIL not in text
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert len(page.ids) == len(set(page.ids))
    assert len(page.marked) == 2  # the NIK in the sheet and in the clean table
    assert "3604050101800003" not in text and "3604••••" in text
    for said in ("Perlu jawaban Anda", "Wajib diperbaiki", "Yang kami ubah", "50.360"):
        assert said in text


def test_the_terminal_gets_no_control_characters(made):
    text = terminal.text(made, colour=False)
    assert "Kolom berisi NIK." in text and "sel D5" in text
    evil = dict(made, file="a\x1b]0;x\x07.csv")
    assert "\x1b" not in terminal.text(evil) and "\x07" not in terminal.text(evil)


def test_a_value_json_does_not_know_is_told_all_the_same():
    assert report.said(Message("{n} {d}", {"n": float("nan"), "d": EVIL}))["values"]["n"] is None
