"""Search over the packed list of kode wilayah, fast enough for each key a person strikes.

Each level's names are folded once into one blob, a name a line; a query is a
handful of ``bytes.find`` over it, from the best kind of match to the weakest, and
stops when enough is found. Nothing here makes objects: the result is places in
the columns of :mod:`.wilayah_store`.
"""
from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate, chain
from typing import NamedTuple

from ckanext.satudata.domain.folding import fold
from ckanext.satudata.domain.wilayah_store import (
    DIGITS,
    LEVELS,
    SPAN,
    code_of,
    key_of,
    store,
)

__all__ = ["MAX_TEXT", "PROVINCES", "as_code", "plain", "search", "within_slice"]

#: Longer than the longest name with its three parents; more is not a name.
MAX_TEXT = 200
_MAX_WORDS = 12
#: Areas that a name after a comma may mean; "Sukamaju" alone has hundreds.
_MAX_OUTER = 40

#: What stands in front of a name -> the level, and for kab/kota the kind.
_FRONT: dict[str, tuple[int, str]] = {
    "provinsi": (1, ""), "prov": (1, ""), "propinsi": (1, ""),
    "kabupaten": (2, "kabupaten"), "kab": (2, "kabupaten"), "kota": (2, "kota"),
    "kotamadya": (2, "kota"),
    "kecamatan": (3, ""), "kec": (3, ""), "distrik": (3, ""), "kapanewon": (3, ""),
    "kemantren": (3, ""),
    "desa": (4, ""), "ds": (4, ""), "kelurahan": (4, ""), "kel": (4, ""), "gampong": (4, ""),
    "nagari": (4, ""), "kampung": (4, ""), "pekon": (4, ""), "kalurahan": (4, ""),
    "lembang": (4, ""), "tiyuh": (4, ""), "negeri": (4, ""),
}
#: Short names of provinces.
PROVINCES = {
    "diy": "daerah istimewa yogyakarta",
    "ntb": "nusa tenggara barat", "ntt": "nusa tenggara timur",
    "sumut": "sumatera utara", "sumbar": "sumatera barat", "sumsel": "sumatera selatan",
    "jabar": "jawa barat", "jateng": "jawa tengah", "jatim": "jawa timur",
    "kalbar": "kalimantan barat", "kalteng": "kalimantan tengah",
    "kalsel": "kalimantan selatan", "kaltim": "kalimantan timur", "kaltara": "kalimantan utara",
    "sulut": "sulawesi utara", "sulteng": "sulawesi tengah", "sulsel": "sulawesi selatan",
    "sultra": "sulawesi tenggara", "sulbar": "sulawesi barat", "malut": "maluku utara",
    "kepri": "kepulauan riau", "babel": "kepulauan bangka belitung",
}
#: Short forms people type for whole words of names.
_SHORT = {
    "kep": "kepulauan", "tj": "tanjung", "tg": "tanjung", "sei": "sungai", "gn": "gunung",
    "dki": "daerah khusus ibukota", **PROVINCES,
}
_KIND_IN_LIST = re.compile(r"^(?:kabupaten administrasi|kota administrasi|kabupaten|kota) ", re.M)
_APOSTROPHES = re.compile("['`´‘’ʼ\"“”]")
_PUNCTUATION = re.compile(r"[^a-z0-9\n]+")
_SEPARATED_CODE = re.compile(r"[0-9]{1,10}(?:[ ./-]+[0-9]{1,4}){0,3}[ ./-]*")


def plain(text: str) -> str:
    """Fold a name or a query: ``Ra'as`` is ``raas``, ``J.Angkola`` is ``j angkola``."""
    return _PUNCTUATION.sub(" ", _APOSTROPHES.sub("", fold(text))).strip()


class _Folded(NamedTuple):
    """The names of one level, folded: lines with a line feed before and after each."""

    blob: bytes
    starts: array[int]
    compact: bytes
    compact_starts: array[int]


@cache
def _folded(number: int) -> _Folded:
    names = store().columns[number - 1].names()
    if names.isascii():  # then case is all there is to fold, on all names at once
        text = _PUNCTUATION.sub(" ", _APOSTROPHES.sub("", names.lower()))
        text = re.sub(r" ?\n ?", "\n", text).strip(" ")
    else:
        text = "\n".join(plain(line) for line in names.split("\n"))
    if number == 2:
        text = _KIND_IN_LIST.sub("", text)
    blob = text.encode("ascii")
    compact = blob.replace(b" ", b"")
    return _Folded(*_with_starts(blob), *_with_starts(compact))


def _with_starts(blob: bytes) -> tuple[bytes, array[int]]:
    lengths = (len(line) + 1 for line in blob.split(b"\n"))
    return b"\n" + blob + b"\n", array("I", chain((0,), accumulate(lengths)))


def within_slice(number: int, within: str | None) -> tuple[int, int]:
    """Return the places at a level that lie in ``within`` (a code of the right form)."""
    column = store().columns[number - 1]
    place = key_of(within) if within else None
    if place is None:
        return 0, len(column)
    key, outer = place
    if outer > number:
        return 0, 0
    return column.slice(key, key + SPAN[outer])


Place = tuple[int, int]  # (level from 1, index in its column)


