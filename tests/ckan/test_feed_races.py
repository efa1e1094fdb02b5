"""The feed while many write, settle and read at once, and while those who settle die."""
from __future__ import annotations

import datetime as dt
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from crashing import at, dying, interrupted, on
from feed_reader import pieces, site_url
from publishing import published
from rdflib import RDF, Graph
from sqlalchemy.orm.attributes import flag_modified

from ckanext.satudata.domain.federation.joined import inflated, unpacked
from ckanext.satudata.domain.federation.terms import DCAT
from ckanext.satudata.federation.feed import settling
from ckanext.satudata.federation.feed.building import build
from ckanext.satudata.federation.feed.marking import is_public
from ckanext.satudata.federation.feed.model import Entry, FeedChange, FeedState
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.feed_marks import Mark, mark

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

Data = dict[str, Any]
#: Seconds the crowd works, and after which a thread that is not done hangs.
SECONDS, PATIENCE = 8.0, 60.0
DATASETS = 9


def address(identifier: str) -> str:
    return f"https://rahasia.example/{identifier}.csv"


def known(app: Any, **fields: Any) -> str:
    made = published(**fields)
    app.get("/catalog.ttl")
    return made["id"]


def edit(identifier: str, notes: str) -> None:
    package = model.Package.get(identifier)
    assert package is not None
    package.notes = notes
    model.Session.commit()


def hide(identifier: str, hidden: bool) -> None:
    """Take a dataset out of the public, or back, as code does that says so itself."""
    model.Session.execute(sa.text("UPDATE package SET private = :hidden WHERE id = :id"),
                          {"id": identifier, "hidden": hidden})
    mark([identifier])
    model.Session.commit()


def restrict(identifier: str, restricted: bool) -> None:
    package = model.Package.get(identifier)
    assert package is not None
    package.extras["access_rights"] = "tertutup" if restricted else "terbuka"
    flag_modified(package, "extras")
    model.Session.commit()


def rename(identifier: str, title: str) -> None:
    group = model.Group.get(identifier)
    assert group is not None
    group.title = title
    model.Session.commit()


def is_right() -> None:
    """All is settled: what is kept is what a fresh build gives, and the numbers are whole."""
    model.Session.remove()
    assert settling.settle_now(PATIENCE)
    assert settling.waiting() is None
    entries = model.Session.scalars(sa.select(Entry)).all()
    public = set(model.Session.scalars(sa.select(model.Package.id).where(is_public())))
    assert {each.package_id for each in entries if each.deleted_at is None} == public
    for each in entries:
        if each.deleted_at is not None:
            assert not pieces(each.slot)
            assert each.content_hash == ""
            continue
        fresh = build(each.package_id)
        assert fresh is not None
        held = pieces(each.slot)
        assert each.content_hash == fresh.content_hash, inflated(unpacked(held["nt"])).decode()
        assert held == {**fresh.pieces, "nasional": fresh.stamped(each.changed_at)}
    here = model.Session.get(FeedState, 1)
    assert here is not None
    changes = model.Session.scalars(sa.select(FeedChange).order_by(FeedChange.sequence)).all()
    assert [each.sequence for each in changes] == list(range(1, here.sequence + 1))
    assert [each.at for each in changes] == sorted({each.at for each in changes})
    assert here.live == here.local == len(public)
    assert len({each.slot for each in entries}) == len(entries) == here.slot
    newest = {each.package_id: each for each in changes}
    for each in entries:
        last = newest[each.package_id]
        assert (last.sequence, last.content_hash) == (each.sequence, each.content_hash)
        assert (last.kind == "delete") == (each.deleted_at is not None)
    model.Session.remove()


@dataclass
class Truth:
    """Since when something surely is so, and until when it may have been."""

    moments: list[tuple[float, float, bool]] = field(default_factory=list)

    def becomes(self, value: bool, change: Callable[[], None]) -> None:
        """Do a change that makes it so; it takes effect some time between begin and end."""
        begin = time.monotonic()
        self.moments.append((begin, float("inf"), value))
        change()
        self.moments[-1] = (begin, time.monotonic(), value)

    def may_be(self, value: bool, start: float, end: float) -> bool:
        """Tell whether it may have been so at some moment of a time."""
        if any(begin <= end and value is said for begin, done, said in self.moments
               if done >= start):
            return True
        before = [said for _begin, done, said in self.moments if done < start]
        return before[-1] is value


