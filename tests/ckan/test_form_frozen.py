"""What an officer typed survives a colleague handing in, a session that ended, a stale page."""
from __future__ import annotations

from typing import Any

import pytest
from metadata_samples import Data, call
from publishing import COMPLETE, move, publish
from test_metadata_forms import submit
from two_people import Person

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")


@pytest.fixture
def ani(app: Any, agency: Data) -> Person:
    return Person(app, "Ani Suryani", agency)


@pytest.fixture
def budi(app: Any, agency: Data) -> Person:
    return Person(app, "Budi Santoso", agency)


@pytest.fixture
def made(agency: Data, ani: Person) -> Data:
    return call("package_create", ani.user, title="Penduduk 2025", owner_org=agency["id"],
                **COMPLETE, resources=[{"url": "https://a.id/x.csv", "name": "Tabel"}])


def test_what_was_typed_stays_when_a_colleague_hands_the_draft_in(
    ani: Person, budi: Person, made: Data
) -> None:
    his = budi.form(made)
    move(made["id"], "ajukan", ani.user)
    page = budi.saves(made, his, notes="Uraian Budi yang panjang", konsep="Penduduk tetap")
    assert "sudah dikirim untuk diperiksa" in page.select_one("#ringkasan-kesalahan").text
    form = page.select_one("#dataset-edit")
    assert form.select_one("[name=notes]").text.strip() == "Uraian Budi yang panjang"
    assert form.select_one("[name=konsep]")["value"] == "Penduduk tetap"
    # It is saved from the same page once the draft is theirs again.
    move(made["id"], "tarik_ajuan", ani.user)
    ani.saves(made, ani.form(made), satuan="orang")
    assert budi.saves(made, form) is None
    after = call("package_show", ani.user, id=made["id"])
    assert (after["notes"], after["satuan"]) == ("Uraian Budi yang panjang", "orang")


def test_what_was_typed_of_a_file_stays_as_well(ani: Person, budi: Person, made: Data) -> None:
    url = f"/dataset/{made['id']}/resource/{made['resources'][0]['id']}/edit"
    form = budi.opens(url).select_one("#resource-edit")
    move(made["id"], "ajukan", ani.user)
    page = budi.sends(url, submit(form, description="Satu baris per desa"))
    assert "sudah dikirim untuk diperiksa" in page.select_one("#ringkasan-kesalahan").text
    assert page.select_one("[name=description]").text.strip() == "Satu baris per desa"


def test_what_was_typed_stays_when_the_dataset_was_published(
    ani: Person, budi: Person, made: Data
) -> None:
    his = budi.form(made)
    publish(made)
    page = budi.saves(made, his, notes="Uraian Budi yang panjang")
    assert "sudah terbit" in page.select_one("#ringkasan-kesalahan").text
    assert page.select_one("[name=notes]").text.strip() == "Uraian Budi yang panjang"
