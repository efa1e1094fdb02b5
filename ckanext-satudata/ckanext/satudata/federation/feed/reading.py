"""Reads the feed: on one connection that is given back before a byte is sent.

A slow reader holds a thread, never a connection. What is read together is of one moment
(REPEATABLE READ). Every row is joined to the dataset as CKAN has it: whatever a mark failed to
tell, nothing is handed out that is not public now.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from ckanext.satudata.domain.federation.changes import range_of
from ckanext.satudata.federation.feed import settling
from ckanext.satudata.federation.feed.marking import is_public
from ckanext.satudata.federation.feed.model import PIECES, Entry, FeedChange, FeedState
from ckanext.satudata.shared import snapshot

__all__ = ["Reading", "Row", "State", "opened", "settled"]


@dataclass(frozen=True)
class State:
    """How far the feed is; see :class:`.model.FeedState`.

    :ivar waiting: number of the newest urgent mark, ``None`` where nothing waits
    """

    sequence: int = 0
    slot: int = 0
    live: int = 0
    local: int = 0
    changed_at: dt.datetime = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
    issued: dt.datetime | None = None
    modified: dt.datetime | None = None
    made_with: str = ""
    filled_at: dt.datetime | None = None
    waiting: int | None = None

    @property
    def is_settled(self) -> bool:
        """Whether the feed knows all that was committed before."""
        return self.filled_at is not None and self.waiting is None


@dataclass(frozen=True)
class Row:
    """One public entry in one form."""

    slot: int
    package_id: str
    iri: str
    piece: bytes


@contextmanager
def opened() -> Iterator[Reading]:
    """Read what belongs together."""
    with model.ensure_engine().connect() as connection:
        yield Reading(connection.execution_options(isolation_level="REPEATABLE READ"))


@contextmanager
def _in_session() -> Iterator[Reading]:
    """Read by the session, which ends what it was at: what else is asked is of this moment, too.

    On a connection beside it, answers that ask the session as well could wait for each other's.
    """
    snapshot.begin()
    try:
        yield Reading(model.Session().connection())
    finally:
        model.Session.rollback()


@contextmanager
def settled(beside: bool = False) -> Iterator[Reading]:
    """Read a moment at which the feed knows all that was committed before this call.

    :param beside: for who is in the middle of something: the session is left as it is
    :raises UnsettledError: the feed cannot be brought there now
    """
    look = opened if beside else _in_session
    with look() as reading:
        if reading.state.is_settled:
            yield reading
            return
    if not (settling.is_current_beside if beside else settling.is_current)():
        raise settling.UnsettledError
    with look() as reading:
        yield reading


class Reading:
    """Questions to one moment of the feed."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @cached_property
    def state(self) -> State:
        """How far the feed is."""
        row = self._connection.execute(_state()).first()
        return State(**row._mapping) if row is not None else State()

    def newest(self, first: int, last: int) -> int:
        """Return the number of the last change in a range of slots, 0 where there was none."""
        return self._connection.scalar(_newest(Entry.slot.between(first, last))) or 0

    def rows(
        self, form: str, among: Callable[[Any], Any], limit: int | None = None,
        local: bool = False,
    ) -> list[Row]:
        """Return public entries in one form, in the order of their slots.

        :param among: gives the condition on a column of slots
        """
        # Said of both tables: PostgreSQL does not conclude that where one is behind a slot the
        # other is, and would read all pieces before it.
        pieces = PIECES[form]
        query = _public(
            Entry.slot, Entry.package_id, Entry.iri, pieces.c.piece, local=local,
        ).join(pieces, pieces.c.slot == Entry.slot).where(
            among(Entry.slot), among(pieces.c.slot)).order_by(Entry.slot).limit(limit)
        return [Row(*each) for each in self._connection.execute(query).all()]

    def one(self, name_or_id: str) -> Any:
        """Return id, slot and change of a public entry by id or name of its dataset."""
        query = _public(Entry.package_id, Entry.slot, Entry.sequence, Entry.changed_at)
        return self._connection.execute(query.where(sa.or_(
            model.Package.id == name_or_id, model.Package.name == name_or_id))).first()

    def is_gone(self, package_id: str) -> bool:
        """Tell whether there was such an entry and is no more."""
        return bool(self._connection.scalar(sa.select(sa.exists().where(
            Entry.package_id == package_id, Entry.deleted_at.is_not(None)))))

    def around(self, first: int, last: int) -> tuple[int | None, int | None, int]:
        """Return the nearest public slots before and behind a range, and its last change.

        ``None`` where there is no such slot, 0 where nothing ever changed.
        """
        before, behind, newest = self._connection.execute(
            _around(), {"first": first, "last": last}).one()
        return before, behind, newest or 0

    def newest_of(self, slots: Sequence[int]) -> int:
        """Return the number of the last change among some slots."""
        return self._connection.scalar(_newest(Entry.slot.in_(slots))) or 0

    def behind(self, slot: int, limit: int, local: bool = False) -> list[int]:
        """Return the public slots behind one, in order."""
        return self._slots(Entry.slot > slot, limit=limit, local=local)

    def changed_since(self, moment: dt.datetime) -> list[int]:
        """Return the public slots whose entries changed since, in order."""
        return self._slots(Entry.changed_at >= moment)

    def slots_of(self, packages: Sequence[str], *conditions: Any) -> list[int]:
        """Return the slots of those of some datasets that are public, in order."""
        return self._slots(_is_any(packages), *conditions)

    def _slots(
        self, *conditions: Any, limit: int | None = None, local: bool = False
    ) -> list[int]:
        return list(self._connection.scalars(
            _public(Entry.slot, local=local).where(*conditions)
            .order_by(Entry.slot).limit(limit)))

    def latest(self, since: int, limit: int, form: str | None) -> list[Any]:
        """Return entries changed after a number, each once as it is now, tombstones too."""
        here = aliased(Entry, sa.select(Entry).where(Entry.sequence > since).order_by(
            Entry.sequence).limit(limit).subquery())
        hidden = sa.and_(model.Package.id.is_(None), here.deleted_at.is_(None))
        return list(self._connection.execute(_changed(form, here, hidden.label("hidden"))))

    def changes(self, first: int, last: int) -> list[Any]:
        """Return the changes of a range of numbers, in order."""
        return list(self._connection.execute(
            sa.select(FeedChange.__table__).where(FeedChange.sequence.between(first, last))
            .order_by(FeedChange.sequence)))

    def starts(self, pages: Sequence[int]) -> dict[int, dt.datetime]:
        """Return the time of the first change of each of some pages of the stream."""
        firsts = {range_of(each)[0]: each for each in pages}
        return {firsts[row.sequence]: row.at.astimezone(dt.timezone.utc)
                for row in self._connection.execute(
                    sa.select(FeedChange.sequence, FeedChange.at)
                    .where(FeedChange.sequence.in_(firsts)))}

    def standing(self, first: int, last: int, form: str | None) -> list[Any]:
        """Return the entries whose last change has a number of a range, tombstones too.

        What is hidden though no mark told of it is left out.
        """
        return list(self._connection.execute(_changed(form, Entry).where(
            Entry.sequence.between(first, last),
            sa.or_(model.Package.id.is_not(None), Entry.deleted_at.is_not(None)))))

    def ranked(
        self, start: int, limit: int, local: bool, since: dt.datetime | None = None,
        among: Sequence[str] | None = None,
    ) -> tuple[int, list[Any]]:
        """Return how many entries there ever were, and some of them in the order of their ids.

        Tombstones keep their rank, so nothing that leaves shifts what comes after it. A piece
        is ``None`` for what is not public.
        """
        conditions = [Entry.harvested.is_(False)] if local else []
        if since is not None:
            conditions.append(Entry.changed_at >= since)
        if among is not None:
            conditions.append(_is_any(among))
        total = self._ever(local) if since is among is None else self._connection.scalar(
            _how_many(*conditions))
        # Joined behind the cut, or PostgreSQL looks up all that stand before it as well.
        here = aliased(Entry, sa.select(Entry).where(*conditions).order_by(
            Entry.package_id).offset(start).limit(limit).subquery())
        rows = self._connection.execute(_with_piece(
            "nasional", here, here.package_id, here.changed_at, here.deleted_at,
        ).order_by(here.package_id))
        return total, list(rows)

    def _ever(self, local: bool) -> int:
        """Return how many entries there ever were: counted once for all pages of a walk."""
        key = (self.state.sequence, self.state.changed_at, local)
        found = _COUNTED.get(key)
        if found is None:
            found = self._connection.scalar(
                _how_many(*([Entry.harvested.is_(False)] if local else [])))
            _COUNTED.clear()
            _COUNTED[key] = found
        return found

    def national(self, name_or_id: str, local: bool) -> Any:
        """Return one entry as the national portal reads it, by id or name; also a tombstone."""
        return self._connection.execute(_with_piece(
            "nasional", Entry, Entry.package_id, Entry.changed_at, Entry.sequence, Entry.deleted_at,
        ).where(sa.or_(Entry.package_id == name_or_id, model.Package.name == name_or_id),
                *([Entry.harvested.is_(False)] if local else []))).first()

    def names(self, local: bool) -> list[str]:
        """Return the names of all public datasets."""
        return list(self._connection.scalars(
            _public(model.Package.name, local=local).order_by(model.Package.name)))

    def ranges(self, size: int, local: bool) -> list[Any]:
        """Return each range of slots: its number, whether one is public, else when one left last.

        What was hidden and no mark told of it counts as leaving now.
        """
        last = (self.state.slot - 1) // size
        return list(self._connection.execute(_ranges(local), {"size": size, "last": last}))


