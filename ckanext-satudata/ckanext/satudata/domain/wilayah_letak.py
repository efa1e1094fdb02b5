"""Where an area lies: its box and its centre, for maps and for portals that search by place.

Known of provinsi and kabupaten/kota (``reference/wilayah_letak.csv``, from the simplified
boundaries of BIG; ``reference/SOURCE.md``). Of smaller areas nothing is said: the box of the
kabupaten is not that of its desa.
"""
from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["Letak", "get"]

_FILE = Path(__file__).resolve().parent.parent / "reference" / "wilayah_letak.csv"


class Letak(NamedTuple):
    """A box and a centre in degrees (WGS 84), kept as they stand in the list: to 0.001.

    The centre is that of the surface; of an area in the shape of a sickle, or of islands, it may
    lie outside.
    """

    west: str
    south: str
    east: str
    north: str
    longitude: str
    latitude: str

    @property
    def box(self) -> str:
        """The box as WKT, longitude first."""
        west, south, east, north = self[:4]
        return (f"POLYGON(({west} {south},{east} {south},{east} {north},"
                f"{west} {north},{west} {south}))")

    @property
    def centre(self) -> str:
        """The centre as WKT, longitude first."""
        return f"POINT({self.longitude} {self.latitude})"


@cache
def _list() -> Mapping[str, Letak]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return {code: Letak(*rest) for code, *rest in rows}


def get(code: str) -> Letak | None:
    """Return where an area lies, ``None`` where that is not known."""
    return _list().get(code)
