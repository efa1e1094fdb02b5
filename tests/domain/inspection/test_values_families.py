"""What a person relies on where several columns are one measure."""
from __future__ import annotations

from typing import Any

import pytest
from sheets_from_lists import names, rows, tables
from test_values import table

from ckanext.satudata.domain.inspection.families import families_of
from ckanext.satudata.domain.inspection.questions import expanded
from ckanext.satudata.domain.inspection.values import Reading, Settings, interpret

AREAS = [f"Kampung {letter}" for letter in "ABCDEFGH"]


def read(columns: dict[str, list[Any]], **answers: str) -> dict[str, Reading]:
    """Read columns beside names of areas; an answer's key has ``__`` for its colon."""
    raw = table({"Kampung": AREAS[:len(next(iter(columns.values())))], **columns})
    given = {key.replace("__", ":"): answer for key, answer in answers.items()}
    found = interpret(raw, Settings(answers=expanded(given, families_of(raw.columns).names)))
    return dict(zip(columns, found[1:], strict=True))


def asked(found: dict[str, Reading]) -> list[str]:
    return [question.key for reading in found.values() for question in reading.questions]


def values(found: dict[str, Reading]) -> list[list[Any]]:
    return [reading.values.to_pylist() for reading in found.values()]


def test_a_family_is_of_one_time_one_sex_or_one_head() -> None:
    raw = table({name: [1] for name in (
        "Desa", "Kondisi / Baik", "Kondisi / Rusak", "Penduduk / L", "Penduduk / P",
        "Penduduk / Jumlah", "2021", "2022", "Kondisi", "Luas (ha)")})
    assert families_of(raw.columns).names == {
        "kondisi_baik": "kondisi_2", "kondisi_rusak": "kondisi_2", "penduduk_l": "penduduk",
        "penduduk_p": "penduduk", "penduduk_jumlah": "penduduk", "2021": "tahun", "2022": "tahun"}


def test_a_sign_in_columns_of_one_family_is_asked_once_and_answered_for_all() -> None:
    (found,) = tables(["Desa", "Kondisi", None, None], [None, "Baik", "Sedang", "Rusak"],
                      ["A", 5, "-", 6], ["B", "-", 7, 8], ["C", 9, 1, "-"],
                      merged=[(0, 0, 1, 0), (0, 1, 0, 3)])
    assert [(each.key, each.count) for each in found.questions] == [("tanda:kondisi:-", 3)]
    columns = {"2021": ["5", "-", "6"], "2022": ["-", "7", "8"], "2023": ["9", "1", "-"]}
    assert values(read(columns, **{"tanda__tahun__-": "nol"})) == [[5, 0, 6], [0, 7, 8], [9, 1, 0]]


def test_a_question_names_the_columns_as_they_are_printed_and_their_letters() -> None:
    (one,) = tables(["Desa", "L", "P", "Jumlah"], ["A", 5, "-", 5], ["B", 3, 7, 10],
                    ["C", 9, 1, 10])
    assert [each.text.text() for each in one.questions] == [
        "Tanda “-” di kolom “P” (C), artinya apa?"]
    assert "jenis_kelamin" in names(one)
    (two,) = tables(["Desa", "L", "P"], ["A", "-", 2], ["B", 3, "-"], ["C", 9, 1])
    assert [each.text.text() for each in two.questions] == [
        "Tanda “-” di kolom “L”, “P” (B, C), artinya apa?"]
    years = [str(year) for year in range(2019, 2026)]
    (many,) = tables(["Desa", *years], ["A", *["-"] * 7], ["B", *range(7)], ["C", *range(7)])
    assert [each.text.text() for each in many.questions] == [
        "Tanda “-” di kolom “2019” … “2025” (B–H), artinya apa?"]


def test_a_header_over_two_rows_is_named_once() -> None:
    (found,) = tables(["Desa", "KOTOR", "BERSIH"], ["Desa", "KOTOR", "BERSIH"],
                      ["A", 5, "-"], ["B", 3, 7], ["C", 9, 1],
                      merged=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2)])
    assert [each.text.text() for each in found.questions] == [
        "Tanda “-” di kolom “BERSIH” (C), artinya apa?"]


def test_a_name_a_program_gave_needs_no_letter() -> None:
    (found,) = tables(["desa", "jumlah"], ["A", 5], ["B", "-"], ["C", 9])
    assert [each.text.text() for each in found.questions] == [
        "Tanda “-” di kolom jumlah, artinya apa?"]