@dataclass
class Known:
    """A dataset, what is true of it, and its office."""

    id: str
    office: str
    public: Truth
    open: Truth


def ids(found: Graph) -> set[str]:
    return {str(each).rpartition("/")[2] for each in found.subjects(RDF.type, DCAT.Dataset)}


class Crowd:
    """Threads that all work for some seconds; what one finds wrong ends all."""

    def __init__(self, app: Any, seed: int) -> None:
        self.app, self.random = app, random.Random(seed)
        self.wrong: list[str] = []
        self.answers = {200: 0, 503: 0}
        self.ends = 0.0
        self.known: list[Known] = []
        now = time.monotonic()
        for number in range(DATASETS):
            made = published(title=f"Data {number}")
            model.Session.add(model.Resource(
                package_id=made["id"], name="Tabel", url=address(made["id"])))
            model.Session.commit()
            truth = [Truth([(now, now, True)]) for _ in range(2)]
            self.known.append(Known(made["id"], made["owner_org"], *truth))

    def work(self, *tasks: Callable[[random.Random], None]) -> None:
        model.Session.remove()
        self.ends = time.monotonic() + SECONDS
        threads = [threading.Thread(target=self._again, args=(
            task, random.Random(self.random.random())), daemon=True) for task in tasks]
        for each in threads:
            each.start()
        for each in threads:
            each.join(SECONDS + PATIENCE)
            assert not each.is_alive(), "somebody waits for ever"
        assert not self.wrong, "\n".join(self.wrong)

    def _again(self, task: Callable[[random.Random], None], chance: random.Random) -> None:
        while time.monotonic() < self.ends and not self.wrong:
            try:
                task(chance)
            except Exception as error:
                self.wrong.append(f"{getattr(task, '__name__', task)}: {error!r}"[:3000])
            finally:
                model.Session.remove()

    # ------------------------------------------------------------ who writes
    def writer(self, mine: list[Known]) -> Callable[[random.Random], None]:
        """Change some datasets that nobody else changes."""
        def write(chance: random.Random) -> None:
            each = chance.choice(mine)
            step = chance.randrange(6)
            if step < 2:
                hidden = each.public.moments[-1][2]
                each.public.becomes(not hidden, lambda: hide(each.id, hidden))
            elif step < 4:
                closed = each.open.moments[-1][2]
                each.open.becomes(not closed, lambda: restrict(each.id, closed))
            elif step == 4:
                rename(each.office, f"Dinas {chance.random()}")
            else:
                edit(each.id, f"Diubah {chance.random()}")
            time.sleep(chance.random() / 20)
        return write

    # ------------------------------------------------------------ who settles
    def worker(self, _chance: random.Random) -> None:
        outbox.drain()
        time.sleep(0.02)

    def rebuilder(self, chance: random.Random) -> None:
        settling.mark_all()
        model.Session.commit()
        settling.settle_now(0.5, urgent=chance.random() < 0.5)
        time.sleep(0.5)

    # ------------------------------------------------------------ who reads
    def get(self, path: str) -> str | None:
        """Return what is answered, nothing where it says to come again."""
        answer = self.app.flask_app.test_client().get(path)
        assert answer.status_code in self.answers, (path, answer.status_code)
        self.answers[answer.status_code] += 1
        if answer.status_code == 503:
            assert answer.headers["Retry-After"]
            return None
        return answer.get_data(as_text=True)

    def check(self, path: str, listed: Callable[[str], set[str]]) -> None:
        start = time.monotonic()
        text = self.get(path)
        end = time.monotonic()
        if text is None:
            return
        shown = listed(text)
        for each in self.known:
            if each.id in shown:
                assert each.public.may_be(True, start, end), f"{path}: {each.id} is hidden"
            else:
                assert each.public.may_be(False, start, end), f"{path}: {each.id} is missing"
            if address(each.id) in text:
                assert each.open.may_be(True, start, end), f"{path}: {each.id} is restricted"

    def reader(self, chance: random.Random) -> None:
        path = chance.choice([
            "/catalog.nt", "/catalog.jsonld", "/catalog.nt?after=0", "/data.json",
            "/catalog/changes?content=nt", "/nasional/api/3/action/package_search?rows=100"])
        self.check(path, {
            "/catalog.nt": lambda text: ids(Graph().parse(data=text, format="nt")),
            "/catalog.jsonld": lambda text: {
                each.id for each in self.known
                if f'"@id":"{site_url()}/dataset/{each.id}","@type":' in text.replace(" ", "")},
            "/data.json": lambda text: {
                each["identifier"][-36:] for each in json.loads(text)["dataset"]},
            "/catalog/changes": lambda text: {
                each["id"] for each in map(json.loads, text.splitlines()[:-1])
                if each["kind"] != "delete"},
            "/nasional/api/3/action/package_search": lambda text: {
                each["id"] for each in json.loads(text)["result"]["results"]
                if each["state"] == "active"},
        }[path.partition("?")[0]])


