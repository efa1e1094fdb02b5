"""One option names the region; the rest follows or is set."""
from __future__ import annotations

import pytest

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
