"""Two people with one form open: what each changed is kept, and said."""
from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from at_once import at_once
from bs4 import BeautifulSoup
from ckan.tests import helpers
from metadata_samples import SKIPPED, TYPES, Data, call, sample, schema_fields
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
    return call("package_create", ani.user, title="Kunjungan 2025", owner_org=agency["id"],
                konsep="Kunjungan", satuan="orang", tag_string="gizi, ibu",
                frequency="tahunan", temporal_coverage=[{"start": "2025"}],
                resources=[{"url": "https://a.id/x.csv", "name": "Tabel"}])


def now(person: Person, data: Data) -> Data:
    return call("package_show", person.user, id=data["id"])


def test_a_title_and_a_period_saved_from_two_windows_are_both_there(
    ani: Person, budi: Person, made: Data
) -> None:
    hers, his = ani.form(made), budi.form(made)
    assert ani.saves(made, hers, title="Kunjungan rawat jalan 2025") is None
    assert budi.saves(made, his, **{"temporal_coverage-0-start": "2024"}) is None
    after = now(ani, made)
    assert after["title"] == "Kunjungan rawat jalan 2025"
    assert after["temporal_coverage"][0]["start"] == "2024"
    assert [each["name"] for each in after["resources"]] == ["Tabel"]


def test_who_saves_later_reads_what_the_other_changed(
    ani: Person, budi: Person, made: Data, app: Any
) -> None:
    his = budi.form(made)
    ani.saves(made, ani.form(made), satuan="kunjungan")
    answer = app.post(
        f"/dataset/edit/{made['name']}", headers={"Authorization": budi.user["token"]},
        data=submit(his, konsep="Kunjungan pasien"))
    said = BeautifulSoup(answer.body, "html.parser").select_one(".flash-messages").text
    assert re.search(
        r"Sementara Anda mengisi, “Satuan” diubah Ani Suryani pukul \d\d\.\d\d\.", said)
    after = now(ani, made)
    assert (after["satuan"], after["konsep"]) == ("kunjungan", "Kunjungan pasien")


def test_what_the_portal_filled_in_stands_in_nobodys_way(
    ani: Person, budi: Person, made: Data, app: Any
) -> None:
    his = budi.form(made)
    ani.saves(made, ani.form(made), definisi="Semua kedatangan pasien.")
    assert now(ani, made)["notes"] == "Semua kedatangan pasien."  # follows, until it is typed
    assert budi.saves(made, his, notes="Uraian Budi") is None
    after = now(ani, made)
    assert (after["definisi"], after["notes"]) == ("Semua kedatangan pasien.", "Uraian Budi")


def test_a_field_both_changed_comes_back_with_both_values(
    ani: Person, budi: Person, made: Data
) -> None:
    his = budi.form(made)
    ani.saves(made, ani.form(made), konsep="Kunjungan baru", satuan="kunjungan")
    page = budi.saves(made, his, konsep="Kunjungan pasien", notes="Uraian Budi")
    assert now(ani, made)["konsep"] == "Kunjungan baru"
    form = page.select_one("#dataset-edit")
    box = form.select_one("[data-field=konsep]")
    assert box.select_one("[name=konsep]")["value"] == "Kunjungan pasien"
    assert "Ani Suryani" in box.text and "Kunjungan baru" in box.select_one(".sd-beside").text
    assert box.find_parent("details") is None
    assert page.select_one("#ringkasan-kesalahan a[href='#field-konsep']")
    # What did not collide stands in the form as both left it.
    assert form.select_one("[name=satuan]")["value"] == "kunjungan"
    assert form.select_one("[name=notes]").text.strip() == "Uraian Budi"


def test_saving_again_keeps_what_was_typed(ani: Person, budi: Person, made: Data) -> None:
    his = budi.form(made)
    ani.saves(made, ani.form(made), konsep="Kunjungan baru", satuan="kunjungan")
    page = budi.saves(made, his, konsep="Kunjungan pasien", notes="Uraian Budi")
    assert budi.saves(made, page.select_one("#dataset-edit")) is None
    after = now(ani, made)
    assert (after["konsep"], after["satuan"], after["notes"]) == (
        "Kunjungan pasien", "kunjungan", "Uraian Budi")


