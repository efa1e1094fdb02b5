"""One option names the region; the rest follows or is set."""
from __future__ import annotations

import datetime as dt

import pytest
from ckan import plugins
from ckan.exceptions import CkanConfigurationException
from ckan.plugins import toolkit as tk

from ckanext.satudata import config

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.mark.ckan_config("ckanext.satudata.wilayah", "52.03")
def test_the_government_is_named_after_its_kode_wilayah(ckan_config: object) -> None:
    assert config.nama_pemerintah() == "Pemerintah Kabupaten Lombok Timur"


@pytest.mark.ckan_config("ckanext.satudata.wilayah", "36.73")
@pytest.mark.ckan_config("ckanext.satudata.nama_pemerintah", "Pemkot Serang")
def test_a_name_that_is_set_stands(ckan_config: object) -> None:
    assert config.nama_pemerintah() == "Pemkot Serang"


@pytest.mark.parametrize("value", ["red;}body{display:none", "#12345", "", "#GGGGGG"])
def test_a_colour_that_is_none_never_reaches_the_style_sheet(
    value: str, ckan_config: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.satudata.warna", value)
    assert config.warna() == "#1E3F7A"


def test_the_defaults_make_a_calendar() -> None:
    config.check_calendar()
    assert config.zona_waktu().utcoffset(None) == dt.timedelta(hours=7)
    assert config.jam_rilis() == dt.time(8)
    assert config.hari_libur() == frozenset()
    assert config.eskalasi() == 5
    inspecting = ("diajukan", "diperiksa_walidata", "diperiksa_pembina")
    assert sum(config.sla(state) or 0 for state in inspecting) == 12
    assert config.sla("draf") is None


@pytest.mark.ckan_config("ckanext.satudata.zona_waktu", "Asia/Jayapura")
@pytest.mark.ckan_config("ckanext.satudata.hari_libur", "2026-01-01\n2026-03-18..2026-03-19")
@pytest.mark.ckan_config("ckanext.satudata.sla.diajukan", "0")
@pytest.mark.ckan_config("ckanext.satudata.eskalasi", "0")
@pytest.mark.ckan_config("ckanext.satudata.jam_rilis", "10.30")
def test_a_calendar_that_is_set_holds(ckan_config: object) -> None:
    config.check_calendar()
    assert config.zona_waktu().utcoffset(None) == dt.timedelta(hours=9)
    assert len(config.hari_libur()) == 3
    assert config.sla("diajukan") is None
    assert config.eskalasi() is None
    assert config.jam_rilis() == dt.time(10, 30)


@pytest.mark.parametrize(("key", "value", "mend"), [
    ("ckanext.satudata.zona_waktu", "WIB", "Asia/Jakarta, Asia/Makassar"),
    ("ckanext.satudata.hari_libur", "1 Januari 2026", "2026-01-01"),
    ("ckanext.satudata.jam_rilis", "pagi", "08:00"),
    ("ckanext.satudata.eskalasi", "-1", "0 "),
    ("ckanext.satudata.sla.dikembalikan", "dua minggu", "working days"),
    ("ckanext.satudata.sla.disetujui", "9999", "working days"),
])
def test_a_slip_in_the_calendar_is_named_at_start(
    key: str, value: str, mend: str, ckan_config: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, key, value)
    with pytest.raises(CkanConfigurationException) as error:
        plugins.get_plugin("satudata").configure(tk.config)  # what CKAN calls at start
    assert key in str(error.value)
    assert mend in str(error.value)
