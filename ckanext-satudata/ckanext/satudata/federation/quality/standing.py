"""The points of all public datasets, from what the feed keeps of them.

A dataset is judged again when what harvesters read of it has changed; until then its points are
remembered. Where the memory is lost they are worked out anew, a second's worth at a time.
"""
from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import redis
import sqlalchemy as sa
from ckan.lib.redis import connect_to_redis

from ckanext.satudata.domain.federation.joined import inflated, unpacked
from ckanext.satudata.domain.federation.mqa import POSSIBLE, Dimension, Kind, Score, advice
from ckanext.satudata.federation.feed.model import PIECES, Entry
from ckanext.satudata.federation.feed.reading import settled
from ckanext.satudata.federation.feed.settling import UnsettledError
from ckanext.satudata.federation.quality.judging import judge_stored
from ckanext.satudata.federation.site import fingerprint

__all__ = ["Standing", "standings"]

log = logging.getLogger(__name__)

#: Seconds one request may spend on judging; the next goes on where it ended.
_PATIENCE = 1.5
_AT_ONCE = 100
#: What is remembered of a dataset: hash, points a dimension, unknown, barred, by the best file.
_PARTS = 5
_REMEMBERED_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True)
class Standing:
    """The points of one public dataset.

    :ivar points: of each dimension, in their order; ``None`` while nobody judged it yet
    :ivar unknown: points that hang on what nobody looked at
    :ivar barred: points that closed data rightly cannot have
    :ivar best: points by the best file alone
    """

    package_id: str
    name: str
    title: str
    organization: str
    points: tuple[float, ...] | None
    unknown: float = 0.0
    barred: float = 0.0
    best: float = 0.0

    @property
    def total(self) -> float:
        """All points, 0 while they are not known."""
        return sum(self.points or ())

    @property
    def lacking(self) -> float:
        """Points that somebody could add."""
        return max(0.0, POSSIBLE - self.total - self.unknown - self.barred)


def standings() -> list[Standing]:
    """Return the points of all public datasets of this portal's own, judging what has changed."""
    with suppress(UnsettledError), settled(beside=True):
        pass  # what was published a moment ago is in the feed now
    rows = list(_public())
    known = _remembered()
    waiting = [row for row in rows if known.get(row.package_id, [None])[0] != row.content_hash]
    made: dict[str, list[Any]] = {}
    ends = time.monotonic() + _PATIENCE
    for begin in range(0, len(waiting), _AT_ONCE):
        if time.monotonic() > ends:
            break
        made |= _judged(waiting[begin:begin + _AT_ONCE], ends)
    gone = known.keys() - {row.package_id for row in rows}
    _remember(made, sorted(gone))
    known |= made
    return [Standing(
        row.package_id, row.name, row.title or row.name, row.owner_org or "",
        *_said(known.get(row.package_id), row.content_hash)) for row in rows]


def _said(kept: list[Any] | None, content_hash: str) -> tuple[Any, ...]:
    if kept is None or kept[0] != content_hash:
        return (None,)
    return tuple(kept[1]), *kept[2:]


def _public() -> Iterator[Any]:
    package = model.Package
    query = sa.select(
        Entry.package_id, Entry.slot, Entry.iri, Entry.content_hash,
        package.name, package.title, package.owner_org,
    ).join(package, package.id == Entry.package_id).where(
        Entry.deleted_at.is_(None), Entry.harvested.is_(False), package.state == "active",
        package.private.is_(False)).order_by(Entry.slot)
    yield from model.Session.execute(query)


def _judged(rows: Sequence[Any], ends: float) -> dict[str, list[Any]]:
    pieces = PIECES["nt"]
    found: dict[int, bytes] = dict(model.Session.execute(
        sa.select(pieces.c.slot, pieces.c.piece).where(
            pieces.c.slot.in_([row.slot for row in rows]))).all())
    made: dict[str, list[Any]] = {}
    for row in rows:
        if row.slot not in found or time.monotonic() > ends:
            continue
        text = inflated(unpacked(found[row.slot])).decode()
        made[row.package_id] = _kept(row.content_hash, judge_stored(
            row.package_id, row.iri, text))
    return made


def _kept(content_hash: str, score: Score) -> list[Any]:
    return [content_hash, [round(score.dimensions[each], 2) for each in Dimension],
            round(score.unknown, 2),
            round(sum(each.points for each in advice(score) if each.kind is Kind.LIMIT), 2),
            round(score.best, 2)]


def _name() -> str:
    # Other software or lists judge otherwise: what they found is not remembered.
    return f"ckan:{tk.config['ckan.site_id']}:satudata:mqa:{fingerprint()[:16]}"


def _remembered() -> dict[str, list[Any]]:
    try:
        found = connect_to_redis().hgetall(_name())
        kept = {key.decode(): json.loads(value) for key, value in found.items()}
        return {key: value for key, value in kept.items() if len(value) == _PARTS}
    except (redis.RedisError, ValueError):
        log.warning("Points are not remembered without Valkey", exc_info=True)
        return {}


def _remember(made: dict[str, list[Any]], gone: list[str]) -> None:
    if not made and not gone:
        return
    try:
        pipe = connect_to_redis().pipeline()
        if made:
            pipe.hset(_name(), mapping={key: json.dumps(value) for key, value in made.items()})
        if gone:
            pipe.hdel(_name(), *gone)
        pipe.expire(_name(), _REMEMBERED_SECONDS)
        pipe.execute()
    except redis.RedisError:
        log.warning("Points are not remembered without Valkey", exc_info=True)