def test_one_tap_takes_the_others_value(ani: Person, budi: Person, made: Data) -> None:
    his = budi.form(made)
    ani.saves(made, ani.form(made), konsep="Kunjungan baru",
              **{"temporal_coverage-0-start": "2023"})
    page = budi.saves(made, his, konsep="Kunjungan pasien", notes="Uraian Budi",
                      **{"temporal_coverage-0-start": "2024"})
    form = page.select_one("#dataset-edit")
    assert {each["value"] for each in form.select("[name=_pakai]")} == {
        "konsep", "temporal_coverage"}
    assert budi.saves(made, form, _pakai=["temporal_coverage"]) is None
    after = now(ani, made)
    assert (after["konsep"], after["temporal_coverage"][0]["start"], after["notes"]) == (
        "Kunjungan pasien", "2023", "Uraian Budi")


def test_a_third_change_is_asked_about_again(ani: Person, budi: Person, made: Data) -> None:
    his = budi.form(made)
    ani.saves(made, ani.form(made), konsep="Satu")
    page = budi.saves(made, his, konsep="Dua")
    ani.saves(made, ani.form(made), konsep="Tiga")
    page = budi.saves(made, page.select_one("#dataset-edit"))
    assert "Tiga" in page.select_one(".sd-beside").text
    assert now(ani, made)["konsep"] == "Tiga"


def test_another_mistake_in_the_form_does_not_undo_the_others_change(
    ani: Person, budi: Person, made: Data
) -> None:
    his = budi.form(made)
    ani.saves(made, ani.form(made), satuan="kunjungan")
    page = budi.saves(made, his, jadwal_rilis="31-02-2026", notes="Uraian Budi")
    form = page.select_one("#dataset-edit")
    assert budi.saves(made, form, jadwal_rilis="28-02-2026") is None
    after = now(ani, made)
    assert (after["satuan"], after["jadwal_rilis"], after["notes"]) == (
        "kunjungan", "2026-02-28", "Uraian Budi")


def test_keywords_and_codes_of_both_are_put_together(
    ani: Person, budi: Person, made: Data
) -> None:
    hers, his = ani.form(made), budi.form(made)
    ani.saves(made, hers, tag_string="gizi, ibu, anak")
    budi.saves(made, his, tag_string="ibu, balita")
    assert {each["name"] for each in now(ani, made)["tags"]} == {"ibu", "anak", "balita"}


def test_the_same_person_in_two_windows_loses_nothing(ani: Person, made: Data) -> None:
    first, second = ani.form(made), ani.form(made)
    ani.saves(made, first, satuan="kunjungan")
    page = ani.saves(made, second, satuan="orang per hari")
    assert "Anda sendiri di jendela lain" in page.select_one("[data-field=satuan]").text


def test_a_form_without_a_base_is_saved_as_ckan_saves_it(
    ani: Person, budi: Person, made: Data
) -> None:
    his = budi.form(made)
    his.select_one("[name=_dasar]").decompose()
    ani.saves(made, ani.form(made), satuan="kunjungan")
    assert budi.saves(made, his, konsep="Kunjungan pasien") is None
    assert now(ani, made)["satuan"] == "orang"


@pytest.mark.parametrize("base", ["x", "{}", '{"at":1,"marks":{"title":"zz"}}', "[" * 9999])
def test_a_forged_base_harms_nobody(base: str, ani: Person, budi: Person, made: Data) -> None:
    assert budi.saves(made, budi.form(made), _dasar=base, konsep="Lain") is None
    after = now(ani, made)
    assert after["konsep"] == "Lain" and "_dasar" not in after


def test_what_a_client_wrote_besides_the_form_stays(
    ani: Person, budi: Person, made: Data
) -> None:
    his = budi.form(made)
    call("package_patch", ani.user, id=made["id"], extras=[{"key": "kunci", "value": "nilai"}])
    assert budi.saves(made, his, konsep="Lain") is None
    assert now(ani, made)["extras"] == [{"key": "kunci", "value": "nilai"}]


