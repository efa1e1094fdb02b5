"""Codes that a list once had: what they meant stays readable, and they are never given again.

Known from the versions that are kept: no second record could say otherwise than these. A version
that was withdrawn or purged says nothing here, as it says nothing anywhere.
"""
from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.data_induk.finding import Induk
from ckanext.satudata.domain.data_induk import Master, master_of
from ckanext.satudata.shared import blobs

__all__ = ["Retired", "retired"]

_VERSION = sa.table("satudata_version", *(sa.column(each) for each in (
    "submission_id", "package_id", "number", "ended_at", "withdrawn_at", "purged_at",
    "published_at")), sa.column("content", JSONB))
_FILE = sa.table("satudata_version_file", *(sa.column(each) for each in (
    "submission_id", "resource_id", "sha256", "table_sha256", "format")))
#: Earlier versions that are looked into, newest first, and bytes of one of their tables.
MOST_VERSIONS, MOST_BYTES = 60, 64 * 1024 * 1024
#: Lists whose retired codes a process keeps; a list has few of them.
_MOST_KEPT = 64


@dataclass(frozen=True)
class Retired:
    """A row that is no more.

    :ivar number: of the last version that had it
    :ivar until: day the version without it was published
    """

    code: str
    name: str
    number: int
    until: str
    row: Mapping[str, str]


@dataclass(frozen=True)
class _Edition:
    number: int
    ended: str
    sha256: str
    master: Master


_KEPT: dict[tuple[str, ...], Mapping[str, Retired]] = {}
_keeping = Lock()


def retired(of: Induk) -> Mapping[str, Retired]:
    """Return the codes that earlier versions of a list had and the public one has no more."""
    now, before = _editions(of)
    if now is None or not before:
        return {}
    key = (of.package_id, of.name, now.sha256, *(each.sha256 for each in before))
    found = _KEPT.get(key)
    if found is None:
        found = _compared(now, before)
        with _keeping:
            while len(_KEPT) >= _MOST_KEPT:
                del _KEPT[next(iter(_KEPT))]
            _KEPT[key] = found
    return found


def _compared(now: _Edition, before: list[_Edition]) -> Mapping[str, Retired]:
    seen = {code for code, _row in _rows(now)}
    if not seen:  # unreadable, not empty: then nothing is known to have gone
        return {}
    found: dict[str, Retired] = {}
    for edition in before:
        for code, row in _rows(edition):
            if code not in seen:
                seen.add(code)
                found[code] = Retired(code, row.get(edition.master.label, ""), edition.number,
                                      edition.ended, row)
    return found


def _editions(of: Induk) -> tuple[_Edition | None, list[_Edition]]:
    """Return the table that is public, and the different ones before it, newest first."""
    version = _VERSION.c
    rows = model.Session.execute(
        sa.select(version.submission_id, version.number, version.ended_at, version.content)
        .where(version.package_id == of.package_id, version.withdrawn_at.is_(None),
               version.purged_at.is_(None),
               version.content["data_induk"].astext == of.name)
        .order_by(version.number.desc()).limit(MOST_VERSIONS)).all()
    now: _Edition | None = None
    before: dict[str, _Edition] = {}
    for row in rows:
        edition = _edition(row)
        if edition is None:
            continue
        if row.ended_at is None:
            now = edition
        elif now is None or edition.sha256 != now.sha256:
            before.setdefault(edition.sha256, edition)
    return now, list(before.values())


def _edition(row: Any) -> _Edition | None:
    master = master_of(row.content)
    if master is None:
        return None
    file = model.Session.execute(sa.select(_FILE.c.sha256, _FILE.c.table_sha256, _FILE.c.format)
                                 .where(_FILE.c.submission_id == row.submission_id,
                                        _FILE.c.resource_id == master.resource)).first()
    if file is None:
        return None
    sha256 = file.table_sha256 or (file.sha256 if file.format.upper() == "CSV" else None)
    ended = "" if row.ended_at is None else row.ended_at.date().isoformat()
    return _Edition(row.number, ended, sha256, master) if sha256 else None


def _rows(edition: _Edition) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield code and row of a stored table; nothing of one that cannot be read."""
    try:
        if blobs.size(edition.sha256) > MOST_BYTES:
            return
        content = b"".join(blobs.open(edition.sha256)).decode("utf-8-sig")
    except (blobs.BlobMissingError, UnicodeDecodeError):
        return
    first = content.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(content, newline=""),
                            delimiter=max(",;\t", key=first.count))
    key = edition.master.key
    try:
        for row in reader:
            code = (row.get(key) or "").strip()
            if code:
                yield code, {name: value or "" for name, value in row.items()
                             if isinstance(name, str)}
    except csv.Error:
        return
