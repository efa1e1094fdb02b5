"""Writes entries of the feed; whoever does holds its lock.

So changes are numbered in the order of commits. What an entry holds, its forms and the change are
written by one statement.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from ckanext.satudata.domain.federation.changes import moment
from ckanext.satudata.federation.feed.building import Built
from ckanext.satudata.federation.feed.marking import is_public
from ckanext.satudata.federation.feed.model import PIECES, Entry, FeedChange, FeedState

__all__ = ["NOW", "Writing", "state"]

#: The time by the database's clock, which all processes share.
NOW = sa.func.clock_timestamp().label("now")


class Writing:
    """The writing of what was read of some datasets, under the feed's lock.

    :param looked_at: those that were public at first; the others were not read
    """

    def __init__(
        self, packages: Sequence[str], looked_at: Collection[str], read_at: dt.datetime
    ) -> None:
        self._looked_at, self._read_at = looked_at, read_at
        self._state = state()
        self._known = _known(packages)

    def write(self, made: dict[str, Built]) -> int:
        """Write what was made of them; return how many entries changed."""
        before = self._state.sequence
        for identifier, entry in self._known.items():
            # Who found it hidden meanwhile, and no entry to end, could leave no word of it.
            built = made.get(identifier) if entry.shown else None
            if entry.slot is not None and self._read_at <= entry.read_at <= entry.now:
                continue  # written meanwhile by somebody who read later, if clocks go forward
            if entry.shown and identifier not in self._looked_at:
                continue  # shown meanwhile: of that another mark tells, settled or still to come
            if built is None:
                if entry.slot is not None and entry.deleted_at is None:
                    self._leave(entry)
            elif entry.slot is None or entry.deleted_at is not None:
                self._enter(built, entry)
            elif (entry.content_hash, entry.harvested) != (built.content_hash, built.harvested):
                self._change(built, entry)
            else:
                self._write(built, dict(entry._mapping), modified=built.modified)
        model.Session.flush()
        return self._state.sequence - before

    def _enter(self, built: Built, entry: Any) -> None:
        if entry.slot is None:
            self._state.slot += 1
        self._step(entry)
        self._write(built, self._row(built), kind="create",
                    slot=self._state.slot if entry.slot is None else entry.slot,
                    created_sequence=self._state.sequence)
        self._count(1, built.harvested)
        if self._state.issued is None or built.created < self._state.issued:
            self._state.issued = built.created

    def _change(self, built: Built, entry: Any) -> None:
        self._step(entry)
        self._write(built, self._row(built), kind="update", slot=entry.slot,
                    created_sequence=entry.created_sequence)
        if built.harvested != entry.harvested:
            self._count(-1, entry.harvested)
            self._count(1, built.harvested)

    def _leave(self, entry: Any) -> None:
        self._step(entry)
        _execute(_left(), {
            **entry._mapping, "kind": "delete", "sequence": self._state.sequence,
            "changed_at": self._state.changed_at, "deleted_at": self._state.changed_at,
            "read_at": self._read_at, "content_hash": ""})
        self._count(-1, entry.harvested)

    def _write(self, built: Built, row: dict[str, Any], **more: Any) -> None:
        """Write every form of an entry; with a ``kind`` that is a change, and is logged."""
        row |= {**more, "read_at": self._read_at, **built.pieces}
        row["nasional"] = built.stamped(row["changed_at"])
        _execute(_said("kind" in more), row)

    def _row(self, built: Built) -> dict[str, Any]:
        modified = self._state.modified
        self._state.modified = max(modified, built.modified) if modified else built.modified
        return {
            "package_id": built.package_id, "sequence": self._state.sequence, "iri": built.iri,
            "modified": built.modified, "changed_at": self._state.changed_at, "deleted_at": None,
            "harvested": built.harvested, "content_hash": built.content_hash,
        }

    def _step(self, entry: Any) -> None:
        """Number a change; its time never goes back, whatever the clock does."""
        self._state.sequence += 1
        self._state.changed_at = moment(entry.now, self._state.changed_at)

    def _count(self, more: int, harvested: bool) -> None:
        self._state.live += more
        self._state.local += 0 if harvested else more


def _known(packages: Sequence[str]) -> dict[str, Any]:
    """Return what the feed has of some datasets, by id and in their order.

    ``shown`` tells whether one is public, ``now`` the time; the rest is the entry, or ``None``.
    """
    asked = sa.func.unnest(sa.literal(list(packages), ARRAY(sa.Text))).table_valued(
        "id").render_derived()
    entry = [each for each in Entry.__table__.columns if each.name != "package_id"]
    rows = {row.package_id: row for row in model.Session.execute(
        sa.select(asked.c.id.label("package_id"), *entry, NOW,
                  model.Package.id.is_not(None).label("shown"))
        .select_from(asked).outerjoin(Entry, Entry.package_id == asked.c.id)
        .outerjoin(model.Package, sa.and_(model.Package.id == asked.c.id, is_public())))}
    return {each: rows[each] for each in packages}


@cache
def _said(logged: bool) -> Any:
    """Return the statement that writes an entry, its forms and the change: one round trip."""
    new = insert(Entry.__table__).values(_given(Entry.__table__))
    entry = new.on_conflict_do_update(index_elements=["package_id"], set_={
        each.name: each for each in new.excluded if each.name != "package_id"})
    written: list[Any] = [_logged()] if logged else []
    for form, pieces in PIECES.items():
        piece = insert(pieces).values(slot=_bound("slot"), piece=_bound(form))
        # What is the same to the letter stays where it lies.
        written.append(piece.on_conflict_do_update(
            index_elements=["slot"], set_={"piece": piece.excluded.piece},
            where=pieces.c.piece.is_distinct_from(piece.excluded.piece)))
    return entry.add_cte(*(each.cte(f"written_{n}") for n, each in enumerate(written)))


@cache
def _left() -> Any:
    """Return the statement that makes an entry a tombstone, and takes away what it said."""
    kept = [Entry.sequence, Entry.changed_at, Entry.deleted_at, Entry.read_at, Entry.content_hash]
    entry = sa.update(Entry.__table__).where(
        Entry.package_id == _bound("package_id")).values(
            {each.name: _bound(each.name) for each in kept})
    written = [_logged(), *(sa.delete(pieces).where(pieces.c.slot == _bound("slot"))
                            for pieces in PIECES.values())]
    return entry.add_cte(*(each.cte(f"written_{n}") for n, each in enumerate(written)))


def _logged() -> Any:
    return sa.insert(FeedChange.__table__).values(
        {**_given(FeedChange.__table__), "at": _bound("changed_at")})


def _given(table: Any) -> dict[str, Any]:
    return {each.name: _bound(each.name) for each in table.columns}


def _bound(name: str) -> Any:
    """Return a parameter; by its bare name SQLAlchemy would take it for a column's own."""
    return sa.bindparam(f"the_{name}")


def _execute(statement: Any, given: dict[str, Any]) -> None:
    model.Session.execute(statement, {f"the_{name}": each for name, each in given.items()})


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