@pytest.mark.parametrize("seed", [3])
def test_in_a_crowd_nobody_sees_what_is_not_public_or_misses_what_is(app: Any, seed: int) -> None:
    crowd = Crowd(app, seed)
    app.get("/catalog.ttl")
    held: dict[str, str] = {}
    place = 0

    def follow(chance: random.Random) -> None:
        """Follow the changes as a harvester that was here before."""
        nonlocal place
        text = crowd.get(f"/catalog/changes?since={place}&limit=3&content=nt")
        for each in map(json.loads, (text or "").splitlines()):
            if "position" in each:
                place = each["position"]
            elif each["kind"] == "delete":
                held.pop(each["id"], None)
            else:
                held[each["id"]] = each["nt"]
        time.sleep(chance.random() / 10)

    thirds = [crowd.known[first::3] for first in range(3)]
    crowd.work(*map(crowd.writer, thirds), crowd.worker, crowd.worker, crowd.rebuilder,
               crowd.reader, crowd.reader, crowd.reader, follow)
    is_right()
    before = -1
    while place != before:
        before = place
        follow(random.Random(1))
    found = crowd.get("/catalog.nt")
    assert found is not None
    assert set(held) == ids(Graph().parse(data=found, format="nt"))
    assert all(content in found for content in held.values())
    assert crowd.answers[200] > 20


@pytest.fixture
def one(app: Any) -> Iterator[str]:
    yield known(app, title="Ada")
    model.Session.remove()


def settled(_edit: int = 0) -> None:
    settling.settle_now(5)


def test_who_settles_may_die_before_any_step(app: Any, one: str) -> None:
    edit(one, "Diubah")
    whole = dying(settled, None)
    assert not whole.killed and not whole.error
    places = whole.places()
    assert len(places) > 15
    for number, place in enumerate(places):
        edit(one, f"Diubah {number}")
        died = dying(settled, place)
        assert died.killed or place == list(places)[-1]
        assert f"Diubah {number}" in app.get("/catalog.ttl").body, died.before
    is_right()


def test_who_settles_may_be_overtaken_before_any_step(app: Any, one: str) -> None:
    number = 0
    while True:
        number += 1
        edit(one, "Mula")

        def other(number: int = number) -> None:
            edit(one, f"Baru {number}")
            settling.settle_now(0.2)

        done = interrupted(settled, at(number), other)
        model.Session.remove()
        if not done.stopped:
            break
        assert f"Baru {number}" in app.get("/catalog.ttl").body, done.steps[number - 1]
    assert number > 15
    is_right()


@pytest.mark.parametrize("was_there", [True, False])
def test_what_is_hidden_while_it_is_settled_does_not_come_back(
    app: Any, one: str, was_there: bool
) -> None:
    """Whoever finds it hidden, and no entry to end, leaves no trace to one who read earlier."""
    hide(one, True)
    app.get("/catalog.ttl")
    if not was_there:
        model.Session.execute(sa.delete(Entry))
        model.Session.commit()
    hide(one, False)

    def other() -> None:
        hide(one, True)
        settling.settle_now(0.2)

    done = interrupted(settled, on("pg_advisory_xact_lock"), other)
    assert done.stopped and not done.waited
    model.Session.remove()
    assert settling.waiting() is None
    assert not model.Session.scalars(sa.select(Entry).where(Entry.deleted_at.is_(None))).all()


