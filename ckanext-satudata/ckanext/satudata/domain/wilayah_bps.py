"""Codes of BPS for areas, of all four levels, and what each is at Kemendagri.

BPS and Kemendagri number the same areas each in its own way; the relation is a fact that
BPS publishes (bridging, sig.bps.go.id), never derived. It is of a month, and both lists go
on: where an area was split since, where its code was replaced, or where the two name it
differently, the two codes are near and not equal, and :attr:`AreaOfBps.doubt` says why.
"""
from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.wilayah_bps_store import BPS_DIGITS, relations
from ckanext.satudata.domain.wilayah_store import LEVELS, kode_bps

__all__ = ["AreaOfBps", "Doubt", "children", "codes", "count", "edition", "get", "kode_for",
           "search", "window"]


class Doubt(Enum):
    """Why a code of BPS and one of Kemendagri are not quite of the same area."""

    SPLIT = "part of the area became another since"
    NAME = "the two name it differently"


class AreaOfBps(NamedTuple):
    """One area as BPS numbers it.

    ``kemendagri`` is the dotted code that BPS names beside its own; it may be retired.
    ``doubt`` is nothing where the two are the same area.
    """

    code: str
    name: str
    level: str
    parent: str
    kemendagri: str
    doubt: Doubt | None = None


def edition() -> str:
    """Return the month of the relation, ``YYYY-MM``."""
    return relations().edition


@lru_cache(maxsize=1)
def _upper() -> tuple[dict[str, str], tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return BPS code to Kemendagri code of provinsi and kab/kota, and both levels in order."""
    ours = {bps: code for code, bps in kode_bps().items()}
    by_level = (tuple(sorted(code for code in ours if len(code) == length))
                for length in BPS_DIGITS[1:3])
    return ours, (next(by_level), next(by_level))


def _kemendagri(code: str) -> str | None:
    return _upper()[0].get(code) or relations().of_bps(code)


def get(code: str) -> AreaOfBps:
    """Return the area of a code of BPS.

    :raises UnknownCodeError: the relation has no such code.
    """
    ours = _kemendagri(code)
    if ours is None:
        raise UnknownCodeError("wilayah_bps", code)
    number = BPS_DIGITS.index(len(code))
    name, doubt = wilayah.get(ours).name, None
    spelling = relations().spellings.get(code)
    if spelling is not None:
        name = spelling.name
        doubt = None if spelling.same else Doubt.NAME
    if ours in _split_since():
        doubt = Doubt.SPLIT
    return AreaOfBps(
        code, name, LEVELS[number - 1], code[: BPS_DIGITS[number - 1]], ours, doubt)


@lru_cache(maxsize=1)
def _split_since() -> frozenset[str]:
    """Return the areas in force of which BPS still counts parts that now lie elsewhere.

    Such a part has a code of BPS beside a code of Kemendagri that was replaced by one in
    another area: Merauke is 91.01 in the relation and 93.01 today, so Papua (91) is smaller.
    """
    found: set[str] = set()
    for code in wilayah.retired_codes():
        heir = wilayah.get(code).successor
        if heir and kode_for(code):
            found |= _above(code) - _above(heir)
    return frozenset(code for code in found if wilayah.exists(code))


def _above(code: str) -> set[str]:
    parts = code.split(".")
    return {".".join(parts[:length]) for length in range(1, len(parts))}


def kode_for(code: str) -> str:
    """Return the code of BPS of a dotted code of Kemendagri, empty where none is known."""
    return kode_bps().get(code) or relations().of_kemendagri(code) or ""


def count() -> int:
    """Return how many codes of BPS are known."""
    return sum(_count(number) for number in range(1, len(LEVELS) + 1))


def _count(number: int) -> int:
    return len(_upper()[1][number - 1]) if number < 3 else relations().count(number)


def _code_at(number: int, at: int) -> str:
    return _upper()[1][number - 1][at] if number < 3 else relations().code_at(number, at)


def codes() -> Iterator[str]:
    """Yield every code, level by level, each level in order."""
    yield from window(0, count())


def window(offset: int, limit: int) -> list[str]:
    """Return a part of :func:`codes`."""
    found: list[str] = []
    for number in range(1, len(LEVELS) + 1):
        size = _count(number)
        found += [_code_at(number, at)
                  for at in range(offset, min(size, offset + limit - len(found)))]
        offset = max(0, offset - size)
        if len(found) >= limit:
            break
    return found


def children(code: str = "") -> tuple[str, ...]:
    """Return the codes directly below, the provinces without a code."""
    upper = _upper()[1]
    if not code:
        return upper[0]
    if len(code) == BPS_DIGITS[1]:
        return tuple(each for each in upper[1] if each.startswith(code))
    if len(code) not in BPS_DIGITS[2:4]:
        return ()
    number = BPS_DIGITS.index(len(code)) + 1
    first, end = relations().below(number, code)
    return tuple(relations().code_at(number, at) for at in range(first, end))


def search(text: str, limit: int = 20) -> list[AreaOfBps]:
    """Return the areas a person may mean: by a code of BPS or its beginning, or by name.

    By name as :func:`.wilayah.search` finds it, as far as there is a code of BPS for it.
    """
    text = text.strip()
    if limit <= 0 or not text:
        return []
    if text.isascii() and text.isdigit():
        return [get(code) for code in _beginning(text, limit)]
    named = (kode_for(area.code) for area in wilayah.search(text, limit=limit))
    return [get(code) for code in named if code]


def _beginning(text: str, limit: int) -> list[str]:
    found = [code for level in _upper()[1] for code in level if code.startswith(text)]
    for number in (3, 4):
        if len(text) <= BPS_DIGITS[number] and len(found) < limit:
            first, end = relations().below(number, text)
            found += [relations().code_at(number, at)
                      for at in range(first, min(end, first + limit - len(found)))]
    return found[:limit]
