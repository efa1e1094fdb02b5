"""The official list, turned round: from a name and the area above to the kode wilayah.

The names of one level are read once into a dictionary (83,762 villages in about a fifth of a
second); an area's descendants are one range of code numbers, so that looking below a parent is a
bisection. Slips of one letter are looked for only below a parent, never in the whole country.
"""
from __future__ import annotations

from bisect import bisect_left
from functools import cache, lru_cache
from typing import NamedTuple

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection.areas import names
from ckanext.satudata.domain.inspection.notes import N_
from ckanext.satudata.domain.wilayah_store import LEVELS, SPAN, code_of, key_of, store

__all__ = [
    "Found", "Level", "by_name", "find", "kind_of", "level_of", "near", "number_of", "retired",
]

#: Shorter names differ in one letter from too many others.
_MIN_SLIP = 5
#: Areas among which a slip is looked for: more than the villages of any kecamatan or the
#: kecamatan of any kabupaten, fewer than those of a province.
_MAX_NEAR = 800


class Found(NamedTuple):
    """The areas a name may mean; ``doubt`` says why a person should look (a template)."""

    codes: tuple[str, ...]
    doubt: str = ""


_NOTHING = Found(())
SPELLING = N_("Ejaannya berbeda dari daftar; hanya satu wilayah di sana yang mirip.")


class Level:
    """The areas of one level by the keys of their names."""

    def __init__(self, level: str) -> None:
        self.level = level
        self.number = LEVELS.index(level) + 1
        column = store().columns[self.number - 1]
        self.keys = column.keys
        self.names = column.names().split("\n")
        self.places: dict[str, list[int]] = {}
        # A fourth of the desa bear the name of another.
        spelled = {name: names.spelled(name, level) for name in set(self.names)}
        for at, name in enumerate(self.names):
            for key in spelled[name]:
                self.places.setdefault(key, []).append(at)

    def span(self, within: str) -> tuple[int, int]:
        """Return the places below an area (all, for none)."""
        place = key_of(within) if within else None
        if place is None:
            return 0, len(self.keys)
        low, outer = place
        if outer > self.number:
            return 0, 0
        return bisect_left(self.keys, low), bisect_left(self.keys, low + SPAN[outer])

    def kind(self, at: int) -> str:
        if self.number == 2:
            return "kota" if self.keys[at] // 10**7 % 10 >= 7 else "kabupaten"
        if self.number == 4:
            return "kelurahan" if self.keys[at] // 1000 % 10 == 1 else "desa"
        return ""

    def code(self, at: int) -> str:
        return code_of(self.keys[at], self.number)

    def plain(self, at: int) -> str:
        words = names.plain(self.names[at])
        return words.partition(" ")[2] if self.number == 2 else words


@cache
def by_name(level: str) -> Level:
    """Return the list of one level, read at the first call."""
    return Level(level)


def number_of(level: str) -> int:
    """Return 1 for provinsi to 4 for desa_kelurahan."""
    return LEVELS.index(level) + 1


def level_of(code: str) -> int:
    """Return 1 to 4 by the form of a dotted code, 0 for none."""
    return code.count(".") + 1 if code else 0


def kind_of(code: str) -> str:
    """Return kabupaten or kota, by the code of one."""
    return "kota" if code[3:4] in "789" else "kabupaten"


def find(text: str, level: str, within: str) -> Found:
    """Return the areas of a level below another that a name means, by its spelling alone."""
    listed = by_name(level)
    first, end = listed.span(within)
    for reading in names.readings(text, level):
        places = listed.places.get(reading.key)
        if not places:
            continue
        found = places[bisect_left(places, first):bisect_left(places, end)]
        if reading.kind and listed.number == 2:
            found = [at for at in found if listed.kind(at) == reading.kind]
        if len(found) > 1:
            found = _narrowed(listed, found, reading)
        if found:
            return Found(tuple(listed.code(at) for at in found))
    return _NOTHING


def _narrowed(listed: Level, found: list[int], reading: names.Reading) -> list[int]:
    """Choose among several the ones of the kind said, then those written exactly so."""
    if reading.kind:
        found = [at for at in found if listed.kind(at) == reading.kind] or found
    if len(found) > 1:
        found = [at for at in found if listed.plain(at) == reading.plain] or found
    return found


