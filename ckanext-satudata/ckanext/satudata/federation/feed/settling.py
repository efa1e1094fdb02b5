"""Brings the feed up to date with what is marked.

Whoever settles takes marks nobody else works on, reads the datasets, and only then takes the
feed's lock to write: entries are written one writer at a time, so that numbers of changes follow
the order of commits (PostgreSQL's sequences do not), and building goes on beside it. An entry says
until when what it holds was committed; who read earlier and comes later writes nothing.

Nothing here commits but :func:`settle_now`.
"""
from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import cache
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.domain.federation.changes import moment
from ckanext.satudata.federation.feed.building import Built, build
from ckanext.satudata.federation.feed.marking import KIND_OF_DATASET
from ckanext.satudata.federation.feed.model import PIECES, Entry, FeedChange, FeedState
from ckanext.satudata.federation.site import fingerprint
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.db import lock, unit_of_work
from ckanext.satudata.shared.feed_marks import LOCK, Mark, mark, mark_selected
from ckanext.satudata.shared.language import default_language

__all__ = [
    "Claim", "UnsettledError", "begin", "claimed", "finish", "is_current", "is_current_beside",
    "is_public", "mark_all", "none_hidden", "settle", "settle_now", "state", "urgent", "waiting",
]

#: Datasets built before the lock is taken; others wait for the writing of these only.
BATCH = 25
#: Seconds a reader waits for the feed to be brought up to date.
PATIENCE = 4.0
#: Who waits for somebody else's batch looks again after so many seconds.
_LOOK = 0.02


@dataclass(frozen=True)
class Claim:
    """Marks that are ours until this transaction ends.

    :ivar read_at: what was committed until then is read (the database's clock)
    """

    marks: Sequence[int]
    packages: Sequence[str]
    read_at: dt.datetime


def is_public() -> Any:
    """Return the SQL condition on ``package`` of what stands in the feed."""
    return sa.and_(model.Package.state == model.State.ACTIVE, model.Package.private.is_(False),
                   model.Package.type == KIND_OF_DATASET)


def waiting(urgent: bool = False, upto: int | None = None) -> int | None:
    """Return the number of the newest mark that is not settled, ``None`` where there is none."""
    query = sa.select(sa.func.max(Mark.id))
    if urgent:
        query = query.where(Mark.urgent)
    if upto is not None:
        query = query.where(Mark.id <= upto)
    return model.Session.scalar(query)


def claimed(limit: int = BATCH, urgent: bool = False) -> Claim:
    """Take marks nobody works on; urgent ones of what left the public first, for they are quick."""
    query = sa.select(Mark.id, Mark.package_id)
    if urgent:
        query = query.where(Mark.urgent).outerjoin(
            model.Package, sa.and_(model.Package.id == Mark.package_id, is_public())
        ).order_by(model.Package.id.is_not(None), Mark.id)
    else:
        query = query.order_by(Mark.id)
    rows = model.Session.execute(
        query.limit(limit).with_for_update(skip_locked=True, of=Mark)).all()
    return Claim([each.id for each in rows],
                 list(dict.fromkeys(each.package_id for each in rows)), _now())


def _now() -> dt.datetime:
    """Return the time by the database's clock, which all processes share."""
    now = model.Session.scalar(sa.select(sa.func.clock_timestamp()))
    assert now is not None
    return now


def settle(claim: Claim) -> int:
    """Write what the claimed datasets are now; return how many entries changed."""
    if not claim.marks:
        return 0
    model.Session.expire_all()  # what this session read before may be older than the claim
    public = _public(claim.packages)
    made: dict[str, Built] = {}
    with default_language():
        for each in claim.packages:
            found = build(each) if each in public else None
            if found is not None:
                made[each] = found
    lock(LOCK)
    changed = _Writing(claim.read_at).write(claim.packages, made)
    model.Session.execute(sa.delete(Mark).where(Mark.id.in_(claim.marks)))
    return changed


def _public(packages: Sequence[str]) -> set[str]:
    """Return which of some datasets are public at this moment."""
    return set(model.Session.scalars(
        sa.select(model.Package.id).where(model.Package.id.in_(packages), is_public())))


