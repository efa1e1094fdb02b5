"""Makes triples of a dataset dict, by the table in ``mapping``.

Every node has an IRI (``<page>#<field>``), never a blank one: a page written
twice is the same page, and old readers show a blank node's name as a value.
Whatever a field holds, the result can be read again in every syntax.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from ckanext.satudata.domain import vocabulary, wilayah
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.federation.mapping import (
    ADMS_LISTS, AGREED, DATASET, DISTRIBUTION, EU_LICENCES, EU_THEMES, FORMATS, LICENCE_TITLES,
    LICENCE_TYPE_LABELS, LICENCE_TYPES, PUBLISHER_TYPES, Direction, Field, Kind, Site,
)
from ckanext.satudata.domain.federation.terms import (
    ADMS, DCAT, DCATAP, DCT, EU, FOAF, IANA, LOCN, PREFIXES, PROV, RDF, RDFS, SCHEMA, SKOS, SPDX,
    VCARD, XSD, as_list, as_records, clean_text, date_literal, email_iri, iri, literal, segment,
)

__all__ = ["Triples", "Writer", "concept_iri", "value"]

_GEOJSON = IANA["application/vnd.geo+json"]
_WKT = URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){4,64}")
_DURATION = re.compile(
    r"P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"
)
_NOT_TAG = re.compile(r"[^\w \-.]", re.UNICODE)


def concept_iri(site: Site, name: str, code: str) -> URIRef:
    """Return our IRI of a code, which answers on every installation."""
    return URIRef(f"{site.url}/kode-referensi/{name}/{segment(code)}")


def value(record: Mapping[str, Any], name: str) -> Any:
    """Return the value of a field: of its own, or of the extra of that name."""
    found = record.get(name)
    if found in (None, "", []):
        for extra in record.get("extras") or []:
            if isinstance(extra, dict) and extra.get("key") == name:
                return extra.get("value")
    return found


class Triples:
    """Triples in the order they were made, each once: cheaper than a graph to collect in."""

    def __init__(self) -> None:
        self._made: dict[tuple[Node, Node, Node], None] = {}

    def add(self, triple: tuple[Node, Node, Node]) -> None:
        self._made[triple] = None

    def __iter__(self) -> Iterator[tuple[Node, Node, Node]]:
        return iter(self._made)


class Writer:
    """Writes datasets and the catalog of one site into one graph."""

    def __init__(self, graph: Graph | Triples, site: Site) -> None:
        self.graph = graph
        self.site = site
        self._typed: set[URIRef] = set()
        if isinstance(graph, Graph):
            self.bind(graph)
        self._write: Mapping[Kind, Callable[[_Subject, Field, Any], None]] = {
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
            Kind.CHECKSUM: self._checksum,
        }

    @staticmethod
    def bind(graph: Graph) -> None:
        """Give a graph the usual prefixes."""
        for prefix, namespace in PREFIXES.items():
            graph.bind(prefix, namespace, replace=True)

    # ---------------------------------------------------------------- subjects
    def dataset(self, ref: URIRef, record: Mapping[str, Any]) -> None:
        """Add a dataset and its files; ``record`` is what ``package_show`` returns."""
        page = f"{self.site.url}/dataset/{segment(record.get('id') or '')}"
        subject = _Subject(ref, page if record.get("id") else str(ref).split("#")[0], record)
        self._add(ref, RDF.type, DCAT.Dataset)
        for row in DATASET:
            if row.direction is not Direction.NEVER:
                self._write[row.kind](subject, row, value(record, row.name))
        for resource in record.get("resources") or []:
            self._distribution(subject, resource)

    def _distribution(self, dataset: _Subject, resource: Mapping[str, Any]) -> None:
        page = f"{dataset.page}/resource/{segment(resource.get('id') or '')}"
        ref = iri(resource.get("uri") or "") or URIRef(page)
        subject = _Subject(ref, page, resource, parent=dataset)
        self._add(dataset.ref, DCAT.distribution, ref)
        self._add(ref, RDF.type, DCAT.Distribution)
        for row in DISTRIBUTION:
            if row.direction is not Direction.NEVER:
                self._write[row.kind](subject, row, value(resource, row.name))

    # ---------------------------------------------------------------- plain values
    def _add(self, subject: URIRef, predicate: URIRef | None, node: Any) -> None:
        if predicate is not None and node is not None:
            self.graph.add((subject, predicate, node))

    def _text(self, on: _Subject, row: Field, given: Any) -> None:
        text = literal(given, self.site.language) if given not in (None, "") else None
        if text is None and on.parent is None:  # DCAT-AP wants both of every dataset
            text = literal(
                value(on.record, "title") or on.record.get("name") or on.ref, self.site.language
            ) if row.name in ("title", "notes") else None
        self._add(on.ref, row.predicate, text)

    def _plain(self, on: _Subject, row: Field, given: Any) -> None:
        if given in (None, "") and row.name == "identifier":
            given = on.ref
        if given not in (None, ""):
            text = clean_text(given)
            self._add(on.ref, row.predicate, Literal(text) if text.strip() else None)

    _FALLBACK_DATES = {
        ("issued", True): "metadata_created", ("modified", True): "metadata_modified",
        ("issued", False): "created", ("modified", False): "last_modified",
    }

    def _date(self, on: _Subject, row: Field, given: Any) -> None:
        moment = date_literal(given) if given else None
        if moment is None:
            # CKAN's own times are UTC and do not say so.
            stamp = str(on.record.get(self._FALLBACK_DATES[row.name, on.parent is None]) or "")
            zone = "" if re.search(r"Z$|[+-]\d\d:\d\d$", stamp) else "+00:00"
            moment = date_literal(stamp + zone) if len(stamp) > 10 else None
        self._add(on.ref, row.predicate, moment)

    def _duration(self, on: _Subject, row: Field, given: Any) -> None:
        if given and _DURATION.fullmatch(str(given)):
            self._add(on.ref, row.predicate, Literal(str(given), datatype=XSD.duration))

    def _keyword(self, on: _Subject, row: Field, given: Any) -> None:
        tags = [tag.get("name") if isinstance(tag, dict) else tag for tag in as_list(given)]
        if not tags:
            tags = str(on.record.get("tag_string") or "").split(",")
        # The concept is a keyword too (draft national schema), as far as CKAN allows it as a tag.
        tags.append(" ".join(_NOT_TAG.sub(" ", str(value(on.record, "konsep") or "")).split())[:100])
        for tag in tags:
            text = clean_text(tag or "").strip()
            if len(text) > 1:
                self._add(on.ref, row.predicate, Literal(text, lang=self.site.language))

    # ---------------------------------------------------------------- IRIs
    def _concept(self, name: str, code: str) -> tuple[URIRef, vocabulary.Concept | None]:
        """Describe a code once and return its IRI: the agreed one, else ours."""
        try:
            concept = vocabulary.get(name)[code]
        except UnknownCodeError:
            return concept_iri(self.site, name, code), None
        agreed = AGREED.get(name)
        if agreed is not None and concept.iri.startswith(agreed):
            node = URIRef(concept.iri)
            self._add(node, SKOS.inScheme, agreed)
            return node, concept
        node = concept_iri(self.site, name, code)
        self._add(node, RDF.type, SKOS.Concept)
        self._add(node, SKOS.notation, Literal(code))
        self._labels(node, concept.label_id, concept.label_en)
        self._add(node, SKOS.inScheme, URIRef(f"{self.site.url}/kode-referensi/{name}"))
        self._add(node, SKOS.closeMatch, iri(concept.iri) if concept.iri else None)
        return node, concept

    def _labels(self, node: URIRef, in_id: str, in_en: str) -> None:
        # Not rdfs:label: an old reader would show it instead of the IRI.
        self._add(node, SKOS.prefLabel, literal(in_id, "id"))
        self._add(node, SKOS.prefLabel, literal(in_en, "en"))

    def _code(self, on: _Subject, row: Field, given: Any) -> None:
        for code in _code_list(given):
            if row.vocabulary == "bahasa" and code not in vocabulary.get("bahasa"):
                node = _language(code)
            else:
                node = iri(code) or self._concept(row.vocabulary, code)[0]
            self._add(on.ref, row.predicate, node)
            if row.cls is not None and node is not None:
                self._add(node, RDF.type, row.cls)

    def _page(self, on: _Subject, row: Field, given: Any) -> None:
        pages = as_list(given)
        if not pages and row.predicate == DCAT.landingPage and on.record.get("name"):
            pages = [f"{self.site.url}/dataset/{segment(on.record['name'])}"]
        for page in pages:
            node = iri(page)
            if node is not None:
                self._add(on.ref, row.predicate, node)
                self._add(node, RDF.type, row.cls)

    def _resource(self, on: _Subject, row: Field, given: Any) -> None:
        node = iri(given) if given else None
        self._add(on.ref, row.predicate, node)
        if node is not None:
            scheme, _, name = str(node).rpartition("/")
            self._listed(node, name or str(node), name or str(node), scheme)

    def _listed(self, node: URIRef, in_id: str, in_en: str, scheme: str) -> None:
        """Describe a concept of a list that is not ours."""
        self._add(node, RDF.type, SKOS.Concept)
        self._labels(node, in_id, in_en)
        if scheme.startswith((EU, ADMS_LISTS)):
            self._add(node, SKOS.inScheme, URIRef(scheme))
            self._add(URIRef(scheme), RDF.type, SKOS.ConceptScheme)
            self._add(URIRef(scheme), DCT.title, Literal(scheme.split("/")[-1], lang="en"))

    def _standard(self, on: _Subject, row: Field, given: Any) -> None:
        for each in as_list(given):
            node = _address(each)
            if node is None:
                title = literal(each)
                if title is None:
                    continue
                node = on.node(row.name, str(each))
                self._add(node, DCT.title, title)
            self._add(on.ref, row.predicate, node)
            self._add(node, RDF.type, DCT.Standard)

    def _statement(self, on: _Subject, row: Field, given: Any) -> None:
        if given in (None, ""):
            if on.parent is not None and value(on.parent.record, row.name):
                self._statement(
                    _Subject(on.ref, on.parent.page, on.record), row,
                    value(on.parent.record, row.name),
                )
            return
        node = _address(given)
        if node is None:
            label = literal(given, self.site.language)
            if label is None:
                return
            node = on.node(row.name)
            self._add(node, RDFS.label, label)
        self._add(on.ref, row.predicate, node)
        self._add(node, RDF.type, row.cls)

    def _number(self, on: _Subject, row: Field, given: Any) -> None:
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

    def _own_page(self, on: _Subject, row: Field, given: Any) -> None:
        for each in as_list(given):
            node = iri(each) or URIRef(f"{self.site.url}/{row.label}/{segment(each)}")
            self._add(on.ref, row.predicate, node)
            if row.cls is not None:
                self._add(node, RDF.type, row.cls)

    # ---------------------------------------------------------------- property values
    def _value(self, on: _Subject, row: Field, given: Any) -> None:
        items = [each for each in as_list(given) if literal(each) is not None]
        if isinstance(given, (dict, list)) and row.name == "skema":
            items = [given]  # one JSON document, not a list of values
        if not items:
            return
        node = self._property(on.node(row.name), row.name, row.label)
        self._add(on.ref, row.predicate, node)
        for item in items:
            self._add(node, SCHEMA.value, literal(item))
            if row.vocabulary:
                meant, concept = self._concept(row.vocabulary, str(item))
                self._add(node, SCHEMA.valueReference, meant if concept else None)

    def _property(self, node: URIRef, name: str, label: str) -> URIRef:
        self._add(node, RDF.type, SCHEMA.PropertyValue)
        self._add(node, SCHEMA.propertyID, Literal(name))
        self._add(node, SCHEMA.name, literal(label, "id"))
        return node

    def _records(self, on: _Subject, row: Field, given: Any) -> None:
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

    def _variable(self, on: _Subject, row: Field, given: Any) -> None:
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

    # ---------------------------------------------------------------- topic, place, time
    def _theme(self, on: _Subject, row: Field, given: Any) -> None:
        for code in _code_list(given):
            node, concept = self._concept(row.vocabulary, code)
            if concept is None:
                self._add(node, RDF.type, SKOS.Concept)
                self._add(node, SKOS.prefLabel, literal(code))
            self._add(on.ref, row.predicate, node)
            if concept is not None and concept.iri.startswith(EU["data-theme"]):
                self._eu_theme(on, row, URIRef(concept.iri))

    def _foreign_theme(self, on: _Subject, row: Field, given: Any) -> None:
        for theme in as_list(given):
            node = iri(theme)
            if node is not None:
                self._eu_theme(on, row, node)

    def _eu_theme(self, on: _Subject, row: Field, node: URIRef) -> None:
        self._add(on.ref, row.predicate, node)
        self._add(node, RDF.type, SKOS.Concept)
        scheme, _, code = str(node).rpartition("/")
        if scheme == str(EU["data-theme"]) and code in EU_THEMES:
            self._labels(node, *EU_THEMES[code])
            self._add(node, SKOS.inScheme, URIRef(scheme))
        else:  # DCAT-AP wants a label of every concept
            self._add(node, SKOS.prefLabel, literal(re.split(r"[/#]", str(node))[-1] or node))

    def _area(self, on: _Subject, row: Field, given: Any) -> None:
        codes = _code_list(given)
        shown = codes
        if len(codes) > 1:
            common = _common_area(codes)
            shown = [common] if common else codes
            node = self._property(on.node(row.name), row.name, row.label)
            self._add(on.ref, SCHEMA.additionalProperty, node)
            for code in codes:
                self._add(node, SCHEMA.value, literal(code))
                self._add(node, SCHEMA.valueReference, concept_iri(self.site, row.vocabulary, code))
        for code in shown:
            self._add(on.ref, row.predicate, self.area(code))

    def area(self, code: str) -> URIRef:
        """Describe an area and return its IRI."""
        node = concept_iri(self.site, "wilayah", code)
        try:
            full, short = wilayah.display(code), wilayah.get(code).name
        except UnknownCodeError:
            full = short = code
        self._add(node, RDF.type, DCT.Location)
        self._add(node, RDFS.label, literal(full))
        self._add(node, SKOS.prefLabel, literal(short, "id"))
        self._add(node, DCT.identifier, literal(code))
        return node

    def _place(self, on: _Subject, row: Field, given: Any) -> None:
        for position, place in enumerate(as_records(given), 1):
            node = iri(place.get("uri") or "") or on.node(row.name, position)
            self._add(on.ref, row.predicate, node)
            self._add(node, RDF.type, DCT.Location)
            if place.get("text"):
                self._add(node, SKOS.prefLabel, literal(place["text"]))
            for name, predicate in (
                ("geom", LOCN.geometry), ("bbox", DCAT.bbox), ("centroid", DCAT.centroid)
            ):
                text = literal(place[name]) if place.get(name) else None
                if text is not None:
                    kind = _GEOJSON if text.lstrip().startswith("{") else _WKT
                    self._add(node, predicate, Literal(str(text), datatype=kind))

    def _period(self, on: _Subject, row: Field, given: Any) -> None:
        for position, period in enumerate(as_records(given), 1):
            start, end = (
                date_literal(period[key]) if period.get(key) else None for key in ("start", "end")
            )
            if start is None and end is None:
                continue
            node = on.node("periode", position)
            self._add(on.ref, row.predicate, node)
            self._add(node, RDF.type, DCT.PeriodOfTime)
            for terms in (DCAT, SCHEMA):
                self._add(node, terms.startDate, start)
                self._add(node, terms.endDate, end)

    # ---------------------------------------------------------------- people
    def _contact(self, on: _Subject, row: Field, given: Any) -> None:
        site, contacts = self.site, as_records(given)
        if not contacts:
            home = f"{site.url}/organization/{segment(site.walidata)}" if site.walidata else site.url
            contacts = [{
                "uri": f"{home}#kontak", "url": home,
                "name": site.walidata_name or site.government, "email": site.walidata_email,
            }]
        for position, contact in enumerate(contacts, 1):
            node = iri(contact.get("uri") or "") or on.node(row.name, position)
            self._add(on.ref, row.predicate, node)
            self._add(node, RDF.type, VCARD.Kind)
            self._add(node, RDF.type, VCARD.Organization)
            name = literal(contact.get("name") or "")
            self._add(node, VCARD.fn, name)
            self._add(node, VCARD.hasEmail, email_iri(contact.get("email") or ""))
            self._add(node, VCARD.hasURL, iri(contact.get("url") or ""))
            uid = contact.get("identifier") or ""
            self._add(node, VCARD.hasUID, iri(uid) or literal(uid))

    def _agents(self, on: _Subject, row: Field, given: Any) -> None:
        agents = as_records(given)
        if row.name == "publisher":
            if not agents:
                self._add(on.ref, row.predicate, self.government())
                return
            agents = agents[:1]
            if str(agents[0].get("uri") or "").rstrip("/") == self.site.url:
                # The address of the site is the catalog; its publisher is somebody.
                agents = [{**agents[0], "uri": self.government()}]
        elif not agents:
            organization = on.record.get("organization") or {}
            if organization.get("title") or organization.get("name"):
                key = segment(organization.get("id") or organization.get("name"))
                page = f"{self.site.url}/organization/{key}"
                agents = [{
                    "uri": page, "url": page,
                    "name": organization.get("title") or organization.get("name"),
                    "type": self._publisher_kind(),
                }]
        for position, agent in enumerate(agents, 1):
            node = iri(agent.get("uri") or "") or on.node(row.name, position)
            self._add(on.ref, row.predicate, node)
            self._agent(node, agent)

    def _agent(self, node: URIRef, agent: Mapping[str, Any]) -> None:
        self._add(node, RDF.type, FOAF.Agent)
        self._add(node, FOAF.name, literal(agent.get("name") or "") or literal(node))
        self._add(node, FOAF.mbox, email_iri(agent.get("email") or ""))
        home = iri(agent.get("url") or "")
        self._add(node, FOAF.homepage, home)
        if home is not None:
            self._add(home, RDF.type, FOAF.Document)
        self._add(node, DCT.identifier, literal(agent.get("identifier") or ""))
        kind = iri(agent.get("type") or "")
        if kind is not None and node not in self._typed:
            self._typed.add(node)
            self._add(node, DCT.type, kind)
            scheme, _, name = str(kind).rpartition("/")
            ours = scheme == f"{ADMS_LISTS}publishertype"
            self._listed(kind, *PUBLISHER_TYPES.get(name, (name or kind, name or kind)),
                         f"{scheme}/1.0" if ours else scheme)

    def government(self) -> URIRef:
        """Describe the publisher of the whole site and return its IRI."""
        node = URIRef(f"{self.site.url}/#pemerintah")
        self._agent(node, {
            "name": self.site.government, "url": f"{self.site.url}/",
            "type": self._publisher_kind(),
        })
        return node

    def _publisher_kind(self) -> str:
        known, code = vocabulary.get("publisher_type"), self.site.publisher_type
        return known[code].iri if code in known else ""

    # ---------------------------------------------------------------- licence and file
    def _licence(self, on: _Subject, row: Field, given: Any) -> None:
        record = on.record
        if not given and on.parent is not None:
            record, given = on.parent.record, value(on.parent.record, "license_id")
        if given:
            self._add(on.ref, row.predicate, self.licence(
                str(given), record.get("license_url"), record.get("license_title"), on))

    def licence(self, given: str, url: Any = "", title: Any = "", on: _Subject | None = None) -> URIRef:
        """Describe a licence, given by its code or address, and return its IRI."""
        known = vocabulary.get("lisensi")
        node = iri(given)
        if node is None:
            address = known[given].iri if given in known else str(url or "")
            node = EU_LICENCES.get(given) or iri(address)
            if node is None:
                page = on.parent.page if on and on.parent else on.page if on else self.site.url
                node = URIRef(f"{page}#license_id={segment(given)}")
            elif str(node) != address:
                self._add(node, SKOS.exactMatch, iri(address))
            self._add(node, DCT.identifier, literal(given))
            self._add(node, DCT.title, literal(LICENCE_TITLES.get(given) or title or given))
            kind = LICENCE_TYPES.get(given)
            if kind:
                meant = URIRef(f"{ADMS_LISTS}licencetype/{kind}")
                self._add(node, DCT.type, meant)
                self._listed(meant, *LICENCE_TYPE_LABELS[kind], f"{ADMS_LISTS}licencetype/1.0")
        self._add(node, RDF.type, DCT.LicenseDocument)
        return node

    def _url(self, on: _Subject, row: Field, given: Any) -> None:
        access = value(on.parent.record, "access_rights") if on.parent else None
        if access not in (None, "", "terbuka"):
            self._add(on.ref, row.predicate, URIRef(on.page))
            return
        download = iri(on.record.get("download_url") or given or "")
        shown = iri(on.record.get("access_url") or "") or download
        self._add(on.ref, row.predicate, shown or URIRef(on.page))
        self._add(on.ref, row.cls, download)

    def _format(self, on: _Subject, row: Field, given: Any) -> None:
        if given in (None, ""):
            return
        known = FORMATS.get(str(given).lower())
        node = known.iri if known else iri(given) or on.node(row.name)
        # First, and with a label: so old readers show "CSV" and not the IRI.
        self._add(node, RDF.type, DCT.IMT)
        self._add(node, RDF.type, row.cls)
        label = literal(known.name if known else given)
        if label is None:
            return
        self._add(node, RDFS.label, label)
        self._add(on.ref, row.predicate, node)
        if known:
            self._add(node, SKOS.inScheme, EU["file-type"])

    def _media_type(self, on: _Subject, row: Field, given: Any) -> None:
        if not given:
            known = FORMATS.get(str(on.record.get("format") or "").lower())
            given = known.media_type if known else ""
        text = clean_text(given or "").strip()
        name = text.removeprefix("http://").removeprefix("https://").removeprefix(
            "www.iana.org/assignments/media-types/").strip("/")
        if re.fullmatch(r"[A-Za-z0-9][\w.+\-]{0,126}/[A-Za-z0-9][\w.+\-]{0,126}", name, re.ASCII):
            node = IANA[name]
            self._add(on.ref, row.predicate, node)
            self._add(node, RDF.type, row.cls)
            self._add(node, RDFS.label, Literal(name))

    def _size(self, on: _Subject, row: Field, given: Any) -> None:
        try:
            number = Decimal(str(given))
        except InvalidOperation:
            return
        # Looked at before it is written out: 1e400000 would take seconds.
        if number.is_finite() and number.adjusted() < 18 and (size := int(number)) >= 0:
            self._add(on.ref, row.predicate, Literal(str(size), datatype=XSD.nonNegativeInteger))

    def _checksum(self, on: _Subject, row: Field, given: Any) -> None:
        algorithm = str(on.record.get("hash_algorithm") or "sha256")
        if on.record.get("sha256") and not (given and on.record.get("hash_algorithm")):
            given, algorithm = on.record["sha256"], "sha256"
        name, _, digest = str(given or "").rpartition(":")
        if not _HEX.fullmatch(digest):
            return
        node = on.node("checksum")
        method = iri(algorithm) or SPDX[
            "checksumAlgorithm_" + re.sub(r"\W", "", (name or algorithm).lower())]
        self._add(on.ref, row.predicate, node)
        self._add(node, RDF.type, SPDX.Checksum)
        self._add(node, SPDX.algorithm, method)
        self._add(method, RDF.type, SPDX.ChecksumAlgorithm)
        self._add(node, SPDX.checksumValue, Literal(digest, datatype=XSD.hexBinary))


class _Subject:
    """What is being written: its IRI, its page (where its parts have their IRIs), its dict."""

    __slots__ = ("page", "parent", "record", "ref")

    def __init__(
        self, ref: URIRef, page: str, record: Mapping[str, Any], parent: _Subject | None = None
    ) -> None:
        self.ref = ref
        self.page = page
        self.record = record
        self.parent = parent

    def node(self, name: str, key: object = "") -> URIRef:
        """Return the IRI of a part; ``key`` tells several of one field apart."""
        return URIRef(f"{self.page}#{name}" + (f"={segment(key)}" if key != "" else ""))


def _common_area(codes: list[str]) -> str:
    """Return the smallest area that holds all: parents are prefixes in Kemendagri's codes."""
    split = [code.split(".") for code in codes]
    common: list[str] = []
    for parts in zip(*split):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return ".".join(common)


def _code_list(given: object) -> list[str]:
    """Return codes that have something to be called by."""
    return [code for each in as_list(given) if (code := clean_text(each).strip())]


def _address(given: object) -> URIRef | None:
    """Return the IRI of a field that may hold words instead: words have blanks."""
    return None if re.search(r"\s", str(given)) else iri(given)


def _language(code: str) -> URIRef | None:
    """Return an IRI of a language that is not in our list."""
    given = iri(code)
    if given is not None:
        return given
    return URIRef(f"http://id.loc.gov/vocabulary/iso639-1/{code}") if re.fullmatch(
        r"[a-z]{2}", code) else None
