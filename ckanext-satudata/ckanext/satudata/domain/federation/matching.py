"""How one of our codes is related to the concept of an authority it maps to (SKOS 10).

``exactMatch`` is for two that may stand for each other wherever either is used; it is
transitive, so it is said only where a list was made from the authority's own, code by code.
``broadMatch`` is for a concept that several of ours share, or that is all the authority does
not name: none of ours is all of it.
``closeMatch`` is the rest: near enough to search by, not to replace.
"""
from __future__ import annotations

from collections import Counter
from functools import lru_cache

from rdflib import URIRef

from ckanext.satudata.domain.federation.terms import RDFS, SKOS
from ckanext.satudata.domain.vocabulary import Concept, Vocabulary

__all__ = ["matching"]

#: Lists whose codes are the authority's own under another name: EU authority tables, QUDT
#: units, SDMX observation status.
_SAME = frozenset({
    "akses", "bahasa", "frekuensi", "frekuensi_penyelenggaraan", "satuan", "sifat_angka",
    "status_angka",
})
#: What an authority calls all that it does not name: ours is one of those, never the same.
_THE_REST = ("/OTHER", "/UNKNOWN")
#: Lists that lead to what is no concept: the text of a licence or of a law, a datatype. A
#: mapping relation would make it one.
_NO_CONCEPT = frozenset({"lisensi", "peraturan", "tipe_data"})


def matching(of: Vocabulary, concept: Concept) -> URIRef | None:
    """Return the property from a code to its ``iri``, nothing where it has none."""
    if not concept.iri:
        return None
    if of.name in _NO_CONCEPT:
        return RDFS.seeAlso
    if _claims(of)[concept.iri] > 1 or concept.iri.endswith(_THE_REST):
        return SKOS.broadMatch
    return SKOS.exactMatch if of.name in _SAME else SKOS.closeMatch


@lru_cache(maxsize=256)
def _claims(of: Vocabulary) -> Counter[str]:
    """Return how many codes name each concept; a list never changes, a new one is another."""
    return Counter(concept.iri for concept in of if concept.iri)
