"""Reader of ``reference/wilayah_bps.bin``: the BPS codes of 90,000 kecamatan and desa.

Two columns of numbers a level, sorted by the code of BPS: look-up is bisection, either way.
``deploy/build_wilayah_bps.py`` writes the file. Provinsi and kab/kota are in
``reference/wilayah_bps.csv``, see :func:`.wilayah_store.kode_bps`.
"""
from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ckanext.satudata.domain.wilayah_store import DIGITS, SPAN, code_of, key_of, unpacked

__all__ = ["BPS_DIGITS", "Relations", "Spelling", "load", "relations"]

#: How many digits the codes of BPS have, by level from 1.
BPS_DIGITS = (0, 2, 4, 7, 10)

_MAGIC = b"SDBPS1\n"
_REFERENCE = Path(__file__).resolve().parent.parent / "reference"
#: The levels in the file.
_PACKED = (3, 4)


class Spelling(NamedTuple):
    """A name as BPS writes it, and whether Kemendagri's can be another spelling of it."""

    name: str
    same: bool


class _Level:
    """One level: codes of BPS in order, and beside each the number of Kemendagri."""

    def __init__(self, bps: array[int], ours: array[int]) -> None:
        if len(bps) != len(ours):
            raise ValueError("wilayah_bps.bin: codes differ in number")
        self.bps = bps
        self.ours = ours

    @cached_property
    def _by_ours(self) -> array[int]:
        return array("I", sorted(range(len(self.ours)), key=self.ours.__getitem__))

    def at(self, bps: int) -> int:
        """Return the place of a code of BPS, -1 if it is not there."""
        at = bisect_left(self.bps, bps)
        return at if at < len(self.bps) and self.bps[at] == bps else -1

    def at_ours(self, number: int) -> int:
        """Return the place of a number of Kemendagri, -1 if it is not there."""
        order = self._by_ours
        at = bisect_left(order, number, key=self.ours.__getitem__)
        return order[at] if at < len(order) and self.ours[order[at]] == number else -1


class Relations:
    """Which code of BPS is which of Kemendagri, of kecamatan and desa.

    :ivar edition: month of the bridging of BPS, ``YYYY-MM``
    :ivar spellings: code of BPS to its name there, only where Kemendagri spells another
    """

    def __init__(self, edition: str, parts: Iterator[bytes]) -> None:
        self.edition = edition
        self._levels = {level: _Level(_numbers(next(parts)), _numbers(next(parts)))
                        for level in _PACKED}
        lines = (line.split("\t") for line in next(parts).decode("utf-8").split("\n") if line)
        self.spellings: Mapping[str, Spelling] = MappingProxyType(
            {code: Spelling(name, same == "1") for code, same, name in lines})

    def count(self, level: int) -> int:
        """Return how many codes of BPS a level has."""
        return len(self._levels[level].bps)

    def code_at(self, level: int, at: int) -> str:
        """Return the code of BPS at a place."""
        return f"{self._levels[level].bps[at]:0{BPS_DIGITS[level]}d}"

    def below(self, level: int, code: str) -> tuple[int, int]:
        """Return the places of the codes of a level that begin with a code, first and last + 1."""
        rest = 10 ** (BPS_DIGITS[level] - len(code))
        low = int(code) * rest
        codes = self._levels[level].bps
        return bisect_left(codes, low), bisect_left(codes, low + rest)

    def of_bps(self, code: str) -> str | None:
        """Return the dotted code of Kemendagri of a code of BPS."""
        if len(code) not in BPS_DIGITS[3:] or not (code.isascii() and code.isdigit()):
            return None
        level = BPS_DIGITS.index(len(code))
        at = self._levels[level].at(int(code))
        return None if at < 0 else code_of(self._levels[level].ours[at] * SPAN[level], level)

    def of_kemendagri(self, code: str) -> str | None:
        """Return the code of BPS of a dotted code of Kemendagri."""
        place = key_of(code)
        if place is None or place[1] not in self._levels:
            return None
        key, level = place
        at = self._levels[level].at_ours(key // 10 ** (10 - DIGITS[level]))
        return None if at < 0 else self.code_at(level, at)


def _numbers(raw: bytes) -> array[int]:
    steps: array[int] = array("q")
    steps.frombytes(raw)
    if sys.byteorder != "little":
        steps.byteswap()
    return array("Q", accumulate(steps))


def load(path: Path) -> Relations:
    """Read a packed relation.

    :raises ValueError: the file is of another format or damaged.
    """
    header, parts = unpacked(path, _MAGIC)
    return Relations(header["edition"], parts)


@lru_cache(maxsize=1)
def relations() -> Relations:
    """Return the relation of the package, read at the first call."""
    return load(_REFERENCE / "wilayah_bps.bin")
