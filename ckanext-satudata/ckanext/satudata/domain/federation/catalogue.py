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
from ckanext.satudata.domain.federation.lists import AGREED, EU_THEMES
from ckanext.satudata.domain.federation.terms import (
    DCAT,
    DCT,
    EU,
    FOAF,
    PROV,
    QB,
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
    _write_service(writer, ref)


def _write_service(writer: Writer, ref: URIRef) -> None:
    """Say of the interface to the rows of tables what DCAT-AP recommends of one."""
    site, add, node = writer.site, writer.graph.add, writer.service()
    add((ref, DCAT.service, node))
    add((node, DCT.title, Literal(f"Data API {site.government}", lang="en")))
    add((node, DCT.description, Literal(
        "Baris tabel setiap berkas yang terbuka, dapat disaring dan diurutkan: action API CKAN.",
        lang="id")))
    add((node, DCT.description, Literal(
        "Rows of every open table, filtered and sorted: the action API of CKAN.", lang="en")))
    add((node, DCT.publisher, writer.government()))
    add((node, DCT.accessRights, EU["access-right/PUBLIC"]))
    add((EU["access-right/PUBLIC"], RDF.type, DCT.RightsStatement))
    add((node, DCT.license, writer.licence(site.licence)))
    add((node, DCAT.contactPoint, writer.walidata()))
    add((node, DCAT.keyword, Literal("API", lang="id")))
    help_page = URIRef(f"{site.url}/api/3/action/help_show?name=datastore_search")
    add((node, DCAT.endpointDescription, help_page))
    standard = URIRef("https://docs.ckan.org/en/2.12/api/")
    add((node, DCT.conformsTo, standard))
    add((standard, RDF.type, DCT.Standard))
    theme = EU["data-theme/GOVE"]
    add((node, DCAT.theme, theme))
    add((theme, RDF.type, SKOS.Concept))
    for language, label in zip(("id", "en"), EU_THEMES["GOVE"], strict=True):
        add((theme, SKOS.prefLabel, Literal(label, lang=language)))


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
            for kind_of in (SCHEMA.StatisticalVariable, QB.MeasureProperty, SKOS.Concept):
                add((node, RDF.type, kind_of))
        for predicate, field in (
            (DCT.title, "title"), (RDFS.label, "title"), (DCT.description, "notes"),
            (SKOS.prefLabel, "title"), (SKOS.definition, "definisi"),
            (SCHEMA.description, "definisi"), (SCHEMA.measurementTechnique, "metode_perhitungan"),
            (SCHEMA.unitText, "satuan"), (DCT.identifier, f"id_{kind}_mms"),
        ):
            given = value(record, field)
            text = literal(given, writer.site.language) if given not in (None, "", []) else None
            if text is not None:
                add((node, predicate, text))
    if page != ref:
        add((ref, DCT.relation, page))
