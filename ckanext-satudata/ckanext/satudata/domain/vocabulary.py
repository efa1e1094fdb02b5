"""The controlled vocabularies: closed lists of codes with labels in two languages.

They are package data (``reference/<name>.csv``, listed in
``reference/vocabularies.csv``), read once per process when first asked for. What
the walidata of a portal changed of them comes from a :class:`Source`, which the
portal hands in with :func:`use`; without one all is as delivered. A vocabulary
itself is never changed: a new version is a new object, under a higher
:func:`edition`.

Codes are strings, also where they look like numbers: published implementations
of MS-Keg disagree on the numbers. A retired code stays in its list with
``valid_to``, so that old data is still understood. Sources and licences are in
``reference/SOURCE.md``.

Kode wilayah has its own packed format: see :mod:`.wilayah`.
"""
from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache, lru_cache, wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any, ParamSpec, Protocol, TypeVar

from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.folding import fold

__all__ = [
    "COLUMNS", "Concept", "Edition", "Source", "Vocabulary", "concept_of", "delivered",
    "delivered_names", "edition", "edition_data", "get", "names", "of_edition", "policy_of",
    "refresh", "remembered", "row_of", "use",
]

#: A concept as texts, under the names of the columns of the CSV form. The last is left out of
#: the files of the package: no code of theirs was replaced by another.
COLUMNS = (
    "kode", "label_id", "label_en", "keterangan", "iri", "induk", "berlaku_sejak",
    "berlaku_sampai", "notasi", "alias", "pengganti",
)

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
    ``valid_from`` and ``valid_to`` are the first and last day of validity; ``successor`` is
    the code to use after the last one. Only lists of a portal's own may lack English.
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
    successor: str = ""

    def label(self, lang: str = "id") -> str:
        """Return the label in ``lang`` (``en``, ``en_GB`` ...), Indonesian for any other."""
        return (self.label_en if lang[:2].lower() == "en" else "") or self.label_id

    def is_valid(self, on: date) -> bool:
        """Say whether the code may be used on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


class Vocabulary:
    """An immutable, ordered list of concepts with look-up by code in constant time.

    ``version`` is 0 as delivered and one more with each change of this portal, the last of which
    was at ``modified``; ``local`` lists were made by this portal.
    """

    __slots__ = ("_by_iri", "_by_spelling", "_by_text", "_concepts", "local", "modified", "name",
                 "note", "title_en", "title_id", "version")

    def __init__(
        self, name: str, title_id: str, title_en: str, note: str, concepts: Mapping[str, Concept],
        version: int = 0, modified: datetime | None = None, local: bool = False,
    ) -> None:
        self.name = name
        self.title_id = title_id
        self.title_en = title_en
        self.note = note
        self.version = version
        self.modified = modified
        self.local = local
        self._concepts: Mapping[str, Concept] = MappingProxyType(dict(concepts))
        # Codes win over labels, labels over notations and other spellings. "kw" is a
        # quintal and "kW" a kilowatt: the case decides, and without it nothing does.
        self._by_spelling = _index(self._concepts.values(), str.strip)
        self._by_text = _index(self._concepts.values(), fold)
        self._by_iri = {each.iri: each.code for each in self if each.iri}

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

    @property
    def by_iri(self) -> Mapping[str, str]:
        """The code of each concept of a public authority."""
        return MappingProxyType(self._by_iri)

    def title(self, lang: str = "id") -> str:
        """Return the title in ``lang``, Indonesian for any other than English."""
        return (self.title_en if lang[:2].lower() == "en" else "") or self.title_id

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
            if len(meant) > 1:  # what a retired code was called may be said of its successor
                meant = [each for each in meant if each.valid_to is None]
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


def concept_of(row: Mapping[str, str]) -> Concept:
    """Return the concept of a row (:data:`COLUMNS`); what is missing is empty.

    :raises ValueError: a day is none
    """
    return Concept(
        code=row["kode"],
        label_id=row.get("label_id", ""),
        label_en=row.get("label_en", ""),
        note=row.get("keterangan", ""),
        iri=row.get("iri", ""),
        parent=row.get("induk", ""),
        valid_from=_day(row.get("berlaku_sejak", "")),
        valid_to=_day(row.get("berlaku_sampai", "")),
        notation=row.get("notasi", ""),
        aliases=tuple(each for each in row.get("alias", "").split("|") if each),
        successor=row.get("pengganti", ""),
    )


def row_of(concept: Concept) -> dict[str, str]:
    """Return a concept as texts, by :data:`COLUMNS`."""
    return dict(zip(COLUMNS, (
        concept.code, concept.label_id, concept.label_en, concept.note, concept.iri,
        concept.parent, concept.valid_from.isoformat() if concept.valid_from else "",
        concept.valid_to.isoformat() if concept.valid_to else "", concept.notation,
        "|".join(concept.aliases), concept.successor,
    ), strict=True))


def _read(name: str) -> list[dict[str, str]]:
    with (_REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def _registry() -> Mapping[str, dict[str, str]]:
    return MappingProxyType({row["nama"]: row for row in _read(_REGISTRY)})


def delivered_names() -> tuple[str, ...]:
    """Return the names of the lists that come with the software."""
    return tuple(_registry())


# Only registered names are cached, so no caller can grow the cache.
@cache
def _load(name: str) -> Vocabulary:
    about = _registry()[name]
    concepts = {row["kode"]: concept_of(row) for row in _read(name)}
    return Vocabulary(name, about["judul_id"], about["judul_en"], about["keterangan"], concepts)


def delivered(name: str) -> Vocabulary | None:
    """Return a list as it came with the software, ``None`` for any other name."""
    return _load(name) if name in _registry() else None


def policy_of(name: str) -> tuple[str, str]:
    """Return what may be edited of a delivered list, and why: its line of the registry."""
    return _registry()[name]["ubahan"], _registry()[name]["alasan_ubahan"]


# ------------------------------------------------------------------------------- what is current
@dataclass(frozen=True, eq=False)
class Edition:
    """What a portal changed, as of one moment.

    :ivar number: grows with every version of any list; 0 for nothing changed
    :ivar lists: those that differ from what was delivered, and those that were added
    """

    number: int = 0
    lists: Mapping[str, Vocabulary] = field(default_factory=dict[str, Vocabulary])
    #: All names, in alphabetical order.
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(sorted({*_registry(), *self.lists})))


class Source(Protocol):
    """Where a portal keeps what it changed; asked at every look-up, so it must be quick."""

    def edition(self) -> Edition:
        """Return what is known to be current."""
        ...

    def refresh(self) -> None:
        """Look whether there is anything newer, now."""
        ...


class _Fixed:
    def __init__(self, edition: Edition) -> None:
        self._edition = edition

    def edition(self) -> Edition:
        return self._edition

    def refresh(self) -> None:
        pass


_source: Source = _Fixed(Edition())


def use(source: Source | Edition) -> Source:
    """Take changes from there from now on, in this process; return where they came from."""
    global _source
    before = _source
    _source = _Fixed(source) if isinstance(source, Edition) else source
    return before


def edition() -> Edition:
    """Return what this portal changed, as this process knows it now."""
    return _source.edition()


def refresh() -> None:
    """Know at once what was changed before this call, in whatever process."""
    _source.refresh()


class _Unread(Mapping[str, Vocabulary]):
    """Lists as JSON data, each made when it is asked for: a child asks for few."""

    def __init__(self, lists: Iterable[Mapping[str, Any]]) -> None:
        self._said = {str(each["name"]): each for each in lists}
        self._made: dict[str, Vocabulary] = {}

    def __getitem__(self, name: str) -> Vocabulary:
        if name not in self._made:
            said = self._said[name]
            self._made[name] = Vocabulary(
                name, said["title_id"], said["title_en"], said["note"],
                {row["kode"]: concept_of(row) for row in said["rows"]}, int(said["version"]),
                datetime.fromisoformat(said["modified"]) if said["modified"] else None,
                bool(said["local"]))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)

    def __len__(self) -> int:
        return len(self._said)


def of_edition(said: Mapping[str, Any]) -> Edition:
    """Return the edition of :func:`edition_data`."""
    return Edition(int(said["number"]), _Unread(said["lists"]))


@lru_cache(maxsize=1)
def edition_data(of: Edition) -> dict[str, Any]:
    """Return an edition as JSON data, for a process that has no source."""
    return {"number": of.number, "lists": [{
        "name": each.name, "title_id": each.title_id, "title_en": each.title_en,
        "note": each.note, "version": each.version, "local": each.local,
        "modified": each.modified.isoformat() if each.modified else "",
        "rows": [row_of(concept) for concept in each]} for each in of.lists.values()]}


_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


def remembered(most: int) -> Callable[[Callable[_Given, _Answer]], Callable[_Given, _Answer]]:
    """Make a function of hashable arguments keep its last answers, for one edition."""
    def keep(function: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
        @lru_cache(maxsize=most)
        def kept(_edition: int, *given: _Given.args, **named: _Given.kwargs) -> _Answer:
            return function(*given, **named)

        @wraps(function)
        def asked(*given: _Given.args, **named: _Given.kwargs) -> _Answer:
            return kept(_source.edition().number, *given, **named)

        return asked

    return keep


def names() -> tuple[str, ...]:
    """Return the names of all vocabularies, in alphabetical order (without ``wilayah``)."""
    return _source.edition().names


def get(name: str) -> Vocabulary:
    """Return the vocabulary of that name as it is now.

    :raises UnknownCodeError: no vocabulary has that name.
    """
    found = _source.edition().lists.get(name)
    if found is not None:
        return found
    if name not in _registry():
        raise UnknownCodeError("vocabularies", str(name))
    return _load(name)
