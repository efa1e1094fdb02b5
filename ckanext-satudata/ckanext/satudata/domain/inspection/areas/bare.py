"""Kabupaten or kota, where only the name is written: "Serang" beside "Kota Serang"."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ckanext.satudata.domain.inspection.areas.columns import header_levels
from ckanext.satudata.domain.inspection.areas.index import Found, kind_of
from ckanext.satudata.domain.inspection.areas.names import plain
from ckanext.satudata.domain.inspection.notes import N_
from ckanext.satudata.domain.wilayah_store import kode_bps

__all__ = ["ORDER", "by_order", "settle"]

BARE = N_("Kolom ini menulis kabupaten atau kota lain tanpa sebutan yang sama.")
ORDER = N_("Baris di sekitarnya urut menurut kode; hanya yang ini yang cocok dengan urutannya.")

_KABUPATEN = frozenset({"kabupaten", "kab"})
_KOTA = frozenset({"kota", "kotamadya", "kodya"})


def settle(
    texts: Sequence[str], found: Sequence[Found], header: str
) -> list[Found]:
    """Decide for names that a kabupaten and a kota share, by how the others are written.

    Statistics write "Serang" for the kabupaten and "Kota Serang" for the kota: where the other
    one stands in the column under its full name, the bare name is the remaining one; where all
    kota have the word "Kota" in front, a bare name is a kabupaten. Otherwise it stays open.
    """
    said = [_said(text) for text in texts]
    settled = list(found)
    claimed = {code for kind, each in zip(said, found, strict=True)
               if kind and len(each.codes) == 1 for code in each.codes}
    convention = _convention(said, found, header)
    for place, each in enumerate(found):
        if len(each.codes) < 2 or said[place]:
            continue
        free = tuple(code for code in each.codes if code not in claimed)
        if len(free) == 1:
            settled[place] = Found(free)
        elif convention:
            fitting = tuple(code for code in free if kind_of(code) == convention)
            settled[place] = Found(fitting, BARE) if len(fitting) == 1 else each
    return settled


def _said(text: str) -> str:
    words = plain(text).split()
    if words[:1] and len(words) > 1:
        for word in (words[0], words[-1]):
            if word in _KABUPATEN:
                return "kabupaten"
            if word in _KOTA:
                return "kota"
    return ""


def _convention(said: Sequence[str], found: Sequence[Found], header: str) -> str:
    """Return what a bare name is in this column, ``""`` where nothing shows it."""
    words = set(plain(header.replace("_", " ")).split())
    if header_levels(header) and not words & _KOTA and words & _KABUPATEN:
        return "kabupaten"
    if words & _KOTA and not words & _KABUPATEN:
        return "kota"
    single = [(kind, kind_of(each.codes[0])) for kind, each in zip(said, found, strict=True)
              if len(each.codes) == 1]
    kota_bare = any(not kind and real == "kota" for kind, real in single)
    kota_said = any(kind == "kota" for kind, _ in single)
    kabupaten_bare = any(not kind and real == "kabupaten" for kind, real in single)
    kabupaten_said = any(kind == "kabupaten" for kind, _ in single)
    if kota_said and not kota_bare and not kabupaten_said:
        return "kabupaten"
    if kabupaten_said and not kabupaten_bare and not kota_said:
        return "kota"
    return ""


#: Fewer rows in the order of their codes, of which fewer are beyond doubt, may be so by chance.
_MIN_ORDERED, _MIN_SURE = 6, 3


def by_order(rows: Sequence[tuple[str, ...]]) -> dict[int, str]:
    """Return the area of rows of several, where the order of the rows leaves only one.

    Statistics list the kabupaten and then the kota in the order of their codes, often without a
    word in front: "Tangerang, Serang, Tangerang, Cilegon, Serang" are 3603, 3604, 3671, 3672,
    3673.

    :param rows: the areas each row may mean, in the order of the sheet
    """
    bps = kode_bps()
    for order in (lambda code: code, lambda code: bps.get(code, code)):
        found: dict[int, str] = {}
        for first, end in _blocks(rows, order):
            found.update(_in_block(rows, first, end, order))
        if found:
            return found
    return {}


def _blocks(
    rows: Sequence[tuple[str, ...]], order: Callable[[str], str]
) -> Iterator[tuple[int, int]]:
    """Yield the runs of rows whose known areas rise in order."""
    first, last, sure, count = 0, "", 0, 0
    for at, codes in enumerate(rows):
        if len(codes) == 1:
            if order(codes[0]) <= last:
                if count >= _MIN_ORDERED and sure >= _MIN_SURE:
                    yield first, at
                first, sure, count = at, 0, 0
            last = order(codes[0])
            sure += 1
        count += bool(codes)
    if count >= _MIN_ORDERED and sure >= _MIN_SURE:
        yield first, len(rows)


def _in_block(
    rows: Sequence[tuple[str, ...]], first: int, end: int, order: Callable[[str], str]
) -> dict[int, str]:
    low: dict[int, str] = {}
    last = ""
    for at in range(first, end):
        fitting = sorted((code for code in rows[at] if order(code) > last), key=order)
        if rows[at] and not fitting:
            return {}
        if fitting:
            low[at] = fitting[0]
            last = order(fitting[0])
    last = ""
    found: dict[int, str] = {}
    for at in range(end - 1, first - 1, -1):
        fitting = sorted((code for code in rows[at] if not last or order(code) < last), key=order)
        if fitting:
            last = order(fitting[-1])
            if len(rows[at]) > 1 and low.get(at) == fitting[-1]:
                found[at] = fitting[-1]
    return found
