"""The vocabularies that are lists (``reference/<name>.csv``) as they are published."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from ckanext.satudata.domain.federation.matching import matching
from ckanext.satudata.domain.federation.skos.entries import Entry, Scheme
from ckanext.satudata.domain.federation.skos.sources import source_of, sources_date
from ckanext.satudata.domain.vocabulary import Concept, Vocabulary, delivered

__all__ = ["OUR_LICENCE", "Edition", "ListScheme", "edition_of", "package_version"]

#: Of the lists we wrote ourselves (``reference/SOURCE.md``).
OUR_LICENCE = "https://spdx.org/licenses/AGPL-3.0-or-later"
#: Of a list a government made on its portal: as its data, unless they say otherwise.
_OF_PORTAL = "cc-by-4.0"
_PACKAGE = "ckanext-satudata"


class Edition(NamedTuple):
    """Which state of a list this is, and when it last changed."""

    version: str
    modified: date | datetime | None


@lru_cache(maxsize=1)
def package_version() -> str:
    """Return the version of this package, whose lists are part of it."""
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:  # run from a folder
        return "0"


def edition_of(of: Vocabulary) -> Edition:
    """Return the edition of a list: that of the package, and how often it was edited here."""
    edited = int(getattr(of, "version", 0) or 0)
    return Edition(
        package_version() + (f"+{edited}" if edited else ""), getattr(of, "modified", None))


class ListScheme(Scheme):
    """A vocabulary of :mod:`..vocabulary` on a day, for a code may end with a day."""

    columns = ("kode", "label_id", "label_en", "keterangan", "iri", "induk", "berlaku_sejak",
               "berlaku_sampai", "notasi", "alias")

    def __init__(self, of: Vocabulary, on: date) -> None:
        self._of = of
        self._on = on
        self.name, self.title_id, self.title_en = of.name, of.title_id, of.title_en
        self.note_id = of.note
        self.source = source_of(of.name)
        came_along = delivered(of.name) is not None
        self.licence = OUR_LICENCE if came_along else _OF_PORTAL
        self.version, self.modified = edition_of(of)
        self.issued = sources_date() if came_along else None
        self._below: dict[str, tuple[str, ...]] = {}
        for concept in of:
            if concept.parent:
                self._below[concept.parent] = (
                    *self._below.get(concept.parent, ()), concept.code)

    @property
    def size(self) -> int:
        return len(self._of)

    def entry(self, code: str) -> Entry:
        return self._entry(self._of[code])

    def _entry(self, of: Concept) -> Entry:
        relation = matching(self._of, of)
        spelled = dict.fromkeys(each for each in (of.notation, *of.aliases)
                                if each and each != of.label_id)
        successor = str(getattr(of, "successor", "") or "")
        return Entry(
            of.code, of.label_id, of.label_en, tuple(spelled), of.note,
            broader=of.parent, narrower=self._below.get(of.code, ()),
            matches=((relation, of.iri),) if relation is not None else (),
            first_day=of.valid_from, last_day=of.valid_to,
            retired=of.valid_to is not None and of.valid_to < self._on,
            successor=successor, predecessors=self._predecessors(of.code),
        )

    def _predecessors(self, code: str) -> tuple[str, ...]:
        return tuple(each.code for each in self._of if getattr(each, "successor", "") == code)

    def window(self, offset: int, limit: int) -> list[Entry]:
        return [self._entry(each) for each in list(self._of)[offset : offset + limit]]

    def find(self, text: str, limit: int) -> list[Entry]:
        return [self._entry(each) for each in self._of.find(text)[:limit]]

    def tops(self) -> Sequence[str]:
        return [each.code for each in self._of if self._entry(each).is_top]

    def labels(self, code: str) -> tuple[str, str]:
        of = self._of[code]
        return of.label_id, of.label_en

    def row(self, entry: Entry) -> Mapping[str, str]:
        return self._row(self._of[entry.code])

    def rows(self, offset: int, limit: int) -> Iterator[Mapping[str, str]]:
        yield from map(self._row, list(self._of)[offset : offset + limit])

    def _row(self, of: Concept) -> Mapping[str, str]:
        return {
            "kode": of.code, "label_id": of.label_id, "label_en": of.label_en,
            "keterangan": of.note, "iri": of.iri, "induk": of.parent,
            "berlaku_sejak": of.valid_from.isoformat() if of.valid_from else "",
            "berlaku_sampai": of.valid_to.isoformat() if of.valid_to else "",
            "notasi": of.notation, "alias": "|".join(of.aliases),
        }
