"""Kode wilayah in a table: the checks against the list, the name beside it and its form."""
from __future__ import annotations

from datetime import date

import pytest
from tidy_tables import found_by, places, tidy

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection.area_codes import fits
from ckanext.satudata.domain.inspection.checks.area_code_form import AreaCodeForm
from ckanext.satudata.domain.inspection.checks.area_code_retired import AreaCodeRetired
from ckanext.satudata.domain.inspection.checks.area_code_unknown import AreaCodeUnknown
from ckanext.satudata.domain.inspection.checks.area_name import AreaName
from ckanext.satudata.domain.inspection.checks.base import Check, Facts
from ckanext.satudata.domain.inspection.notes import Severity
from ckanext.satudata.domain.inspection.table import TidyTable

CLEAN = {
    "kode_wilayah": ["36.04.05", "36.04.06", "36.04.07", "36.04.08"],
    "kecamatan": ["Kramatwatu", "Waringinkurung", "Bojonegara", "Pulo Ampel"],
    "tahun": [2024] * 4,
    "murid": [10, 20, 30, 40],
}


def with_(**changed: object) -> TidyTable:
    return tidy({**CLEAN, **changed})  # type: ignore[dict-item]


@pytest.mark.parametrize("check", [AreaCodeUnknown, AreaCodeRetired, AreaCodeForm, AreaName])
def test_a_clean_table_has_nothing_to_say_about(check: type[Check]) -> None:
    assert found_by(check, with_()) == []


def test_a_code_of_no_list_blocks_and_the_name_beside_it_leads_to_the_right_one() -> None:
    table = with_(kode_wilayah=["36.04.05", "36.04.99", "36.04.07", "36.04.08"])
    found, = found_by(AreaCodeUnknown, table)
    assert (found.column, found.row, found.cell) == ("kode_wilayah", 2, "A5")
    assert found.severity is Severity.WAJIB and found.proposed == "36.04.06"
    assert found.message.text() == ("Baris 5, kolom kode_wilayah: kode wilayah 36.04.99 tidak ada "
                                    "(Kecamatan Waringinkurung: 36.04.06).")


def test_an_undotted_unknown_code_is_found_too() -> None:
    table = tidy({"kode_kecamatan": ["360405", "360499", "360407"],
                  "nama_kecamatan": ["Kramatwatu", "Entah", "Bojonegara"]})
    assert places(found_by(AreaCodeUnknown, table)) == [("kode_kecamatan", 2)]


def test_codes_of_another_list_are_not_ours_to_judge() -> None:
    table = tidy({"kd_kab_kota": ["901", "12", "440", "771"], "nilai": [1, 2, 3, 4]})
    assert found_by(AreaCodeUnknown, table) == [] and found_by(AreaCodeForm, table) == []


def retired() -> wilayah.Wilayah:
    return next(area for code in wilayah.retired_codes()
                if (area := wilayah.get(code)).successor and area.level == "kecamatan")


def test_a_retired_code_blocks_in_data_of_a_year_after_it_and_names_its_successor() -> None:
    old = retired()
    table = tidy({"kode_wilayah": [old.code, old.code, "36.04.05"], "tahun": [2026, 2021, 2026],
                  "murid": [1, 2, 3]})
    found, = found_by(AreaCodeRetired, table)
    assert (found.row, found.severity, found.proposed) == (1, Severity.WAJIB, old.successor)
    assert old.successor in found.message.text()


def test_without_a_year_a_retired_code_is_a_hint_and_the_stated_period_decides() -> None:
    table = tidy({"kode_wilayah": [retired().code, "36.04.05"], "murid": [1, 2]})
    found, = found_by(AreaCodeRetired, table)
    assert found.severity is Severity.SARAN
    assert found_by(AreaCodeRetired, table, Facts(last_day=date(2022, 12, 31))) == []
    found, = found_by(AreaCodeRetired, table, Facts(last_day=date(2026, 6, 30)))
    assert found.severity is Severity.WAJIB