class _Writing:
    """The writing of one batch, under the feed's lock."""

    def __init__(self, read_at: dt.datetime) -> None:
        self._read_at = read_at
        self._state = state()
        self._now = _now()

    def write(self, packages: Sequence[str], made: dict[str, Built]) -> int:
        known = {row.package_id: row for row in model.Session.execute(
            sa.select(*Entry.__table__.columns).where(Entry.package_id.in_(packages)))}
        before, public = self._state.sequence, _public(packages)
        for identifier in packages:
            # Who found it hidden meanwhile, and no entry to end, could leave no word of it.
            built = made.get(identifier) if identifier in public else None
            entry = known.get(identifier)
            if entry is not None and self._read_at <= entry.read_at <= self._now:
                continue  # written meanwhile by somebody who read later, if clocks go forward
            if built is None:
                if entry is not None and entry.deleted_at is None:
                    self._leave(entry)
            elif entry is None or entry.deleted_at is not None:
                self._enter(built, entry)
            elif (entry.content_hash, entry.harvested) != (built.content_hash, built.harvested):
                self._change(built, entry)
            else:
                self._keep(built, entry)
        model.Session.flush()
        return self._state.sequence - before

    def _enter(self, built: Built, entry: Any) -> None:
        self._step("create", built.package_id, built.iri, built.content_hash)
        if entry is None:
            self._state.slot += 1
        slot = self._state.slot if entry is None else entry.slot
        row = {**self._row(built), "slot": slot, "created_sequence": self._state.sequence}
        model.Session.execute(insert(Entry).values(package_id=built.package_id, **row)
                              .on_conflict_do_update(index_elements=["package_id"], set_=row))
        self._say(built, slot, self._state.changed_at)
        self._count(1, built.harvested)
        if self._state.issued is None or built.created < self._state.issued:
            self._state.issued = built.created

    def _change(self, built: Built, entry: Any) -> None:
        self._step("update", built.package_id, built.iri, built.content_hash)
        model.Session.execute(sa.update(Entry).where(
            Entry.package_id == built.package_id).values(**self._row(built)))
        self._say(built, entry.slot, self._state.changed_at)
        if built.harvested != entry.harvested:
            self._count(-1, entry.harvested)
            self._count(1, built.harvested)

    def _keep(self, built: Built, entry: Any) -> None:
        """Write what says the same once more: perhaps in other letters, by newer software."""
        model.Session.execute(sa.update(Entry).where(
            Entry.package_id == built.package_id).values(
                modified=built.modified, read_at=self._read_at))
        self._say(built, entry.slot, entry.changed_at)

    def _leave(self, entry: Any) -> None:
        self._step("delete", entry.package_id, entry.iri, "")
        model.Session.execute(sa.update(Entry).where(Entry.package_id == entry.package_id).values(
            sequence=self._state.sequence, read_at=self._read_at,
            changed_at=self._state.changed_at, deleted_at=self._state.changed_at,
            content_hash=""))
        for pieces in PIECES.values():
            model.Session.execute(sa.delete(pieces).where(pieces.c.slot == entry.slot))
        self._count(-1, entry.harvested)

    def _row(self, built: Built) -> dict[str, Any]:
        modified = self._state.modified
        self._state.modified = max(modified, built.modified) if modified else built.modified
        return {
            "sequence": self._state.sequence, "iri": built.iri, "modified": built.modified,
            "changed_at": self._state.changed_at, "read_at": self._read_at, "deleted_at": None,
            "harvested": built.harvested, "content_hash": built.content_hash,
        }

    @staticmethod
    def _say(built: Built, slot: int, at: dt.datetime) -> None:
        """Write every form of an entry, where it is not the same to the letter."""
        model.Session.execute(_pieces(), {
            "slot": slot, **built.pieces, "nasional": built.stamped(at)})

    def _step(self, kind: str, package_id: str, iri: str, content_hash: str) -> None:
        """Number a change; its time never goes back, whatever the clock does."""
        self._state.sequence += 1
        self._state.changed_at = moment(self._now, self._state.changed_at)
        model.Session.execute(sa.insert(FeedChange).values(
            sequence=self._state.sequence, kind=kind, package_id=package_id, iri=iri,
            at=self._state.changed_at, content_hash=content_hash))

    def _count(self, more: int, harvested: bool) -> None:
        self._state.live += more
        self._state.local += 0 if harvested else more


