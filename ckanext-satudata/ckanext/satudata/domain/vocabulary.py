"""The controlled vocabularies: closed lists of codes with labels in two languages.

They are package data (``reference/<name>.csv``, listed in
``reference/vocabularies.csv``), read once per process when first asked for and
never changed. Codes are strings, also where they look like numbers: published
implementations of MS-Keg disagree on the numbers. A retired code stays in its
list with ``valid_to``, so that old data is still understood. Sources and
licences are in ``reference/SOURCE.md``.

Kode wilayah has its own packed format: see :mod:`.wilayah`.
"""
from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.folding import fold

__all__ = ["Concept", "Vocabulary", "get", "names"]

_REFERENCE = Path(__file__).resolve().parent.parent / "reference"
_REGISTRY = "vocabularies"
#: Longer text is nobody's label; comparing it would only cost time.
_MAX_TEXT = 200


@dataclass(frozen=True)
class Concept:
    """One code of a vocabulary.

    ``iri`` is the concept of a public authority it maps to (EU authority
    tables, QUDT, SDMX), empty where there is none. ``notation`` is the sign
    used in print (``km²``, ``r``); ``aliases`` are other spellings in use.
    ``valid_from`` and ``valid_to`` are the first and last day of validity.
    """

    code: str
    label_id: str
    label_en: str
    note: str = ""
    iri: str = ""
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    notation: str = ""
    aliases: tuple[str, ...] = ()

    def label(self, lang: str = "id") -> str:
        """Return the label in ``lang`` (``en``, ``en_GB`` ...), Indonesian for any other."""
        return self.label_en if lang[:2].lower() == "en" else self.label_id

    def is_valid(self, on: date) -> bool:
        """Say whether the code may be used on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


class Vocabulary:
    """An immutable, ordered list of concepts with look-up by code in constant time."""

    __slots__ = ("_by_spelling", "_by_text", "_concepts", "name", "note", "title_en", "title_id")

    def __init__(
        self, name: str, title_id: str, title_en: str, note: str, concepts: Mapping[str, Concept]
    ) -> None:
        self.name = name
        self.title_id = title_id
        self.title_en = title_en
        self.note = note
        self._concepts: Mapping[str, Concept] = MappingProxyType(dict(concepts))
        # Codes win over labels, labels over notations and other spellings. "kw" is a
        # quintal and "kW" a kilowatt: the case decides, and without it nothing does.
        self._by_spelling = _index(self._concepts.values(), str.strip)
        self._by_text = _index(self._concepts.values(), fold)

    def __repr__(self) -> str:
        return f"<Vocabulary {self.name}: {len(self)} codes>"

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and code in self._concepts

    def __getitem__(self, code: str) -> Concept:
        """Return the concept of a code.

        :raises UnknownCodeError: the vocabulary has no such code.
        """
        try:
            return self._concepts[code]
        except (KeyError, TypeError):
            raise UnknownCodeError(self.name, str(code)) from None

    def __iter__(self) -> Iterator[Concept]:
        return iter(self._concepts.values())

    def __len__(self) -> int:
        return len(self._concepts)

    def title(self, lang: str = "id") -> str:
        """Return the title in ``lang``, Indonesian for any other than English."""
        return self.title_en if lang[:2].lower() == "en" else self.title_id

    def match(self, text: str) -> Concept | None:
        """Return the concept a text means: its code, label, notation or other spelling.

        Case, diacritics and blanks do not count. This reads what files and other
        portals say ("Hektar", "Ha"); it never guesses between two.
        """
        if len(text) > _MAX_TEXT:
            return None
        return self._by_spelling.get(text.strip()) or self._by_text.get(fold(text))

    def find(self, text: str) -> list[Concept]:
        """Return the concepts that contain a text, best first; all for an empty text.

        Order: same, starts with, a word starts with, contains; then as in the list.
        """
        wanted = fold(text[:_MAX_TEXT])
        if not wanted:
            return list(self)
        found: list[tuple[int, int, Concept]] = []
        for position, concept in enumerate(self):
            ranks = [_rank(wanted, fold(each)) for each in _all_texts(concept)]
            best = min(ranks)
            if best < _NO_MATCH:
                found.append((best, position, concept))
        found.sort(key=lambda item: item[:2])
        return [concept for _, _, concept in found]

    def nearest(self, text: str) -> Concept | None:
        """Return the concept a mistyped code or label most likely meant, if any is near."""
        exact = self.match(text)
        if exact is not None:
            return exact
        wanted = fold(text[:_MAX_TEXT])
        near = get_close_matches(wanted, list(self._by_text), n=1, cutoff=0.72)
        return self._by_text[near[0]] if near else None


_NO_MATCH = 9


def _rank(wanted: str, text: str) -> int:
    if text == wanted:
        return 0
    if text.startswith(wanted):
        return 1
    if re.search(r"\b" + re.escape(wanted), text):
        return 2
    return 3 if wanted in text else _NO_MATCH


def _index(
    concepts: Iterable[Concept], key: Callable[[str], str]
) -> Mapping[str, Concept]:
    concepts = list(concepts)
    index: dict[str, Concept] = {}
    for texts in (_codes, _labels, _spellings):
        meanings: dict[str, list[Concept]] = {}
        for concept in concepts:
            for text in {key(each) for each in texts(concept)}:
                meanings.setdefault(text, []).append(concept)
        for text, meant in meanings.items():
            if text and text not in index and len(meant) == 1:
                index[text] = meant[0]
    return MappingProxyType(index)


def _codes(concept: Concept) -> tuple[str, ...]:
    return (concept.code,)


def _labels(concept: Concept) -> tuple[str, ...]:
    return (concept.label_id, concept.label_en)


def _spellings(concept: Concept) -> tuple[str, ...]:
    return (concept.notation, *concept.aliases)


def _all_texts(concept: Concept) -> tuple[str, ...]:
    return (concept.code, concept.label_id, concept.label_en, concept.notation, *concept.aliases)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read(name: str) -> list[dict[str, str]]:
    with (_REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def _registry() -> Mapping[str, dict[str, str]]:
    return MappingProxyType({row["nama"]: row for row in _read(_REGISTRY)})


def names() -> tuple[str, ...]:
    """Return the names of all vocabularies, in alphabetical order (without ``wilayah``)."""
    return tuple(_registry())


# Only registered names are cached, so no caller can grow the cache.
@cache
def _load(name: str) -> Vocabulary:
    about = _registry()[name]
    concepts = {
        row["kode"]: Concept(
            code=row["kode"],
            label_id=row["label_id"],
            label_en=row["label_en"],
            note=row["keterangan"],
            iri=row["iri"],
            parent=row["induk"],
            valid_from=_day(row["berlaku_sejak"]),
            valid_to=_day(row["berlaku_sampai"]),
            notation=row["notasi"],
            aliases=tuple(each for each in row["alias"].split("|") if each),
        )
        for row in _read(name)
    }
    return Vocabulary(name, about["judul_id"], about["judul_en"], about["keterangan"], concepts)


def get(name: str) -> Vocabulary:
    """Return the vocabulary of that name; it is read from its file at the first call.

    :raises UnknownCodeError: no vocabulary has that name.
    """
    if name not in _registry():
        raise UnknownCodeError("vocabularies", str(name))
    return _load(name)
