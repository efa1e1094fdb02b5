"""Reader of ``reference/wilayah.bin``: 98,000 kode wilayah in a few megabytes.

A dictionary of that many Python objects takes several times the memory in every web
and worker process, and gives the garbage collector as many objects to walk. Here
each level is two columns: sorted numbers (the digits of the code, filled with zeros
to ten) and one blob of names; look-up is bisection, the areas below another are one
slice. ``deploy/build_wilayah.py`` writes the file.
"""
from __future__ import annotations

import csv
import json
import re
import struct
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import accumulate, chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

__all__ = [
    "DIGITS", "LEVELS", "SPAN", "About", "Column", "Store",
    "code_of", "key_of", "kode_bps", "load", "store", "unpacked",
]

#: The four levels, from the top; a column's number is the index here plus one.
LEVELS = ("provinsi", "kabupaten_kota", "kecamatan", "desa_kelurahan")
#: How far the numbers of one area's descendants reach, by level.
SPAN = (0, 10**8, 10**6, 10**4, 1)
#: How many digits the codes of a level have.
DIGITS = (0, 2, 4, 6, 10)

_MAGIC = b"SDWIL1\n"
_REFERENCE = Path(__file__).resolve().parent.parent / "reference"
_CODE = re.compile(r"[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?)?")


def key_of(code: str) -> tuple[int, int] | None:
    """Return (number, level) of a dotted code, nothing for what has not its form."""
    if not _CODE.fullmatch(code):
        return None
    level = code.count(".") + 1
    return int(code.replace(".", "")) * SPAN[level], level


def code_of(key: int, level: int) -> str:
    """Return the dotted code of a number at a level."""
    digits = f"{key:010d}"
    parts = (digits[:2], digits[2:4], digits[4:6], digits[6:])
    return ".".join(parts[:level])


class Column:
    """The areas of one level: ``keys`` in order, each with its name."""

    __slots__ = ("_blob", "_ends", "keys")

    def __init__(self, keys: array[int], blob: bytes) -> None:
        self.keys = keys
        self._blob = blob
        lengths = (len(name) + 1 for name in blob.split(b"\n"))
        self._ends = array("I", chain((0,), accumulate(lengths)))
        if len(self._ends) != len(keys) + 1:
            raise ValueError("wilayah.bin: names and codes differ in number")

    def __len__(self) -> int:
        return len(self.keys)

    def index(self, key: int) -> int:
        """Return the place of a number, -1 if it is not there."""
        at = bisect_left(self.keys, key)
        return at if at < len(self.keys) and self.keys[at] == key else -1

    def slice(self, low: int, high: int) -> tuple[int, int]:
        """Return the places of the numbers from ``low`` up to, without, ``high``."""
        return bisect_left(self.keys, low), bisect_left(self.keys, high)

    def name(self, at: int) -> str:
        return self._blob[self._ends[at] : self._ends[at + 1] - 1].decode("utf-8")

    def names(self) -> str:
        """Return all names, one a line."""
        return self._blob.decode("utf-8")


class About(NamedTuple):
    """Which list this is: ``decree`` with its ISO ``decree_date``, and the older one."""

    decree: str
    decree_date: str
    retired_decree: str
    source: str


class Store:
    """All areas in force by level, and the retired codes with their successors."""

    __slots__ = ("_heirs", "_retired", "_retired_levels", "about", "columns")

    def __init__(self, about: About, parts: Iterator[bytes]) -> None:
        self.about = about
        self.columns = tuple(Column(_numbers(next(parts)), next(parts)) for _ in LEVELS)
        self._retired = Column(_numbers(next(parts)), next(parts))
        self._heirs = _numbers(next(parts))
        self._retired_levels = next(parts)

    def find(self, key: int, level: int) -> str | None:
        """Return the name of an area in force."""
        column = self.columns[level - 1]
        at = column.index(key)
        return None if at < 0 else column.name(at)

    def find_retired(self, key: int, level: int) -> tuple[str, str] | None:
        """Return (name, code of the successor or "") of a retired code."""
        at = self._retired.index(key)
        if at < 0 or self._retired_levels[at] != level:
            return None
        heir = self._heirs[at]
        return self._retired.name(at), code_of(heir, level) if heir else ""

    def retired_codes(self) -> Iterator[str]:
        for key, level in zip(self._retired.keys, self._retired_levels, strict=True):
            yield code_of(key, level)


def _numbers(raw: bytes) -> array[int]:
    numbers: array[int] = array("Q")
    numbers.frombytes(raw)
    if sys.byteorder != "little":
        numbers.byteswap()
    return numbers


def unpacked(path: Path, magic: bytes) -> tuple[dict[str, Any], Iterator[bytes]]:
    """Read a packed file: what its header says, and its columns in order.

    :raises ValueError: the file is of another format or damaged.
    """
    raw = path.read_bytes()
    if not raw.startswith(magic):
        raise ValueError(f"{path.name} is not of the format this version reads")
    body = zlib.decompress(raw[len(magic) :])
    (length,) = struct.unpack_from("<I", body)
    header: dict[str, Any] = json.loads(body[4 : 4 + length])
    return header, _parts(body, 4 + length, header.pop("sizes"))


def _parts(body: bytes, at: int, sizes: list[int]) -> Iterator[bytes]:
    for size in sizes:
        yield body[at : at + size]
        at += size


def load(path: Path) -> Store:
    """Read a packed list.

    :raises ValueError: the file is of another format or damaged.
    """
    header, parts = unpacked(path, _MAGIC)
    return Store(About(**header), parts)


@lru_cache(maxsize=1)
def store() -> Store:
    """Return the list of the package, read at the first call."""
    return load(_REFERENCE / "wilayah.bin")


@lru_cache(maxsize=1)
def kode_bps() -> Mapping[str, str]:
    """Return Kemendagri code -> BPS code of provinsi and kab/kota, where a source has it.

    The two differ for 199 of 514 kab/kota: the table is transcribed from the
    bridging of BPS, never derived.
    """
    with (_REFERENCE / "wilayah_bps.csv").open(encoding="utf-8", newline="") as file:
        return MappingProxyType(
            {row["kode"]: row["kode_bps"] for row in csv.DictReader(file) if row["kode_bps"]}
        )
