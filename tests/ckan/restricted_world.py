"""A restricted dataset that is public, and everybody who might want its files.

It holds a stored file, a table and a file that lies elsewhere; the words in them are found nowhere
else, so that whatever answers with one has leaked.
"""
from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ckan import model
from ckan import plugins as p
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from ckan.tests.helpers import _get_test_app
from publishing import COMPLETE, inspect_and_publish
from werkzeug.datastructures import FileStorage

from ckanext.satudata.shared.actor import RoleGrant

Data = dict[str, Any]

#: In the bytes and the rows.
MARK = "zqrahasia"
#: In the address of the file that lies elsewhere.
ADDRESS = "zqalamat"
ELSEWHERE = f"https://{ADDRESS}.example.org/penerima.csv"
#: What a restriction has to be based on.
DECIDED: Data = {
    "access_rights": "terbatas", "dasar_hukum": "UU 14/2008 pasal 17 huruf h",
    "uji_konsekuensi": [{"nomor": "045/UK/2026", "tanggal": "2026-01-12",
                         "berlaku_sampai": "2099-12-31"}],
    "keputusan_pembatasan": [{"nomor": "500/12/2026", "tanggal": "2026-02-20"}],
}


def fixtures(
    settings: Data, ready: Callable[[World], None] = lambda _world: None,
    anew: Callable[[], None] = lambda: None, **fields: Any,
) -> tuple[Any, Any]:
    """Return the fixtures ``world``, made once for a module, and ``settings`` of its tests.

    :param settings: of the portal; set again before each test, for CKAN puts them back
    :param ready: called once the world is made
    :param anew: called before each test
    :param fields: of its dataset
    """
    @pytest.fixture(scope="module")
    def world(
        reset_db_with_plugins: Any, reset_index: Any, reset_datastore: Any
    ) -> Iterator[World]:
        tk.config.update(settings)
        p.load_all()
        reset_db_with_plugins()
        reset_index()
        reset_datastore()
        made = World(_get_test_app(), **fields)
        ready(made)
        yield made
        model.Session.remove()
        p.unload_all()

    @pytest.fixture(autouse=True)
    def kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        for key, value in settings.items():
            monkeypatch.setitem(tk.config, key, value)
        anew()
        model.Session.rollback()

    return world, kept


def call(action: str, user: Data | None, /, **data: Any) -> Any:
    """Call an action with a user's own rights, or nobody's."""
    context = {"user": user["name"] if user else "", "ignore_auth": False}
    return helpers.call_action(action, context, **data)


class World:
    """Who there is and what they ask for."""

    def __init__(self, app: Any, **fields: Any) -> None:
        self.app = app
        self.people: dict[str, Data] = {
            name: factories.UserWithToken(name=f"{name}-x") for name in (
                "produsen", "anggota", "tetangga", "walidata", "ppid", "pemerintah", "sekretariat",
                "umum", "berizin")}
        self.people["sysadmin"] = factories.SysadminWithToken()
        self.org = factories.Organization(name="dinas-x", users=[
            {"name": "produsen-x", "capacity": "editor"},
            {"name": "anggota-x", "capacity": "member"}])
        self.other = factories.Organization(name="dinas-y", users=[
            {"name": "tetangga-x", "capacity": "admin"}])
        factories.Organization(name="kominfo", users=[
            {"name": "walidata-x", "capacity": "editor"}])
        for name, role in (("walidata", "walidata"), ("ppid", "ppid"),
                           ("sekretariat", "sekretariat"), ("pemerintah", "pengguna_pemerintah")):
            now = dt.datetime.now(dt.timezone.utc)
            model.Session.add(RoleGrant(
                id=str(uuid.uuid4()), user_id=self.people[name]["id"], role=role, scope="",
                since=now, granted_at=now))
        model.Session.commit()
        self.dataset = self.make(**fields)
        self.id = self.dataset["id"]
        self.file, self.link = self.dataset["resources"]
        self.alias = "penerima_bantuan"
        self.download = f"/dataset/{self.id}/resource/{self.file['id']}/download/penerima.csv"
        self.permit: Data = {}
        self.soon = (dt.date.today() + dt.timedelta(days=30)).isoformat()
        self.berkas = f"/dataset/{self.id}/resource/{self.link['id']}/berkas"

    def make(self, **fields: Any) -> Data:
        """Make the dataset and publish it."""
        author = self.people["produsen"]
        made = call("package_create", author, **{
            **COMPLETE, **DECIDED, "owner_org": self.org["id"], "title": "Penerima bantuan",
            "name": "penerima-bantuan", **fields})
        upload = FileStorage(io.BytesIO(f"nik,nama\n1,{MARK}\n".encode()), filename="penerima.csv")
        stored = call("resource_create", author, package_id=made["id"], name="Tabel", format="CSV",
                      upload=upload)
        call("datastore_create", author, resource_id=stored["id"], force=True,
             fields=[{"id": "nama", "type": "text"}], records=[{"nama": MARK}],
             aliases=["penerima_bantuan"])
        call("resource_create", author, package_id=made["id"], name="Di tempat lain",
             format="CSV", url=ELSEWHERE, access_url=f"https://{ADDRESS}.example.org/")
        inspect_and_publish(made["id"])
        return helpers.call_action("package_show", {"use_cache": False}, id=made["id"])

    def get(self, path: str, who: str | None = None, **headers: str) -> Any:
        """Ask for a page as somebody with a browser, or nobody."""
        given = {"Accept": "text/html", **{name.replace("_", "-"): value
                                           for name, value in headers.items()}}
        if who is not None:
            given["Authorization"] = self.people[who]["token"]
        return self.app.get(path, headers=given, follow_redirects=False)
