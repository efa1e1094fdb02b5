"""What a person relies on where a few cells of a column of figures are none."""
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from test_values import one, said, table

from ckanext.satudata.domain.inspection.values import Settings, interpret

MAY = dt.datetime(2026, 5, 1)
TENTHS = [1.2, 3.4, 2.7, 4.1, 3.3, 2.9]


def test_a_date_made_of_a_decimal_is_mended_where_the_other_figures_prove_it() -> None:
    reading = one("Debit", [*TENTHS, MAY])
    assert (reading.type, reading.values.to_pylist()) == ("number", [*TENTHS, 1.5])
    assert not reading.questions and "1 Mei 2026 menjadi 1,5" in said(reading)
    texts = one("Debit", ["13.25", "2.75", "4,50", "14.05", MAY],
                formats={"Debit": "d-mmm"})
    assert texts.values.to_pylist() == [13.25, 2.75, 4.5, 14.05, 1.05]
    summed = interpret(table({"Pos": ["A", "B", "C", "Jumlah"],
                              "Debit": [2.25, MAY, 3.1, 6.4]}, totals=1), Settings())[1]
    assert summed.values.to_pylist() == [2.25, 1.05, 3.1] and summed.changes[0].certain


def test_what_is_not_proved_of_a_date_among_decimals_is_asked() -> None:
    cells: list[Any] = [1.25, 3.4, MAY, 2.75, dt.datetime(2026, 12, 3)]
    reading = one("Debit", cells)
    assert reading.type == "number" and reading.values.to_pylist() == [1.25, 3.4, None, 2.75, None]
    (question,) = reading.questions
    assert question.key == "tanggal:debit" and question.count == 2
    assert "1 Mei 2026" in question.text.text()
    for answer, wanted in {"satu_angka": [1.5, 3.12], "dua_angka": [1.05, 3.12],
                           "bulan_tahun": [5.26, 3.12]}.items():
        again = one("Debit", cells, {question.key: answer})
        assert again.values.to_pylist() == [1.25, 3.4, wanted[0], 2.75, wanted[1]]
        assert again.questions[0].answer == answer
    kept = one("Debit", cells, {question.key: "tanggal"})
    assert kept.type == "string" and kept.values.to_pylist()[2].startswith("2026-05-01")


@pytest.mark.parametrize(("header", "cells"), [
    ("Tanggal", [MAY, dt.datetime(2026, 6, 2), 3.5]), ("Mulai", [MAY, dt.datetime(2026, 6, 2)]),
    ("Mulai", [MAY, 46000.5, 46001]), ("Nomor surat", ["12/A", "3,5", MAY, "surat"])])
def test_dates_that_are_dates_are_left_alone(header: str, cells: list[Any]) -> None:
    reading = one(header, cells)
    assert "buatan Excel" not in said(reading)
    assert all(not each.key.startswith("tanggal:") for each in reading.questions)


def test_a_few_words_among_figures_are_asked_about_and_do_not_make_text() -> None:
    figures = [n + 0.5 for n in range(40)]
    few = one("Kadar BOD", [*figures, "< 5,0", "ttd", "ada"])
    assert few.type == "number" and [each.key for each in few.questions] == [
        "tanda:kadar_bod:< 5,0", "tanda:kadar_bod:ttd", "tanda:kadar_bod:ada"]
    many = one("Kadar BOD", [*figures, "< 5,0", "ttd", "ada", "<3", "< 2", "<0,1", "<1"])
    assert many.type == "number" and [each.count for each in many.questions] == [7]
    told = one("Kadar BOD", [*figures, "menyusul setelah rekonsiliasi data dengan dinas terkait"])
    assert told.type == "number" and len(told.questions[0].key) < 70
    assert told.values.null_count == 1
    kept = one("Kadar BOD", [*figures, "ttd"], {"tanda:kadar_bod:ttd": "teks"})
    assert kept.type == "string"
    # Three words for ten figures are too many to be slips, and remarks may say anything.
    assert one("Kadar BOD", [*figures[:10], "ttd", "ada", "rusak"]).type == "string"
    assert one("Keterangan", [*figures[:10], "ada"]).type == "string"
    ids = [*range(1, 31), "91-D", "91-B", "94-A", "94-C", "92-A", "92-B"]
    assert one("id", ids).type == "string"


def test_ranges_that_a_spreadsheet_took_for_dates_are_ranges_again() -> None:
    five, ten = dt.datetime(2025, 9, 5), dt.datetime(2014, 10, 1)
    reading = one("Kelompok Umur", ["0-4", five, "15-19", "20-24", "25-29", "75+"],
                  formats={"Kelompok Umur": "d-mmm"})
    assert reading.values.to_pylist()[1] == "5-9" and reading.changes[0].count == 1
    assert not reading.changes[0].certain
    made = one("Umur", ["0-4", ten, "15-19", "20-24"], formats={"Umur": "mmm-yy"})
    assert made.values.to_pylist()[1] == "10-14"
    assert "rentang" not in said(one("Umur", ["0-4", dt.datetime(2025, 5, 5), "15-19", "20-24"]))
    assert "rentang" not in said(one("Uraian", ["lama", five, "baru"]))


def test_days_since_1900_below_a_head_of_dates_are_dates() -> None:
    reading = one("Tanggal Kegiatan", [45691, 45700, 45709])
    assert reading.type == "date" and str(reading.values[0]) == "2025-02-03"
    assert not reading.changes[0].certain
    assert one("Tgl", ["45691", "45700", ""]).type == "date"
    assert one("Tanggal", [1, 2, 3, 31]).type == "integer"
    assert one("Jumlah hari", [45691, 45700]).type == "integer"
