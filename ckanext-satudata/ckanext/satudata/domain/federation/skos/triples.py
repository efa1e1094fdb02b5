"""Concepts, schemes and the catalog of schemes as triples.

SKOS (W3C, 2009) for what a code means; for its validity what the authority tables of the EU
say (``euvoc:startDate``, ``euvoc:endDate``, ``euvoc:status``), ``owl:deprecated`` and
``dct:isReplacedBy``. A scheme is a ``dcat:Dataset`` as well, whose files are its syntaxes, so
that ``/kode-referensi`` is a catalog that any reader of DCAT understands.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from rdflib import Literal, URIRef
from rdflib.term import Node

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.federation.describing import Triples, concept_iri
from ckanext.satudata.domain.federation.lists import EU_THEMES
from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.domain.federation.paging import Links, paging
from ckanext.satudata.domain.federation.skos.entries import Entry, Scheme
from ckanext.satudata.domain.federation.terms import (
    DCAT,
    DCT,
    EU,
    EUVOC,
    FOAF,
    IANA,
    OWL,
    RDF,
    RDFS,
    SKOS,
    XSD,
    date_literal,
    iri,
    literal,
)
from ckanext.satudata.domain.federation.writing import Writer

__all__ = ["FORMS", "PAGE", "Form", "Triple", "catalog_triples", "concept_triples",
           "page_triples", "scheme_iri"]

Triple = tuple[Node, Node, Node]

#: Concepts of one page of a longer list: a twentieth of a second to make.
PAGE = 200
_TRUE = Literal("true", datatype=XSD.boolean)
_DEPRECATED = EU["concept-status/DEPRECATED"]


@dataclass(frozen=True)
class Form:
    """A form a vocabulary is served in.

    :ivar suffix: of its address; ``whole``: whether one document holds all codes, however many
    """

    suffix: str
    media_type: str
    title: str
    whole: bool = False


#: Every machine form, in the order people are offered them.
FORMS = (
    Form("csv", "text/csv", "CSV", whole=True),
    Form("json", "application/json", "JSON"),
    Form("ttl", "text/turtle", "Turtle"),
    Form("xml", "application/rdf+xml", "RDF/XML"),
    Form("jsonld", "application/ld+json", "JSON-LD"),
    Form("nt", "application/n-triples", "N-Triples"),
)


def scheme_iri(site: Site, name: str) -> URIRef:
    """Return the IRI of a vocabulary, which answers on every installation."""
    return URIRef(f"{site.url}/kode-referensi/{name}")


class _Said:
    """Collects triples about one portal's vocabularies."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.made = Triples()

    def add(self, subject: URIRef, predicate: URIRef, node: Node | None) -> None:
        if node is not None:
            self.made.add((subject, predicate, node))

    def both(self, subject: URIRef, predicate: URIRef, in_id: str, in_en: str) -> None:
        self.add(subject, predicate, literal(in_id, "id"))
        self.add(subject, predicate, literal(in_en, "en"))

    def ours(self, node: URIRef) -> URIRef:
        """Return the IRI of what an entry leads to, which may be ``scheme/code`` of ours."""
        return node if ":" in node else URIRef(f"{self.site.url}/kode-referensi/{node}")


# ---------------------------------------------------------------- concepts
def _concept(said: _Said, scheme: Scheme, of: Entry) -> None:
    site = said.site
    node, home = concept_iri(site, scheme.name, of.code), scheme_iri(site, scheme.name)

    def other(code: str) -> URIRef:
        return concept_iri(site, scheme.name, code)

    said.add(node, RDF.type, SKOS.Concept)
    said.add(node, SKOS.notation, literal(of.code))
    said.both(node, SKOS.prefLabel, of.label_id, of.label_en)
    for each in of.also:
        said.add(node, SKOS.altLabel, literal(each, "id"))
    said.both(node, SKOS.scopeNote, of.note_id, of.note_en)
    said.add(node, SKOS.inScheme, home)
    if of.is_top:
        said.add(node, SKOS.topConceptOf, home)
    if of.broader:
        said.add(node, SKOS.broader, other(of.broader))
    for code in of.narrower:
        said.add(node, SKOS.narrower, other(code))
    for relation, target in of.matches:
        meant = iri(target) if ":" in target else said.ours(URIRef(target))
        said.add(node, relation, meant)
    _validity(said, node, of)
    if of.successor:
        said.add(node, DCT.isReplacedBy, other(of.successor))
    for code in of.predecessors:
        said.add(node, DCT.replaces, other(code))
    if of.part_of:
        said.add(node, DCT.isPartOf, other(of.part_of))
    for predicate, value in of.more:
        said.add(node, predicate, said.ours(value) if isinstance(value, URIRef) else value)


def _validity(said: _Said, node: URIRef, of: Entry) -> None:
    for predicate, day in ((EUVOC.startDate, of.first_day), (EUVOC.endDate, of.last_day)):
        if day is not None:
            said.add(node, predicate, date_literal(day.isoformat()))
    if of.retired:
        said.add(node, OWL.deprecated, _TRUE)
        said.add(node, EUVOC.status, _DEPRECATED)


