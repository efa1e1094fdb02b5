"""Links to hand in by: who makes them, what opens them, and what they let nobody do."""
from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from link_scene import Phone, forget_counts, make_link, path_of, said
from workflow_cast import Cast, Data, call, people

from ckanext.satudata.domain.intake import links as law
from ckanext.satudata.links import limits, service, store
from ckanext.satudata.links.model import UploadLink
from ckanext.satudata.shared import computers, moment
from ckanext.satudata.shared.audit import Event

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
made, cast = people()
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def uncounted(cast: Cast) -> None:
    forget_counts()


@pytest.fixture
def dataset(cast: Cast) -> Data:
    return cast.make(resources=[])


def token_of(link: Data) -> str:
    return path_of(link).rpartition("/")[2]


def asked(link: Data, receipt: str = "") -> Data:
    return tk.get_action("satudata_upload_link_check")(
        {"ignore_auth": True}, {"token": token_of(link) + receipt})


def change(link: Data, **values: Any) -> None:
    model.Session.execute(sa.update(UploadLink).where(UploadLink.id == link["id"]).values(values))
    model.Session.commit()


@pytest.mark.parametrize(("name", "makes"), [
    ("boss", True), ("walidata", True), ("walidata_2", True), ("pendukung", True),
    ("kepala", True), ("produsen", False), ("rekan", False), ("anggota", False),
    ("pejabat", False), ("tetangga", False), ("pendukung_lain", False), ("pembina", False),
    ("ppid", False), ("pimpinan", False), ("koordinator", False), ("warga", False), ("", False)])
def test_who_makes_sees_extends_and_takes_back_links(
    cast: Cast, dataset: Data, name: str, makes: bool
) -> None:
    who = cast.people[name] if name else None
    link = make_link(cast, dataset, cast.boss)
    for action, given in (
            ("create", {"id": dataset["id"]}), ("list", {"id": dataset["id"]}),
            ("extend", {"id": link["id"]}), ("revoke", {"id": link["id"]})):
        if makes:
            assert call(f"satudata_upload_link_{action}", who, **given)
        else:
            with pytest.raises(tk.NotAuthorized):
                call(f"satudata_upload_link_{action}", who, **given)
    assert (store.find(link["id"]).revoked_at is not None) is makes


@pytest.mark.parametrize("name", ["boss", "walidata", "produsen", ""])
def test_no_client_asks_what_a_token_opens(cast: Cast, dataset: Data, name: str) -> None:
    link = make_link(cast, dataset)
    with pytest.raises(tk.NotAuthorized):
        call("satudata_upload_link_check", cast.people[name] if name else None,
             token=token_of(link))


def test_what_is_not_there_and_what_is_not_theirs_sound_alike(cast: Cast, dataset: Data) -> None:
    words = set()
    for identifier in (dataset["id"], "tidak-ada", None, ["x"], {"a": 1}, ""):
        with pytest.raises(tk.NotAuthorized) as caught:
            call("satudata_upload_link_list", cast.warga, id=identifier)
        words.add(str(caught.value))
    assert len(words) == 1


def test_a_link_is_shown_again_and_stored_as_a_hash_only(cast: Cast, dataset: Data) -> None:
    link = make_link(cast, dataset, label="Puskesmas Cikande", phone="0812-3456 7890")
    token = token_of(link)
    assert len(token) == 43 and link["url"].startswith(tk.config["ckan.site_url"])
    [again] = call("satudata_upload_link_list", cast.walidata, id=dataset["name"])
    assert again["url"] == link["url"]
    assert token not in str(model.Session.execute(sa.select(UploadLink.__table__)).all())
    assert store.find(link["id"]).token_sha256 == law.hash_of(token)
    assert link["wa_url"].startswith("https://wa.me/6281234567890?text=")
    message = unquote(link["wa_url"].partition("text=")[2])
    for word in ("Yth. Puskesmas Cikande", dataset["title"], "Dinas Kesehatan", link["url"],
                 "Tidak perlu akun"):
        assert word in message
    assert message == link["message"] and link["mail_url"].startswith("mailto:?subject=")


