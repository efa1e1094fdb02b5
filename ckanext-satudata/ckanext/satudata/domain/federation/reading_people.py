"""Rows about people and offices, read."""
from __future__ import annotations

from ckanext.satudata.domain.federation.mapping import Field
from ckanext.satudata.domain.federation.terms import DCT, FOAF, VCARD
from ckanext.satudata.domain.federation.understanding import Source, Understanding, position

__all__ = ["PeopleReading"]


class PeopleReading(Understanding):
    """Reads contacts and agents."""

    def _contact(self, on: Source, row: Field) -> list[dict[str, str]]:
        contacts: list[dict[str, str]] = []
        for node in sorted(self.graph.objects(on.ref, row.predicate), key=position):
            contact = {
                "uri": self._uri(node, row),
                "name": self._string(node, VCARD.fn),
                "email": self._email(node, VCARD.hasEmail),
                "url": self._string(node, VCARD.hasURL),
                "identifier": self._string(node, VCARD.hasUID),
            }
            contacts.append({key: each for key, each in contact.items() if each})
        return [contact for contact in contacts if contact]

    def _agents(self, on: Source, row: Field) -> list[dict[str, str]]:
        agents: list[dict[str, str]] = []
        for node in sorted(self.graph.objects(on.ref, row.predicate), key=position):
            agent = {
                "uri": self._uri(node, row),
                "name": self._string(node, FOAF.name),
                "email": self._email(node, FOAF.mbox) or self._email(node, VCARD.hasEmail),
                "url": self._string(node, FOAF.homepage),
                "type": self._string(node, DCT.type),
                "identifier": self._string(node, DCT.identifier),
            }
            agents.append({key: each for key, each in agent.items() if each})
        return [agent for agent in agents if agent]