def concept_triples(scheme: Scheme, of: Entry, site: Site) -> Iterator[Triple]:
    """Yield one concept with the labels of its neighbours, and which scheme it is of."""
    said = _Said(site)
    _concept(said, scheme, of)
    for code in (of.broader, of.part_of, of.successor, *of.predecessors, *of.narrower):
        if not code:
            continue
        node = concept_iri(site, scheme.name, code)
        said.add(node, RDF.type, SKOS.Concept)
        with suppress(UnknownCodeError):  # a list may name one that it does not hold
            said.both(node, SKOS.prefLabel, *scheme.labels(code))
    _titled(said, scheme)
    yield from said.made


# ---------------------------------------------------------------- schemes
def _titled(said: _Said, scheme: Scheme) -> URIRef:
    node = scheme_iri(said.site, scheme.name)
    said.add(node, RDF.type, SKOS.ConceptScheme)
    said.both(node, DCT.title, scheme.title_id, scheme.title_en)
    return node


def _described(said: _Said, scheme: Scheme, writer: Writer) -> URIRef:
    node = _titled(said, scheme)
    said.add(node, RDF.type, DCAT.Dataset)
    said.both(node, DCT.description, scheme.note_id, scheme.note_en)
    said.add(node, DCT.identifier, literal(scheme.name))
    said.add(node, DCT.publisher, writer.government())
    said.add(node, DCT.license, _licence(scheme, writer))
    said.both(node, DCAT.keyword, "kode referensi", "reference codes")
    theme = EU["data-theme/GOVE"]
    said.add(node, DCAT.theme, theme)
    said.add(theme, RDF.type, SKOS.Concept)
    said.add(theme, SKOS.inScheme, EU["data-theme"])
    said.both(theme, SKOS.prefLabel, *EU_THEMES["GOVE"])
    if scheme.source:
        # Not dct:source, which leads to a dataset (DCAT-AP 3): laws and forms are none.
        origin = URIRef(f"{node}#sumber")
        said.add(node, DCT.provenance, origin)
        said.add(origin, RDF.type, DCT.ProvenanceStatement)
        said.add(origin, RDFS.label, literal(scheme.source, "en"))
    said.add(node, DCAT.contactPoint, writer.walidata())
    said.add(node, OWL.versionInfo, literal(scheme.version))
    for predicate, day in ((DCT.issued, scheme.issued), (DCT.modified, scheme.modified)):
        if day is not None:
            said.add(node, predicate, date_literal(day.isoformat()))
    return node


def _licence(scheme: Scheme, writer: Writer) -> URIRef:
    node = writer.licence(scheme.licence)
    if scheme.licence not in vocabulary.get("lisensi"):
        writer.graph.add((node, DCT.title, Literal(scheme.licence.rpartition("/")[2])))
    return node


def _files(said: _Said, scheme: Scheme, writer: Writer, paged: bool) -> None:
    node = scheme_iri(said.site, scheme.name)
    for form in FORMS:
        file, address = URIRef(f"{node}#{form.suffix}"), URIRef(f"{node}.{form.suffix}")
        said.add(node, DCAT.distribution, file)
        said.add(file, RDF.type, DCAT.Distribution)
        said.both(file, DCT.title, f"{scheme.title_id}, {form.title}",
                  f"{scheme.title_en}, {form.title}")
        said.add(file, DCAT.accessURL, address)
        if form.whole or not paged:
            said.add(file, DCAT.downloadURL, address)
        said.add(file, DCAT.mediaType, IANA[form.media_type])
        said.add(IANA[form.media_type], RDF.type, DCT.MediaType)
        said.add(file, DCT.license, _licence(scheme, writer))


def page_triples(
    scheme: Scheme, entries: Iterable[Entry], site: Site, links: Links | None = None,
    first: bool = True, whole: bool = True,
) -> Iterator[Triple]:
    """Yield a page of a scheme: its entries, on the first page all that is said of itself.

    :param links: where the other pages are, where there are any
    :param whole: whether this is the list, and not what a search found in it
    """
    said = _Said(site)
    if first and whole:
        writer = Writer(said.made, site)
        node = _described(said, scheme, writer)
        _files(said, scheme, writer, links is not None)
        for code in scheme.tops():
            said.add(node, SKOS.hasTopConcept, concept_iri(site, scheme.name, code))
    else:
        _titled(said, scheme)
    for entry in entries:
        _concept(said, scheme, entry)
    yield from said.made
    if links is not None:
        yield from paging(links)
        yield URIRef(links.current), FOAF.primaryTopic, scheme_iri(site, scheme.name)


# ---------------------------------------------------------------- catalog
def catalog_triples(schemes: Sequence[Scheme], site: Site) -> Iterator[Triple]:
    """Yield the list of all vocabularies as a catalog, each with its files, without its codes."""
    said = _Said(site)
    writer = Writer(said.made, site)
    node = URIRef(f"{site.url}/kode-referensi")
    said.add(node, RDF.type, DCAT.Catalog)
    said.both(node, DCT.title, f"Kode referensi {site.government}",
              f"Reference codes of {site.government}")
    said.both(
        node, DCT.description,
        "Daftar kode yang dipakai data di portal ini (Perpres 39/2019 pasal 10 dan 36).",
        "The lists of codes that the data of this portal use (Perpres 39/2019, art. 10 and 36).",
    )
    said.add(node, DCT.publisher, writer.government())
    said.add(node, FOAF.homepage, node)
    said.add(node, RDF.type, FOAF.Document)
    for scheme in schemes:
        said.add(node, DCAT.dataset, _described(said, scheme, writer))
        _files(said, scheme, writer, paged=scheme.size > PAGE)
    yield from said.made
