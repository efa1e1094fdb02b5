"""Makes a dataset dict of triples, by the table in ``mapping``: the way back.

What another portal wrote with the same standard terms is understood too; what
no row knows is left to the caller. Values are not validated here.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.lists import EU_LICENCES, FORMATS
from ckanext.satudata.domain.federation.mapping import (
    DATASET,
    DISTRIBUTION,
    Direction,
    Field,
    Kind,
    Site,
)
from ckanext.satudata.domain.federation.reading_people import PeopleReading
from ckanext.satudata.domain.federation.reading_scope import ScopeReading
from ckanext.satudata.domain.federation.terms import (
    DCAT,
    DCT,
    EU,
    RDFS,
    SCHEMA,
    SKOS,
    SPDX,
    concept_of,
    iri,
    unsegment,
    value_of,
)
from ckanext.satudata.domain.federation.understanding import PART, Source, part_of, position

__all__ = ["Reader"]



def _licence(node: str) -> str | None:
    return _EU_LICENCES.get(node) or vocabulary.get("lisensi").by_iri.get(node)


_EU_LICENCES = {str(node): code for code, node in EU_LICENCES.items()}


@cache
def _formats() -> Mapping[str, str]:
    return {str(each.iri): each.name for each in FORMATS.values() if each.iri}


class Reader(ScopeReading, PeopleReading):
    """Reads datasets of one graph."""

    def __init__(self, graph: Graph, site: Site) -> None:
        super().__init__(graph, site)
        self._read: Mapping[Kind, Callable[[Source, Field], Any]] = {
            Kind.TEXT: self._text, Kind.PLAIN: self._text, Kind.DATE: self._text,
            Kind.DURATION: self._text, Kind.RESOURCE: self._text, Kind.SIZE: self._size,
            Kind.KEYWORD: self._keyword, Kind.CODE: self._code, Kind.PAGE: self._page,
            Kind.STANDARD: self._standard, Kind.STATEMENT: self._statement,
            Kind.NUMBER: self._number, Kind.OWN_PAGE: self._own_page, Kind.VALUE: self._value,
            Kind.RECORDS: self._records, Kind.VARIABLE: self._variable, Kind.THEME: self._theme,
            Kind.FOREIGN_THEME: self._foreign_theme, Kind.AREA: self._area,
            Kind.PLACE: self._place, Kind.PERIOD: self._period, Kind.CONTACT: self._contact,
            Kind.AGENT: self._agents, Kind.LICENCE: self._licence, Kind.URL: self._url,
            Kind.FORMAT: self._format, Kind.MEDIA_TYPE: self._media_type,
            Kind.CHECKSUM: self._checksum, Kind.SERIES: self._series,
        }

    def dataset(self, ref: Node) -> dict[str, Any]:
        """Return the dataset and its files; only fields that hold something."""
        record = self._record(Source(ref, self._properties(ref)), DATASET)
        record["resources"] = [
            self._distribution(ref, node)
            for node in sorted(self.graph.objects(ref, DCAT.distribution), key=str)
        ]
        return record

    def _distribution(self, dataset: Node, ref: Node) -> dict[str, Any]:
        record = self._record(Source(ref, self._properties(ref), dataset), DISTRIBUTION)
        record.update(record.pop("url", {}))
        record.update(record.pop("hash", {}))
        if isinstance(ref, URIRef):
            record["uri"] = str(ref)
        record["distribution_ref"] = str(ref)  # as ckanext-dcat: also where it has no IRI
        return record

    def _record(self, source: Source, rows: Iterable[Field]) -> dict[str, Any]:
        record: dict[str, Any] = {}
        for row in rows:
            if row.direction is Direction.BOTH:
                found = self._read[row.kind](source, row)
                if found not in (None, "", []):
                    record[row.name] = found
        return record

    def _properties(self, ref: Node) -> dict[str, list[Node]]:
        named: dict[str, list[Node]] = {}
        for node in self.graph.objects(ref, SCHEMA.additionalProperty):
            for name in self.graph.objects(node, SCHEMA.propertyID):
                named.setdefault(str(name), []).append(node)
        return named

    # ---------------------------------------------------------------- plain values
    def _text(self, on: Source, row: Field) -> Any:
        assert row.predicate is not None
        return self._string(on.ref, row.predicate)

    def _size(self, on: Source, row: Field) -> int | None:
        text = self._text(on, row)
        return int(float(text)) if re.fullmatch(r"\d{1,18}(\.\d{1,9})?", text) else None

    def _keyword(self, on: Source, row: Field) -> list[dict[str, str]]:
        names = {
            part.strip() for node in self._objects(on.ref, row.predicate)
            for part in str(node).split(",")
        }
        return [{"name": name} for name in sorted(names) if name]

    # ---------------------------------------------------------------- IRIs
    def _code(self, on: Source, row: Field) -> Any:
        codes = [
            code for node in self._objects(on.ref, row.predicate)
            if (code := self._meaning(node, row.vocabulary))
        ]
        return codes if row.many else (codes[0] if codes else None)

    def _page(self, on: Source, row: Field) -> Any:
        pages = [str(node) for node in self._objects(on.ref, row.predicate)]
        return pages if row.many else (pages[0] if pages else None)

    def _standard(self, on: Source, row: Field) -> list[str]:
        return [
            (self._string(node, DCT.title) if part_of(node, row.name) is not None else "")
            or self._shown(node)
            for node in self._objects(on.ref, row.predicate)
        ]

    def _statement(self, on: Source, row: Field) -> str:
        for node in self._objects(on.ref, row.predicate):
            if on.parent is not None and (on.parent, row.predicate, node) in self.graph:
                continue  # what the dataset says of all its files
            if (concept_of(node) or ("",))[0] == "akses":
                continue  # what its access right means already
            return self._string(node, RDFS.label) or self._shown(node)
        return ""

    def _number(self, on: Source, row: Field) -> Any:
        found: list[str] = []
        for node in self._objects(on.ref, row.predicate):
            named = PART.search(str(node)) if isinstance(node, URIRef) else None
            ours = named is not None and named.group(1) in _NUMBERS
            if (named is not None and named.group(1) == row.name) if ours else row.many:
                found.append(self._string(node, SKOS.notation) or self._shown(node))
        return found if row.many or len(found) > 1 else (found[0] if found else None)

    def _own_page(self, on: Source, row: Field) -> Any:
        home = f"{self.site.url}/{row.label}/"
        found = [
            unsegment(str(node)[len(home):]) if str(node).startswith(home) else str(node)
            for node in self._objects(on.ref, row.predicate)
            if isinstance(node, URIRef) and f"/{row.label}/" in node
        ]
        return found if row.many else (found[0] if found else None)

    def _series(self, on: Source, row: Field) -> str | None:
        titles = [self._string(node, DCT.title) for node in self._objects(on.ref, row.predicate)]
        return next((title for title in titles if title), None)

    # ---------------------------------------------------------------- property values
    def _value(self, on: Source, row: Field) -> Any:
        found = [
            value_of(node)
            for named in on.properties.get(row.name, [])
            for node in self._objects(named, SCHEMA.value)
        ]
        return found if row.many else (found[0] if found else None)

    def _records(self, on: Source, row: Field) -> list[dict[str, Any]]:
        known = [name for name, _ in row.subfields]
        records: list[dict[str, Any]] = []
        for node in sorted(on.properties.get(row.name, []), key=position):
            parts = self._parts(node)
            records.append({name: parts[name] for name in known if name in parts})
        return [record for record in records if record]

    def _variable(self, on: Source, row: Field) -> Any:
        for node in self._objects(on.ref, SCHEMA.variableMeasured):
            if row.vocabulary:
                for unit in self._objects(node, SCHEMA.unitCode):
                    code = self._meaning(unit, row.vocabulary)
                    if code:
                        return code
            found = (
                self._best(node, row.predicate) if row.predicate
                else self._parts(node).get(row.name)
            )
            if found is not None:
                return value_of(found) if isinstance(found, Literal) else str(found)
        return None

    # ---------------------------------------------------------------- licence and file
    def _licence(self, on: Source, row: Field) -> str | None:
        if on.parent is not None:
            nodes = [
                node for node in self._objects(on.ref, row.predicate)
                if (on.parent, row.predicate, node) not in self.graph
            ]
        else:
            nodes = self._objects(on.ref, row.predicate)
            for file in self.graph.objects(on.ref, DCAT.distribution):
                nodes += self._objects(file, row.predicate)
        for node in nodes:
            # The id it has at its portal first: "cc-by" and "cc-by-4.0" have one IRI.
            said = self._string(node, DCT.identifier)
            code = said if vocabulary.get("lisensi").match(said) else _licence(str(node))
            if code or said:
                return code or said
        # One of no list: its address is all that is known, and must not be lost.
        return next((str(node) for node in nodes if iri(node) is not None), None)

    def _url(self, on: Source, row: Field) -> dict[str, str]:
        access = self._string(on.ref, DCAT.accessURL)
        download = self._string(on.ref, DCAT.downloadURL)
        found = {"url": download or access, "access_url": access, "download_url": download}
        return {key: each for key, each in found.items() if each}

    def _format(self, on: Source, row: Field) -> str | None:
        for node in self._objects(on.ref, row.predicate):
            known = _formats().get(str(node))
            text = known or self._string(node, RDFS.label) or self._shown(node)
            return text.rpartition("/")[2] if text.startswith(EU["file-type"]) else text
        return None

    def _media_type(self, on: Source, row: Field) -> str | None:
        for node in self._objects(on.ref, row.predicate):
            return re.sub(r"^https?://www\.iana\.org/assignments/media-types/", "", str(node))
        return None

    def _checksum(self, on: Source, row: Field) -> dict[str, str] | None:
        for node in self._objects(on.ref, row.predicate):
            digest = self._string(node, SPDX.checksumValue)
            if digest:
                algorithm = self._string(node, SPDX.algorithm)
                return {"hash": digest} | ({"hash_algorithm": algorithm} if algorithm else {})
        return None


_NUMBERS = frozenset(row.name for row in DATASET if row.kind is Kind.NUMBER)
