"""Reads the feed as a harvester does: by HTTP, with the parsers of others."""
from __future__ import annotations

import gzip
import json
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.dcat.processors import RDFParser
from rdflib import RDF, Graph, URIRef

from ckanext.satudata.domain.federation.terms import DCAT
from ckanext.satudata.federation.feed.model import PIECES, Entry

__all__ = ["PARSERS", "catalog", "changes", "datasets", "graph", "kept", "pieces", "site_url",
           "titles", "walk"]

PARSERS = {"ttl": "turtle", "xml": "xml", "jsonld": "json-ld", "nt": "nt", "rdf": "xml",
           "n3": "turtle"}


def site_url() -> str:
    return tk.config["ckan.site_url"].rstrip("/")


def pieces(slot: int) -> dict[str, bytes]:
    """Return what is kept of a public entry in each form; nothing is kept of another."""
    return {form: bytes(found) for form, table in PIECES.items() if (
        found := model.Session.scalar(sa.select(table.c.piece).where(table.c.slot == slot)))}


def kept() -> list[dict[str, Any]]:
    """Return all that the feed keeps, in the order of slots, but for when it was read."""
    model.Session.rollback()
    rows = model.Session.execute(sa.select(Entry.__table__).order_by(Entry.slot)).all()
    return [{name: value for name, value in row._mapping.items() if name != "read_at"}
            | pieces(row.slot) for row in rows]


def graph(app: Any, path: str) -> Graph:
    """Return what an address says; its extension names the syntax."""
    answer = app.get(path)
    extension = path.partition("?")[0].rpartition(".")[2]
    return Graph().parse(data=answer.get_data(), format=PARSERS[extension])


def catalog(app: Any, extension: str = "ttl", **asked: Any) -> Graph:
    answer = app.get(f"/catalog.{extension}", query_string=asked)
    return Graph().parse(data=answer.get_data(), format=PARSERS[extension])


def datasets(found: Graph) -> set[str]:
    """Return the ids of the datasets of a catalog."""
    said = {str(each).rpartition("/")[2] for each in found.subjects(RDF.type, DCAT.Dataset)}
    named = {str(each).rpartition("/")[2] for each in found.objects(
        URIRef(site_url()), DCAT.dataset)}
    assert said == named
    return said


def titles(app: Any) -> set[str]:
    found = catalog(app)
    from ckanext.satudata.domain.federation.terms import DCT

    return {str(found.value(each, DCT.title)) for each in found.subjects(RDF.type, DCAT.Dataset)}


def walk(app: Any, path: str = "/catalog.ttl", between: Any = None) -> list[str]:
    """Follow the pages as ckanext-dcat's harvester does; return the ids in order of the pages."""
    found: list[str] = []
    seen: set[str] = set()
    while path:
        assert path not in seen, "a loop of pages"
        seen.add(path)
        answer = app.get(path)
        parser = RDFParser()
        extension = path.partition("?")[0].rpartition(".")[2]
        parser.parse(answer.get_data(as_text=True), _format={
            "jsonld": "json-ld", "xml": "xml", "ttl": "turtle"}[extension])
        found += sorted(str(each).rpartition("/")[2] for each in parser._datasets())
        path = (parser.next_page() or "").removeprefix(site_url())
        if between is not None and path:
            between(len(seen))
    return found


def changes(app: Any, since: int = 0, **asked: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the lines of the change stream, and its ending."""
    answer = app.get("/catalog/changes", query_string={"since": since, **asked})
    lines = [json.loads(each) for each in answer.get_data(as_text=True).splitlines()]
    return lines[:-1], lines[-1]


def unzipped(answer: Any) -> bytes:
    return gzip.decompress(answer.get_data())
