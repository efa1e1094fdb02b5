"""Regulations as they are cited in words: "UU No. 14 Tahun 2008 pasal 17 huruf h".

Understood are those of the state, whose kind, number and year name them all over the country
(UU, Perppu, PP, Perpres), and those of the vocabulary ``peraturan``, to which a region adds its
own. A regional one that is only cited (Perbup 12/2021) is not: each kabupaten has a number 12.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ckanext.satudata.domain import vocabulary

__all__ = ["SATU_DATA", "Peraturan", "cited", "get"]

#: What mandates the data of every government (vocabulary ``peraturan``).
SATU_DATA = "perpres-39-2019"
#: Ministry of Law's database of regulations: every one of the state stands there.
_HOME = "https://peraturan.go.id/id/"
_VOCABULARY = "peraturan"
#: Kinds of the state by what people write, longest first.
_KINDS = {
    "undang-undang": ("uu", "UU"), "undang undang": ("uu", "UU"), "uu": ("uu", "UU"),
    "peraturan pemerintah pengganti undang-undang": ("perppu", "Perppu"),
    "perppu": ("perppu", "Perppu"), "perpu": ("perppu", "Perppu"),
    "peraturan pemerintah": ("pp", "PP"), "pp": ("pp", "PP"),
    "peraturan presiden": ("perpres", "Perpres"), "perpres": ("perpres", "Perpres"),
}
_CITED = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True)) + r")\b"
    r"(?:\s+(?:ri|republik\s+indonesia))?\.?\s*(?:no(?:mor)?\b\.?\s*)?([0-9]{1,3})"
    r"\s*(?:/|\btahun\b|\bth\b\.?)\s*([12][0-9]{3})\b",
    re.IGNORECASE)
#: Longer text is no citation; looking through it would only cost time.
_MAX_TEXT = 5000


class Peraturan(NamedTuple):
    """A regulation: its code, its title in Indonesian and English, where it can be read."""

    code: str
    title_id: str
    title_en: str
    address: str


def get(code: str) -> Peraturan | None:
    """Return a regulation of the vocabulary, ``None`` for an unknown code."""
    known = vocabulary.get(_VOCABULARY)
    if code not in known:
        return None
    concept = known[code]
    return Peraturan(code, concept.label_id, concept.label_en, concept.iri)


def cited(text: str) -> list[Peraturan]:
    """Return the regulations a text cites, each once, in its order."""
    return list({each.code: each for each in _found(text[:_MAX_TEXT])}.values())


def _found(text: str) -> Iterator[Peraturan]:
    known = vocabulary.get(_VOCABULARY)
    whole = known.match(text)
    if whole is not None:
        yield Peraturan(whole.code, whole.label_id, whole.label_en, whole.iri)
    for name, number, year in _CITED.findall(text):
        kind, short = _KINDS[" ".join(name.lower().split())]
        code = f"{kind}-{int(number)}-{year}"
        title = f"{short} {int(number)}/{year}"
        yield get(code) or Peraturan(
            code, title, title, f"{_HOME}{kind}-no-{int(number)}-tahun-{year}")
