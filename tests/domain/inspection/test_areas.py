"""Names of areas become kode wilayah, or are asked, or stay without; they are never guessed."""
from __future__ import annotations

from time import perf_counter

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection.areas import Areas, Named, parent_rows, resolve
from ckanext.satudata.domain.wilayah_store import store


def table(columns: dict[str, list[str | None]]) -> list[Named]:
    letters = dict(zip(columns, "ABCDEFGH", strict=False))
    return [Named(header.lower(), header, pa.array(values, pa.string()),
                  lambda row, header=header: f"{letters[header]}{row + 2}")
            for header, values in columns.items()]


def found(columns, about=None, home="", year=None, answers=None) -> Areas:
    return resolve(table(columns), about or {}, home, year, answers or {})


def codes(columns, **facts) -> list[str | None]:
    """The codes of the lowest level found."""
    return found(columns, **facts).columns[-1].codes.to_pylist()


SERANG = {"judul": "Jumlah penduduk menurut kecamatan di Kabupaten Serang, 2024"}


@pytest.mark.parametrize(("written", "code"), [
    ("Kramatwatu", "36.04.05"), ("KRAMATWATU", "36.04.05"), ("Kramat Watu", "36.04.05"),
    ("Kec. Kramatwatu", "36.04.05"), ("1. Kramatwatu", "36.04.05"), ("010 Kramatwatu", "36.04.05"),
    ("Kramatwatu *)", "36.04.05"), (" kramatwatu  ", "36.04.05"), ("Waringin Kurung", "36.04.06"),
])
def test_a_name_is_found_however_it_is_written(written, code):
    got = found({"Kecamatan": [written, "Ciruas", "Anyar"]}, about=SERANG)
    assert got.columns[0].codes.to_pylist()[0] == code
    assert all(change.certain for change in got.changes)


@pytest.mark.parametrize(("written", "code"), [
    ("Lb. Wangi", "36.04.35"), ("Ciruass", "36.04.09"), ("Ciuras", "36.04.09"),
    ("Padarincangg", "36.04.29"),
])
def test_another_spelling_is_taken_only_below_its_parent_and_named(written, code):
    got = found({"Kecamatan": [written, "Kramatwatu", "Anyar"]}, about=SERANG)
    assert got.columns[0].codes[0].as_py() == code
    doubt = [change for change in got.changes if not change.certain]
    assert [change.cell for change in doubt] == ["A2"]
    assert written in doubt[0].what.text() and code in doubt[0].what.text()


def test_a_slip_never_makes_two_names_one_area():
    # Ciruas stands there itself, so that the other one is something else.
    got = found({"Kecamatan": ["Ciruas", "Ciruass", "Kramatwatu"]}, about=SERANG)
    assert got.columns[0].codes.to_pylist() == ["36.04.09", None, "36.04.05"]
    assert "“Ciruass”" in got.changes[-1].what.text()


@pytest.mark.parametrize("about", [
    {"judul": "Panjang Jalan Kota Bandar Lampung"}, {"sumber": "Dinas PU Kota Bandar Lampung"},
    {"catatan": "Data KOTA BANDAR LAMPUNG per Desember"}, {},
])
def test_the_parent_is_taken_from_the_texts_or_proved_by_the_names(about):
    names = ["Tanjungkarang Pusat", "Tanjung Karang Barat", "Tlk. Betung Utara", "Raja Basa"]
    assert codes({"Kecamatan": names}, about=about) == [
        "18.71.06", "18.71.03", "18.71.09", "18.71.10"]


def test_the_villages_of_a_kecamatan_in_the_title():
    got = codes({"Desa": ["Cicalengka Kulon", "Narawita", "Waluya"]},
                about={"judul": "DATA RT DAN RW KECAMATAN CICALENGKA TAHUN 2024"})
    assert got == ["32.04.25.2001", "32.04.25.2007", "32.04.25.2011"]


def test_villages_without_any_parent_are_asked_or_left_never_guessed():
    got = found({"Nama Desa": ["Sukamaju", "Sukajaya", "Mekarsari"]}, home="32")
    assert all(column.codes.null_count == 3 for column in got.columns)
    none = found({"Nama Desa": ["Sukamaju", "Sukajaya", "Mekarsari"]})
    assert all(column.codes.null_count == 3 for column in none.columns)


def test_kabupaten_and_kota_of_one_name():
    banten = ["Pandeglang", "Lebak", "Tangerang", "Serang", "Kota Tangerang", "Kota Cilegon",
              "Kota Serang", "Kota Tangerang Selatan"]
    got = found({"Kabupaten/Kota": banten})
    assert got.columns[0].codes.to_pylist() == [
        "36.01", "36.02", "36.03", "36.04", "36.71", "36.72", "36.73", "36.74"]
    assert not got.questions and all(change.certain for change in got.changes)


