"""Restricted files under public metadata: who opens them, what is logged, what is withheld."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan import plugins as p
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import _get_test_app
from restricted_world import ELSEWHERE, MARK, World, call

from ckanext.satudata.access.model import Download

Data = dict[str, Any]
SETTINGS = {"ckanext.satudata.walidata": "kominfo", "ckan.datastore.sqlsearch.enabled": True}

#: Who opens files that are ``terbatas``, and by what right the log says.
OPENS = {
    "produsen": "instansi", "anggota": "instansi", "walidata": "pemeriksa", "ppid": "ppid",
    "pemerintah": "pemerintah", "berizin": "izin", "sysadmin": "pengelola",
}
REFUSED = (None, "umum", "tetangga", "sekretariat")


@pytest.fixture(scope="module")
def world(
    reset_db_with_plugins: Any, reset_index: Any, reset_datastore: Any
) -> Iterator[World]:
    """The portal, made once."""
    tk.config.update(SETTINGS)
    p.load_all()
    reset_db_with_plugins()
    reset_index()
    reset_datastore()
    made = World(_get_test_app())
    made.permit = call("satudata_access_grant_create", made.people["ppid"], id=made.id,
                       user="berizin-x", reason="Skripsi, surat 12/2026.", until=made.soon)
    yield made
    model.Session.remove()
    p.unload_all()


@pytest.fixture(autouse=True)
def settings(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set again what CKAN puts back before each test."""
    for key, value in SETTINGS.items():
        monkeypatch.setitem(tk.config, key, value)


def lines(world: World, after: int = 0) -> list[Any]:
    model.Session.rollback()
    return list(model.Session.scalars(
        sa.select(Download).where(Download.package_id == world.id, Download.id > after)
        .order_by(Download.id)))


def last(world: World) -> int:
    return max((each.id for each in lines(world)), default=0)


@pytest.mark.parametrize("who", REFUSED)
def test_who_has_no_right_reads_what_it_is_and_not_what_is_in_it(
    world: World, who: str | None
) -> None:
    before = last(world)
    assert world.get("/dataset/penerima-bantuan", who).status_code == 200
    for path in (world.download, world.berkas, world.berkas.replace("berkas", "download")):
        refused = world.get(path, who)
        assert refused.status_code == 403
        assert MARK not in refused.text and ELSEWHERE not in str(refused.headers)
        assert "no-store" in refused.headers["Cache-Control"]
        assert "ETag" not in refused.headers
    assert lines(world, before) == []


def test_the_refusal_says_what_it_is_and_where_to_ask(world: World) -> None:
    page = world.get(world.download)
    assert "Berkas ini dibatasi" in page.text and "minta-akses" in page.text
    assert "/user/login" in page.text
    said = world.app.get(world.download).json
    assert said["success"] is False and "minta-akses" in said["error"]["request_access"]


@pytest.mark.parametrize(("who", "right"), OPENS.items())
def test_who_has_a_right_opens_and_the_log_says_by_which(
    world: World, who: str, right: str
) -> None:
    before = last(world)
    opened = world.get(world.download, who)
    assert opened.status_code == 200 and MARK in opened.text
    assert {"private", "no-store"} <= set(opened.headers["Cache-Control"].split(", "))
    led = world.get(world.berkas, who)
    assert (led.status_code, led.headers["Location"]) == (302, ELSEWHERE)
    assert led.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in led.headers["Cache-Control"]
    rows = call("datastore_search", world.people[who], resource_id=world.file["id"])
    assert rows["records"][0]["nama"] == MARK
    found = lines(world, before)
    assert [(each.way, each.right, each.user_id) for each in found][:2] == [
        (way, right, world.people[who]["id"]) for way in ("unduh", "tautan")]
    assert found[0].size == len(opened.body) and found[0].sha256 == world.file["sha256"]
    assert (found[0].grant_id == world.permit["id"]) is (who == "berizin")
