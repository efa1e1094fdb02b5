"""Who may write for an organization without being its editor, in the actions and in the form."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories, helpers
from role_samples import holder, join, leave, make_places, place_of

from ckanext.satudata.domain.roles import GRANTS, SCOPES, Permission, Role, ScopeKind
from ckanext.satudata.domain.standing import grantable

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
KINDS = ("dataset", "kegiatan", "indikator")


@pytest.fixture
def places(admin: dict[str, Any]) -> dict[str, str]:
    return make_places(admin)


def create(user: dict[str, Any], organization: str, kind: str = "dataset", **more: Any
           ) -> dict[str, Any]:
    return act(user, "package_create", type=kind, owner_org=organization,
               title=f"Data {organization} {user['name']}", **more)


def act(user: dict[str, Any], action: str, **data: Any) -> Any:
    # Not through CKAN's test helper: some validators take the mere key ignore_auth for a yes.
    return tk.get_action(action)({"user": user["name"]}, data)


def writes(role: Role) -> bool:
    return bool({Permission.ISI, Permission.ISI_ATAS_NAMA} & set(GRANTS[role]))


def test_a_role_writes_for_an_organization_as_the_table_says(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    for role in grantable():
        place, user = place_of(role), holder(admin, role)
        everywhere = SCOPES[role] is ScopeKind.INSTALASI
        for name in places:
            if writes(role) and (everywhere or name == place):
                assert create(user, places[name])["owner_org"] == places[name]
            else:
                with pytest.raises(tk.NotAuthorized):
                    create(user, places[name])


@pytest.mark.parametrize("kind", KINDS)
def test_a_walidata_types_every_kind_and_its_files_for_an_opd(
    admin: dict[str, Any], places: dict[str, str], kind: str
) -> None:
    user = holder(admin, Role.WALIDATA)
    made = create(user, "dinkes", kind)
    file = act(user, "resource_create", package_id=made["id"], url="https://contoh.go.id/a.csv",
               name="Berkas", format="CSV")
    act(user, "resource_patch", id=file["id"], name="Berkas lain")
    act(user, "resource_delete", id=file["id"])
    changed = act(user, "package_patch", id=made["id"], notes="Dari surat 12/2026")
    assert changed["notes"] == "Dari surat 12/2026" and changed["private"]
    shown = act(user, "satudata_submission_show", id=made["id"])
    assert shown["on_behalf_by"]["id"] == user["id"]


def test_typing_for_an_opd_is_no_right_to_delete_its_data(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = holder(admin, Role.WALIDATA)
    made = create(user, places["dinkes"])
    for action in ("package_delete", "dataset_purge"):
        with pytest.raises(tk.NotAuthorized):
            act(user, action, id=made["id"])
    with pytest.raises(tk.ValidationError):
        act(user, "package_patch", id=made["id"], state="deleted")
    assert model.Package.get(made["id"]).state == "active"


def test_a_village_agent_discards_what_the_table_lets_them(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    agent = holder(admin, Role.AGEN_STATISTIK)
    made = create(agent, places["kramatwatu"])
    assert tk.check_access("package_delete", {"user": agent["name"]}, {"id": made["id"]})


def test_a_dataset_does_not_move_to_where_its_writer_may_not_write(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = holder(admin, Role.WALIDATA_PENDUKUNG)
    made = create(user, places["dinkes"])
    with pytest.raises(tk.NotAuthorized):
        act(user, "package_patch", id=made["id"], owner_org=places["dinsos"])
    assert model.Package.get(made["id"]).owner_org == places["dinkes"]


def test_a_role_that_ended_writes_nothing(admin: dict[str, Any], places: dict[str, str]) -> None:
    user = holder(admin, Role.WALIDATA)
    made = create(user, places["dinkes"])
    leave(admin, user, "diskominfo")
    for action, data in (("package_patch", {"id": made["id"], "notes": "x"}),
                         ("package_create", {"title": "y", "owner_org": places["dinkes"]}),
                         ("resource_create", {"package_id": made["id"], "url": "https://a.id"})):
        with pytest.raises(tk.NotAuthorized):
            act(user, action, **data)


def test_an_unowned_or_deleted_organization_is_nobodys(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = holder(admin, Role.WALIDATA)
    helpers.call_action("organization_delete", {"user": admin["name"]}, id="dinsos")
    for owner in (places["dinsos"], "tidak-ada"):
        with pytest.raises((tk.NotAuthorized, tk.ValidationError)):
            create(user, owner)
    with pytest.raises(tk.ValidationError):
        create(user, "")


def test_a_harvest_source_stays_with_those_ckan_lets(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = holder(admin, Role.WALIDATA)
    source = {"title": "Sumber", "name": "sumber", "url": "https://contoh.go.id",
              "source_type": "ckan", "owner_org": places["dinkes"]}
    with pytest.raises(tk.NotAuthorized):
        act(user, "harvest_source_create", **source)
    made = helpers.call_action("harvest_source_create", {"user": admin["name"]}, **source)
    with pytest.raises(tk.NotAuthorized):
        act(user, "package_patch", id=made["id"], title="Lain")


def test_a_group_needs_its_own_right(admin: dict[str, Any], places: dict[str, str]) -> None:
    """CKAN asks for a right on each group a dataset is put into; a role gives none."""
    group = factories.Group()
    for role in (Role.WALIDATA, Role.AGEN_STATISTIK):
        user = holder(admin, role)
        with pytest.raises(tk.NotAuthorized):
            create(user, places["kramatwatu"], groups=[{"name": group["name"]}])


def test_an_editor_and_a_stranger_have_what_ckan_gives_them(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    editor = factories.User()
    join(editor, "dinkes", "editor")
    assert create(editor, places["dinkes"])["owner_org"] == places["dinkes"]
    for who in (editor, factories.User(), {"name": ""}):
        with pytest.raises(tk.NotAuthorized):
            create(who, places["dinsos"])


def test_what_is_no_name_of_an_organization_is_refused(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = holder(admin, Role.WALIDATA)
    values: tuple[Any, ...] = (["dinkes"], {"id": "dinkes"}, "a\x00b", 12, True, "x" * 5000)
    for value in values:
        with pytest.raises((tk.NotAuthorized, tk.ValidationError)):
            create(user, value)


# ------------------------------------------------------------------------ lists and forms


def names(user: dict[str, Any], permission: str, **more: Any) -> dict[str, str]:
    found = act(user, "organization_list_for_user", permission=permission, **more)
    return {each["name"]: each["capacity"] for each in found}


def test_the_list_of_organizations_holds_those_a_role_reaches(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    walidata = holder(admin, Role.WALIDATA)
    everyone = dict.fromkeys(places, "walidata")
    for permission in ("create_dataset", "update_dataset"):
        assert names(walidata, permission) == everyone
    assert names(walidata, "read") == {"diskominfo": "member"}
    join(walidata, "diskominfo", "editor")
    assert names(walidata, "create_dataset") == {**everyone, "diskominfo": "editor"}
    pendukung = holder(admin, Role.WALIDATA_PENDUKUNG)
    assert names(pendukung, "create_dataset") == {"dinkes": "walidata_pendukung"}
    assert names(admin, "create_dataset", id=pendukung["id"]) == {"dinkes": "walidata_pendukung"}
    ppid = holder(admin, Role.PPID)
    assert names(ppid, "create_dataset") == {}
    assert set(names(admin, "create_dataset").values()) == {"admin"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_offers_a_walidata_every_organization(
    app: Any, admin: dict[str, Any], places: dict[str, str], kind: str
) -> None:
    user = holder(admin, Role.WALIDATA)
    headers = {"Authorization": user["token"]}
    page = BeautifulSoup(app.get(f"/{kind}/new", headers=headers, status=200).body, "html.parser")
    options = {o["value"] for o in page.select('select[name="owner_org"] option') if o["value"]}
    assert options == set(places.values())
    assert "menunggu konfirmasi" in page.get_text()
    choice = page.select_one('select[name="owner_org"]')
    assert choice.find_parent("details") is None, "asked for, not folded away"
    only = holder(admin, Role.WALIDATA_PENDUKUNG)
    page = BeautifulSoup(
        app.get(f"/{kind}/new", headers={"Authorization": only["token"]}).body, "html.parser")
    chosen = page.select_one('select[name="owner_org"] option[selected]')
    assert chosen["value"] == places["dinkes"], "one organization needs no choice"


def test_a_walidata_fills_the_form_for_an_opd(
    app: Any, admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = holder(admin, Role.WALIDATA)
    headers = {"Authorization": user["token"]}
    app.post("/dataset/new", headers=headers, follow_redirects=False, data={
        "title": "Kunjungan puskesmas 2026", "owner_org": places["dinkes"], "save": "save",
    }, status=302)
    found = model.Session.query(model.Package).filter_by(title="Kunjungan puskesmas 2026").one()
    assert found.owner_org == places["dinkes"] and found.private
    app.get(f"/dataset/edit/{found.name}", headers=headers, status=200)
    app.post(f"/dataset/edit/{found.name}", headers=headers, follow_redirects=False, data={
        "id": found.id, "title": "Kunjungan puskesmas", "owner_org": places["dinkes"],
        "save": "save"}, status=302)
    assert "Dinkes" in app.get(f"/dataset/{found.name}", headers=headers, status=200).body


def test_who_may_write_nowhere_gets_no_form(
    app: Any, admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = holder(admin, Role.PIMPINAN)
    app.get("/dataset/new", headers={"Authorization": user["token"]}, status=403)
