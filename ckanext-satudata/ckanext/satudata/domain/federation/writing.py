"""Makes triples of a dataset dict, by the table in ``mapping``.

Every node has an IRI (``<page>#<field>``), never a blank one: a page written
twice is the same page, and old readers show a blank node's name as a value.
Whatever a field holds, the result can be read again in every syntax.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from rdflib import Graph, Literal, URIRef

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.describing import (
    Subject,
    Triples,
    address,
    code_list,
    concept_iri,
    list_iri,
    value,
)
from ckanext.satudata.domain.federation.files import FileRows
from ckanext.satudata.domain.federation.lists import AVAILABLE
from ckanext.satudata.domain.federation.mandate import MandateRows
from ckanext.satudata.domain.federation.mapping import (
    DATASET,
    DISTRIBUTION,
    Direction,
    Field,
    Kind,
    Site,
)
from ckanext.satudata.domain.federation.measured import MeasuredRows
from ckanext.satudata.domain.federation.scope import ScopeRows
from ckanext.satudata.domain.federation.series import SeriesRows
from ckanext.satudata.domain.federation.terms import (
    ADMS,
    DCAT,
    DCT,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    XSD,
    as_list,
    as_records,
    clean_text,
    date_literal,
    iri,
    literal,
    segment,
)

__all__ = ["Writer"]

_DURATION = re.compile(
    r"P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"
)
_NOT_TAG = re.compile(r"[^\w \-.]", re.UNICODE)


class Writer(SeriesRows, FileRows, ScopeRows, MandateRows, MeasuredRows):
    """Writes datasets and the catalog of one site into one graph."""

    def __init__(self, graph: Graph | Triples, site: Site) -> None:
        super().__init__(graph, site)
        self._write: Mapping[Kind, Callable[[Subject, Field, Any], None]] = {
            Kind.TEXT: self._text, Kind.PLAIN: self._plain, Kind.DATE: self._date,
            Kind.DURATION: self._duration, Kind.KEYWORD: self._keyword, Kind.CODE: self._code,
            Kind.PAGE: self._page, Kind.RESOURCE: self._resource, Kind.STANDARD: self._standard,
            Kind.STATEMENT: self._statement, Kind.NUMBER: self._number,
            Kind.OWN_PAGE: self._own_page, Kind.VALUE: self._value, Kind.RECORDS: self._records,
            Kind.VARIABLE: self._variable, Kind.THEME: self._theme,
            Kind.FOREIGN_THEME: self._foreign_theme, Kind.AREA: self._area,
            Kind.PLACE: self._place, Kind.PERIOD: self._period, Kind.CONTACT: self._contact,
            Kind.AGENT: self._agents, Kind.LICENCE: self._licence, Kind.URL: self._url,
            Kind.FORMAT: self._format, Kind.MEDIA_TYPE: self._media_type, Kind.SIZE: self._size,
            Kind.CHECKSUM: self._checksum, Kind.LEGISLATION: self._legislation,
            Kind.LEVEL: self._level, Kind.STRUCTURE: self._structure, Kind.QUALITY: self._quality,
            Kind.CERTIFICATE: self._certificate, Kind.SERVICE: self._service,
            Kind.PACKING: self._packing, Kind.SERIES: self._series, Kind.MASTER: self._master,
        }

    # ---------------------------------------------------------------- subjects
    def dataset(self, ref: URIRef, record: Mapping[str, Any]) -> None:
        """Add a dataset and its files; ``record`` is what ``package_show`` returns."""
        page = f"{self.site.url}/dataset/{segment(record.get('id') or '')}"
        subject = Subject(ref, page if record.get("id") else str(ref).split("#")[0], record)
        self._add(ref, RDF.type, DCAT.Dataset)
        for row in DATASET:
            if row.direction is not Direction.NEVER:
                self._write[row.kind](subject, row, value(record, row.name))
        for resource in as_records(record.get("resources")):
            self._distribution(subject, resource)

    def _distribution(self, dataset: Subject, resource: Mapping[str, Any]) -> None:
        page = f"{dataset.page}/resource/{segment(resource.get('id') or '')}"
        ref = iri(resource.get("uri") or "") or URIRef(page)
        subject = Subject(ref, page, resource, parent=dataset)
        self._add(dataset.ref, DCAT.distribution, ref)
        self._add(ref, RDF.type, DCAT.Distribution)
        for row in DISTRIBUTION:
            if row.direction is not Direction.NEVER:
                self._write[row.kind](subject, row, value(resource, row.name))

    # ---------------------------------------------------------------- plain values
    def _text(self, on: Subject, row: Field, given: Any) -> None:
        text = literal(given, self.site.language) if given not in (None, "") else None
        if text is None and on.parent is None:  # DCAT-AP wants both of every dataset
            text = literal(
                value(on.record, "title") or on.record.get("name") or on.ref, self.site.language
            ) if row.name in ("title", "notes") else None
        self._add(on.ref, row.predicate, text)

    def _plain(self, on: Subject, row: Field, given: Any) -> None:
        text = "" if given is None else clean_text(given)
        if row.name == "identifier" and not text.strip():
            text = str(on.ref)
        self._add(on.ref, row.predicate, Literal(text) if text.strip() else None)

    _FALLBACK_DATES = {
        ("issued", True): "metadata_created", ("modified", True): "metadata_modified",
        ("issued", False): "created", ("modified", False): "last_modified",
    }

    def _date(self, on: Subject, row: Field, given: Any) -> None:
        moment = date_literal(given) if given else None
        if moment is None:
            # CKAN's own times are UTC and do not say so.
            stamp = str(on.record.get(self._FALLBACK_DATES[row.name, on.parent is None]) or "")
            zone = "" if re.search(r"Z$|[+-]\d\d:\d\d$", stamp) else "+00:00"
            moment = date_literal(stamp + zone) if len(stamp) > 10 else None
        self._add(on.ref, row.predicate, moment)

    def _duration(self, on: Subject, row: Field, given: Any) -> None:
        if given and _DURATION.fullmatch(str(given)):
            self._add(on.ref, row.predicate, Literal(str(given), datatype=XSD.duration))

    def _keyword(self, on: Subject, row: Field, given: Any) -> None:
        tags = [
            str(cast("dict[str, Any]", tag).get("name")) if isinstance(tag, dict) else str(tag)
            for tag in as_list(given)
        ] or str(on.record.get("tag_string") or "").split(",")
        # The concept is a keyword too (draft national schema), as far as CKAN allows it as a tag.
        konsep = _NOT_TAG.sub(" ", str(value(on.record, "konsep") or ""))
        tags.append(" ".join(konsep.split())[:100])
        for tag in tags:
            text = clean_text(tag).strip()
            if len(text) > 1:
                self._add(on.ref, row.predicate, Literal(text, lang=self.site.language))

    # ---------------------------------------------------------------- IRIs
    def _code(self, on: Subject, row: Field, given: Any) -> None:
        for code in code_list(given):
            if row.vocabulary == "bahasa" and code not in vocabulary.get("bahasa"):
                node = _language(code)
            else:
                node = iri(code) or self._concept(row.vocabulary, code)[0]
            self._add(on.ref, row.predicate, node)
            if row.cls is not None and node is not None:
                self._add(node, RDF.type, row.cls)

    def _page(self, on: Subject, row: Field, given: Any) -> None:
        pages = as_list(given)
        if not pages and row.predicate == DCAT.landingPage and on.record.get("name"):
            pages = [f"{self.site.url}/dataset/{segment(on.record['name'])}"]
        for page in pages:
            node = iri(page)
            if node is not None:
                self._add(on.ref, row.predicate, node)
                self._add(node, RDF.type, row.cls)

    def _resource(self, on: Subject, row: Field, given: Any) -> None:
        if not given and row.name == "availability" and self._is_ours(on):
            given = AVAILABLE
        node = iri(given) if given else None
        self._add(on.ref, row.predicate, node)
        if node is not None:
            scheme, _, name = str(node).rpartition("/")
            self._listed(node, name or str(node), name or str(node), scheme)

    def _standard(self, on: Subject, row: Field, given: Any) -> None:
        for each in as_list(given):
            node = address(each)
            if node is None:
                title = literal(each)
                if title is None:
                    continue
                node = on.node(row.name, str(each))
                self._add(node, DCT.title, title)
            self._add(on.ref, row.predicate, node)
            self._add(node, RDF.type, DCT.Standard)

    def _statement(self, on: Subject, row: Field, given: Any) -> None:
        if given in (None, ""):
            if on.parent is None:
                return
            if value(on.parent.record, row.name):
                self._statement(
                    Subject(on.ref, on.parent.page, on.record), row,
                    value(on.parent.record, row.name),
                )
            elif row.predicate == DCT.rights:
                self._access_as_right(on, row)
            return
        node = address(given)
        if node is None:
            label = literal(given, self.site.language)
            if label is None:
                return
            node = on.node(row.name)
            self._add(node, RDFS.label, label)
        self._add(on.ref, row.predicate, node)
        self._add(node, RDF.type, row.cls)

    def _access_as_right(self, on: Subject, row: Field) -> None:
        """Say of a file what the access right of its dataset means, at the IRI of its code."""
        known = vocabulary.get("akses")
        code = str(value(on.parent.record, "access_rights") or "") if on.parent else ""
        if code in known:
            node = concept_iri(self.site, "akses", code)
            self._add(on.ref, row.predicate, node)
            self._add(node, RDF.type, row.cls)
            self._add(node, RDFS.label, literal(known[code].label_id, "id"))

    def _number(self, on: Subject, row: Field, given: Any) -> None:
        for each in as_list(given):
            notation = literal(each)
            if notation is None:
                continue
            node = on.node(row.name, str(each))
            self._add(on.ref, row.predicate, node)
            self._add(node, RDF.type, ADMS.Identifier)
            self._add(node, SKOS.notation, notation)
            self._add(node, DCT.title, literal(row.label, "id"))
            self._add(node, ADMS.schemaAgency, literal(row.agency) if row.agency else None)

    def _own_page(self, on: Subject, row: Field, given: Any) -> None:
        for each in as_list(given):
            node = iri(each) or URIRef(f"{self.site.url}/{row.label}/{segment(each)}")
            self._add(on.ref, row.predicate, node)
            if row.cls is not None:
                self._add(node, RDF.type, row.cls)

    def _master(self, on: Subject, row: Field, given: Any) -> None:
        """Say that a dataset is a Data Induk, and where the list of its rows is."""
        if given in (None, ""):
            return
        self._add(on.ref, row.predicate, self._concept(row.vocabulary, row.name)[0])
        if self._is_ours(on) and not self._is_restricted(on):
            self._add(on.ref, DCT.hasPart, list_iri(self.site, given))

    # ---------------------------------------------------------------- property values
    def _value(self, on: Subject, row: Field, given: Any) -> None:
        # A table schema is one JSON document, not a list of values.
        whole = row.name == "skema" and isinstance(given, (dict, list))
        found = cast("list[Any]", [given]) if whole else as_list(cast(Any, given))
        items = [(each, said) for each in found if (said := literal(each)) is not None]
        if not items:
            return
        node = self._property(on.node(row.name), row.name, row.label)
        self._add(on.ref, row.predicate, node)
        for item, said in items:
            self._add(node, SCHEMA.value, said)
            if row.vocabulary:
                meant, concept = self._concept(row.vocabulary, str(item))
                self._add(node, SCHEMA.valueReference, meant if concept else None)

    def _records(self, on: Subject, row: Field, given: Any) -> None:
        for position, record in enumerate(as_records(given), 1):
            node = self._property(on.node(row.name, position), row.name, row.label)
            self._add(on.ref, row.predicate, node)
            self._add(node, SCHEMA.position, Literal(position))
            for name, label in row.subfields:
                content = literal(record[name]) if name in record else None
                if content is not None:
                    part = self._property(URIRef(f"{node}.{name}"), name, label)
                    self._add(node, SCHEMA.valueReference, part)
                    self._add(part, SCHEMA.value, content)

    def _variable(self, on: Subject, row: Field, given: Any) -> None:
        content = literal(given) if given not in (None, "") else None
        if content is None:
            return
        node = on.node("variabel")
        self._add(on.ref, SCHEMA.variableMeasured, node)
        self._add(node, RDF.type, SCHEMA.PropertyValue)
        if row.vocabulary:
            meant, concept = self._concept(row.vocabulary, str(given))
            if concept is not None:
                self._add(node, SCHEMA.unitCode, meant)
                content = literal(concept.notation or concept.label_id)
        if row.predicate is not None:
            self._add(node, row.predicate, content)
        else:
            part = self._property(on.node(f"variabel.{row.name}"), row.name, row.label)
            self._add(node, SCHEMA.valueReference, part)
            self._add(part, SCHEMA.value, content)


def _language(code: str) -> URIRef | None:
    """Return an IRI of a language that is not in our list."""
    given = iri(code)
    if given is not None:
        return given
    return URIRef(f"http://id.loc.gov/vocabulary/iso639-1/{code}") if re.fullmatch(
        r"[a-z]{2}", code) else None
