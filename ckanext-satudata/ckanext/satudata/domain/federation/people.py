"""Rows about people and offices: contact, produsen, government."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from rdflib import Graph, URIRef

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.describing import Describer, Subject, Triples
from ckanext.satudata.domain.federation.lists import ADMS_LISTS, PUBLISHER_TYPES
from ckanext.satudata.domain.federation.mapping import Field, Site
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
        contacts = as_records(given)
        if not contacts:
            self._add(on.ref, row.predicate, self.walidata())
        for position, contact in enumerate(contacts, 1):
            node = iri(contact.get("uri") or "") or on.node(row.name, position)
            self._add(on.ref, row.predicate, node)
            self._reached(node, contact)

    def walidata(self) -> URIRef:
        """Describe who answers for all data of the site and return its IRI."""
        site = self.site
        home = site.url + (f"/organization/{segment(site.walidata)}" if site.walidata else "")
        node = URIRef(f"{home}#kontak")
        self._reached(node, {
            "url": home, "name": site.walidata_name or site.government,
            "email": site.walidata_email,
        })
        return node

    def _reached(self, node: URIRef, contact: Mapping[str, Any]) -> None:
        self._add(node, RDF.type, VCARD.Kind)
        self._add(node, RDF.type, VCARD.Organization)
        self._add(node, VCARD.fn, literal(contact.get("name") or ""))
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
            if self._means_the_government(agents[0]):
                # The address of the site is the catalog; its publisher is somebody.
                agents = [{**agents[0], "uri": self.government()}]
        elif (office := self._office(on)) is not None and (
                not agents or (len(agents) == 1 and _same_office(agents[0], office))):
            # What was filled in when the dataset was saved: the office may have a new name since,
            # and the portal a new address.
            known = {key: office[key] for key in ("uri", "name", "type")}
            agents = [{**agents[0], **known}] if agents else [office]
        for position, agent in enumerate(agents, 1):
            node = iri(agent.get("uri") or "") or on.node(row.name, position)
            self._add(on.ref, row.predicate, node)
            self._agent(node, agent)

    def _means_the_government(self, agent: Mapping[str, Any]) -> bool:
        """Tell whether an agent is the publisher that was filled in: here, or where we were.

        What somebody typed says more than the name and an address without a path.
        """
        uri = str(agent.get("uri") or "").rstrip("/")
        return uri == self.site.url or (
            {**agent, "uri": ""} == {"name": self.site.government, "uri": ""}
            and urlsplit(uri).path == "")

    def _office(self, on: Subject) -> dict[str, Any] | None:
        """Return the organization of a dataset as an agent, by the name it has now."""
        found = as_records(on.record.get("organization"))
        return self._as_agent(found[0]) if found else None

    def _as_agent(self, organization: Mapping[str, Any]) -> dict[str, Any] | None:
        name = organization.get("title") or organization.get("name")
        if not name:
            return None
        pages = f"{self.site.url}/organization"
        office = f"{pages}/{segment(organization.get('id') or name)}"
        page = f"{pages}/{segment(organization.get('name') or '')}"
        # An office is no document: its page has another address, by its name.
        return {"uri": office, "url": "" if page in (office, f"{pages}/") else page, "name": name,
                "type": self._publisher_kind()}

    def organization(self, organization: Mapping[str, Any]) -> URIRef | None:
        """Describe an organization by the IRI that its datasets name; nothing if it has no name."""
        agent = self._as_agent(organization)
        if agent is None:
            return None
        node = URIRef(agent["uri"])
        self._agent(node, agent)
        if self.site.walidata and organization.get("name") == self.site.walidata:
            self.walidata()
        return node

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


def _same_office(agent: Mapping[str, Any], office: Mapping[str, Any]) -> bool:
    """Tell whether an agent is an organization of ours; its id tells, whatever our address was."""
    own = str(office["uri"]).rpartition("/organization/")[2]
    return str(agent.get("uri") or "").endswith(f"/organization/{own}")
