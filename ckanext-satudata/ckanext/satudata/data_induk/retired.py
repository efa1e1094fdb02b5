"""Codes that a list once had: what they meant stays readable, and they are never given again.

Known from the versions that are kept: no second record could say otherwise than these.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock

from ckanext.satudata.data_induk.finding import Induk
from ckanext.satudata.domain.data_induk import rows_of
from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.data_induk import Edition, editions

__all__ = ["Retired", "retired"]

#: Versions that are looked into, newest first, and bytes of one of their tables.
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


_KEPT: dict[tuple[str, ...], Mapping[str, Retired]] = {}
_keeping = Lock()


def retired(of: Induk) -> Mapping[str, Retired]:
    """Return the codes that earlier versions of a list had and the public one has no more."""
    found = editions(of.name, of.package_id, MOST_VERSIONS)
    now = next((each for each in found if not each.ended), None)
    before = {each.sha256: each for each in reversed(found)
              if each.ended and now is not None and each.sha256 != now.sha256}
    if now is None or not before:
        return {}
    key = (of.package_id, of.name, now.sha256, *before)
    known = _KEPT.get(key)
    if known is None:
        known = _compared(now, sorted(before.values(), key=lambda each: -each.number))
        with _keeping:
            while len(_KEPT) >= _MOST_KEPT:
                del _KEPT[next(iter(_KEPT))]
            _KEPT[key] = known
    return known


def _compared(now: Edition, before: list[Edition]) -> Mapping[str, Retired]:
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


def _rows(edition: Edition) -> Iterator[tuple[str, dict[str, str]]]:
    """Return code and row of a stored table; nothing of one that is gone or too large."""
    try:
        if blobs.size(edition.sha256) > MOST_BYTES:
            return iter(())
        return rows_of(b"".join(blobs.open(edition.sha256)), edition.master.key)
    except blobs.BlobMissingError:
        return iter(())