def test_bare_names_twice_are_told_apart_by_the_order_of_the_codes():
    banten = ["Pandeglang", "Lebak", "Tangerang", "Serang", "Tangerang", "Cilegon", "Serang",
              "Tangerang Selatan"]
    got = found({"Kabupaten/Kota": banten})
    assert got.columns[0].codes.to_pylist() == [
        "36.01", "36.02", "36.03", "36.04", "36.71", "36.72", "36.73", "36.74"]
    assert {change.cell for change in got.changes if not change.certain} == {"A4", "A5", "A6", "A8"}


def test_a_name_of_two_areas_is_asked_and_the_answer_is_taken():
    names = {"Kabupaten/Kota": ["Serang", "Cilegon", "Lebak"]}
    got = found(names)
    (question,) = got.questions
    assert question.key == "wilayah:kabupaten/kota:Serang" and question.cell == "A2"
    assert [choice.code for choice in question.choices] == ["36.04", "36.73", "tanpa_kode"]
    assert got.columns[0].codes.to_pylist() == [None, "36.72", "36.02"]
    answered = found(names, answers={question.key: "36.73"})
    assert answered.columns[0].codes.to_pylist() == ["36.73", "36.72", "36.02"]
    assert answered.questions[0].answer == "36.73"
    left = found(names, answers={question.key: "tanpa_kode"})
    assert left.columns[0].codes[0].as_py() is None and left.questions[0].answer == "tanpa_kode"
    wrong = found(names, answers={question.key: "99.99"})
    assert wrong.questions[0].answer is None


def test_the_kecamatan_beside_it_tell_which_of_two_is_meant():
    got = found({"Kabupaten": ["SERANG"] * 3, "Kecamatan": ["ANYAR", "CIRUAS", "CIKANDE"]})
    assert got.columns[0].codes.to_pylist() == ["36.04"] * 3
    assert got.columns[1].codes.to_pylist() == ["36.04.30", "36.04.09", "36.04.15"]
    assert not got.questions


def test_kabupaten_and_kota_under_one_bare_name_are_told_apart_row_by_row():
    got = found({"Provinsi": ["JAWA BARAT"] * 4, "Kabupaten/Kota": ["SUKABUMI"] * 4,
                 "Kecamatan": ["CISAAT", "GUNUNG PUYUH", "CIKOLE", "ENTAH APA"]})
    assert got.columns[1].codes.to_pylist() == ["32.02", "32.72", "32.72", None]
    assert got.columns[2].codes.to_pylist()[1:3] == ["32.72.01", "32.72.02"]
    assert [question.cell for question in got.questions] == ["B5"]
    assert got.columns[2].codes[3].as_py() is None


def test_a_kecamatan_nobody_knows_is_known_by_its_villages_or_hides_them():
    beside = {"Kabupaten": ["Kab. Bandung"] * 6,
              "Kecamatan": ["Cileunyi", "Soreang", *["Cclk Raya"] * 4],
              "Desa": ["Cimekar", "Soreang", "Cicalengka Kulon", "Babakan Peuteuy", "Narawita",
                       "Waluya"]}
    got = found(beside)
    assert got.columns[1].codes.to_pylist()[2:] == ["32.04.25"] * 4
    assert got.columns[2].codes.null_count == 0 and got.columns[2].added.cell == "C2:C7"
    assert any("Cclk Raya" in change.what.text() and not change.certain for change in got.changes)
    # Villages of several kecamatan under one name that is none: nothing is taken for granted.
    beside["Desa"][2:] = ["Cicalengka Kulon", "Cileunyi Kulon", "Majasetra", "Pamekaran"]
    mixed = found(beside)
    assert mixed.columns[1].codes.null_count == mixed.columns[2].codes.null_count == 4


@pytest.mark.parametrize(("written", "code"), [
    ("Koto Tujuh", "13.03.08"), ("KOTO 7", "13.03.08"), ("Koto VII", "13.03.08")])
def test_numbers_in_names_are_the_same_in_words_and_figures(written, code):
    assert codes({"Kabupaten": ["Sijunjung"], "Kecamatan": [written]}) == [code]


def test_every_province_by_its_official_name_and_the_short_ones():
    names = [area.name for area in wilayah.children()]
    assert codes({"Provinsi": names}) == [area.code for area in wilayah.children()]
    assert codes({"Provinsi": ["DI Yogyakarta", "D.I. Yogyakarta", "DKI Jakarta", "NTB",
                               "Kep. Bangka Belitung", "PROV. BANTEN", "Papua Barat Daya"]}) == [
        "34", "34", "31", "52", "19", "36", "96"]


def test_codes_beside_the_names_say_the_area():
    got = found({"kode_desa": ["3604052001", "3604052006"], "Desa": ["Kramatwatu", "Serdang"]})
    assert got.columns[0].given == "kode_desa"
    assert got.columns[0].codes.to_pylist() == ["36.04.05.2001", "36.04.05.2006"]
    assert not got.changes and not got.questions and got.columns[0].added is None
    above = codes({"Kode Kecamatan": ["36.04.05", "360405"], "Desa": ["Kramatwatu", "Serdang"]})
    assert above == ["36.04.05.2001", "36.04.05.2006"]