def test_another_secret_hides_a_link_from_its_maker_and_opens_it_all_the_same(
    cast: Cast, dataset: Data, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = make_link(cast, dataset)
    monkeypatch.setitem(tk.config, "SECRET_KEY", "lain" * 10)
    [shown] = call("satudata_upload_link_list", cast.kepala, id=dataset["id"])
    assert shown["url"] is shown["wa_url"] is None and shown["state"] == "berlaku"
    assert asked(link)["link_id"] == link["id"]
    assert Phone(app).get(path_of(link)).status_code == 200


def test_what_was_done_with_links_is_on_record_without_token_and_names(
    cast: Cast, dataset: Data
) -> None:
    link = make_link(cast, dataset, label="Bu Ani", phone="081234567890", email="ani@a.id")
    call("satudata_upload_link_extend", cast.walidata, id=link["id"], days=7)
    call("satudata_upload_link_revoke", cast.pendukung, id=link["id"])
    events = model.Session.scalars(sa.select(Event).where(
        Event.kind == service.KIND, Event.package_id == dataset["id"]).order_by(Event.id)).all()
    assert [(each.transition, each.actor_id) for each in events] == [
        ("buat", cast.kepala["id"]), ("perpanjang", cast.walidata["id"]),
        ("cabut", cast.pendukung["id"])]
    text = str([(each.note, each.data) for each in events])
    for secret in (token_of(link), "Ani", "81234567890", "ani@a.id"):
        assert secret not in text


def test_a_link_opens_until_its_last_day_ends(cast: Cast, dataset: Data) -> None:
    link = make_link(cast, dataset, days=3)
    assert asked(link) == {
        "link_id": link["id"], "package_id": dataset["id"], "max_bytes": 10_000_000,
        "single": False, "recap_id": None, "unit_code": None, "unit_name": None}
    for words in ("token", "x" * 43, token_of(link)[:-1], token_of(link).swapcase(), ""):
        with pytest.raises(tk.NotAuthorized) as caught:
            tk.get_action("satudata_upload_link_check")({"ignore_auth": True}, {"token": words})
        assert caught.value.reason == "tidak_dikenal"
    change(link, expires_at=moment.now() - dt.timedelta(seconds=1))
    with pytest.raises(tk.NotAuthorized) as caught:
        asked(link)
    assert caught.value.reason == "berakhir"
    longer = call("satudata_upload_link_extend", cast.kepala, id=link["id"], days="5")
    assert longer["state"] == "berlaku" and asked(link)
    call("satudata_upload_link_revoke", cast.kepala, id=link["id"])
    with pytest.raises(tk.NotAuthorized) as caught:
        asked(link)
    assert caught.value.reason == "dicabut"
    for action in ("extend", "revoke"):
        with pytest.raises(tk.ValidationError) as late:
            call(f"satudata_upload_link_{action}", cast.kepala, id=link["id"])
        assert late.value.error_dict["conflict"] == "state"
    [shown] = call("satudata_upload_link_list", cast.kepala, id=dataset["id"])
    assert (shown["state"], shown["state_label"], shown["url"]) == ("dicabut", "Dicabut", None)


@pytest.mark.parametrize(("more", "field"), [
    ({"days": 91}, "days"), ({"days": 0}, "days"), ({"expires_at": "2020-01-01"}, "expires_at"),
    ({"max_mb": 100_000}, "max_mb"), ({"label": "x" * 121}, "label"), ({"phone": "x"}, "phone"),
    ({"email": "x"}, "email"), ({"single": "mungkin"}, "single"), ({"label": {"a": 1}}, "label"),
    ({"recap_id": "r"}, "recap_id"), ({"unit_code": "36.04"}, "unit_code"),
    ({"units": [{"code": "1", "name": "A"}]}, "units")])
def test_what_makes_no_sense_is_refused_by_field(
    cast: Cast, dataset: Data, more: Data, field: str
) -> None:
    with pytest.raises(tk.ValidationError) as caught:
        make_link(cast, dataset, **more)
    assert list(caught.value.error_dict) == [field]
    assert "{" not in caught.value.error_dict[field][0]


def test_a_dataset_has_only_so_many_open_links(
    cast: Cast, dataset: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_OPEN", 2)
    first = make_link(cast, dataset)
    make_link(cast, dataset)
    with pytest.raises(tk.ValidationError, match="Cabut yang tidak dipakai"):
        make_link(cast, dataset)
    call("satudata_upload_link_revoke", cast.kepala, id=first["id"])
    make_link(cast, dataset)


def test_only_datasets_that_are_there_have_links(cast: Cast, dataset: Data) -> None:
    call("package_delete", cast.produsen, id=dataset["id"])
    with pytest.raises(tk.ValidationError):
        make_link(cast, dataset)


def test_the_links_of_units_are_made_once_and_stand_by_themselves(
    cast: Cast, dataset: Data
) -> None:
    from ckanext.satudata.recap.model import Recap

    model.Session.add(Recap(id="r-1", package_id=dataset["id"], title="Rekap",
                            unit_kind="puskesmas", created_at=moment.now()))
    model.Session.commit()
    context = {"user": cast.kepala["name"], "ignore_auth": True, "defer_commit": True}
    for codes, new in ((("P02", "P01"), 2), (("P01", "P03"), 1)):
        made = tk.get_action("satudata_upload_link_create")({**context}, {
            "id": dataset["id"], "recap_id": "r-1", "units": [
                {"code": code, "name": f"Puskesmas {code}", "phone": "", "email": ""}
                for code in codes]})
        assert made == {"count": new}
    model.Session.commit()
    assert call("satudata_upload_link_list", cast.kepala, id=dataset["id"]) == []
    listed = call("satudata_upload_link_list", cast.kepala, id=dataset["id"], recap_id="r-1")
    assert [each["unit_code"] for each in listed] == ["P01", "P02", "P03"]
    assert listed[0]["label"] == "Puskesmas P01"
    assert asked(listed[0])["unit_name"] == "Puskesmas P01"


def test_what_a_caller_deferred_is_gone_with_its_rollback(cast: Cast, dataset: Data) -> None:
    tk.get_action("satudata_upload_link_create")(
        {"user": cast.kepala["name"], "ignore_auth": True, "defer_commit": True},
        {"id": dataset["id"]})
    model.Session.rollback()
    assert call("satudata_upload_link_list", cast.kepala, id=dataset["id"]) == []


def test_guessing_is_answered_as_any_page_that_is_not_there_and_soon_not_at_all(
    cast: Cast, dataset: Data, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "GUESSES", 3)
    phone = Phone(app)
    link = make_link(cast, dataset)
    elsewhere = said(phone.get("/tidak-ada-halaman-ini"))
    for guess in ("a" * 43, "x", path_of(link).rpartition("/")[2][:-1]):
        page = phone.get(f"/setor/{guess}")
        assert page.status_code == 404 and said(page) == elsewhere
    for path in (f"/setor/{'b' * 43}", f"/setor/{'c' * 43}/{'d' * 43}",
                 f"{path_of(link)}/{'d' * 43}"):
        page = phone.get(path)
        assert page.status_code == 429 and 0 < int(page.headers["Retry-After"]) <= 3600
        assert "Coba lagi dalam" in said(page)
    assert phone.get(path_of(link)).status_code == 200, "who has the link is let in all the same"


@pytest.mark.parametrize(("seen", "written", "counted"), [
    ("::ffff:203.0.113.7", "", "203.0.113.7"), ("::ffff:203.0.113.8", "", "203.0.113.8"),
    ("::ffff:203.0.113.7", "198.51.100.1", "203.0.113.7"),
    ("::ffff:127.0.0.1", "10.0.0.1, 198.51.100.1", "198.51.100.1"),
    ("127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
    ("127.0.0.1", "198.51.100.1, x", ""), ("2001:db8:1:2:3::4", "", "2001:db8:1:2::")])
def test_who_guesses_uses_up_nobody_elses_tries(
    app: Any, seen: str, written: str, counted: str
) -> None:
    """Of a server that listens on IPv6 as well all addresses of IPv4 look like one network."""
    with app.flask_app.test_request_context(
            environ_overrides={"REMOTE_ADDR": seen}, headers={"X-Forwarded-For": written}):
        assert computers.computer() == counted