def test_what_is_shown_while_it_is_claimed_stays(app: Any, one: str) -> None:
    """Who is public is seen as a claim begins; its time is a little later, others work between."""
    hide(one, True)
    claim = settling.claimed()
    assert claim.packages == [one] and not claim.public

    def other() -> None:
        hide(one, False)
        settling.settle_now(0.2)

    thread = threading.Thread(target=lambda: (other(), model.Session.remove()))
    thread.start()
    thread.join(PATIENCE)
    settling.settle(replace(claim, read_at=dt.datetime.now(dt.timezone.utc)))
    model.Session.commit()
    is_right()
    assert one in app.get("/catalog.ttl").body


def test_a_connection_may_end_before_any_step(app: Any, one: str) -> None:
    number, stopped = 0, 1
    while stopped:
        number += 1
        edit(one, f"Putus {number}")
        with ended_at(number) as steps:
            try:
                settling.settle_now(5)
            except sa.exc.DBAPIError:
                pass
            finally:
                model.Session.remove()
        stopped = len(steps) >= number
        assert f"Putus {number}" in app.get("/catalog.ttl").body, steps[-1]
    assert number > 15
    is_right()


@contextmanager
def ended_at(number: int) -> Iterator[list[str]]:
    """End the connection of a statement before it is sent, once."""
    steps: list[str] = []

    def look(connection: Any, _cursor: Any, text: str, *_more: Any) -> None:
        steps.append(text)
        if len(steps) == number:
            victim = connection.connection.dbapi_connection.info.backend_pid
            with other.connect() as killer:
                killer.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": victim})

    other = sa.create_engine(model.ensure_engine().url, poolclass=sa.NullPool)
    sa.event.listen(model.ensure_engine(), "before_cursor_execute", look)
    try:
        yield steps
    finally:
        sa.event.remove(model.ensure_engine(), "before_cursor_execute", look)


def test_a_clock_that_was_set_back_hides_no_change(app: Any, one: str) -> None:
    model.Session.execute(sa.update(Entry).values(read_at=Entry.read_at + sa.text(
        "interval '1 hour'")))
    model.Session.commit()
    edit(one, "Diubah")
    assert "Diubah" in app.get("/catalog.ttl").body
    hide(one, True)
    app.get("/catalog.ttl")
    model.Session.rollback()
    assert model.Session.scalar(sa.select(Entry.deleted_at)) is not None
    assert model.Session.query(Mark).count() == 0


PATHS = ["/catalog/changes?since=0", "/nasional/api/3/action/package_search",
         "/nasional/api/3/action/package_show?id={}"]


def told() -> list[str]:
    return list(model.Session.scalars(sa.select(FeedChange.kind).order_by(FeedChange.sequence)))


@pytest.mark.parametrize("path", PATHS)
def test_nobody_is_told_that_it_left_unless_that_has_a_number(
    app: Any, one: str, path: str
) -> None:
    """It may come back at once, with the number it had: who heard that it left would miss it."""
    app.get("/catalog.ttl")
    with model.ensure_engine().begin() as connection:  # in plain SQL, of which no mark tells
        connection.execute(sa.update(model.Package).where(model.Package.id == one).values(
            private=True))
    asked = path.format(one)
    assert "{" not in app.get(asked, status=503).get_data(as_text=True)
    assert "delete" in app.get(asked).get_data(as_text=True)
    assert told() == ["create", "delete"]


@pytest.mark.parametrize(("point", "known"), [
    (r"SELECT satudata_feed_state\.sequence", True),
    (r"SELECT (satudata_feed_entry|anon_1)", False)])
@pytest.mark.parametrize("path", PATHS)
def test_what_leaves_while_an_answer_is_read_left_before_it_or_after(
    app: Any, one: str, path: str, point: str, known: bool
) -> None:
    asked = path.format(one)
    done = interrupted(lambda: app.flask_app.test_client().get(asked), on(point),
                       lambda: hide(one, True))
    assert done.stopped and done.result.status_code == 200
    assert ("delete" in done.result.get_data(as_text=True)) == known
    assert told() == (["create", "delete"] if known else ["create"])
    assert "delete" in app.get(asked).get_data(as_text=True)
    is_right()