def test_people_by_sex_are_asked_about_where_the_head_says_nothing_of_people() -> None:
    columns = {"WAJIB PILIH / L": [10.12, 3.911], "WAJIB PILIH / P": [9.87, 4.02]}
    found = read(columns)
    assert asked(found) == ["skala:wajib_pilih_l"]
    assert values(read(columns, skala__wajib_pilih="ribuan")) == [[10120, 3911], [9870, 4020]]
    assert values(read(columns, skala__wajib_pilih="desimal")) == list(columns.values())
    assert not asked(read({"Rata-rata lama sekolah / L": [10.12, 8.911],
                           "Rata-rata lama sekolah / P": [9.87, 8.02]}))


def test_a_plain_figure_beside_decimals_far_smaller_is_asked_about() -> None:
    cells = [2.638, 310, 1.204, 890, 4.01, 3.117]
    assert asked(read({"Kepadatan": cells})) == ["skala:kepadatan"]
    assert asked(read({"Luas (ha)": cells})) == ["skala:luas_ha"]
    for real in ([2.638, 3, 1.204, 8, 4.01, 3.117], [2.638, 310.5, 1.204, 890, 0.4, 3.117],
                 [2.638, 1310, 1.204, 890, 4.01, 3.117], [2.6, 310, 1.2, 890, 4.0, 3.1]):
        found = read({"Kepadatan": real})
        assert not asked(found) and values(found) == [real]


def test_a_year_in_text_is_read_by_the_size_of_the_year_in_numbers() -> None:
    text, numbers = ["12.080", "3.911", "686", "24.308", "1.250"], [12150, 3950, 690, 25001, 1244]
    for head in ("Hasil", "Luas panen (ha)", ""):
        found = read({f"{head} / 2022".strip(" /"): text, f"{head} / 2023".strip(" /"): numbers})
        assert values(found) == [[12080, 3911, 686, 24308, 1250], numbers] and not asked(found)
    lost = read({"Hasil / 2022": [12.08, 3.911, 686, 24.308, 1.25], "Hasil / 2023": numbers})
    assert values(lost)[0] == [12080, 3911, 686, 24308, 1250]
    assert not all(change.certain for change in lost["Hasil / 2022"].changes)
    real = read({"Hasil / 2022": ["12.080", "3.911"] * 2, "Hasil / 2023": [12, 4, 11, 4]})
    assert values(real)[0] == [12.08, 3.911] * 2 and not asked(real)


def test_decimals_in_one_year_show_those_of_the_others() -> None:
    found = read({"Hasil / 2022": [2.638, 3.112, 1.204, 8.121, 4.01, 3.117],
                  "Hasil / 2023": [2.6, 0.45, 1.2, 8.25, 4.1, 3.5]})
    assert not asked(found) and values(found)[0][0] == 2.638


def test_one_question_for_a_family_part_text_part_numbers() -> None:
    found = read({"Hasil / 2022": ["12.080", "3.911", "4.020", "7.117", "1.902"],
                  "Hasil / 2023": [12.105, 3.92, 4.114, 7.203, 1.911]})
    assert asked(found) == ["skala:hasil_2022"]
    found = read({"Hasil / 2022": ["12.080", "3.911"], "Hasil / 2023": [12.105, 3.92]},
                 skala__hasil="ribuan")
    assert values(found) == [[12080, 3911], [12105, 3920]]


def test_a_mean_below_whole_figures_is_no_reason_to_ask() -> None:
    raw = table({"Bulan": ["JANUARI", "MARET", "MEI", "RATA-RATA"],
                 "Kendaraan": [321, 12, 90, 170.58]}, totals=1)
    found = interpret(raw, Settings())[1]
    assert found.values.to_pylist() == [321, 12, 90] and not found.questions


@pytest.mark.parametrize(("unit", "asks"), [("m3", False), ("km", True)])
def test_text_beside_counts_in_thousands_is_read_alike(unit: str, asks: bool) -> None:
    counts = ["1.204", "986", "3.117", "2.020", "5.113", "1.006", "4.402", "2.718"]
    sizes = ["21.204", "19.860", "53.117", "42.020", "85.113", "31.006", "64.402", "52.718"]
    found = read({"Jan / Sambungan": counts, f"Jan / Pakai ({unit})": sizes,
                  "Feb / Sambungan": counts, f"Feb / Pakai ({unit})": sizes})
    assert bool(asked(found)) is asks
    changes = found[f"Jan / Pakai ({unit})"].changes
    assert asks or (values(found)[1][0] == 21204 and not any(each.certain for each in changes))


def test_the_rows_of_a_family_come_out_in_whole_numbers() -> None:
    (found,) = tables(["Desa", "2022", "2023"], *(
        [area, f"{n}.{n:03d}", n * 1000 + n + 12] for n, area in enumerate(AREAS, 11)))
    assert rows(found, "tahun", "nilai")[:2] == [(2022, 11011), (2023, 11023)]
