"""Figures against their neighbours in time and against the last release."""
from __future__ import annotations

import numpy as np
import pytest
from tidy_tables import found_by, places, release, tidy

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection.checks.base import Facts
from ckanext.satudata.domain.inspection.checks.jump_release import JumpRelease
from ckanext.satudata.domain.inspection.checks.jump_series import JumpSeries
from ckanext.satudata.domain.inspection.checks.past_value import PastValue
from ckanext.satudata.domain.inspection.notes import Severity
from ckanext.satudata.domain.inspection.table import TidyTable

AREAS = [area.code for area in wilayah.children("36.04")][:8]
YEARS = list(range(2019, 2026))


def panel(years: list[int] = YEARS, changed: dict[tuple[int, int], float] | None = None,
          **more: list[object]) -> TidyTable:
    """Murid of eight kecamatan by year, growing by one in fifty; ``changed``: (area, year)."""
    rows = [(area, year) for area in range(8) for year in years]
    values = [(changed or {}).get((area, year), round(900 * (area + 1) * 1.02 ** (year - 2019)))
              for area, year in rows]
    return tidy({"kode_wilayah": [AREAS[area] for area, _ in rows],
                 "tahun": [year for _, year in rows], "murid": values, **more})


@pytest.mark.parametrize("factor", [10, 100, 1000, 0.1, 0.01])
@pytest.mark.parametrize("year", [2019, 2022, 2025])
def test_a_value_off_by_zeros_is_pointed_out_wherever_it_stands(factor: float, year: int) -> None:
    wrong = round(900 * 4 * 1.02 ** (year - 2019) * factor)
    table = panel(changed={(3, year): wrong})
    found, = found_by(JumpSeries, table)
    assert (found.row, found.column, found.severity) == (
        3 * len(YEARS) + YEARS.index(year) + 1, "murid", Severity.SEBAIKNYA)


def test_steady_growth_and_a_doubling_are_no_jump() -> None:
    assert found_by(JumpSeries, panel()) == []
    assert found_by(JumpSeries, panel(changed={(3, 2022): 8000})) == []


def test_what_varies_by_nature_is_left_alone() -> None:
    floods = [0, 3, 41, 2, 0, 18, 5] * 8
    assert found_by(JumpSeries, panel(korban=floods)) == []


def test_months_are_neighbours_too() -> None:
    months = ["Januari", "Februari", "Maret", "April", "Mei", "Juni"]
    table = tidy({"bulan": months, "tahun": [2025] * 6, "produksi": [1200, 1210, 12300, 1190, 1220,
                                                                     1215]})
    assert places(found_by(JumpSeries, table)) == [("produksi", 3)]


def test_a_jump_against_the_last_release_is_held_against_all_changes() -> None:
    last = panel(years=[2024])
    new = panel(years=[2025], changed={(3, 2025): 6000, (5, 2025): 59000})
    found = found_by(JumpRelease, new, previous=release(last))
    assert [(each.row, each.severity) for each in found] == [
        (6, Severity.SEBAIKNYA), (4, Severity.SARAN)]
    assert "3.975 pada rilis lalu menjadi 6.000 (+51 persen)" in found[1].message.text()
    assert found_by(JumpRelease, panel(years=[2025]), previous=release(last)) == []


def revised(**more: list[object]) -> TidyTable:
    return panel(changed={(2, 2021): 2800.0}, **more)


def test_a_published_value_that_changed_blocks() -> None:
    found, = found_by(PastValue, revised(), previous=release(panel(YEARS[:-1])))
    assert (found.row, found.column, found.severity) == (17, "murid", Severity.WAJIB)
    assert "sudah terbit 2.809, sekarang 2.800" in found.message.text()


def test_a_new_year_and_a_filled_gap_are_no_change() -> None:
    last = panel(YEARS[:-1])
    assert found_by(PastValue, panel(), previous=release(last)) == []
    holes = panel(YEARS[:-1], changed={(2, 2021): np.nan})
    assert found_by(PastValue, panel(), previous=release(holes)) == []


def test_status_and_reason_together_make_it_a_correction() -> None:
    last = release(panel(YEARS[:-1]))
    status: list[object] = ["normal"] * 56
    status[16] = "perbaikan"
    notes: list[object] = [None] * 56
    notes[16] = "satu sekolah tercatat dua kali"
    assert len(found_by(PastValue, revised(status_angka=status), previous=last)) == 1
    assert len(found_by(PastValue, revised(catatan=notes), previous=last)) == 1
    assert found_by(PastValue, revised(status_angka=status, catatan=notes), previous=last) == []
    told = Facts(correction="satu sekolah tercatat dua kali")
    assert found_by(PastValue, revised(status_angka=status), told, last) == []
    found, = found_by(PastValue, revised(), told, last)
    assert "Status angka: –; alasan: ✓" in found.message.text()


def test_a_value_far_from_all_others_is_a_jump_whatever_the_factor() -> None:
    found, = found_by(JumpSeries, panel(changed={(3, 2022): 17}))
    assert (found.row, found.column) == (3 * len(YEARS) + 4, "murid")
    assert "0,0044 kali" in found.message.text()
