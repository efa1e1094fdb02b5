"""Numbers of use in PostgreSQL: taken over from Valkey once, and kept when data goes."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.domain.usage import Key
from ckanext.satudata.shared import moment
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.usage import buffer
from ckanext.satudata.usage.model import FIRST, Batch, Usage

__all__ = ["began", "fold", "settle", "tidy"]

#: Longer than a heap may wait in Valkey, or come back with a copy of it.
_REMEMBERED = dt.timedelta(days=60)
_AT_ONCE = 1000


def settle() -> int:
    """Take over what was counted; return how many heaps came.

    Killed before the commit, a heap is whole in Valkey and taken over later; killed after it, the
    heap comes again and is known by its name.
    """
    heaps = buffer.take()
    for heap in heaps:
        with unit_of_work():
            if _is_new(heap.id):
                _add(heap.numbers)
        buffer.drop(heap)
    return len(heaps)


def _is_new(name: str) -> bool:
    return model.Session.scalar(
        insert(Batch).values(id=name, at=moment.now()).on_conflict_do_nothing()
        .returning(Batch.id)) is not None


def _add(numbers: dict[Key, int]) -> None:
    """Add numbers of datasets that are there; of one that was purged meanwhile nobody knows whose
    it was."""
    known = {each for part in _parts(sorted({each.package for each in numbers}))
             for each in model.Session.scalars(
                 sa.select(model.Package.id).where(model.Package.id.in_(part)))}
    for part in _parts(sorted(each for each in numbers if each.package in known)):
        _write({"package_id": each.package, "day": each.day, "resource_id": each.resource,
                "version": each.version, "measure": each.measure.value,
                "channel": each.channel.value, "owner_org": "", "count": numbers[each]}
               for each in part)


def _write(rows: Iterable[dict[str, Any]]) -> None:
    adding = insert(Usage).values(list(rows))
    model.Session.execute(adding.on_conflict_do_update(
        constraint="satudata_usage_pkey", set_={"count": Usage.count + adding.excluded.count}))


def _parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(values)
    while part := list(islice(source, _AT_ONCE)):
        yield part


def fold(package_id: str, owner_org: str) -> None:
    """Let the numbers of a dataset that goes be those of its organization, without its name."""
    gone = sa.delete(Usage).where(Usage.package_id == package_id).returning(
        Usage.day, Usage.measure, Usage.channel, Usage.count).cte("gone")
    adding = insert(Usage).from_select(
        ["package_id", "resource_id", "version", "owner_org", "day", "measure", "channel",
         "count"],
        sa.select(sa.literal(""), sa.literal(""), sa.literal(0), sa.literal(owner_org),
                  gone.c.day, gone.c.measure, gone.c.channel, sa.func.sum(gone.c.count))
        .group_by(gone.c.day, gone.c.measure, gone.c.channel))
    model.Session.execute(adding.on_conflict_do_update(
        constraint="satudata_usage_pkey", set_={"count": Usage.count + adding.excluded.count}))


def tidy(now: dt.datetime) -> None:
    """Forget names of heaps that cannot come again, and datasets deleted beside the portal."""
    with unit_of_work():
        model.Session.execute(sa.delete(Batch).where(
            Batch.at < now - _REMEMBERED, Batch.id != FIRST))
        there = sa.exists().where(model.Package.id == Usage.package_id)
        for each in model.Session.scalars(sa.select(Usage.package_id).where(
                Usage.package_id != "", ~there).distinct()).all():
            fold(each, "")


def began() -> dt.datetime | None:
    """Return since when is counted; ``None`` where that is not known."""
    return model.Session.scalar(sa.select(Batch.at).where(Batch.id == FIRST))
