"""Datasets that follow one another, a year or another period each: DCAT's dataset series.

A series is of one organization and has a name that its datasets share; two spellings of a name
are one series. Its IRI holds the organization's id, which stays when the organization is renamed.
"""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from rdflib import Literal, URIRef

from ckanext.satudata.domain.federation.describing import Subject, value
from ckanext.satudata.domain.federation.mapping import Field, Site
from ckanext.satudata.domain.federation.people import PeopleRows
from ckanext.satudata.domain.federation.terms import (
    DCAT,
    DCT,
    RDF,
    as_list,
    as_records,
    clean_text,
    literal,
    segment,
)
from ckanext.satudata.domain.folding import fold

__all__ = ["SeriesRows", "code_of", "in_order", "series_iri", "write_series"]

_LONGEST = 80


def code_of(name: object) -> str:
    """Return what a series is called in its address; empty for a name without letters or digits."""
    return re.sub(r"[^0-9a-z]+", "-", fold(str(name or ""))).strip("-")[:_LONGEST].strip("-")


def series_iri(site: Site, organization: str, code: str) -> URIRef:
    """Return the IRI of a series of an organization, given by its id."""
    return URIRef(f"{site.url}/seri/{segment(organization)}/{code}")


def in_order(records: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return datasets by the beginning of what they cover; those that say none come last."""
    def begins(record: Mapping[str, Any]) -> tuple[bool, str, str, str]:
        starts = [str(each.get("start") or each.get("end") or "")
                  for each in as_records(value(record, "temporal_coverage"))]
        first = min((each for each in starts if each), default="")
        issued, title = str(value(record, "issued") or ""), str(record.get("title") or "")
        return (not first, first, issued, title)
    return sorted(records, key=begins)


class SeriesRows(PeopleRows):
    """Writes the series a dataset belongs to."""

    def _series(self, on: Subject, row: Field, given: Any) -> None:
        for name in as_list(given):
            title, code = literal(name, self.site.language), code_of(name)
            if title is None or not code:
                continue
            organization = as_records(on.record.get("organization"))
            owner = str(organization[0].get("id") or "") if organization else ""
            node = series_iri(self.site, owner, code) if owner and self._is_ours(on) else (
                on.node(row.name, code))
            self._add(on.ref, row.predicate, node)
            self.series(node, title, organization[0] if organization else {})

    def series(
        self, node: URIRef, title: Literal, organization: Mapping[str, Any]
    ) -> None:
        """Say what DCAT-AP wants of a series."""
        self._add(node, RDF.type, DCAT.DatasetSeries)
        self._add(node, DCT.title, title)
        office = organization.get("title") or organization.get("name") or self.site.government
        self._add(node, DCT.description, literal(
            f"Seri data {title} dari {office}: satu dataset tiap periode.", "id"))
        self._add(node, DCT.publisher, self.government())
        self._add(node, DCAT.contactPoint, self.walidata())


def write_series(
    writer: SeriesRows, ref: URIRef, records: Sequence[Mapping[str, Any]], iris: Sequence[str]
) -> None:
    """Add a series with its datasets in order, each with the one before it.

    :param records: the datasets in order, never none; ``iris`` are theirs
    """
    newest = records[-1]
    title = Literal(clean_text(value(newest, "seri")), lang=writer.site.language)
    organization = as_records(newest.get("organization"))
    writer.series(ref, title, organization[0] if organization else {})
    add = writer.graph.add
    nodes = [URIRef(iri) for iri in iris]
    add((ref, DCAT.first, nodes[0]))
    add((ref, DCAT.last, nodes[-1]))
    for node, record in zip(nodes, records, strict=True):
        add((node, DCAT.inSeries, ref))
        add((node, RDF.type, DCAT.Dataset))
        # An old reader stops at a dataset without a title.
        for predicate, text in ((DCT.title, record.get("title") or record.get("name")),
                                (DCT.description, value(record, "notes") or record.get("title"))):
            said = literal(text, writer.site.language)
            if said is not None:
                add((node, predicate, said))
    for before, after in pairwise(nodes):
        add((after, DCAT.prev, before))