def test_an_undotted_code_is_understood_and_the_standard_one_proposed() -> None:
    table = tidy({"kode_kecamatan": ["360405", "360406"],
                  "nama_kecamatan": ["Kramatwatu", "Waringin Kurung"]})
    first, second = found_by(AreaCodeForm, table)
    assert (first.proposed, second.proposed, first.severity) == (
        "36.04.05", "36.04.06", Severity.SARAN)


def test_a_column_of_undotted_codes_is_told_once() -> None:
    table = tidy({"kode_kecamatan": ["360405", "360406"] * 60})
    found, = found_by(AreaCodeForm, table)
    assert (found.row, found.message.values["count"]) == (None, 120)
    assert "kode 360405" in found.message.text() and "36.04.05 (120 sel)" in found.message.text()


def test_codes_of_bps_are_told_by_the_names_beside_them() -> None:
    ours, theirs = next((code, area.kode_bps) for code in wilayah.codes("kabupaten_kota")
                        if (area := wilayah.get(code)).kode_bps
                        and area.kode_bps != code.replace(".", "")
                        and wilayah.exists(f"{area.kode_bps[:2]}.{area.kode_bps[2:]}"))
    name = wilayah.get(ours).name
    table = tidy({"kode_kabupaten_kota": [theirs], "nama_kabupaten_kota": [name]})
    found, = found_by(AreaCodeForm, table)
    assert found.proposed == ours
    assert found_by(AreaName, table) == []


def test_a_code_whose_name_is_that_of_a_neighbour_blocks() -> None:
    table = with_(kode_wilayah=["36.04.05", "36.04.06", "36.04.08", "36.04.08"])
    found, = found_by(AreaName, table)
    assert (found.row, found.severity, found.proposed) == (3, Severity.WAJIB, "36.04.07")
    assert "kolom kecamatan menulis Bojonegara" in found.message.text()


def test_a_longer_name_of_a_neighbour_is_not_taken_for_a_spelling() -> None:
    pairs = [(one, other) for parent in ("32.01", "32.04", "36.03")
             for kecamatan in wilayah.children(parent) for one in wilayah.children(kecamatan.code)
             for other in wilayah.children(kecamatan.code)
             if other.name.startswith(one.name + " ")]
    one, other = pairs[0]
    rest = [area for area in wilayah.children(one.parent) if area not in (one, other)][:3]
    table = tidy({"kode_desa": [other.code, one.code, *(area.code for area in rest)],
                  "nama_desa": [one.name, one.name, *(area.name for area in rest)]})
    found, = found_by(AreaName, table)
    assert (found.row, found.proposed) == (1, one.code)


def test_a_name_of_no_area_near_is_only_shown() -> None:
    table = with_(kecamatan=["Kramatwatu", "Waringinkurung", "Zzyzx", "Pulo Ampel"])
    found, = found_by(AreaName, table)
    assert (found.row, found.severity, found.proposed) == (3, Severity.SEBAIKNYA, None)


@pytest.mark.parametrize(("written", "code", "fit"), [
    ("WARINGIN KURUNG", "36.04.06", True), ("Kec. Kramatwatu", "36.04.05", True),
    ("STM Hilir", "12.07.08", True), ("Tj. Teja", "36.04.20", True),
    ("W. Kurung", "36.04.06", True), ("Pancur", "36.04.09", False),
    ("Lb. Wangi", "36.04.35", True), ("Cinangka", "36.04.28", False),
    ("Serang", "36.04", True), ("KAB. SERANG", "36.04", True),
    ("Kota Serang", "36.04", False), ("Kota Serang", "36.73", True), ("Serang", "36.73", True),
    ("Kabupaten Serang", "36.73", False), ("DKI Jakarta", "31", True),
    ("DI Yogyakarta", "34", True), ("D.I. Yogyakarta", "34", True), ("Jawa Timur", "33", False),
    ("Kep. Bangka Belitung", "19", True), ("Bojonegara", "36.04.05", False),
])
def test_spellings_are_forgiven_and_other_areas_are_not(
    written: str, code: str, fit: bool
) -> None:
    assert fits(written, wilayah.get(code)) is fit