def _public(*columns: Any, local: bool = False) -> Any:
    query = sa.select(*columns).select_from(Entry).join(
        model.Package, sa.and_(model.Package.id == Entry.package_id, is_public())
    ).where(Entry.deleted_at.is_(None))
    return query.where(Entry.harvested.is_(False)) if local else query


def _with_piece(form: str | None, entry: Any, *columns: Any) -> Any:
    """Return the question for some columns of all entries, beside CKAN's public datasets.

    With a form it asks for ``piece`` too, which is ``None`` for what is not public.
    """
    shown = sa.and_(model.Package.id == entry.package_id, is_public(), entry.deleted_at.is_(None))
    query = sa.select(*columns).select_from(entry).outerjoin(model.Package, shown)
    if form is None:
        return query
    pieces = PIECES[form]
    return query.add_columns(pieces.c.piece).outerjoin(
        pieces, sa.and_(pieces.c.slot == entry.slot, model.Package.id.is_not(None)))


def _changed(form: str | None, entry: Any, *more: Any) -> Any:
    """Return the question for entries as the stream of changes tells them, in its order."""
    return _with_piece(
        form, entry, entry.sequence, entry.created_sequence, entry.package_id, entry.iri,
        entry.changed_at, entry.content_hash, entry.deleted_at, *more).order_by(entry.sequence)


