"""The page ``/peran`` as an admin, a holder of a role and a stranger use it, without JavaScript."""
from __future__ import annotations

import functools
import re
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan.tests import factories, helpers
from role_samples import day, give, holder, join, leave, make_places, member

from ckanext.satudata.domain.roles import Role
from ckanext.satudata.domain.standing import grantable
from ckanext.satudata.shared.actor import holders
from ckanext.satudata.shared.audit import ACCOUNT, Event

pytestmark = [
    pytest.mark.usefixtures("clean_db", "with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
PAGES = ("/peran", "/peran/berakhir", "/peran/jejak", "/peran/beri/walidata")


@pytest.fixture
def places(admin: dict[str, Any]) -> dict[str, str]:
    return make_places(admin)


class Browser:
    """Somebody at the pages: reads them, fills their forms, follows what they answer."""

    def __init__(self, app: Any, user: dict[str, Any]) -> None:
        self.app = app
        self.headers = {"Authorization": user["token"]}

    def get(self, path: str, status: int = 200) -> BeautifulSoup:
        answer = self.app.get(path, headers=self.headers, status=status)
        return BeautifulSoup(answer.body, "html.parser")

    def send(self, path: str, status: int = 200, **data: str) -> BeautifulSoup:
        """Send the form of a page with what it holds, changed by ``data``."""
        form = self.get(path).select_one('form[method="post"][action^="/peran"]')
        assert form is not None
        assert form.select_one('input[name="_csrf_token"]'), "no token against forged requests"
        answer = self.app.post(form["action"], headers=self.headers, data=data, status=status)
        return BeautifulSoup(answer.body, "html.parser")


def text(soup: Any) -> str:
    return re.sub(r"\s+", " ", soup.get_text(" ")).strip()


def rows(soup: BeautifulSoup) -> list[str]:
    return [text(row) for row in soup.select("tbody tr")]


def test_the_page_lists_every_role_with_what_it_may_do(
    app: Any, admin: dict[str, Any], places: dict[str, str]
) -> None:
    empty = Browser(app, admin).get("/peran")
    assert "Belum ada walidata yang berlaku" in text(empty)
    people = {role: holder(admin, role) for role in grantable()}
    page = Browser(app, admin).get("/peran")
    for role, user in people.items():
        section = page.select_one(f'section[aria-labelledby="peran-{role.value}"]')
        assert section is not None, role
        assert user["name"] in text(section) and "Boleh " in text(section)
        assert section.select_one(f'a[href="/peran/beri/{role.value}"]')
        assert section.select_one(f'a[href="/peran/cabut/{user["grant"]}"]')
    assert "Baru satu orang memegang peran walidata" in text(page)
    assert "tiap editor dan admin sebuah instansi" in text(page)


def test_a_role_is_given_by_the_form(
    app: Any, admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = member("dinkes")
    browser = Browser(app, admin)
    form = browser.get("/peran/beri/pejabat_pengelola_data")
    assert {o["value"] for o in form.select("#field-scope option")} == {"", *places}
    page = browser.send("/peran/beri/pejabat_pengelola_data", user=user["name"], scope="dinkes",
                        decree="SK 800/1/2026", since="", until=day(30))
    assert holders(Role.PEJABAT_PENGELOLA_DATA) == [user["id"]]
    assert "diberikan kepada" in text(page) and "SK 800/1/2026" in text(page)


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    app: Any, admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = member("dinsos")
    page = Browser(app, admin).send(
        "/peran/beri/pejabat_pengelola_data", user=user["name"], scope="dinkes", decree="SK 9",
        until="2020-01-01", since="")
    assert "sudah lewat" in text(page.select_one("#field-until-err"))
    assert page.select_one("#field-until")["aria-describedby"].split() == [
        "field-until-help", "field-until-err"]
    assert page.select_one('.sd-form-errors a[href="#field-until"]')
    assert page.select_one("#field-user")["value"] == user["name"]
    assert page.select_one("#field-decree")["value"] == "SK 9"
    assert page.select_one("#field-scope option[selected]")["value"] == "dinkes"
    assert holders(Role.PEJABAT_PENGELOLA_DATA) == []


def test_part_of_a_name_finds_the_account(app: Any, admin: dict[str, Any]) -> None:
    user = factories.User(name="siti-aminah", fullname="Siti Aminah")
    browser = Browser(app, admin)
    page = browser.send("/peran/beri/ppid", user="Siti Ami")
    choice = page.select_one('button[name="pilih"]')
    assert choice["value"] == user["name"]
    chosen = browser.send("/peran/beri/ppid", user="Siti Ami", decree="SK 1", pilih=user["name"])
    assert chosen.select_one("#field-user")["value"] == user["name"]
    assert chosen.select_one("#field-decree")["value"] == "SK 1"
    assert holders(Role.PPID) == [], "choosing an account gives nothing yet"
    factories.User(name="siti-aminah-2")
    outsider = browser.send("/peran/beri/pejabat_pengelola_data", user="siti-aminah",
                            scope=factories.Organization(title="Dinas")["name"])
    assert "hanya untuk anggota Dinas" in outsider.text
    assert not outsider.select('button[name="pilih"]'), "the account was found; it may not be one"


def test_only_who_can_be_walidata_is_offered(
    app: Any, admin: dict[str, Any], places: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    user, other = member("diskominfo"), member("dinkes")
    browser = Browser(app, admin)
    offered = {o["value"] for o in browser.get("/peran/beri/walidata").select("#akun option")}
    assert user["name"] in offered and other["name"] not in offered
    monkeypatch.setitem(tk.config, "ckanext.satudata.walidata", "")
    missing = browser.get("/peran/beri/walidata")
    assert "ckanext.satudata.walidata =" in text(missing)
    assert not missing.select_one('form[action="/peran/beri/walidata"]')


def test_an_agent_is_offered_villages_only(
    app: Any, admin: dict[str, Any], places: dict[str, str]
) -> None:
    page = Browser(app, admin).get("/peran/beri/agen_statistik")
    assert {o["value"] for o in page.select("#field-scope option")} == {"", "kramatwatu"}


def test_a_role_is_taken_with_a_reason_after_a_page_that_says_what_goes(
    app: Any, admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = holder(admin, Role.PPID)
    browser = Browser(app, admin)
    path = f"/peran/cabut/{user['grant']}"
    asked = browser.get(path)
    assert user["name"] in text(asked) and "Boleh membaca" in text(asked)
    assert holders(Role.PPID) == [user["id"]], "looking takes nothing"
    refused = browser.send(path, reason="  ")
    assert "Tulis alasan" in text(refused.select_one("#field-reason-err"))
    page = browser.send(path, reason="Pindah tugas")
    assert "dicabut dari" in text(page) and holders(Role.PPID) == []
    past = browser.get("/peran/berakhir")
    assert user["name"] in rows(past)[0] and "Pindah tugas" in rows(past)[0]
    steps = [text(li) for li in browser.get("/peran/jejak").select(".sd-time li")]
    assert "mencabut peran PPID" in steps[0] and "memberi peran PPID" in steps[1]
    assert "tidak ada yang perlu dicabut" in text(browser.get(path))


def test_the_last_walidata_needs_a_tick_of_its_own(
    app: Any, admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = holder(admin, Role.WALIDATA)
    browser = Browser(app, admin)
    path = f"/peran/cabut/{user['grant']}"
    page = browser.send(path, reason="Akun dibajak")
    assert "walidata terakhir" in text(page) and holders(Role.WALIDATA) == [user["id"]]
    assert page.select_one('input[name="force"]') and "Akun dibajak" in text(page)
    browser.send(path, reason="Akun dibajak", force="true")
    assert holders(Role.WALIDATA) == []


def test_the_page_says_why_a_grant_does_not_hold(
    app: Any, admin: dict[str, Any], places: dict[str, str]
) -> None:
    """CKAN's own pages moved or deleted people; whoever manages roles sees what that did."""
    moved, gone, later = holder(admin, Role.WALIDATA), holder(admin, Role.PPID), factories.User()
    leave(admin, moved, "diskominfo")
    join(moved, "dinsos", "editor")
    helpers.call_action("user_delete", {"user": admin["name"]}, id=gone["id"])
    give(admin, user=later["name"], role="sekretariat", since=day(2))
    page = Browser(app, admin).get("/peran")
    said = " ".join(rows(page))
    walidata = page.select_one('section[aria-labelledby="peran-walidata"]')
    assert "Tidak berlaku" in text(walidata) and "Bukan lagi anggota Diskominfo" in text(walidata)
    assert walidata.select_one('a[href="/organization/members/diskominfo"]')
    assert "Tidak ada yang berlaku saat ini" in text(walidata)
    assert "Akun pengguna sudah dihapus" in said
    assert "Berlaku mulai" in said
    api = tk.get_action("satudata_role_list")({"user": admin["name"]}, {"role": "walidata"})
    assert api["results"][0]["standing_label"] == (
        "Tidak berlaku: bukan lagi anggota Diskominfo")


def test_long_lists_are_cut_searched_and_paged(
    app: Any, admin: dict[str, Any], places: dict[str, str]
) -> None:
    people = [factories.User(fullname=f"Pegawai {number:02}") for number in range(12)]
    for user in people:
        give(admin, user=user["name"], role="walidata_pendukung", scope="dinkes")
    browser = Browser(app, admin)
    page = browser.get("/peran")
    assert len(rows(page)) == 10 and "Lihat semua 12 pemegang" in text(page)
    assert len(rows(browser.get("/peran?peran=walidata_pendukung"))) == 12
    assert len(rows(browser.get("/peran?q=pegawai+07"))) == 1
    assert len(rows(browser.get("/peran?q=DINKES&peran=walidata_pendukung"))) == 12
    for hostile in ("%25", "_", "%5C", "%00", "'%22%3E%3Cscript%3E", "x" * 3000):
        nothing = browser.get(f"/peran?q={hostile}")
        assert not nothing.find_all("script", string=re.compile("alert"))
    assert rows(browser.get("/peran?q=%25")) == [] == rows(browser.get("/peran?q=zzzz"))
    for number in ("0", "-1", "99999", "x", "9" * 5000, "٣"):
        browser.get(f"/peran?peran=walidata_pendukung&page={number}")
        browser.get(f"/peran/jejak?page={number}")
        browser.get(f"/peran/berakhir?page={number}")
    browser.get("/peran?peran=tidak-ada")


def test_names_and_reasons_are_shown_harmless(
    app: Any, admin: dict[str, Any], places: dict[str, str]
) -> None:
    attack = "<script>alert(1)</script>"
    user = factories.User(fullname=attack)
    browser = Browser(app, admin)
    done = browser.send("/peran/beri/ppid", user=user["name"], decree=attack)
    grant = tk.get_action("satudata_role_list")({"user": admin["name"]}, {})["results"][0]["id"]
    pages = [done, browser.get("/peran"), browser.get(f"/peran/cabut/{grant}"),
             browser.send(f"/peran/cabut/{grant}", reason=attack),
             browser.get("/peran/berakhir"), browser.get("/peran/jejak"),
             browser.send("/peran/beri/ppid", user=attack)]
    for page in pages:
        assert not page.find_all("script", string=re.compile(r"alert\(1\)"))


def test_an_unknown_role_or_grant_is_not_found(app: Any, admin: dict[str, Any]) -> None:
    browser = Browser(app, admin)
    for path in ("/peran/beri/raja", "/peran/beri/produsen_data", "/peran/cabut/tidak-ada",
                 "/peran/cabut/%00", "/peran/beri/%00"):
        browser.get(path, status=404)


def test_who_does_not_manage_roles_sees_their_own_and_changes_none(
    app: Any, admin: dict[str, Any], places: dict[str, str]
) -> None:
    """Nor does the admin of an organization, who is no walidata and gives none."""
    user = member("diskominfo", "admin")
    given = give(admin, user=user["name"], role="walidata", decree="SK 12/2026")
    other = holder(admin, Role.PPID)
    browser = Browser(app, user)
    own = text(browser.get("/peran"))
    assert "Peran Anda" in own and "Walidata" in own and "SK 12/2026" in own
    assert "Produsen Data" in own and "Diskominfo" in own and other["name"] not in own
    for path in (*PAGES[1:], f"/peran/cabut/{given['id']}"):
        browser.get(path, status=403)
    for path, data in (("/peran/beri/ppid", {"user": user["name"]}),
                       (f"/peran/cabut/{other['grant']}", {"reason": "x"})):
        app.post(path, headers=browser.headers, data=data, status=403)
    assert holders(Role.PPID) == [other["id"]]
    leave(admin, user, "diskominfo")
    assert "Bukan lagi anggota Diskominfo" in text(browser.get("/peran"))
    assert "belum memegang peran" in text(Browser(app, factories.UserWithToken()).get("/peran"))


def test_a_stranger_is_asked_to_log_in_and_changes_nothing(
    app: Any, admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = holder(admin, Role.PPID)
    for path in (*PAGES, f"/peran/cabut/{user['grant']}"):
        answer = app.get(path, follow_redirects=False, status=302)
        assert "/user/login" in answer.headers["Location"]
    app.post(f"/peran/cabut/{user['grant']}", data={"reason": "x"}, follow_redirects=False)
    assert holders(Role.PPID) == [user["id"]]


def test_who_takes_hold_of_anothers_account_is_on_record(
    app: Any, admin: dict[str, Any], places: dict[str, str]
) -> None:
    """A sysadmin could decide as another person: nobody can hinder it, everybody can see it."""
    user = factories.User(fullname="Rina Walidata", email="rina@serangkab.go.id")
    own = {"user": user["name"], "ignore_auth": False}
    call = functools.partial(helpers.call_action, context={
        "user": admin["name"], "ignore_auth": False})
    kept = call("user_show", id=user["id"], include_plugin_extras=True)
    helpers.call_action("user_patch", own, id=user["id"], password="sandi-saya-1")
    helpers.call_action("user_patch", own, id=user["id"], email="rina@serangkab.go.id")
    call("user_patch", id=user["id"], about="Tanpa perubahan hak.")
    call("user_update", **{**kept, "email": "rina@serangkab.go.id"})
    call("user_create", name="baru", email="baru@serangkab.go.id", password="sandi-baru-1")
    mine = call("api_token_create", user=admin["name"], name="sendiri")
    call("api_token_revoke", token=mine["token"])
    assert accounts(user) == []
    before = accounts(admin)

    call("user_patch", id=user["id"], password="sandi-orang-1")
    call("user_update", **{**kept, "email": "lain@serangkab.go.id", "password": "sandi-orang-2"})
    call("user_patch", id=user["name"], sysadmin=True)
    call("user_patch", id=user["name"], sysadmin=False)
    token = helpers.call_action("api_token_create", own, user=user["name"], name="milik")
    call("api_token_revoke", token=token["token"])
    assert accounts(user) == [
        "sandi", "sandi", "surel", "sysadmin_diberi", "sysadmin_dicabut", "token_dicabut"]
    with pytest.raises(tk.ValidationError):
        call("user_patch", id=user["id"], password="x")
    with pytest.raises(tk.NotAuthorized):
        helpers.call_action("user_patch", own, id=admin["id"], password="sandi-orang-1")
    assert (len(accounts(user)), accounts(admin)) == (6, before)
    helpers.call_action("api_token_create", user=user["name"], name="oleh perintah server")
    boss = call("user_create", name="bos", email="bos@serangkab.go.id", password="sandi-baru-1",
                sysadmin=True)
    helpers.call_action("user_create", {"user": "", "ignore_auth": True}, name="licik",
                        email="licik@serangkab.go.id", password="sandi-baru-1")
    assert (accounts(user)[6:], accounts(boss)) == (["token_dibuat"], ["sysadmin_diberi"])
    steps = [text(li) for li in Browser(app, admin).get("/peran/jejak").select(".sd-time li")]
    assert any("Rina Walidata" in step and "kata sandi diganti" in step for step in steps), steps


def accounts(user: dict[str, Any]) -> list[str | None]:
    """Return what is on record of an account."""
    model.Session.rollback()
    return list(model.Session.scalars(
        sa.select(Event.transition).where(
            Event.kind == ACCOUNT, Event.data["user"].astext == user["id"]).order_by(Event.id)))


def test_looking_at_the_pages_changes_nothing(
    app: Any, admin: dict[str, Any], places: dict[str, str], everything: Any
) -> None:
    user = holder(admin, Role.WALIDATA)
    browser = Browser(app, admin)
    browser.get("/peran")
    before = everything()
    for path in (*PAGES, f"/peran/cabut/{user['grant']}", "/peran?q=x"):
        browser.get(path)
    after = everything()
    assert {name for name in after if before[name] != after[name]} <= {
        "ckan.user", "ckan.api_token"}


def test_the_admin_pages_lead_to_the_roles(app: Any, admin: dict[str, Any]) -> None:
    page = Browser(app, admin).get("/ckan-admin/")
    assert page.select_one('a[href="/peran"]')


@pytest.mark.parametrize("role", ["walidata", "pembina_data", "agen_statistik"])
def test_every_field_of_the_form_has_a_label(
    app: Any, admin: dict[str, Any], places: dict[str, str], role: str
) -> None:
    page = Browser(app, admin).get(f"/peran/beri/{role}")
    form = page.select_one(f'form[action="/peran/beri/{role}"]')
    for field in form.select("input:not([type=hidden]), select, textarea"):
        assert form.select_one(f'label[for="{field["id"]}"]'), field
        for described in (field.get("aria-describedby") or "").split():
            assert form.select_one(f"#{described}"), described
    assert len({each["id"] for each in page.select("[id]")}) == len(page.select("[id]"))