@cache
def _pieces() -> Any:
    """Return the statement that writes all forms of an entry: one, for one round trip."""
    written: list[Any] = []
    for form, pieces in PIECES.items():
        new = insert(pieces).values(slot=sa.bindparam("slot"), piece=sa.bindparam(form))
        written.append(new.on_conflict_do_update(
            index_elements=["slot"], set_={"piece": new.excluded.piece},
            where=pieces.c.piece.is_distinct_from(new.excluded.piece)).cte(form))
    return sa.select(sa.literal(1)).add_cte(*written)


def state() -> FeedState:
    """Return the one row of the feed, made where it is missing, as the database has it now."""
    question = sa.select(FeedState).where(FeedState.id == 1).execution_options(
        populate_existing=True)
    found = model.Session.scalars(question).one_or_none()
    if found is None:
        model.Session.execute(insert(FeedState).values(
            id=1, sequence=0, slot=0, live=0, local=0, made_with="",
            changed_at=sa.func.now()).on_conflict_do_nothing(index_elements=["id"]))
        found = model.Session.scalars(question).one()
    return found


def mark_all() -> None:
    """Mark every public dataset and every entry: all is described anew."""
    public = sa.select(model.Package.id).where(is_public())
    entries = sa.select(Entry.package_id).where(Entry.deleted_at.is_(None))
    mark_selected(public.union(entries))


def settle_now(seconds: float, urgent: bool = False) -> bool:
    """Settle, for so many seconds at most, what is marked now; commit batch by batch.

    Waits for what others are settling. To be called where nothing is under way in the session.

    :param urgent: only what the next answer must know
    :returns: whether all that was marked at the call is settled
    """
    ends = time.monotonic() + seconds
    model.Session.rollback()
    top = waiting(urgent)
    while top is not None:
        with unit_of_work():
            claim = claimed(urgent=urgent)
            settle(claim)
        if waiting(urgent, upto=top) is None:
            break
        if time.monotonic() > ends:
            return False
        if not claim.marks:
            time.sleep(_LOOK)
    return True


def is_current() -> bool:
    """Tell whether the feed knows all that was committed before this call.

    Settles what is not, for a while. Datasets that are not in the feed yet may enter later;
    what is there and may have been restricted or withdrawn may not be read before it is settled.
    """
    here = model.Session.execute(
        sa.select(FeedState.filled_at, urgent()).where(FeedState.id == 1)).first()
    if here is None or here.filled_at is None:
        begin()
        whole = settle_now(PATIENCE)
        if whole:
            finish()
        model.Session.rollback()
        return whole
    current = here.waiting is None or settle_now(PATIENCE, urgent=True) or not _concerned()
    model.Session.rollback()
    return current


def urgent() -> Any:
    """Return the SQL expression ``waiting``: the number of the newest urgent mark."""
    return sa.select(sa.func.max(Mark.id)).where(Mark.urgent).scalar_subquery().label("waiting")


def is_current_beside() -> bool:
    """As :func:`is_current`, for who is in the middle of something: on a session of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(copy_context().run, _beside).result()


def _beside() -> bool:
    try:
        return is_current()
    finally:
        model.Session.remove()


def _concerned() -> bool:
    """Tell whether an urgent mark waits that is of an entry readers see."""
    return bool(model.Session.scalar(sa.select(sa.exists().where(
        Mark.urgent, Mark.package_id == Entry.package_id, Entry.deleted_at.is_(None)))))


class UnsettledError(Exception):
    """The feed cannot answer now: it does not know yet what was changed."""


def none_hidden(packages: Sequence[str]) -> None:
    """Refuse to tell that datasets left which are hidden, but were not settled as that.

    Who is told so, and no new number when they come back, would never have them again.

    :raises UnsettledError: there are some; they are marked, and settled with the next question
    """
    if packages:
        with unit_of_work():
            mark(packages)
        raise UnsettledError


def begin() -> None:
    """Let the feed of a portal that has none yet be made of all that is public."""
    with unit_of_work():
        lock(LOCK)
        here = state()
        if not here.made_with:
            here.made_with = fingerprint()
            mark_all()


def finish() -> None:
    """Note that the feed is whole, once nothing is marked any more."""
    with unit_of_work():
        lock(LOCK)
        here = state()
        if here.made_with and here.filled_at is None and waiting() is None:
            here.filled_at = sa.func.clock_timestamp()


@outbox.queue
def work() -> bool:
    """Settle one batch, in the worker; tell whether there is another."""
    claim = claimed()
    settle(claim)
    return bool(claim.marks)
