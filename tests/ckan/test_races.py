"""Many at once, and a commit that fails: exactly one decision counts, or nothing happened.

Real threads with sessions of their own, and real processes, against PostgreSQL.
"""
from __future__ import annotations

import datetime as dt
import functools
import io
import operator
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from at_once import at_once as together
from ckan import model
from ckan.tests import helpers
from ckanext.datastore.backend import DatastoreBackend
from guard_world import PLUGINS
from werkzeug.datastructures import FileStorage
from workflow_law import CONFLICT
from workflow_world import WALIDATA, World, make, told

from ckanext.satudata.domain.roles import Role
from ckanext.satudata.shared import actor
from ckanext.satudata.shared.actor import RoleGrant
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.workflow import service
from ckanext.satudata.workflow.model import Submission

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", WALIDATA),
]
Call = Callable[[], Any]
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def world() -> World:
    return make()


@pytest.fixture
def at_once(app: Any) -> Callable[[Sequence[Call]], Counter[str]]:
    """Run calls in threads that start together; return what each was told."""
    return functools.partial(together, app)


def count(transition: str) -> int:
    """Return how many events of a step there are."""
    model.Session.rollback()
    return model.Session.scalar(sa.select(sa.func.count()).select_from(Event).where(
        Event.transition == transition)) or 0


def conflicts(answers: Counter[str]) -> int:
    return answers[CONFLICT] + answers[f"{CONFLICT} version"]


def test_of_twenty_approvals_at_once_exactly_one_counts(world: World, at_once: Any) -> None:
    row = world.walk("diperiksa_walidata")
    who = ["walidata", "walidata-produsen", "sysadmin"]
    answers = at_once([
        lambda person=who[n % 3]: world.step(person, "setujui", row) for n in range(20)])
    assert answers["disetujui"] == 1 and conflicts(answers) == 19
    assert count("setujui") == 1
    assert world.submission().version == row.version + 1


def test_of_approvals_and_returns_at_once_one_counts(world: World, at_once: Any) -> None:
    row = world.walk("diperiksa_walidata")
    answers = at_once([
        lambda name=("setujui", "kembalikan")[n % 2]: world.step("walidata", name, row)
        for n in range(10)])
    assert answers["disetujui"] + answers["dikembalikan"] == 1 and conflicts(answers) == 9
    assert count("setujui") + count("kembalikan") == 1


def test_two_revisions_begun_at_once_are_one(world: World, at_once: Any) -> None:
    row = world.walk("terbit")
    before = datasets()
    answers = at_once([lambda: world.step("produsen", "revisi", row) for _ in range(8)])
    assert answers == {"draf": 1, CONFLICT: 7}
    assert datasets() == before + 1
    assert count("revisi") == 1


def datasets() -> int:
    model.Session.rollback()
    return model.Session.scalar(sa.select(sa.func.count()).select_from(model.Package)) or 0


def test_a_version_other_than_the_one_seen_is_not_approved(world: World) -> None:
    seen = world.walk("diperiksa_walidata").version
    world.step("walidata", "kembalikan")
    world.write("pengirim", notes="Angka diganti.")
    world.step("pengirim", "ajukan")
    world.step("walidata", "periksa")
    assert told(lambda: world.step("walidata", "setujui", expected_version=seen)) == (
        f"{CONFLICT} version")
    assert count("setujui") == 0


def test_what_is_handed_in_is_what_was_written_before(world: World, at_once: Any) -> None:
    for number in range(6):
        row = world.submission()
        note = f"Isi ke-{number}."
        answers = at_once([
            lambda row=row: world.step("pengirim", "ajukan", row),
            lambda note=note: world.act(
                "produsen", "package_patch", id=world.package["id"], notes=note),
        ])
        written, handed_in = answers["done"], answers["diajukan"]
        assert written + handed_in == 1 and conflicts(answers) == 1, answers
        shown = helpers.call_action("package_show", id=world.package["id"])
        assert (shown["notes"] == note) is bool(written)
        if handed_in:
            world.step("pengirim", "tarik_ajuan")


def test_two_schedulers_release_once(world: World, at_once: Any) -> None:
    released = plan(world)
    answers: list[list[str]] = []
    at_once([lambda: answers.append(service.release_due()) for _ in range(6)])
    assert functools.reduce(operator.iadd, answers, []) == [released]
    assert count("terbitkan") == 1
    assert world.submission().state == "terbit"


