"""Kode wilayah of Kemendagri, four levels: look-up, parents, children, search.

The dotted code (``36.04.05.2001``) is the key everywhere; the code of BPS is a
fact beside it (:attr:`Wilayah.kode_bps`), never derived from it. A code of the
older list that is no longer in force is still recognised: it has ``valid_to``
and, where that is beyond doubt, ``successor``.

Source: Kepmendagri 300.2.2-2138/2025, see ``reference/SOURCE.md``.
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from ckanext.satudata.domain import wilayah_search
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.wilayah_bps_store import relations
from ckanext.satudata.domain.wilayah_store import (
    LEVELS,
    SPAN,
    About,
    code_of,
    key_of,
    kode_bps,
    store,
)

__all__ = [
    "LEVELS", "About", "Wilayah", "about", "children", "codes", "count", "count_children",
    "count_retired", "display", "exists", "from_bps", "get", "is_within", "level", "parents",
    "predecessors", "retired_codes", "search", "suggest", "window",
]

#: Papua calls its kecamatan distrik (UU 2/2021).
_PAPUA = frozenset({"91", "92", "93", "94", "95", "96"})
#: A code further off than this was not meant.
_MAX_SLIP = 3
_MIN_NAME = 4
_DESA_KINDS = {"1": "kelurahan", "2": "desa", "3": "desa_adat"}
_NAMED_KINDS = {
    "provinsi": "Provinsi", "kecamatan": "Kecamatan", "distrik": "Distrik",
    "kelurahan": "Kelurahan", "desa": "Desa", "desa_adat": "Desa adat",
}


class Wilayah(NamedTuple):
    """One area.

    ``valid_from`` and ``valid_to`` are days, nothing where unknown or open.
    ``valid_to`` is the last day before the list that no longer has the code.
    ``parent`` is empty for a provinsi, ``kode_bps`` where no source has it and below
    the kab/kota: :func:`.wilayah_bps.kode_for` knows those.
    """

    code: str
    name: str
    level: str
    parent: str
    kode_bps: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""

    @property
    def in_force(self) -> bool:
        return self.valid_to is None

    @property
    def kind(self) -> str:
        """What the area is: provinsi, kabupaten, kota, kecamatan, distrik, desa, ..."""
        if self.level == "kabupaten_kota":
            return "kota" if self.code[3] in "789" else "kabupaten"
        if self.level == "kecamatan":
            return "distrik" if self.code[:2] in _PAPUA else "kecamatan"
        if self.level == "desa_kelurahan":
            return _DESA_KINDS.get(self.code[9], "desa")
        return "provinsi"

    @property
    def full_name(self) -> str:
        """The name with what the area is in front: "Kecamatan Kramatwatu"."""
        if self.level == "kabupaten_kota":
            return self.name  # the list itself says "Kabupaten Serang"
        return f"{_NAMED_KINDS[self.kind]} {self.name}"


@lru_cache(maxsize=1)
def _last_day_of_the_older_list() -> date:
    return date.fromisoformat(store().about.decree_date) - timedelta(days=1)


def about() -> About:
    """Return which decree the list transcribes and from which package it came."""
    return store().about


def _make(key: int, number: int, name: str) -> Wilayah:
    code = code_of(key, number)
    return Wilayah(
        code, name, LEVELS[number - 1], code.rpartition(".")[0],
        kode_bps().get(code, "") if number < 3 else "",
    )


def get(code: str) -> Wilayah:
    """Return the area of a dotted code, also of a retired one (then with ``valid_to``).

    :raises UnknownCodeError: neither list has the code.
    """
    place = key_of(code)
    if place is None:
        raise UnknownCodeError("wilayah", code)
    name = store().find(*place)
    if name is not None:
        return _make(*place, name)
    retired = store().find_retired(*place)
    if retired is None:
        raise UnknownCodeError("wilayah", code)
    return _make(*place, retired[0])._replace(
        valid_to=_last_day_of_the_older_list(), successor=retired[1]
    )


def exists(code: str) -> bool:
    """Say whether the code is in force; a retired one is not."""
    place = key_of(code)
    return place is not None and store().columns[place[1] - 1].index(place[0]) >= 0


def level(code: str) -> str:
    """Return provinsi, kabupaten_kota, kecamatan or desa_kelurahan.

    :raises UnknownCodeError: neither list has the code.
    """
    return get(code).level


def parents(code: str) -> tuple[Wilayah, ...]:
    """Return the areas above, nearest first.

    :raises UnknownCodeError: neither list has the code.
    """
    found: list[Wilayah] = []
    above = get(code).parent
    while above:
        found.append(get(above))
        above = found[-1].parent
    return tuple(found)


def _below(code: str) -> tuple[int, int, int]:
    """Return (level, first, last + 1) of the areas one level below."""
    if not code:
        return 1, 0, len(store().columns[0])
    place = key_of(code)
    if place is None:
        raise UnknownCodeError("wilayah", code)
    key, number = place
    if number == len(LEVELS):
        return number, 0, 0
    return number + 1, *store().columns[number].slice(key, key + SPAN[number])


def count_children(code: str = "") -> int:
    """Return how many areas in force are directly below."""
    _, first, end = _below(code)
    return end - first


def children(code: str = "", offset: int = 0, limit: int | None = None) -> tuple[Wilayah, ...]:
    """Return the areas in force directly below, by code; the provinces without a code.

    :raises UnknownCodeError: the text has not the form of a code.
    """
    number, first, end = _below(code)
    first = min(first + max(offset, 0), end)
    end = end if limit is None else min(first + max(limit, 0), end)
    return tuple(_at(number, at) for at in range(first, end))


def count() -> int:
    """Return how many areas are in force, all levels together."""
    return sum(len(column) for column in store().columns)


def codes(of_level: str | None = None) -> Iterator[str]:
    """Yield every code in force, level by level."""
    for number, name in enumerate(LEVELS, 1):
        if of_level in (None, name):
            for key in store().columns[number - 1].keys:
                yield code_of(key, number)


def retired_codes() -> Iterator[str]:
    """Yield the codes of the older list that are no longer in force."""
    return store().retired_codes()


@lru_cache(maxsize=1)
def _retired() -> tuple[str, ...]:
    return tuple(store().retired_codes())


def count_retired() -> int:
    """Return how many codes of the older list are no longer in force."""
    return len(_retired())


def window(offset: int, limit: int) -> list[Wilayah]:
    """Return a part of all areas: those in force level by level, then the retired ones."""
    found: list[Wilayah] = []
    for number, column in enumerate(store().columns, 1):
        size = len(column)
        found += [_at(number, at)
                  for at in range(offset, min(size, offset + limit - len(found)))]
        offset = max(0, offset - size)
    missing = max(0, limit - len(found))
    return found + [get(code) for code in _retired()[offset : offset + missing]]


@lru_cache(maxsize=1)
def _predecessors() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code in _retired():
        heir = get(code).successor
        if heir:
            found[heir] = (*found.get(heir, ()), code)
    return found


def predecessors(code: str) -> tuple[str, ...]:
    """Return the retired codes that this one took the place of."""
    return _predecessors().get(code, ())


def is_within(code: str, outer: str) -> bool:
    """Say whether an area is another one or lies in it, by their codes."""
    return code == outer or code.startswith(outer + ".")


def display(code: str) -> str:
    """Return the name with the areas above up to the kab/kota.

    "Kecamatan Kramatwatu, Kabupaten Serang". The code itself where it is unknown:
    a page must not fail over an old code.
    """
    try:
        area = get(code)
        chain = [area, *(above for above in parents(code) if above.level != "provinsi")]
    except UnknownCodeError:
        return code
    return ", ".join(each.full_name for each in chain)


@lru_cache(maxsize=1)
def _by_kode_bps() -> dict[str, str]:
    return {bps: code for code, bps in kode_bps().items() if exists(code)}


def from_bps(code: str) -> Wilayah | None:
    """Return the area in force that has this BPS code, if any.

    For a kecamatan or desa whose code was replaced since BPS named it: the successor.
    """
    ours = _by_kode_bps().get(code) or relations().of_bps(code)
    if ours is None:
        return None
    area = get(ours)
    if area.in_force:
        return area
    return get(area.successor) if area.successor else None


def search(
    text: str, level: str | None = None, within: str | None = None, limit: int = 20
) -> tuple[Wilayah, ...]:
    """Return the areas a person may mean, best first, for autocomplete.

    ``text`` is a name or part of it, a code or the beginning of one. Case,
    diacritics and punctuation do not count; "Kab.", "Kec.", "Kel." and their like
    in front narrow the search; after a comma comes the area it lies in
    ("Kramatwatu, Serang"). Order: same name, name that begins so, word that begins
    so; then from provinsi to desa; then by code. An empty text lists what is
    directly below ``within``.

    :raises UnknownCodeError: ``within`` is no code or ``level`` no level.
    """
    if level is not None and level not in LEVELS:
        raise UnknownCodeError("tingkat_penyajian", level)
    if within and key_of(within) is None:
        raise UnknownCodeError("wilayah", within)
    if limit <= 0:
        return ()
    if not text.strip():
        return _first_below(within or "", level, limit)
    found = [_at(*place) for place in wilayah_search.search(text, level, within, limit)]
    # A code may also be retired, or one of BPS: after the area whose own code it is.
    others = _found_by_other_code(text, level, within)
    return (*found[:1], *others, *found[1:])[:limit]


def _at(number: int, at: int) -> Wilayah:
    column = store().columns[number - 1]
    return _make(column.keys[at], number, column.name(at))


def _first_below(within: str, level: str | None, limit: int) -> tuple[Wilayah, ...]:
    if level is None:
        return children(within, limit=limit)
    number = LEVELS.index(level) + 1
    first, end = wilayah_search.within_slice(number, within)
    return tuple(_at(number, at) for at in range(first, min(end, first + limit)))


def _found_by_other_code(text: str, level: str | None, within: str | None) -> list[Wilayah]:
    """Return what the packed search does not see: a retired code, a code of BPS."""
    code = text.strip()
    found: list[Wilayah] = []
    if key_of(code) and not exists(code):
        with suppress(UnknownCodeError):
            found.append(get(code))
    area = from_bps(code) if code.isdigit() else None
    if area is not None and area.code.replace(".", "") != code:
        found.append(area)
    return [each for each in found
            if (level is None or each.level == level)
            and (not within or is_within(each.code, within))]


def suggest(text: str) -> Wilayah | None:
    """Return the area in force that a wrong code or a name most likely meant, if any.

    A retired code leads to its successor, a code without or with wrong separators
    to the code, an unknown one to the nearest area under the same parent.
    """
    text = text.strip()[: wilayah_search.MAX_TEXT]
    code = wilayah_search.as_code(text)
    if code is None:
        # Two letters match somewhere by chance; that is no suggestion.
        found = search(text, limit=1) if len(text) >= _MIN_NAME else ()
        return found[0] if found else None
    if exists(code):
        return get(code)
    try:
        heir = get(code).successor
    except UnknownCodeError:
        heir = ""
    if heir:
        return get(heir)
    return _nearest_sibling(code)


def _nearest_sibling(code: str) -> Wilayah | None:
    above = code.rpartition(".")[0]
    place = key_of(code)
    if place is None or not above or not exists(above):
        return None
    siblings = children(above)
    if not siblings:
        return None
    wanted = int(code.rpartition(".")[2])

    def distance(area: Wilayah) -> int:
        return abs(int(area.code.rpartition(".")[2]) - wanted)

    nearest = min(siblings, key=distance)
    return nearest if distance(nearest) <= _MAX_SLIP else None
