"""One dataset published in one version after another, each of which says which one it is."""
from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib import files
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit as tk
from ckanext.datastore.backend import postgres
from marks import CUT, FILLED, STEADY, Answer, Dataset, Shapes, content, mark, marks, table
from werkzeug.datastructures import FileStorage
from workflow_cast import Cast, assemble, call

from ckanext.satudata.domain.workflow import OPEN, State
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.datastore import TableSwitching
from ckanext.satudata.versions.model import Version, VersionFile
from ckanext.satudata.workflow import store
from ckanext.satudata.workflow.model import Submission

__all__ = ["Scene", "upload"]

ALIAS = "kunjungan_semua"
WHY = "Angka diperbaiki menurut laporan."
#: Who takes which step.
WHO = {"revisi": "produsen", "ajukan": "produsen", "batalkan": "produsen", "tarik_darurat": "ppid"}
#: From where a dataset is brought back to being published with nothing under way.
BACK = {"draf": ("batalkan",), "dikembalikan": ("batalkan",), "diajukan": ("tarik_ajuan",),
        "disetujui": ("batalkan_persetujuan",)}


def upload(text: str, name: str = "berkas.csv") -> FileStorage:
    return FileStorage(io.BytesIO(text.encode()), filename=name)


class Scene:
    """The dataset, its people and its readers.

    :ivar number: of the version that is published
    """

    def __init__(self, app: Any) -> None:
        self.app, self.number = app, 1
        self.cast: Cast = assemble()
        person = self.cast.produsen
        made = self.cast.make(**FILLED, **content(1), name="kunjungan", resources=[])
        self.package = made["id"]
        changing = self.file(made["id"], "Berkas", "berkas.csv")
        steady = call("resource_create", person, package_id=made["id"], name="Tetap",
                      format="CSV", upload=upload("tetap\n1\n", "tetap.csv"))
        self.fill(steady["id"], fields=[{"id": "tetap"}], records=[{"tetap": "satu"}])
        rows = call("datastore_create", person, aliases=ALIAS, force=True,
                    resource={"package_id": made["id"], "name": f"Tabel {mark(1)}",
                              "format": "CSV"}, **table(1))
        self.extra(made["id"])
        self.dataset = Dataset(made["id"], made["name"], changing["id"], steady["id"],
                               rows["resource_id"], ALIAS)
        self.approve()
        self.step("terbitkan")
        self.recover()
        self.shapes = Shapes()
        self.shapes.learn(self.dataset, 1, self.get)

    # ------------------------------------------------------------- what it holds

    def file(self, package: str, name: str, filename: str, number: int = 1) -> Any:
        return call("resource_create", self.cast.produsen, package_id=package,
                    name=f"{name} {mark(number)}", format="CSV",
                    upload=upload(f"a\n{mark(number)}\n", filename))

    def extra(self, package: str, number: int = 1) -> None:
        """Add the file that only this version has, with a table."""
        made = self.file(package, "Lampiran", "lampiran.csv", number)
        self.fill(made["id"], **table(number))

    def fill(self, resource: str, **rows: Any) -> None:
        call("datastore_create", self.cast.produsen, resource_id=resource, force=True, **rows)

    def write(self, package: str) -> None:
        """Write the next version into a working copy, or into what was withdrawn."""
        number, person = self.number + 1, self.cast.produsen
        shown = call("package_show", person, id=package)
        mine = {each.get("asal_resource_id") or each["id"]: each for each in shown["resources"]}
        before = next(each for each in shown["resources"] if each["name"].startswith("Lampiran"))
        changing, rows = mine[self.dataset.changing], mine[self.dataset.table]
        changing["name"], rows["name"] = f"Berkas {mark(number)}", f"Tabel {mark(number)}"
        if before["id"] in tables():
            call("datastore_delete", person, resource_id=before["id"], force=True)
        call("package_patch", person, id=package, **content(number),
             resources=[each for each in shown["resources"] if each is not before])
        call("resource_patch", person, id=changing["id"], upload=upload(f"a\n{mark(number)}\n"))
        call("datastore_delete", person, resource_id=rows["id"], force=True)
        own = {"aliases": ALIAS} if rows["id"] == self.dataset.table else {}
        self.fill(rows["id"], **table(number), **own)
        self.extra(package, number)

    # ------------------------------------------------------------------ the steps

    def state(self) -> str:
        model.Session.remove()
        found = store.find(self.package)
        assert found is not None
        return found.state

    def step(self, transition: str, who: str = "") -> dict[str, Any]:
        return self.stepping(transition, who)()

    def stepping(self, transition: str, who: str = "") -> Callable[[], dict[str, Any]]:
        """Return a step to be taken, as a process does it that serves a request."""
        model.Session.remove()
        person = self.cast.people[who or WHO.get(transition, "walidata")]
        found = store.find(self.package, transition)
        assert found is not None
        identifier, version = found.id, found.version
        more = {"reason": WHY} if transition == "ajukan" else {}

        def work() -> dict[str, Any]:
            with self.app.flask_app.test_request_context():
                try:
                    return call("satudata_submission_transition", person, id=identifier,
                                transition=transition, expected_version=version, note=WHY, **more)
                finally:
                    model.Session.remove()
        return work

    def revise(self) -> str:
        """Begin and write the next version; return the id of what holds it."""
        copy = self.step("revisi")["content_id"]
        self.write(copy)
        return copy

    def approve(self) -> None:
        for transition in ("ajukan", "periksa", "setujui"):
            self.step(transition)

    def bring(self, state: str) -> None:
        """Bring it to be published, with nothing under way or a version in this state."""
        if self.state() == state and state != "terbit":
            return
        while self.state() in BACK:
            self.step(BACK[self.state()][0], "produsen" if self.state() == "diajukan" else "")
            self.recover()
        if self.state() == "ditarik":
            self.revise()
            self.approve()
            self.step("terbitkan")
            self.number += 1
            self.recover()
        if state != "terbit":
            self.revise()
        if state == "disetujui":
            self.approve()

    # ---------------------------------------------------------------- what is seen

    def get(self, path: str) -> Answer:
        model.Session.remove()
        answer = self.app.get(path, follow_redirects=False)
        try:
            return Answer(answer.status_code, answer.headers, answer.data)
        except TableSwitching:  # in the middle of a stream: the server closes the connection
            return CUT

    def versions(self) -> dict[str, int | None]:
        """Return what each place shows; see :meth:`Shapes.version`."""
        return {place: self.shapes.version(place, self.get(path))
                for place, path in self.dataset.places().items()}

    def is_whole(self, number: int) -> None:
        """All places show this version, or that nothing is there; the old ones too."""
        found = self.versions()
        steady = number if number < 0 else None
        assert found == {place: steady if place in STEADY else number for place in found}, found

    def recover(self) -> None:
        """Let the time pass in which worker and scheduler do what was left."""
        with self.app.flask_app.test_request_context():
            for _ in range(5):
                model.Session.execute(sa.update(outbox.Message).where(
                    outbox.Message.done_at.is_(None), outbox.Message.not_before > sa.func.now(),
                    outbox.Message.kind.in_(["tabel", "indeks"])).values(not_before=sa.func.now()))
                model.Session.commit()
                if not outbox.is_waiting():
                    break
                outbox.drain()
        model.Session.remove()

    def is_tidy(self) -> None:
        """Nothing is left over and nothing lost: tables, copies, index, states, events agree."""
        model.Session.remove()
        family = store.of_package(self.package)
        copies = {each.content_id for each in family if State(each.state) in OPEN}
        held = {self.package, *copies}
        assert set(model.Session.scalars(sa.select(model.Package.id).where(
            model.Package.state != "deleted", model.Package.type == "dataset"))) == held, "datasets"
        found = {each["id"] for each in make_connection().search("*:*", rows=1000)}
        assert found == held, f"in the index: {found ^ held}"
        left = model.Session.execute(sa.select(outbox.Message.key, outbox.Message.error).where(
            sa.or_(outbox.Message.error.is_not(None), sa.and_(
                outbox.Message.done_at.is_(None), outbox.Message.kind.in_(["tabel", "indeks"])
            )))).all()
        assert left == [], f"left to do: {left}"
        own = model.Session.execute(sa.select(model.Resource.id, model.Resource.extras).where(
            model.Resource.package_id == self.package, model.Resource.state == "active")).all()
        there = tables()
        said = {each.id for each in own if (each.extras or {}).get("datastore_active")}
        assert said <= there, f"lost: {said - there}"
        of_copies = set(model.Session.scalars(sa.select(model.Resource.id).where(
            model.Resource.package_id.in_(copies - {self.package}),
            model.Resource.state == "active")))
        assert there <= said | of_copies, f"left over: {there - said - of_copies}"
        for each in family:
            events = model.Session.scalars(sa.select(Event).where(
                Event.submission_id == each.id, Event.to_state.is_not(None)).order_by(Event.id))
            assert [*events][-1].to_state == each.state, f"{each.number} is {each.state}"
        self._keeps_versions(family)

    def _keeps_versions(self, family: Any) -> None:
        """Each version that was ever public is kept, says only itself, and its files are there."""
        ever: list[Submission] = [each for each in family if each.published_at is not None]
        kept = {each.submission_id: each for each in model.Session.scalars(
            sa.select(Version).where(Version.package_id == self.package))}
        assert kept.keys() == {each.id for each in ever}, "versions"
        assert len(kept) == self.number, f"{len(kept)} versions, not {self.number}"
        current = [each.id for each in ever if each.state == State.TERBIT.value]
        assert [each for each, version in kept.items() if version.ended_at is None] == current, (
            "which is current")
        storage = files.get_storage(tk.config["ckan.files.default_storages.resource"])
        for order, each in enumerate(sorted(ever, key=lambda one: one.published_at), 1):
            told = marks(repr(kept[each.id].content).encode())
            assert set(told) == {order}, f"version {order} says {told}"
            for sha256 in model.Session.scalars(sa.select(VersionFile.sha256).where(
                    VersionFile.submission_id == each.id, VersionFile.sha256.is_not(None))):
                place = f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"
                assert storage.exists(files.FileData(files.Location(place))), (order, sha256)


def tables() -> set[str]:
    """Return the tables of the datastore."""
    with postgres.get_read_engine().connect() as connection:
        return set(connection.execute(sa.text(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
            "AND NOT starts_with(tablename, '_')")).scalars())
