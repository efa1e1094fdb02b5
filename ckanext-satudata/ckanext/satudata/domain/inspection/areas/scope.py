"""In which area the names of a table lie, where no column says so.

The title or a note names it, the portal's own area contains them, or the names themselves prove
it: the one kabupaten that has them all.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection.areas import names
from ckanext.satudata.domain.inspection.areas.index import by_name, find, level_of, number_of
from ckanext.satudata.domain.inspection.notes import N_
from ckanext.satudata.domain.wilayah_store import SPAN, code_of

__all__ = ["Scope", "mentions", "scope_for"]

#: Shares of names that must lie in an area for it to be theirs, and how far behind the next
#: one has to stay where nothing but the names speaks for it.
_ENOUGH, _PROVED, _BEHIND = 0.5, 0.8, 0.5
_MIN_PROOF = 3
_MAX_SAMPLE = 3000
_MAX_TEXT = 2000
_MAX_WORDS = 6

_SAID = re.compile(
    r"\b(provinsi|propinsi|prov|kabupaten|kab|kota|kotamadya|kecamatan|kec|distrik|kapanewon"
    r"|kemantren|kelurahan|desa)\b")
_LEVEL_SAID = {
    "provinsi": "provinsi", "propinsi": "provinsi", "prov": "provinsi",
    "kabupaten": "kabupaten_kota", "kab": "kabupaten_kota", "kota": "kabupaten_kota",
    "kotamadya": "kabupaten_kota",
    "kecamatan": "kecamatan", "kec": "kecamatan", "distrik": "kecamatan",
    "kapanewon": "kecamatan", "kemantren": "kecamatan",
    "kelurahan": "desa_kelurahan", "desa": "desa_kelurahan",
}

#: From where the area above is known, for people.
FROM_TITLE = N_("Dicari di {area}, yang disebut pada judul atau catatan lembar.")
FROM_HOME = N_("Dicari di {area}, wilayah portal ini.")
FROM_NAMES = N_("Dicari di {area}, satu-satunya wilayah yang memuat nama-nama itu.")


class Scope(NamedTuple):
    """The area names lie in: ``why`` is a template of this module; ``""`` is the country."""

    code: str
    why: str


def mentions(about: Mapping[str, str], home: str) -> list[str]:
    """Return the areas that the title, the notes or the source of a sheet name, smallest first."""
    found: dict[str, None] = {}
    for text in about.values():
        words = names.plain(text[:_MAX_TEXT]).split()
        for level in ("provinsi", "kabupaten_kota"):
            for code in _said(words, level, ""):
                found.setdefault(code)
    if not found:
        for text in about.values():
            for code in _bare(names.plain(text[:_MAX_TEXT]).split()):
                found.setdefault(code)
    above = [*sorted(found, key=level_of, reverse=True), *([home] if home else []), ""]
    for level in ("kecamatan", "desa_kelurahan"):
        for text in about.values():
            words = names.plain(text[:_MAX_TEXT]).split()
            within = next((code for code in above if _said(words, level, code)), None)
            if within is not None:
                inner = _said(words, level, within)
                for code in inner if len(inner) == 1 else ():
                    found.setdefault(code)
    return sorted(found, key=level_of, reverse=True)


def _said(words: Sequence[str], level: str, within: str) -> list[str]:
    """Return the areas named with the word of their level in front: ``kecamatan cicalengka``."""
    found: list[str] = []
    for at, word in enumerate(words):
        if not _SAID.fullmatch(word) or _LEVEL_SAID[word] != level:
            continue
        for count in range(_MAX_WORDS, 0, -1):
            phrase = " ".join(words[at:at + 1 + count])
            codes = find(phrase, level, within).codes
            if codes:
                found += codes if len(codes) == 1 else ()
                break
    return found


def _bare(words: Sequence[str]) -> list[str]:
    """Return provinces, and kab/kota of one meaning, named without a word in front."""
    found: list[str] = []
    at = 0
    while at < len(words):
        step = 1
        for count in range(min(_MAX_WORDS, len(words) - at), 0, -1):
            phrase = " ".join(words[at:at + count])
            codes = find(phrase, "provinsi", "").codes if len(phrase) > 3 else ()
            codes = codes or (find(phrase, "kabupaten_kota", "").codes if len(phrase) > 4 else ())
            if len(codes) == 1:
                found.append(codes[0])
                step = count
                break
        at += step
    return found


def scope_for(texts: Sequence[str], level: str, named: Sequence[str], home: str) -> Scope | None:
    """Return the area the names of a level lie in, nothing where nothing proves one.

    :param named: areas the sheet itself names, smallest first
    """
    number = number_of(level)
    if number == 1:
        return Scope("", FROM_NAMES)
    sample = list(dict.fromkeys(texts))
    if len(sample) > _MAX_SAMPLE:
        sample = sample[:: len(sample) // _MAX_SAMPLE]
    candidates = [Scope(code, FROM_TITLE) for code in named if level_of(code) < number]
    while home:
        if level_of(home) < number:
            candidates.append(Scope(home, FROM_HOME))
        home = home.rpartition(".")[0]
    shares = [_share(sample, level, scope.code) for scope in candidates]
    best = max(shares, default=0.0)
    if best >= _ENOUGH:
        # The smallest area that has nearly all of them.
        order = sorted(range(len(candidates)),
                       key=lambda at: (-level_of(candidates[at].code), at))
        for at in order:
            if shares[at] >= 0.9 * best:
                return candidates[at]
    if number == 2:
        return Scope("", FROM_NAMES)
    return _proved(sample, level)


def _share(sample: Sequence[str], level: str, within: str) -> float:
    return sum(bool(find(text, level, within).codes) for text in sample) / max(len(sample), 1)


def _proved(sample: Sequence[str], level: str) -> Scope | None:
    """Return the one kabupaten (for villages then the one kecamatan) that has nearly all."""
    listed = by_name(level)
    scope: Scope | None = None
    for outer in (2, 3)[: listed.number - 2]:
        counts: Counter[int] = Counter()
        known = 0
        for text in sample:
            places = next((listed.places[reading.key] for reading in names.readings(text, level)
                           if reading.key in listed.places), [])
            areas = {listed.keys[at] // SPAN[outer] for at in places}
            known += bool(areas)
            counts.update(areas)
        (area, most), (_, second) = (*counts.most_common(2), (0, 0), (0, 0))[:2]
        if most < _MIN_PROOF or most < _PROVED * known or second > _BEHIND * most:
            return scope
        scope = Scope(code_of(area * SPAN[outer], outer), FROM_NAMES)
        if not wilayah.exists(scope.code):
            return None
    return scope
