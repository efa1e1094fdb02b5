"""The catalog itself, and what of a portal is no dataset: kegiatan and indikator.

A kegiatan (MS-Keg) is what produced data and an indikator (MS-Ind) what data
measures: neither is a ``dcat:Dataset``, and a harvester that took them for one
would list empty datasets. They are described where data points at them.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rdflib import Literal, URIRef

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.describing import value
from ckanext.satudata.domain.federation.mapping import AGREED
from ckanext.satudata.domain.federation.terms import (
    DCAT,
    DCT,
    EU,
    FOAF,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    date_literal,
    literal,
    segment,
)
from ckanext.satudata.domain.federation.writing import Writer

__all__ = ["write_catalog", "write_described"]


def write_catalog(writer: Writer, ref: URIRef) -> None:
    """Add the catalog with all that DCAT-AP recommends of it."""
    site, add = writer.site, writer.graph.add
    title = site.title or f"Satu Data {site.government}"
    description = site.description or (
        f"Katalog data {site.government} menurut Satu Data Indonesia (Perpres 39/2019)."
    )
    add((ref, RDF.type, DCAT.Catalog))
    for predicate, text in ((DCT.title, title), (DCT.description, description)):
        node = literal(text, site.language)
        if node is not None:
            add((ref, predicate, node))
    add((ref, DCT.publisher, writer.government()))
    add((ref, DCT.license, writer.licence(site.licence)))
    home = URIRef(f"{site.url}/")
    add((ref, FOAF.homepage, home))
    add((home, RDF.type, FOAF.Document))
    known = vocabulary.get("bahasa")
    if site.language in known:
        language = URIRef(known[site.language].iri)
        add((ref, DCT.language, language))
        add((language, RDF.type, DCT.LinguisticSystem))
        add((language, SKOS.inScheme, AGREED["bahasa"]))
    if site.wilayah:
        add((ref, DCT.spatial, writer.area(site.wilayah)))
    for predicate, moment in ((DCT.issued, site.issued), (DCT.modified, site.modified)):
        node = date_literal(moment) if moment else None
        if node is not None:
            add((ref, predicate, node))
    urusan = vocabulary.get("urusan")
    for scheme, in_id, in_en in (
        (URIRef(f"{site.url}/kode-referensi/urusan"), urusan.title_id, urusan.title_en),
        (EU["data-theme"], "Tema data Uni Eropa", "EU data themes"),
    ):
        add((ref, DCAT.themeTaxonomy, scheme))
        add((scheme, RDF.type, SKOS.ConceptScheme))
        add((scheme, DCT.title, Literal(in_id, lang="id")))
        add((scheme, DCT.title, Literal(in_en, lang="en")))


def write_described(writer: Writer, ref: URIRef, record: Mapping[str, Any]) -> None:
    """Add a kegiatan or an indikator as what it is to data.

    The IRI is the one data points at (``/kegiatan/<name>``); ``ref``, the one a
    reader asked for, is said to be the same.
    """
    add, kind = writer.graph.add, str(record.get("type") or "")
    name = segment(record.get("name") or record.get("id") or "")
    page = URIRef(f"{writer.site.url}/{kind}/{name}")
    for node in {page, ref}:
        if kind == "kegiatan":
            add((node, RDF.type, PROV.Activity))
        else:
            add((node, RDF.type, SCHEMA.StatisticalVariable))
        for predicate, field in (
            (DCT.title, "title"), (RDFS.label, "title"), (DCT.description, "notes"),
            (SCHEMA.description, "definisi"), (SCHEMA.measurementTechnique, "metode_perhitungan"),
            (SCHEMA.unitText, "satuan"), (DCT.identifier, f"id_{kind}_mms"),
        ):
            given = value(record, field)
            text = literal(given, writer.site.language) if given not in (None, "", []) else None
            if text is not None:
                add((node, predicate, text))
    if page != ref:
        add((ref, DCT.relation, page))
