"""Kode referensi as SKOS concept schemes: what is said of each code, in whatever syntax.

A room asks for a scheme by its name and gives what comes out to the syntaxes of the feed.
"""
from __future__ import annotations

from datetime import date
from functools import lru_cache

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.skos.areas import (
    AREAS,
    AREAS_OF_BPS,
    AreaScheme,
    BpsScheme,
)
from ckanext.satudata.domain.federation.skos.entries import Entry, Scheme
from ckanext.satudata.domain.federation.skos.lists import ListScheme
from ckanext.satudata.domain.vocabulary import Vocabulary

__all__ = ["AREAS", "AREAS_OF_BPS", "Entry", "Scheme", "names", "scheme"]


def names() -> tuple[str, ...]:
    """Return the names of all vocabularies, the kode wilayah among them."""
    return tuple(sorted((*vocabulary.names(), AREAS, AREAS_OF_BPS)))


def scheme(name: str, on: date) -> Scheme:
    """Return a vocabulary as it is published on a day.

    :raises UnknownCodeError: no vocabulary has that name
    """
    if name in _AREAS:
        return _areas(name)
    return _list(vocabulary.get(name), on)


_AREAS: dict[str, type[AreaScheme] | type[BpsScheme]] = {AREAS: AreaScheme, AREAS_OF_BPS: BpsScheme}


@lru_cache(maxsize=2)
def _areas(name: str) -> Scheme:
    return _AREAS[name]()


@lru_cache(maxsize=128)
def _list(of: Vocabulary, on: date) -> Scheme:
    return ListScheme(of, on)