@lru_cache(maxsize=4096)
def _neighbours(level: str, within: str) -> dict[str, tuple[int, ...]]:
    """Return the areas below one by their keys with one letter left out, and by their sound."""
    listed = by_name(level)
    first, end = listed.span(within)
    made: dict[str, set[int]] = {}
    for at in range(first, end):
        for key in names.spelled(listed.names[at], level)[:1]:
            for variant in _one_less(key):
                made.setdefault(variant, set()).add(at)
            made.setdefault("~" + names.sound(key), set()).add(at)
        made.setdefault("^" + names.without_class(listed.plain(at)), set()).add(at)
    return {key: tuple(places) for key, places in made.items()}


def _one_less(key: str) -> set[str]:
    return {key, *(key[:at] + key[at + 1:] for at in range(len(key)))}


def near(text: str, level: str, within: str) -> Found:
    """Return the areas below another whose name differs by one letter or by shortened words."""
    listed = by_name(level)
    first, end = listed.span(within)
    if not 0 < end - first <= _MAX_NEAR:
        return _NOTHING
    for reading in names.readings(text, level):
        found = _slipped(listed, reading, within) | _shortened(listed, reading, first, end)
        if reading.kind and listed.number == 2:
            found = {at for at in found if listed.kind(at) == reading.kind}
        if found:
            return Found(tuple(listed.code(at) for at in sorted(found)), SPELLING)
    return _NOTHING


def _slipped(listed: Level, reading: names.Reading, within: str) -> set[int]:
    if len(reading.key) < _MIN_SLIP:
        return set()
    around = _neighbours(listed.level, within)
    alike = set(around.get("~" + names.sound(reading.key), ()))
    alike.update(around.get("^" + names.without_class(reading.plain), ()))
    for variant in _one_less(reading.key):
        alike.update(at for at in around.get(variant, ())
                     if _one_slip(reading.key, names.spelled(listed.names[at], listed.level)[0]))
    return alike


def _one_slip(left: str, right: str) -> bool:
    """Say whether one letter was changed, left out, added, or two neighbours exchanged.

    A slip in a number is another area: Sukamaju I is not Sukamaju II.
    """
    if left == right:
        return True
    if abs(len(left) - len(right)) > 1 or left.rstrip("ivx0123456789") == right.rstrip(
            "ivx0123456789"):
        return False
    at = next((place for place, (one, two) in enumerate(zip(left, right, strict=False))
               if one != two), min(len(left), len(right)))
    return (left[at + 1:] == right[at + 1:] or left[at + 1:] == right[at:]
            or left[at:] == right[at + 1:]
            or (left[at:at + 2] == right[at:at + 2][::-1] and left[at + 2:] == right[at + 2:]))


def _shortened(listed: Level, reading: names.Reading, first: int, end: int) -> set[int]:
    pattern = names.abbreviation(reading.plain)
    found: set[int] = set()
    for at in range(first, end):
        name = listed.names[at]
        if pattern and pattern.fullmatch(names.spelled(name, listed.level)[0]):
            found.add(at)
        elif "." in name:  # the list itself shortens: "Bl. Limbangan"
            short = names.abbreviation(listed.plain(at))
            if short and short.fullmatch(reading.key):
                found.add(at)
    return found


@cache
def _retired() -> dict[tuple[str, str], list[tuple[str, str]]]:
    made: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for code in wilayah.retired_codes():
        area = wilayah.get(code)
        for key in names.spelled(area.name, area.level):
            made.setdefault((area.level, key), []).append((code, area.successor))
    return made


def retired(text: str, level: str, within: str) -> list[tuple[str, str]]:
    """Return (retired code, successor or "") of the areas of the older list a name means."""
    found: dict[tuple[str, str], None] = {}
    for reading in names.readings(text, level):
        for code, heir in _retired().get((level, reading.key), ()):
            if reading.kind and level == "kabupaten_kota" and reading.kind != kind_of(code):
                continue
            if within and wilayah.is_within(code, within):
                found.setdefault((code, heir))
    return list(found)
