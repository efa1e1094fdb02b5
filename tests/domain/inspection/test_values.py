"""What a person relies on when the cells of a found table are read."""
from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata.domain.inspection.sheet import Column, Kind, Sheet, Span
from ckanext.satudata.domain.inspection.table import RawColumn, RawTable, Role, TotalRow
from ckanext.satudata.domain.inspection.values import Reading, Settings, interpret


def name_of(header: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", header.lower()).strip("_")


def column_of(cells: Sequence[Any]) -> Column:
    """Text only makes a column of a text file, anything else one of a workbook."""
    if all(isinstance(cell, str) for cell in cells):
        return Column(pa.chunked_array([pa.array(cells, pa.string())]))
    texts, kinds, numbers = [], [], []
    for cell in cells:
        number, kind = float("nan"), Kind.TEXT
        if cell is None or cell == "":
            text, kind = "", Kind.EMPTY
        elif isinstance(cell, bool):
            text, kind = str(cell).upper(), Kind.BOOL
        elif isinstance(cell, (int, float)):
            number, kind = float(cell), Kind.NUMBER
            text = f"{cell:.15g}"
        elif isinstance(cell, (datetime.date, datetime.datetime)):
            text, kind = cell.isoformat(sep=" ") if isinstance(cell, datetime.datetime) \
                else cell.isoformat(), Kind.DATE
        else:
            text = str(cell)
            kind = Kind.ERROR if text.startswith("#") else Kind.TEXT
        texts.append(text)
        kinds.append(kind)
        numbers.append(number)
    return Column(pa.chunked_array([pa.array(texts, pa.string())]),
                  np.array(kinds, np.uint8), np.array(numbers))


def table(columns: Mapping[str, Sequence[Any]], *, totals: int = 0, about: Mapping[str, str] = {},
          formats: Mapping[str, str] = {}) -> RawTable:
    """Make a table with its header in row 1; the last ``totals`` rows sum up all before them.

    A header ``Penduduk / L`` is one of two rows.
    """
    made = [column_of([*[str(header)] * (all(isinstance(c, str) for c in cells)),
                       *([header] if not all(isinstance(c, str) for c in cells) else []), *cells])
            for header, cells in columns.items()]
    n = len(made[0])
    at = {name: number for number, name in enumerate(columns)}
    shown = {(row, at[header]): text for header, text in formats.items() for row in range(1, n)}
    sheet = Sheet("Lembar1", made, formats=shown)
    body = np.arange(1, n - totals, dtype=np.int64)
    return RawTable(
        sheet, Span(0, 0, n - 1, len(made) - 1), (0,),
        [RawColumn(number, tuple(header.split(" / ")), name_of(header))
         for number, header in enumerate(columns)],
        body, [TotalRow(row, "Jumlah", body) for row in range(n - totals, n)], dict(about))


def one(header: str, cells: Sequence[Any], answers: Mapping[str, str] = {}, *,
        off: Sequence[str] = (), delimiter: str | None = None, **more: Any) -> Reading:
    found = interpret(table({header: cells}, **more), Settings(
        frozenset(off), dict(answers), {}, delimiter))
    return found[0]


def said(reading: Reading) -> str:
    return " ".join(change.what.text() + " " + change.why.text() for change in reading.changes)


# -- numbers ------------------------------------------------------------------------------------

def test_a_clean_column_comes_out_as_it_is_without_a_change() -> None:
    for cells, kind, values in [
            (["1", "20", "", "-3"], "integer", [1, 20, None, -3]),
            (["1.5", "20.25", "3"], "number", [1.5, 20.25, 3.0]),
            ([1, 20, None], "integer", [1, 20, None]),
            ([1.5, 2.25], "number", [1.5, 2.25]),
            (["a", "B c"], "string", ["a", "B c"]),
            (["2024-01-31", ""], "date", [datetime.date(2024, 1, 31), None]),
            (["True", "False", ""], "boolean", [True, False, None])]:
        reading = one("nilai indeks", cells)
        assert (reading.type, reading.values.to_pylist()) == (kind, values)
        assert not reading.changes and not reading.questions


def test_indonesian_numbers_are_read_by_the_column() -> None:
    reading = one("Luas (ha)", ["1.234,5", "12.080", "7,25", "1.000.000"])
    assert reading.values.to_pylist() == [1234.5, 12080.0, 7.25, 1000000.0]
    assert all(change.certain and change.step == "angka" for change in reading.changes)
    english = one("Luas (ha)", ["1,234.5", "12,080", "7.25"])
    assert english.values.to_pylist() == [1234.5, 12080.0, 7.25]


@pytest.mark.parametrize(("cell", "value"), [
    ("Rp 1.234.567", 1234567), ("Rp. 5.000,-", 5000), ("1 234 567", 1234567),
    ("1\u00a0234\u00a0567", 1234567), ("−1.234.567", -1234567), ("(1.234.567)", -1234567),
    ("1.234.567 1)", 1234567), ("1.234.567²", 1234567), ("'1234567", 1234567),
    ("Rp1.234.567,00", 1234567), ("1,2E+06", 1200000), (" 1.234.567 ", 1234567)])
def test_ornaments_of_print_are_taken_off(cell: str, value: int) -> None:
    reading = one("Pagu anggaran", ["2.000.000", cell, "3.000.000"])
    assert reading.values.to_pylist() == [2000000, value, 3000000]
    assert reading.changes


def test_a_unit_in_every_cell_moves_to_the_column() -> None:
    reading = one("Panjang", ["12 km", "7,5 km", "30 km"])
    assert (reading.values.to_pylist(), reading.unit) == ([12.0, 7.5, 30.0], "km")
    assert one("Panjang", ["12 km", "300 m"]).type == "string"
    share = one("Cakupan", ["12,5 %", "7%"])
    assert (share.values.to_pylist(), share.unit) == ([12.5, 7.0], "persen")


def test_percent_formats_are_read_as_shown() -> None:
    reading = one("Cakupan", [0.253, 0.5, 1], formats={"Cakupan": "0.0%"})
    assert (reading.type, reading.values.to_pylist(), reading.unit) == (
        "number", [25.3, 50.0, 100.0], "persen")
    assert reading.changes[0].count == 3


def test_a_plain_number_below_percent_formats_stays_what_it_is() -> None:
    made = table({"Cakupan": [0.853, 0.777, 58]}, formats={"Cakupan": "0.0%"})
    made.sheet.formats.pop((3, 0))
    (reading,) = interpret(made, Settings())
    assert reading.values.to_pylist() == [85.3, 77.7, 58]
    assert not reading.changes[0].certain


def test_thousands_that_became_decimals_are_proved_by_the_total() -> None:
    reading = interpret(table({
        "Kecamatan": ["A", "B", "C", "Jumlah"],
        "Jumlah Penduduk": [50.36, 686, 118.04, 169.086]}, totals=1), Settings())[1]
    assert reading.values.to_pylist() == [50360, 686, 118040]
    assert reading.changes[0].certain and "jumlah cocok" in said(reading)
    # A sum that holds for decimals as well proves nothing: it is asked.
    either = interpret(table({
        "Kecamatan": ["A", "B", "C", "Jumlah"],
        "Jumlah Penduduk": [50.36, 686, 118.04, 854.4]}, totals=1), Settings())[1]
    assert either.values.to_pylist() == [50.36, 686, 118.04] and either.questions


def test_thousands_that_became_decimals_are_proved_by_the_parts() -> None:
    men = [24.308, 686, 10.1, 900, 7.002]
    women = [26.052, 700, 12.05, 1.1, 800]
    both = [50.36, 1.386, 22.15, 2, 7.802]
    found = interpret(table({"Penduduk / L": men, "Penduduk / P": women,
                             "Penduduk / Jumlah": both}), Settings())
    assert found[0].values.to_pylist() == [24308, 686, 10100, 900, 7002]
    assert found[1].values.to_pylist() == [26052, 700, 12050, 1100, 800]


def test_a_figure_that_lost_all_its_zeros_is_found_by_the_parts() -> None:
    found = interpret(table({
        "Penduduk / L": [24.308, 686, 900, 10.251, 7.002], "Penduduk / P": [26.052, 700, 1.1,
                                                                           12.05, 800],
        "Penduduk / Jumlah": [50.36, 1.386, 2, 22.301, 7.802]}), Settings())
    assert found[2].values.to_pylist() == [50360, 1386, 2000, 22301, 7802]
    assert "kehilangan semua nolnya" in said(found[2])


def test_a_source_that_rounds_to_hundreds_tells_its_thousands() -> None:
    cells = [12.5, 3.4, 2, 7.1, 9.9, 47, 15.2]
    assert one("Jumlah siswa", cells).questions
    reading = one("Jumlah siswa", cells, {"skala:jumlah_siswa": "ribuan"})
    assert reading.values.to_pylist() == [12500, 3400, 2000, 7100, 9900, 47000, 15200]


def test_thousands_are_proved_by_a_sum_that_stands_in_another_table() -> None:
    years = ["2021"] * 3 + ["2022"] * 3
    figures = [50.36, 686, 118.04, 51.1, 702, 119.333]
    other = table({"2021": [169086], "2022": [171135]})
    columns = {"Tahun": years, "Data penduduk": figures}
    reading = interpret(table(columns), Settings(others=[other]))[1]
    assert reading.values.to_pylist() == [50360, 686, 118040, 51100, 702, 119333]
    assert "tabel lain" in said(reading) and not reading.questions


def test_a_misread_thousand_is_never_taken_over_in_silence() -> None:
    """Tables made at random, misread as a workbook does: right, asked, or marked uncertain."""
    for seed in range(60):
        random = np.random.default_rng(seed)
        n, middle = int(random.integers(4, 30)), float(random.choice([300, 3000, 30000]))
        step = int(random.choice([1, 1, 1, 10, 100]))
        men, women = (np.maximum(np.exp(random.normal(np.log(middle), 1.2, n)) // step, 1)
                      .astype(int) * step for _ in range(2))
        true = {"Penduduk / L": men, "Penduduk / P": women, "Penduduk / Jumlah": men + women}
        with_total = bool(random.integers(0, 2))
        cells = {header: [misread(int(value)) for value in
                          [*values, *([values.sum()] if with_total else [])]]
                 for header, values in true.items()}
        found = interpret(table({"Kecamatan": [f"K{i}" for i in range(n + with_total)], **cells},
                                totals=int(with_total)), Settings())[1:]
        asked = any(reading.questions for reading in found)
        for values, reading in zip(true.values(), found, strict=True):
            sure = reading.changes and all(change.certain for change in reading.changes)
            if sure and not asked:
                assert reading.values.to_pylist() == values.tolist(), seed


def misread(value: int) -> int | float | str:
    """Return what a workbook of English settings makes of 1.234 and 1.234.567."""
    text = f"{value:,}".replace(",", ".")
    return text if text.count(".") > 1 else float(text) if "." in text else value


def test_what_is_not_proved_is_asked_once_with_evidence() -> None:
    cells = [50.36, 686, 118.04, 24.308]
    reading = one("Jumlah Penduduk", cells)
    assert reading.values.to_pylist() == cells
    (question,) = reading.questions
    assert question.key == "skala:jumlah_penduduk" and question.evidence is not None
    assert "118" in question.text.text() or "50" in question.text.text()
    for answer, values in {"ribuan": [50360, 686, 118040, 24308],
                           "ribuan_semua": [50360, 686000, 118040, 24308],
                           "desimal": cells}.items():
        again = one("Jumlah Penduduk", cells, {question.key: answer})
        assert again.values.to_pylist() == values
        assert again.questions[0].answer == answer


def test_a_mean_or_a_share_keeps_its_decimals() -> None:
    for header in ("Persentase penduduk miskin", "Rata-rata lama sekolah", "Kepadatan penduduk",
                   "Jumlah penduduk (ribu jiwa)", "Luas panen (ha)"):
        reading = one(header, [50.36, 68, 11.041])
        assert reading.values.to_pylist() == [50.36, 68, 11.041], header
        assert not reading.questions and not reading.changes


@pytest.mark.parametrize(("title", "header"), [
    ("Kualitas air sungai menurut desa", "pH"), ("Laporan kegiatan pemantauan", "Kadar"),
    ("Rata-rata lama sekolah penduduk", "Laki-laki"), ("Angka kematian bayi", "2023"),
    ("Data Kecamatan Sukamaju", "Debu"), ("Tingkat hunian kamar hotel", "Januari")])
def test_a_title_that_counts_nothing_leaves_decimals_alone(title: str, header: str) -> None:
    reading = one(header, [7.125, 6.5, 8.001], about={"judul": title})
    assert reading.values.to_pylist() == [7.125, 6.5, 8.001]
    assert not reading.changes and not reading.questions


@pytest.mark.parametrize(("title", "header"), [
    ("Jumlah penduduk menurut kecamatan dan jenis kelamin", "Laki-laki"),
    ("Banyaknya desa menurut kecamatan", "2023"), ("Populasi ternak", "Sapi potong"),
    ("", "Jumlah Penduduk / Perempuan"), ("", "Penerima bantuan (orang)"),
    ("Jumlah siswa per jenjang", "SD")])
def test_what_is_counted_has_no_fractions(title: str, header: str) -> None:
    reading = one(header, [7.125, 6.5, 8.001], about={"judul": title})
    assert reading.values.to_pylist() == [7125, 6500, 8001] and reading.changes


def test_a_count_in_text_with_a_dot_is_thousands() -> None:
    reading = one("Jumlah siswa", ["12.080", "3.500", "700"])
    assert (reading.type, reading.values.to_pylist()) == ("integer", [12080, 3500, 700])
    asked = one("Nilai X", ["12.080", "3.500"])
    assert [each.key for each in asked.questions] == ["skala:nilai_x"]
    assert one("Nilai X", ["12.080", "3.500"], delimiter=";").values.to_pylist() == [12080, 3500]


def test_whole_numbers_written_as_floats_become_integers() -> None:
    reading = one("Jumlah siswa", ["12.0", "3.0", ""])
    assert (reading.type, reading.values.to_pylist()) == ("integer", [12, 3, None])
    assert reading.changes[0].count == 2


def test_years_are_years() -> None:
    reading = one("Tahun", ["2019", "2020"])
    assert (reading.type, reading.role_hint) == ("year", Role.WAKTU)
    assert one("Lama (tahun)", ["3", "12"]).type == "integer"


DIGITS = st.integers(-10**12, 10**12)


def indonesian(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    return text.replace(",", "x").replace(".", ",").replace("x", ".")


@given(st.lists(DIGITS, min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_integers_written_the_indonesian_way_come_back(values: list[int]) -> None:
    reading = one("Jumlah penduduk", [indonesian(value, 0) for value in values])
    assert reading.values.to_pylist() == values


@given(st.lists(DIGITS, min_size=1, max_size=30), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_decimals_written_the_indonesian_way_come_back(values: list[int], decimals: int) -> None:
    want = [value / 10**decimals for value in values]
    reading = one("Hasil panen", [indonesian(value, decimals) for value in want], delimiter=";")
    assert reading.values.cast(pa.float64()).to_pylist() == want


# -- signs --------------------------------------------------------------------------------------

def test_signs_are_asked_once_per_column_and_never_assumed() -> None:
    cells = ["12", "-", "–", "7", "0", "…"]
    reading = one("Jumlah kasus", cells, about={"catatan": "Keterangan: ... data belum tersedia\n"
                                                           "- = tidak ada kasus"})
    assert reading.type == "integer"
    assert reading.values.to_pylist() == [12, None, None, 7, 0, None]
    assert reading.status is None
    assert [each.key for each in reading.questions] == [
        "tanda:jumlah_kasus:-", "tanda:jumlah_kasus:…"]
    dash = reading.questions[0]
    assert dash.count == 2 and dash.evidence is not None
    assert "tidak ada kasus" in dash.evidence.text()
    assert dash.choices[0].code == "nol" and dash.choices[0].note is not None
    answered = one("Jumlah kasus", cells, {"tanda:jumlah_kasus:-": "nol",
                                           "tanda:jumlah_kasus:…": "belum_tersedia"})
    assert answered.values.to_pylist() == [12, 0, 0, 7, 0, None]
    assert answered.status is not None and answered.status.to_pylist() == [
        "normal", "nol", "nol", "normal", "normal", "belum_tersedia"]
    assert all(change.step == "tanda" for change in answered.changes)


def test_a_sign_behind_a_figure_keeps_the_figure() -> None:
    reading = one("Produksi", ["123*", "45r", "12"])
    assert reading.values.to_pylist() == [123, 45, 12]
    assert [each.key for each in reading.questions] == ["tanda:produksi:*", "tanda:produksi:r"]
    again = one("Produksi", ["123*", "45r", "12"], {"tanda:produksi:*": "sementara",
                                                    "tanda:produksi:r": "perbaikan"})
    assert again.status is not None
    assert again.status.to_pylist() == ["sementara", "perbaikan", "normal"]


def test_a_column_of_signs_alone_is_numeric_beside_numbers() -> None:
    found = interpret(table({"Desa": ["A", "B"], "2022": ["5", "6"], "2023": ["-", "-"],
                             "Keterangan": ["-", "-"]}), Settings())
    assert found[2].type == "integer" and found[2].values.to_pylist() == [None, None]
    assert found[2].questions[0].key == "tanda:2023:-"
    assert found[3].type == "string" and found[3].values.to_pylist() == ["-", "-"]


def test_an_unknown_word_among_figures_is_asked_about() -> None:
    cells = [*map(str, range(10, 22)), "rusak"]
    reading = one("Jumlah unit", cells)
    assert reading.type == "integer" and reading.values.to_pylist()[-1] is None
    assert reading.questions[0].key == "tanda:jumlah_unit:rusak"
    kept = one("Jumlah unit", cells, {"tanda:jumlah_unit:rusak": "teks"})
    assert (kept.type, kept.values.to_pylist()) == ("string", cells)


def test_a_failed_formula_is_missing_and_listed_as_uncertain() -> None:
    reading = one("Jumlah unit", [3, "#DIV/0!", 5])
    assert reading.values.to_pylist() == [3, None, 5]
    assert not reading.changes[0].certain


FRAGMENTS = st.one_of(
    st.sampled_from(["-", "–", "…", "NA", "n/a", "tad", "", " ", "0", "1", "12", "12.080", "50.36",
                     "1.234.567", "1.234,5", "1,234.5", "Rp 5.000,-", "12 %", "12 km", "3r", "4*",
                     "(5)", "-6", "−7", "'0012", "0012", "3.27E+15", "32.0", "32. 04. 05", "Bogor",
                     " Kab.  Bogor", "03/04/2026", "2024-01-02", "Maret 2026", "Jan-24", "2023",
                     "TRUE", "nan", "#REF!", "1 234", "1²", "Senin, 2 Maret 2026", "Januari"]),
    st.text(max_size=6), st.from_regex(r"[0-9.,]{1,9}", fullmatch=True))


@given(st.sampled_from(["Jumlah Penduduk", "Kode", "Tanggal", "Nilai", "Tahun", "Nama", "2023"]),
       st.lists(st.one_of(FRAGMENTS, st.integers(-10**6, 10**6),
                          st.floats(-1e6, 1e6).map(lambda value: round(value, 3))),
                min_size=1, max_size=12), st.booleans())
@settings(max_examples=200, deadline=None)
def test_no_value_is_altered_without_being_listed(header: str, cells: list[Any],
                                                  as_text: bool) -> None:
    if as_text:
        cells = [str(cell) for cell in cells]
    reading = one(header, cells)
    assert len(reading.values) == len(cells)
    assert reading.status is None
    raw = table({header: cells}).sheet.columns[0].text.to_pylist()[1:]
    heard = bool(reading.changes or reading.questions)
    for text, value in zip(raw, reading.values.to_pylist(), strict=True):
        if value is None:
            assert not text.strip() or heard
        elif isinstance(value, bool):
            assert text.strip().upper() == str(value).upper()
        elif isinstance(value, (int, float)):
            assert heard or float(text) == value
        elif isinstance(value, str):
            assert heard or value == text
        else:
            assert heard or value.isoformat()[:10] == text[:10]


# -- dates --------------------------------------------------------------------------------------

@pytest.mark.parametrize(("cells", "kind", "values"), [
    (["16/10/2022", "01/02/2023"], "date", ["2022-10-16", "2023-02-01"]),
    (["10/16/2022", "02/01/2023"], "date", ["2022-10-16", "2023-02-01"]),
    (["3 November 2026", "17 Agt 2025"], "date", ["2026-11-03", "2025-08-17"]),
    (["Senin, 2 Februari 2026", "Jum'at, 6 Maret 2026"], "date", ["2026-02-02", "2026-03-06"]),
    (["Maret 2026", "Des 2025"], "yearmonth", ["2026-03", "2025-12"]),
    (["Jan-24", "Agu-23"], "yearmonth", ["2024-01", "2023-08"]),
    (["31-1-24", "1-2-24"], "date", ["2024-01-31", "2024-02-01"]),
    (["2024-01-02 10:20:30.125", "2024-01-03 00:00:00"], "datetime",
     ["2024-01-02T10:20:30.125000", "2024-01-03T00:00:00"]),
    (["16/10/2022 08:30", "17/10/2022 23.15 WIB"], "datetime",
     ["2022-10-16T08:30:00", "2022-10-17T23:15:00"]),
    (["2025/03/14 9:05:21 AM GMT+7", "2025/03/15 12:10:00 PM GMT+7"], "datetime",
     ["2025-03-14T09:05:21", "2025-03-15T12:10:00"])])
def test_dates_as_indonesians_write_them(cells: list[str], kind: str, values: list[str]) -> None:
    reading = one("Waktu", cells)
    got = [value if isinstance(value, str) else value.isoformat()
           for value in reading.values.to_pylist()]
    assert (reading.type, got, reading.role_hint) == (kind, values, Role.WAKTU)
    assert not reading.questions


def test_day_or_month_first_is_asked_where_the_column_does_not_tell() -> None:
    cells = ["03/04/2026", "05/04/2026"]
    reading = one("Tanggal", cells)
    assert reading.type == "string" and reading.values.to_pylist() == cells
    assert [each.code for each in reading.questions[0].choices] == ["hari_bulan", "bulan_hari"]
    again = one("Tanggal", cells, {"tanggal:tanggal": "hari_bulan"})
    assert again.values.to_pylist()[0] == datetime.date(2026, 4, 3)
    beside = interpret(table({"Mulai": cells, "Selesai": ["13/04/2026", "05/05/2026"]}), Settings())
    assert beside[0].values.to_pylist()[0] == datetime.date(2026, 4, 3)
    assert not beside[0].questions


def test_names_of_months_stay_words() -> None:
    reading = one("Bulan", ["Januari", " februari ", "MARET"])
    assert reading.values.to_pylist() == ["Januari", "februari", "MARET"]
    assert reading.role_hint is Role.WAKTU


def test_a_month_shown_without_its_day_is_a_month() -> None:
    reading = one("Periode", [datetime.date(2024, 1, 1), datetime.date(2024, 2, 1)],
                  formats={"Periode": "mmm-yy"})
    assert (reading.type, reading.values.to_pylist()) == ("yearmonth", ["2024-01", "2024-02"])
    days = one("Periode", [45292, 45293], formats={"Periode": "dd/mm/yyyy"})
    assert days.values.to_pylist() == [datetime.date(2024, 1, 1), datetime.date(2024, 1, 2)]


# -- codes --------------------------------------------------------------------------------------

@pytest.mark.parametrize(("cells", "values"), [
    (["32.0", "36.0"], ["32", "36"]),
    (["3201190006.0", "3201190007.0"], ["3201190006", "3201190007"]),
    (["32. 04. 05", "32.04.06"], ["32.04.05", "32.04.06"]),
    (["'0012", "0013"], ["0012", "0013"]),
    ([32.01, 32.02, 32.09, 32.1], ["32.01", "32.02", "32.09", "32.10"]),
    (["00123", "00124", "00125", "01234", "12345", "126"],
     ["00123", "00124", "00125", "01234", "12345", "00126"][:6])])
def test_damaged_codes_are_mended(cells: list[Any], values: list[str]) -> None:
    reading = one("Kode wilayah", cells)
    assert reading.type == "string" and reading.role_hint is Role.KODE
    assert reading.values.to_pylist() == values
    assert reading.changes and all(change.step == "kode" for change in reading.changes)


def test_a_code_whose_length_is_not_proved_is_asked() -> None:
    cells = ["12345", "22345", "32345", "42345", "52345", "2345"]
    reading = one("Kode pos", cells)
    assert reading.values.to_pylist() == cells
    assert reading.questions[0].key == "kode:kode_pos"
    assert one("Kode pos", cells, {"kode:kode_pos": "lengkapi"}).values.to_pylist()[-1] == "02345"


def test_a_code_that_lost_digits_is_kept_and_said() -> None:
    reading = one("NIK", ["3.27E+15", "3201012345670001"])
    assert reading.values.to_pylist() == ["3.27E+15", "3201012345670001"]
    assert not reading.changes[0].certain


def test_a_count_of_households_is_no_code() -> None:
    assert one("Jumlah KK", ["120", "90"]).type == "integer"
    assert one("No. KK", ["120", "90"]).type == "string"


@pytest.mark.parametrize(("header", "cells"), [
    ("umkm_nib", ["120", "1.240", "-"]), ("UMKM ber-NIB", [120, 1240, 0]), ("NIB", ["8", "93"]),
    ("Wajib pajak NPWP", ["2.105", "12.000"]), ("siswa_nisn", ["31", "40"])])
def test_who_has_a_number_is_counted_whatever_the_number_is_called(
    header: str, cells: list[Any]
) -> None:
    assert one(header, cells).type == "integer"


@pytest.mark.parametrize(("header", "cells"), [
    ("umkm_nib", ["9120001234567", "120"]), ("NIB", ["0220001234", "91200012345"]),
    ("NIP", ["196509121990031"]), ("NPWP", ["01.234.567.8-901.000"]),
    ("NIK", ["3.27E+15", "5"]), ("NISN", ["0012345"]), ("no_nib", ["120", "90"]),
    ("kode_npsn", ["120", "90"]), ("Telepon", ["254", "255"])])
def test_numbers_that_were_issued_stay_text_damaged_as_they_may_be(
    header: str, cells: list[Any]
) -> None:
    reading = one(header, cells)
    assert reading.type == "string" and reading.role_hint is Role.KODE


# -- what the officer says ---------------------------------------------------------------------

def test_the_type_the_officer_wants_is_taken() -> None:
    def typed(header: str, cells: Sequence[Any], kind: str) -> Reading:
        return interpret(table({header: cells}), Settings(types={name_of(header): kind}))[0]

    assert typed("Jumlah", ["1", "2"], "string").values.to_pylist() == ["1", "2"]
    assert typed("Kode", ["001", "012"], "integer").values.to_pylist() == [1, 12]
    assert typed("Jumlah", ["1", "2"], "number").values.type == pa.float64()
    truth = typed("Aktif", ["Ya", "Tidak", ""], "boolean")
    assert truth.values.to_pylist() == [True, False, None] and truth.changes


def test_a_table_without_rows_is_read() -> None:
    assert [reading.type for reading in interpret(table({"Nama": [], "2023": []}), Settings())]


# -- text, and steps switched off ---------------------------------------------------------------

def test_text_is_tidied_of_blanks_only() -> None:
    reading = one("Nama", ["  Cibiru\u00a0 Hilir ", "a_x000D_\nb", "kota BANDUNG"])
    assert reading.values.to_pylist() == ["Cibiru Hilir", "a\nb", "kota BANDUNG"]
    assert reading.changes[0].step == "spasi" and reading.changes[0].count == 2


def test_a_step_that_is_off_leaves_the_text_as_it_is() -> None:
    for step, header, cells in [("angka", "Jumlah", ["1.234", "2.345"]),
                                ("tanda", "Jumlah", ["1", "-"]),
                                ("tanggal", "Tanggal", ["13/12/2025", "14/12/2025"]),
                                ("kode", "Kode", ["32.0", "33.0"]),
                                ("spasi", "Nama", [" a ", "b"])]:
        reading = one(header, cells, off=[step])
        assert (reading.type, reading.values.to_pylist()) == ("string", cells), step
        assert not reading.changes and not reading.questions


def test_columns_beside_one_read_by_its_separator_are_read_as_it_is() -> None:
    found = interpret(table({
        "Siswa Laki-laki": ["2.407", "4.705", "1.557"],
        "Siswa Perempuan": ["4.386", "1.851", "929"],
        "Total": ["6.793", "6.556", "2.486"]}), Settings(delimiter=";"))
    assert [each.values.to_pylist()[0] for each in found] == [2407, 4386, 6793]


def test_nop_is_november_among_months_and_a_code_alone() -> None:
    months = interpret(table({"Okt": [10, 12], "Nop": [11, 14], "Des": [9, 8]}), Settings())
    assert [each.type for each in months] == ["integer"] * 3
    assert one("NOP", [320401000100, 320401000200]).type == "string"


def test_a_comma_is_decimal_where_another_column_writes_decimals_with_it() -> None:
    found = interpret(table({"Panjang (Km)": ["10,298", "7,125", "3,402"],
                             "Lebar (m)": ["5,2", "6,5", "4,0"]}), Settings())
    assert found[0].values.to_pylist() == [10.298, 7.125, 3.402] and not found[0].questions