def test_of_all_walidata_revoked_at_once_one_stays(world: World, at_once: Any) -> None:
    holders = ["walidata", "walidata-pengisi", "walidata-produsen"]
    grants = [model.Session.scalars(sa.select(RoleGrant.id).where(
        RoleGrant.user_id == world.people[name])).one() for name in holders]
    answers = at_once([
        lambda grant=grant: world.act(
            "sysadmin", "satudata_role_revoke", id=grant, reason="Pindah tugas.")
        for grant in grants])
    assert answers["done"] == 2, answers
    model.Session.rollback()
    assert len(actor.holders(Role.WALIDATA)) == 1


SCHEDULER = """
import sys
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
app = make_app(CKANConfigLoader(sys.argv[1]).get_config())
from ckanext.satudata.workflow import service
print("ready", flush=True)
sys.stdin.readline()
with app._wsgi_app.test_request_context():
    print(len(service.release_due()), flush=True)
"""


def test_schedulers_of_several_processes_release_once(
    world: World, request: pytest.FixtureRequest
) -> None:
    ini = request.config.getoption("ckan_ini")
    plan(world)
    running = [
        subprocess.Popen([sys.executable, "-W", "ignore", "-c", SCHEDULER, ini],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)]
    try:
        for process in running:
            assert process.stdout and process.stdout.readline() == "ready\n"
        for process in running:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        told = [process.communicate(timeout=120)[0].strip() for process in running]
    finally:
        for process in running:
            process.kill()
            process.wait()
    assert sorted(told) == ["0", "0", "1"]
    assert count("terbitkan") == 1


def plan(world: World) -> str:
    """Approve the dataset for a release whose minute has come; return its submission's id."""
    world.walk("disetujui")
    world.step("walidata", "jadwalkan")
    return due_since(world, MINUTE)


def due_since(world: World, late: dt.timedelta) -> str:
    row = world.submission()
    model.Session.execute(sa.update(Submission).where(Submission.id == row.id).values(
        release_at=dt.datetime.now(dt.timezone.utc) - late))
    model.Session.commit()
    return row.id


def test_a_release_missed_while_the_portal_was_down_happens_late(world: World) -> None:
    plan(world)
    identifier = due_since(world, dt.timedelta(days=30))
    assert service.release_due() == [identifier]
    assert service.release_due() == []


class BrokenCommit(Exception):
    """What the database said."""


@contextmanager
def failing_commit() -> Iterator[None]:
    """Let the next commit fail, as it does when the database goes away."""
    def fail(session: Any) -> None:
        raise BrokenCommit

    sa.event.listen(model.Session, "before_commit", fail)
    try:
        yield
    finally:
        sa.event.remove(model.Session, "before_commit", fail)
        model.Session.rollback()


#: What fails first, then the step that is taken.
WAY = (
    (("pengirim", "batalkan"), ("pengirim", "ajukan")),
    (("pengirim", "tarik_ajuan"), ("walidata", "periksa")),
    (("walidata", "alihkan"), ("walidata", "kembalikan"), ("walidata", "setujui")),
    (("walidata", "batalkan_persetujuan"), ("ppid", "tarik_darurat"), ("walidata", "terbitkan")),
    (("pengirim", "revisi"), ("walidata", "tarik")),
    (("pengirim", "revisi"),),
)


def test_a_step_whose_commit_fails_leaves_everything_as_it_was(
    world: World, everything: Call
) -> None:
    for steps in WAY:
        for person, name in steps:
            before = everything()
            with failing_commit(), pytest.raises(BrokenCommit):
                world.step(person, name)
            after = everything()
            assert [key for key in after if before[key] != after[key]] == [], name
        world.step(*steps[-1])


@pytest.mark.usefixtures("clean_datastore")
def test_a_new_version_whose_commit_fails_leaves_the_published_one(
    world: World, app: Any, everything: Call
) -> None:
    file = world.act(
        "pengirim", "resource_create", package_id=world.package["id"], name="Berkas",
        format="CSV", upload=upload(b"kecamatan,jumlah\nAnyar,1\n"))
    world.act("pengirim", "datastore_create", resource_id=file["id"], force=True,
              fields=[{"id": "kecamatan"}], records=[{"kecamatan": "Anyar"}])
    world.walk("terbit")
    made = world.step("pengirim", "revisi")
    copy = helpers.call_action("package_show", id=made["content_id"])
    world.act("pengirim", "package_patch", id=copy["id"], notes="Versi kedua.")
    world.act("pengirim", "resource_patch", id=copy["resources"][-1]["id"],
              upload=upload(b"kecamatan,jumlah\nAnyar,2\n"))
    world.step("pengirim", "ajukan", reason="Jumlah Anyar salah ketik.")
    for name in ("periksa", "setujui"):
        world.step("walidata", name)
    read, before = published(app, world, file), everything()
    with failing_commit(), pytest.raises(BrokenCommit):
        world.step("walidata", "terbitkan")
    after = everything()
    assert [key for key in after if before[key] != after[key]] == []
    assert published(app, world, file) == read
    assert read["file"] == "kecamatan,jumlah\nAnyar,1\n" and read["rows"] == ["Anyar"]
    world.step("walidata", "terbitkan")
    new = published(app, world, file)
    assert new["notes"] == "Versi kedua." and new["file"] == "kecamatan,jumlah\nAnyar,2\n"


