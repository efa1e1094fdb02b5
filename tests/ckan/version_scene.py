"""A published dataset whose table is followed by others, and the short way to its next version."""
from __future__ import annotations

import io
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers
from ckanext.datastore.backend import postgres
from publishing import COMPLETE
from werkzeug.datastructures import FileStorage

from ckanext.satudata.shared import doors, outbox
from ckanext.satudata.shared.outbox import Message
from ckanext.satudata.workflow import guard_call, publish, store

__all__ = [
    "ALIAS",
    "FIELDS",
    "Scene",
    "act",
    "journal",
    "rows",
    "sql",
    "upload",
]

Data = dict[str, Any]
FIELDS = [{"id": "kecamatan", "type": "text", "info": {"label": "Kecamatan"}},
          {"id": "jumlah", "type": "int"}]
CSV = b"kecamatan,jumlah\nAnyar,1\nCinangka,2\n"
ALIAS = "kunjungan_alias"


def act(action: str, user: Data | None, /, **data: Any) -> Any:
    """Call an action with the rights of a user, or of nobody."""
    return helpers.call_action(
        action, {"user": user["name"] if user else "", "ignore_auth": False}, **data)


def upload(content: bytes, name: str = "data.csv") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def rows(resource_id: str, user: Data | None = None) -> list[tuple[str, int]]:
    """Return what a table holds for whoever asks."""
    found = act("datastore_search", user, resource_id=resource_id, sort="_id")["records"]
    return [(each["kecamatan"], each["jumlah"]) for each in found]


def sql(statement: str, **values: Any) -> list[Any]:
    """Ask the datastore's database itself."""
    with postgres.get_write_engine().begin() as connection:
        found = connection.execute(sa.text(statement), values)
        return list(found.scalars()) if found.returns_rows else []


def journal() -> list[Message]:
    """Return the open entries of the journal."""
    model.Session.rollback()
    return list(model.Session.scalars(sa.select(Message).where(
        Message.kind == "tabel", Message.done_at.is_(None))))


class Scene:
    """Two sysadmins, for four eyes, and a dataset with three files.

    ``file`` has bytes and a table of them, ``only`` is a table and nothing else, ``link`` is an
    address elsewhere.
    """

    def __init__(self) -> None:
        self.boss, self.second = factories.Sysadmin(), factories.Sysadmin()
        org = factories.Organization()["id"]
        made = act("package_create", self.boss, title="Kunjungan", owner_org=org, **COMPLETE)
        self.id: str = made["id"]
        self.file: str = act("resource_create", self.boss, package_id=self.id, name="Tabel",
                             upload=upload(CSV), format="CSV")["id"]
        self.fill(self.file, [("Anyar", 1), ("Cinangka", 2)], aliases=[ALIAS])
        self.only: str = act(
            "datastore_create", self.boss,
            resource={"package_id": self.id, "name": "Hanya tabel", "format": "CSV"},
            fields=FIELDS, primary_key=["kecamatan"], indexes=["jumlah"],
            records=[{"kecamatan": "Anyar", "jumlah": 10}])["resource_id"]
        self.link: str = act("resource_create", self.boss, package_id=self.id, name="Tautan",
                             url="https://a.go.id/x.csv")["id"]
        doors.existing_published(self.id, self.boss["name"])

    def fill(self, resource: str, values: list[tuple[str, int]], **more: Any) -> None:
        """Make a table of some rows."""
        act("datastore_create", self.boss, resource_id=resource, force=True, fields=FIELDS,
            primary_key=["kecamatan"],
            records=[{"kecamatan": name, "jumlah": number} for name, number in values], **more)

    def fill_public(self, resource: str, values: list[tuple[str, int]]) -> None:
        """Write to a published table as code on the server does."""
        with guard_call.through_door({"satudata_door": publish.Door()}):
            self.fill(resource, values)

    def step(self, user: Data, identifier: str, transition: str, **more: Any) -> Data:
        seen = act("satudata_submission_show", user, id=identifier)
        return act("satudata_submission_transition", user, id=seen["id"], transition=transition,
                   expected_version=seen["version"], **more)

    def revise(self) -> Copy:
        """Begin the next version."""
        started = self.step(self.boss, self.id, "revisi")
        return Copy(self, started["id"], started["content_id"])

    def show(self, user: Data | None = None) -> Data:
        return act("package_show", user, id=self.id)


class Copy:
    """A working copy; its resources under the names of those they stand for."""

    def __init__(self, scene: Scene, submission: str, identifier: str) -> None:
        self.scene, self.submission, self.id = scene, submission, identifier
        of = {each.get("asal_resource_id"): each["id"] for each in self.show()["resources"]}
        self.file, self.only, self.link = of[scene.file], of[scene.only], of[scene.link]

    def show(self) -> Data:
        return act("package_show", self.scene.boss, id=self.id)

    def approve(self) -> None:
        """Bring it to where it may be published; the way there is another test's."""
        submission = store.content(self.id)
        assert submission is not None
        submission.state = "disetujui"
        model.Session.commit()

    def publish(self, title: str = "Kunjungan baru") -> None:
        """Publish it as another says."""
        act("package_patch", self.scene.boss, id=self.id, title=title)
        self.approve()
        self.scene.step(self.scene.second, self.submission, "terbitkan")

    def publish_and_die(self, monkeypatch: Any, title: str = "Kunjungan baru") -> None:
        """Publish, and end before anything that has to follow the commit."""
        with monkeypatch.context() as patch:
            patch.setattr(outbox, "drain", lambda *_args, **_more: 0)
            self.publish(title)
