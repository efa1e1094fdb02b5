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
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.federation.feed.building import Built, build
from ckanext.satudata.federation.feed.marking import is_public
from ckanext.satudata.federation.feed.model import Entry, FeedState
from ckanext.satudata.federation.feed.writing import NOW, Writing, state
from ckanext.satudata.federation.site import fingerprint
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.db import lock, unit_of_work
from ckanext.satudata.shared.feed_marks import LOCK, Mark, mark, mark_selected
from ckanext.satudata.shared.language import default_language

__all__ = [
    "Claim", "UnsettledError", "begin", "claimed", "finish", "is_current", "is_current_beside",
    "mark_all", "none_hidden", "settle", "settle_now", "urgent", "waiting",
]

#: Datasets built before the lock is taken; others wait for the writing of these only.
BATCH = 25
#: Seconds a reader waits for the feed to be brought up to date.
PATIENCE = 4.0
#: Who waits for somebody else's batch looks again after so many seconds.
_LOOK = 0.02
_EVER = dt.datetime.min.replace(tzinfo=dt.timezone.utc)


@dataclass(frozen=True)
class Claim:
    """Marks that are ours until this transaction ends.

    :ivar public: the packages that were public when this was claimed, a little before ``read_at``
    :ivar read_at: what was committed until then is read (the database's clock)
    """

    marks: Sequence[int]
    packages: Sequence[str]
    public: frozenset[str]
    read_at: dt.datetime


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
    shown = model.Package.id.is_not(None)
    rows = model.Session.execute(
        sa.select(Mark.id, Mark.package_id, shown.label("shown"), NOW)
        .outerjoin(model.Package, sa.and_(model.Package.id == Mark.package_id, is_public()))
        .where(Mark.urgent if urgent else sa.true())
        .order_by(*([shown] if urgent else []), Mark.id)
        .limit(limit).with_for_update(skip_locked=True, of=Mark)).all()
    # Whoever marked these knew that edition; described by an older one they would stay so.
    vocabulary.refresh()
    return Claim(
        [each.id for each in rows], list(dict.fromkeys(each.package_id for each in rows)),
        frozenset(each.package_id for each in rows if each.shown),
        min((each.now for each in rows), default=_EVER))


def settle(claim: Claim) -> int:
    """Write what the claimed datasets are now; return how many entries changed."""
    if not claim.marks:
        return 0
    model.Session.expire_all()  # what this session read before may be older than the claim
    made: dict[str, Built] = {}
    with default_language():
        for each in claim.packages:
            found = build(each) if each in claim.public else None
            if found is not None:
                made[each] = found
    lock(LOCK)
    changed = Writing(claim.packages, claim.public, claim.read_at).write(made)
    model.Session.execute(sa.delete(Mark).where(Mark.id.in_(claim.marks)))
    return changed


def mark_all() -> None:
    """Mark every entry and every public dataset: all is described anew.

    In the order in which they stand in the catalog, so that they come to lie so, too; what is not
    there yet is given its slot by its age.
    """
    live = sa.select(Entry.package_id).where(Entry.deleted_at.is_(None))
    mark_selected(live.order_by(Entry.slot))
    mark_selected(sa.select(model.Package.id).where(is_public(), model.Package.id.not_in(live))
                  .order_by(model.Package.metadata_created, model.Package.id))


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