@pytest.fixture
def beside(app: Any) -> Callable[[Call, list[str]], threading.Thread]:
    """Start a call in a thread with a session of its own; what it was told comes to the list."""

    def run(call: Call, answers: list[str]) -> threading.Thread:
        def one() -> None:
            with app.flask_app.test_request_context():
                try:
                    answers.append(told(call))
                finally:
                    model.Session.remove()

        thread = threading.Thread(target=one)
        thread.start()
        return thread

    return run


def new_table(world: World) -> Any:
    """Make a resource, its first view and its table in one call, which CKAN commits in parts."""
    return world.act(
        "produsen", "datastore_create",
        resource={"package_id": world.package["id"], "name": "Tabel kedua", "format": "PNG"},
        fields=[{"id": "kecamatan"}], records=[{"kecamatan": "Anyar"}])


def version(world: World) -> int:
    return model.Session.scalars(sa.select(Submission.version).where(
        Submission.package_id == world.package["id"])).one()


def tables_filled() -> int:
    backend = DatastoreBackend.get_active_backend()
    made = model.Session.scalars(sa.select(model.Resource.id).where(
        model.Resource.url_type == "datastore", model.Resource.state == "active")).all()
    return sum(backend.resource_exists(each) for each in made)


@pytest.mark.usefixtures("clean_datastore")
@pytest.mark.ckan_config("ckan.plugins", f"{PLUGINS} image_view")
@pytest.mark.ckan_config("ckan.views.default_views", "image_view")
def test_nothing_is_handed_in_while_the_table_of_a_new_resource_is_filled(
    world: World, beside: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = type(DatastoreBackend.get_active_backend())
    fill, answers, threads = backend.create, [], []

    def slowly(*args: Any, **more: Any) -> Any:
        seen = version(world)  # as the page shows it, the resource being there already
        threads.append(beside(
            lambda: world.step("pengirim", "ajukan", expected_version=seen), answers))
        threads[0].join(2)
        assert answers == [], "handed in before its rows were there"
        return fill(*args, **more)

    monkeypatch.setattr(backend, "create", slowly)
    new_table(world)
    threads[0].join(60)
    assert answers == [f"{CONFLICT} version"]
    model.Session.rollback()
    assert world.submission().state == "draf" and tables_filled() == 1


@pytest.mark.usefixtures("clean_datastore")
@pytest.mark.ckan_config("ckan.plugins", f"{PLUGINS} image_view")
@pytest.mark.ckan_config("ckan.views.default_views", "image_view")
@pytest.mark.parametrize("commit", [1, 2], ids=["of_the_resource", "of_its_view"])
def test_no_rows_come_into_what_was_handed_in_between_the_parts_of_a_call(
    world: World, beside: Any, commit: int
) -> None:
    answers: list[str] = []
    commits: list[Any] = []

    def hand_in(session: Any) -> None:
        if session is not mine or session.in_nested_transaction():
            return
        commits.append(session)
        if len(commits) != commit:
            return
        beside(lambda: world.step("pengirim", "ajukan"), answers).join(60)

    mine = model.Session()
    sa.event.listen(model.Session, "after_commit", hand_in)
    try:
        assert told(lambda: new_table(world)) == CONFLICT, answers
    finally:
        sa.event.remove(model.Session, "after_commit", hand_in)
    assert answers == ["diajukan"]
    model.Session.rollback()
    assert world.submission().state == "diajukan" and tables_filled() == 0


def upload(content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename="berkas.csv")


def published(app: Any, world: World, file: dict[str, Any]) -> dict[str, Any]:
    """Return what the public gets: metadata, file, rows of the table, and the search."""
    package = world.package["id"]
    shown = app.get(f"/api/action/package_show?id={package}").json["result"]
    found = app.get("/api/action/package_search?q=kunjungan").json["result"]["results"]
    rows = app.get(f"/api/action/datastore_search?resource_id={file['id']}").json
    return {
        "notes": shown["notes"], "found": [each["notes"] for each in found],
        "file": app.get(
            f"/dataset/{package}/resource/{file['id']}/download/berkas.csv",
            follow_redirects=True).get_data(as_text=True),
        "rows": [each["kecamatan"] for each in rows["result"]["records"]]
        if rows["success"] else [],
    }
