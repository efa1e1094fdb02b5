"""Rows about people and offices: contact, produsen, government."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rdflib import Graph, URIRef

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.describing import Describer, Subject, Triples
from ckanext.satudata.domain.federation.mapping import ADMS_LISTS, PUBLISHER_TYPES, Field, Site
from ckanext.satudata.domain.federation.terms import (
    DCT,
    FOAF,
    RDF,
    VCARD,
    as_records,
    email_iri,
    iri,
    literal,
    segment,
)

__all__ = ["PeopleRows"]


class PeopleRows(Describer):
    """Writes agents and contacts."""

    def __init__(self, graph: Graph | Triples, site: Site) -> None:
        super().__init__(graph, site)
        self._typed: set[URIRef] = set()

    def _contact(self, on: Subject, row: Field, given: Any) -> None:
        site, contacts = self.site, as_records(given)
        if not contacts:
            office = f"/organization/{segment(site.walidata)}" if site.walidata else ""
            home = site.url + office
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

    def _agents(self, on: Subject, row: Field, given: Any) -> None:
        agents = as_records(given)
        if row.name == "publisher":
            if not agents:
                self._add(on.ref, row.predicate, self.government())
                return
            agents = agents[:1]
            if str(agents[0].get("uri") or "").rstrip("/") == self.site.url:
                # The address of the site is the catalog; its publisher is somebody.
                agents = [{**agents[0], "uri": self.government()}]
        elif (office := self._office(on)) is not None and (
                not agents or [each.get("uri") for each in agents] == [office["uri"]]):
            # What was filled in when the dataset was saved: the office may have a new name since.
            agents = [{**agents[0], "name": office["name"]}] if agents else [office]
        for position, agent in enumerate(agents, 1):
            node = iri(agent.get("uri") or "") or on.node(row.name, position)
            self._add(on.ref, row.predicate, node)
            self._agent(node, agent)

    def _office(self, on: Subject) -> dict[str, Any] | None:
        """Return the organization of a dataset as an agent, by the name it has now."""
        found = as_records(on.record.get("organization"))
        organization = found[0] if found else {}
        name = organization.get("title") or organization.get("name")
        if not name:
            return None
        page = f"{self.site.url}/organization/{segment(organization.get('id') or name)}"
        return {"uri": page, "url": page, "name": name, "type": self._publisher_kind()}

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