#: How many entries there ever were, as of a change; the last answer only.
_COUNTED: dict[tuple[int, dt.datetime, bool], int] = {}


def _how_many(*conditions: Any) -> Any:
    return sa.select(sa.func.count()).select_from(Entry).where(*conditions)


@cache
def _state() -> Any:
    """Return the question for the state; put together once, as every answer asks it."""
    kept = [name for name in State.__dataclass_fields__ if name in FeedState.__table__.columns]
    return sa.select(*(getattr(FeedState, name) for name in kept), settling.urgent()).where(
        FeedState.id == 1)


@cache
def _around() -> Any:
    """Return the question for what is around ``first`` to ``last``: one, for one round trip."""
    first, last = sa.bindparam("first"), sa.bindparam("last")
    before = _public(Entry.slot).where(Entry.slot < first).order_by(Entry.slot.desc()).limit(1)
    behind = _public(Entry.slot).where(Entry.slot > last).order_by(Entry.slot).limit(1)
    newest = _newest(Entry.slot.between(first, last))
    return sa.select(*(each.scalar_subquery() for each in (before, behind, newest)))


@cache
def _ranges(local: bool) -> Any:
    """Return the question for the ranges of ``size`` slots, the last of which is ``last``.

    Of each range one entry is looked up: to count them all would be to read the whole table.
    """
    number = sa.func.generate_series(
        0, sa.bindparam("last"), type_=sa.BigInteger).table_valued(
            "number").render_derived().c.number
    size = sa.bindparam("size", type_=sa.BigInteger)
    here = Entry.slot.between(number * size + 1, (number + 1) * size)
    live = sa.exists(_public(Entry.slot, local=local).where(here).correlate_except(
        Entry, model.Package))
    left = sa.select(sa.func.max(sa.func.coalesce(Entry.deleted_at, sa.func.now()))).where(
        here, *([Entry.harvested.is_(False)] if local else [])).correlate_except(Entry)
    return sa.select(number.label("number"), live.label("live"), sa.case(
        (live, None), else_=left.scalar_subquery()).label("left_at")).order_by(number)


def _newest(condition: Any) -> Any:
    """Return the question for the last change among some slots.

    Of the number itself PostgreSQL would go through all changes, newest first, until one is among
    them: for slots long unchanged that is the whole table.
    """
    return sa.select(sa.func.max(Entry.sequence + 0)).where(condition)


def _is_any(packages: Sequence[str]) -> Any:
    return Entry.package_id == sa.any_(sa.literal(list(packages), ARRAY(sa.Text)))