def search(text: str, level: str | None, within: str | None, limit: int) -> list[Place]:
    """Return the places of the areas meant, best first; see ``wilayah.search``."""
    text = text[:MAX_TEXT]
    numbers = [LEVELS.index(level) + 1] if level else [1, 2, 3, 4]
    if text.strip()[:1].isdigit() and _SEPARATED_CODE.fullmatch(text.strip()):
        by_code = list(_by_code(text, numbers, within, limit))
        if by_code:
            return by_code
    name, *outer = [plain(part) for part in text.split(",")]
    outer = [part for part in outer if part][:3]
    if not name and outer:
        name, *outer = outer
    if not name or len(name.split()) > _MAX_WORDS:
        return []
    found = _in_outer(name, outer, numbers, within, limit)
    words = name.split()
    for cut in range(len(words) - 1, 0, -1):
        if found or outer:
            break
        # "kramatwatu serang" without the comma.
        found = _in_outer(
            " ".join(words[:cut]), [" ".join(words[cut:])], numbers, within, limit
        )
    if not found and len(name.replace(" ", "")) >= 4:
        found = _collect(_compact_matches(name, numbers, [within]), limit)
    return found


def _in_outer(
    name: str, outer: list[str], numbers: list[int], within: str | None, limit: int
) -> list[Place]:
    """Search in every area that the names after the comma may mean, the last the largest."""
    homes: list[str | None] = [within]
    for phrase in reversed(outer):
        places = _collect(_matches(phrase, [1, 2, 3], homes), _MAX_OUTER)
        homes = [_code(place) for place in places]
    return _collect(_matches(name, numbers, homes), limit)


def _code(place: Place) -> str:
    number, at = place
    return code_of(store().columns[number - 1].keys[at], number)


def _collect(places: Iterator[Place], limit: int) -> list[Place]:
    found: dict[Place, None] = {}
    for place in places:
        found.setdefault(place)
        if len(found) >= limit:
            break
    return list(found)


class _Reading(NamedTuple):
    """One way to read what was typed: a phrase at some levels, perhaps of one kind."""

    phrase: bytes
    numbers: list[int]
    kind: str = ""


def _readings(name: str, numbers: list[int]) -> list[_Reading]:
    front, _, rest = name.partition(" ")
    readings: list[_Reading] = []
    if rest and front in _FRONT:
        number, kind = _FRONT[front]
        if number in numbers:
            for phrase in _spellings(rest.removeprefix("administrasi ").removeprefix("adm ")):
                readings.append(_Reading(phrase, [number], kind))
    # "Kota Agung" and "Desa Baru" are also whole names.
    readings.extend(_Reading(phrase, numbers) for phrase in _spellings(name))
    return readings


def _spellings(name: str) -> list[bytes]:
    long = " ".join(_SHORT.get(word, word) for word in name.split())
    long = re.sub(r"^(?:d i|di) yogyakarta\b", "daerah istimewa yogyakarta", long)
    return [name.encode()] if long == name else [long.encode(), name.encode()]


def _matches(name: str, numbers: list[int], homes: list[str | None]) -> Iterator[Place]:
    readings = _readings(name, numbers)
    for before, after in ((b"\n", b"\n"), (b"\n", b""), (b" ", b"")):
        for reading in readings:
            needle = before + reading.phrase + after
            for number in reading.numbers:
                folded = _folded(number)
                for home in homes:
                    for at in _lines_with(needle, folded.blob, folded.starts, number, home):
                        if not reading.kind or _kind(at) == reading.kind:
                            yield number, at


def _compact_matches(name: str, numbers: list[int], homes: list[str | None]) -> Iterator[Place]:
    """Match without blanks: ``kramat watu`` is Kramatwatu."""
    readings = _readings(name, numbers)
    for after in (b"\n", b""):
        for reading in readings:
            needle = b"\n" + reading.phrase.replace(b" ", b"") + after
            for number in reading.numbers:
                folded = _folded(number)
                for home in homes:
                    for at in _lines_with(
                        needle, folded.compact, folded.compact_starts, number, home
                    ):
                        if not reading.kind or _kind(at) == reading.kind:
                            yield number, at


def _kind(at: int) -> str:
    tens = store().columns[1].keys[at] // 10**7 % 10
    return "kota" if tens >= 7 else "kabupaten"


def _lines_with(
    needle: bytes, blob: bytes, starts: array[int], number: int, home: str | None
) -> Iterator[int]:
    first, end = within_slice(number, home)
    if first >= end:
        return
    # Line i is blob[starts[i] + 1 : starts[i + 1]], with line feeds on both sides.
    position, stop = starts[first], starts[end] + 1
    while True:
        position = blob.find(needle, position, stop)
        if position < 0:
            return
        at = bisect_right(starts, position) - 1
        yield at
        position = starts[at + 1]


def as_code(text: str) -> str | None:
    """Return the dotted code that a text with other or no separators means by its form."""
    text = text.strip()
    if not text or not _SEPARATED_CODE.fullmatch(text):
        return None
    digits = re.sub(r"[^0-9]", "", text)
    if len(digits) not in (2, 4, 6, 10):
        return None
    return ".".join(filter(None, (digits[:2], digits[2:4], digits[4:6], digits[6:])))


def _by_code(
    text: str, numbers: list[int], within: str | None, limit: int
) -> Iterator[Place]:
    digits = re.sub(r"[^0-9]", "", text)
    if len(digits) > 10:
        return
    unit = 10 ** (10 - len(digits))
    low = int(digits) * unit
    left = limit
    for number in numbers:
        if DIGITS[number] < len(digits):
            continue  # filled with zeros, 36.04 would look like the beginning 36.04.0
        column = store().columns[number - 1]
        first, end = column.slice(low, low + unit)
        inner, outer = within_slice(number, within)
        for at in range(max(first, inner), min(end, outer)):
            if left <= 0:
                return
            left -= 1
            yield number, at
