"""Rows about law: what mandates a dataset, and what restricts it."""
from __future__ import annotations

from typing import Any

from ckanext.satudata.domain import peraturan
from ckanext.satudata.domain.federation.describing import Describer, Subject, concept_iri
from ckanext.satudata.domain.federation.mapping import Field
from ckanext.satudata.domain.federation.terms import DCT, ELI, RDF, iri, literal

__all__ = ["MandateRows"]


class MandateRows(Describer):
    """Writes legislation: by the address where it can be read, else as words."""

    def _legislation(self, on: Subject, row: Field, given: Any) -> None:
        if not self._is_ours(on):
            return
        mandate = peraturan.get(peraturan.SATU_DATA)
        if mandate is not None:
            self._regulation(on, row, mandate)
        words = literal(given, "id") if given else None
        if words is None:
            return
        cited = peraturan.cited(words)
        for each in cited:
            self._regulation(on, row, each)
        if not cited:
            node = on.node(row.name, "peraturan")
            self._add(on.ref, row.predicate, node)
            self._add(node, RDF.type, ELI.LegalResource)
            self._add(node, DCT.title, words)

    def _regulation(self, on: Subject, row: Field, each: peraturan.Peraturan) -> None:
        node = iri(each.address) or concept_iri(self.site, "peraturan", each.code)
        self._add(on.ref, row.predicate, node)
        self._add(node, RDF.type, ELI.LegalResource)
        self._add(node, DCT.title, literal(each.title_id, "id"))