@pytest.mark.parametrize("kind", TYPES)
def test_a_form_nobody_touched_takes_all_that_the_other_saved(
    kind: str, ani: Person, budi: Person, agency: Data
) -> None:
    """Every field reads the same shown, sent and stored: nothing looks changed that is not."""
    sent = {each["field_name"]: sample(each)[0] for each in schema_fields(kind)
            if each["field_name"] not in SKIPPED}
    full = call("package_create", ani.user, type=kind, title="Semua isian",
                owner_org=agency["id"], tag_string="satu, dua",
                extras=[{"key": "k", "value": "v"}], **sent)
    bare = call("package_create", ani.user, type=kind, title="Kosong", owner_org=agency["id"])
    for made, written in ((full, bare), (bare, full)):
        his = budi.form(made, kind)
        kept = {key: made[key] for key in ("id", "name", "type", "owner_org")}
        after = call("package_update", ani.user, **{**written, **kept, "resources": []})
        assert budi.saves(made, his, kind) is None
        changing = {"metadata_modified"}
        assert {k: v for k, v in now(ani, made).items() if k not in changing} == {
            k: v for k, v in after.items() if k not in changing}


def test_of_forms_saved_at_the_same_instant_each_change_is_kept(
    ani: Person, budi: Person, made: Data, app: Any
) -> None:
    typed = {"konsep": "Kunjungan pasien", "satuan": "kunjungan", "notes": "Uraian",
             "definisi": "Semua kedatangan", "klasifikasi": "menurut kecamatan"}
    forms = {name: budi.form(made) for name in typed}

    def save(name: str) -> Any:
        """Save as the page does, in a session of its own."""
        person = (ani, budi)[len(name) % 2]
        data = {key: value if len(value) > 1 else value[0] for key, value in
                submit(forms[name]).items() if key != "save" and "__" not in key}
        return helpers.call_action(
            "package_update", {"user": person.user["name"], "ignore_auth": False},
            **{**data, name: typed[name], "id": made["id"]})

    answers = at_once(app, [lambda name=name: save(name) for name in typed])
    assert answers == {"done": len(typed)}
    after = now(ani, made)
    assert {name: after[name] for name in typed} == typed
    assert [each["name"] for each in after["resources"]] == ["Tabel"]


def test_patches_of_clients_at_the_same_instant_are_all_kept(
    ani: Person, budi: Person, made: Data, app: Any
) -> None:
    typed = {"konsep": "Kunjungan pasien", "satuan": "kunjungan", "notes": "Uraian",
             "definisi": "Semua kedatangan", "title": "Judul baru"}
    answers = at_once(app, [
        lambda name=name, value=value: call(
            "package_patch", (ani, budi)[len(name) % 2].user, id=made["id"], **{name: value})
        for name, value in typed.items()])
    assert answers == {"done": len(typed)}
    after = now(ani, made)
    assert {name: after[name] for name in typed} == typed


def version(person: Person, data: Data) -> int:
    return call("satudata_submission_show", person.user, id=data["id"])["version"]


@pytest.mark.parametrize("action", [
    "package_update", "package_patch", "resource_update", "resource_patch"])
def test_a_client_that_read_an_older_version_is_told_and_changes_nothing(
    action: str, ani: Person, budi: Person, made: Data
) -> None:
    read, seen = now(budi, made), version(budi, made)
    call("package_patch", ani.user, id=made["id"], satuan="kunjungan")
    what = read["resources"][0] if action.startswith("resource") else read
    sent = what if action.endswith("update") else {"id": what["id"]}
    with pytest.raises(tk.ValidationError) as refused:
        call(action, budi.user, **{**sent, "name": "lain", "expected_version": seen})
    told = refused.value.error_dict
    assert (told["conflict"], told["version"]) == ("version", version(ani, made))
    assert now(ani, made)["satuan"] == "kunjungan"
    call(action, budi.user, **{**sent, "name": "lain", "expected_version": told["version"]})
    after = now(ani, made)
    assert (after["resources"][0] if action.startswith("resource") else after)["name"] == "lain"
    assert "expected_version" not in str(after)


@pytest.mark.parametrize("wrong", ["x", -1, 1.5, True, "9" * 10, [1], {"a": 1}])
def test_a_version_that_is_no_number_is_refused(wrong: Any, ani: Person, made: Data) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        call("package_patch", ani.user, id=made["id"], title="Lain", expected_version=wrong)
    assert "expected_version" in refused.value.error_dict


def test_who_opens_the_form_reads_who_else_has_it_open(
    ani: Person, budi: Person, made: Data
) -> None:
    assert "juga membuka" not in ani.form(made).text
    his = budi.form(made)
    assert re.search(r"Ani Suryani juga membuka formulir ini, sejak pukul \d\d\.\d\d", his.text)
    assert "Budi Santoso juga membuka" not in his.text
    ani.saves(made, ani.form(made), satuan="kunjungan")
    assert "juga membuka" not in budi.form(made).text