def test_headers_run_together_or_open_are_understood():
    assert codes({"namakec": ["Sukasari", "Sukasari"], "namakel": ["Sukarasa", "Gegerkalong"]},
                 home="32.73") == ["32.73.01.1001", "32.73.01.1002"]
    got = found({"KODE": ["3204252001", "3204252003"],
                 "NAMA": ["CICALENGKA KULON", "BABAKAN PEUTEUY"],
                 "NAMA KECAMATAN": ["KECAMATAN CICALENGKA"] * 2,
                 "NAMA KOTA/KAB": ["KAB BANDUNG"] * 2})
    assert [(column.source, column.given) for column in got.columns] == [
        ("nama kota/kab", None), ("nama kecamatan", None), ("nama", "kode")]
    assert got.columns[1].codes.to_pylist() == ["32.04.25"] * 2


def test_codes_of_bps_lead_to_their_kabupaten():
    # BPS 1101 is Simeulue, Kemendagri 11.01 is Aceh Selatan.
    got = found({"kode_kabkota": ["1101", "1102"], "Kabupaten": ["Simeulue", "Aceh Singkil"]})
    assert got.columns[0].codes.to_pylist() == ["11.09", "11.10"]


def test_an_area_that_moved_gets_its_successor_as_a_proposal():
    got = found({"Provinsi": ["Papua", "Papua Barat"], "Kabupaten": ["Merauke", "Kota Sorong"]},
                year=2015)
    assert got.columns[1].codes.to_pylist() == ["93.01", "96.71"]
    assert sum("91.01" in change.what.text() and not change.certain for change in got.changes) == 1


@pytest.mark.parametrize("header", [
    "Kepolisian Daerah", "Bandara", "Ibukota Kabupaten", "Nama Puskesmas", "Jumlah Desa", "Nama"])
def test_what_is_no_area_is_not_forced_into_one(header):
    names = ["Aceh", "Sumatera Utara", "Metro Jaya", "Soekarno Hatta", "Juanda", "Ngurah Rai"]
    assert not found({header: names}).columns


def test_a_column_nothing_names_is_known_by_its_values():
    got = found({"Uraian": ["Aceh", "Riau", "Jambi", "Bali", "Banten"], "Nilai": ["1"] * 5})
    assert [column.level for column in got.columns] == ["provinsi"]


@pytest.mark.parametrize(("header", "labels", "parents"), [
    ("Provinsi", ["Aceh", "Riau", "Jambi", "INDONESIA"], ["INDONESIA"]),
    ("Kabupaten/Kota", ["Pandeglang", "Lebak", "Kota Cilegon", "Banten"], ["Banten"]),
    ("Kecamatan", ["Kramatwatu", "Ciruas", "Cikande", "Kabupaten Serang"], ["Kabupaten Serang"]),
    ("Kabupaten/Kota", ["Kerinci", "Merangin", "Sarolangun", "Kota Jambi", "JAMBI"], ["JAMBI"]),
    ("Wilayah", ["Kab. Serang", "Kramatwatu", "Ciruas", "Kota Serang", "Taktakan", "Kasemen"],
     ["Kab. Serang", "Kota Serang"]),
    ("Kecamatan", ["Kramatwatu", "Ciruas", "Cikande"], []),
    ("Kepolisian Daerah", ["Aceh", "Riau", "Metro Jaya", "Jambi", "Bali"], []),
    ("Jenis kelamin", ["Laki-laki", "Perempuan", "Jumlah"], []),
])
def test_the_row_of_the_area_above_is_recognised(header, labels, parents):
    flags = parent_rows(pa.array(labels), header, {}, "36.04")
    assert [label for label, flag in zip(labels, flags, strict=True) if flag] == parents


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=90)), min_size=1, max_size=12))
def test_any_text_is_borne(values):
    got = resolve(table({"Kecamatan": values, "Desa": values[::-1]}), {"judul": str(values)},
                  "36.04", 2020, {})
    assert all(len(column.codes) == len(values) for column in got.columns)
    assert len(parent_rows(pa.array(values, pa.string()), "Kecamatan")) == len(values)


def test_every_village_of_the_country_by_its_names_alone():
    listed = store()
    rows: dict[str, list[str | None]] = {"Provinsi": [], "Kabupaten/Kota": [], "Kecamatan": [],
                                         "Desa/Kelurahan": []}
    wanted: list[str] = []
    for at, number in enumerate(listed.columns[3].keys):
        digits = f"{number:010d}"
        for level, (name, kept) in enumerate(zip(rows, (2, 4, 6), strict=False), 1):
            rows[name].append(listed.find(int(digits[:kept].ljust(10, "0")), level))
        rows["Desa/Kelurahan"].append(listed.columns[3].name(at))
        wanted.append(f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}.{digits[6:]}")
    named = table(rows)
    started = perf_counter()
    got = resolve(named, {}, "", None, {})
    assert perf_counter() - started < 20
    codes = got.columns[-1].codes.to_pylist()
    wrong = [want for want, code in zip(wanted, codes, strict=True) if code and code != want]
    open_ones = codes.count(None)
    # A desa and a kelurahan of one name in one kecamatan are asked.
    assert not wrong
    assert open_ones < 60 and sum(question.count for question in got.questions) == open_ones
