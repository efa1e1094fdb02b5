"""Catalogs of others through our mapping and back: what is lost is listed, with the reason.

The files are W3C's DCAT examples and those of ckanext-dcat, which stand beside the repository.
Compared are the properties of datasets and files; values are compared in the round trip of our own
fields (``test_federation_roundtrip``).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from federation_samples import SITE
from rdflib import RDF, Graph, Namespace, URIRef

from ckanext.satudata.domain.federation.foreign import interval, meant
from ckanext.satudata.domain.federation.mapping import DATASET_OF_OTHERS, DISTRIBUTION_OF_OTHERS
from ckanext.satudata.domain.federation.reading import Reader
from ckanext.satudata.domain.federation.terms import (
    ADMS,
    DCAT,
    DCT,
    DQV,
    FOAF,
    PROV,
    RDFS,
    SCHEMA,
)
from ckanext.satudata.domain.federation.writing import Writer

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "dcat"
FORMATS = {".ttl": "turtle", ".rdf": "xml", ".jsonld": "json-ld"}
HEALTH = Namespace("http://healthdataportal.eu/ns/health#")
DPV = Namespace("https://w3id.org/dpv#")
DC = Namespace("http://purl.org/dc/elements/1.1/")
SLIP = Namespace("http://purl.org/dc/terms/#")
POWDER = Namespace("http://www.w3.org/2007/05/powder-s#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
EARL = Namespace("http://www.w3.org/ns/earl#")

NO_FIELD = "no field of ours and none of DCAT-AP"
OTHER_VOCABULARY = "another vocabulary's term for what DCAT has its own for"
SLIPPED = "a slip of its author: no such term"
THEIR_LIST = "a code of a list we do not know: not guessed"
OURS_TO_SAY = "what an inspection found is said by who inspected: of a copy we say our own"
EMPTY = "holds no value that can be read as one"
HEALTH_ONLY = "HealthDCAT-AP: of no concern to a government of a region"

#: (class, property) -> why it does not come back in some of the examples.
LOST: dict[tuple[str, URIRef], str] = {
    **{("Dataset", HEALTH[name]): HEALTH_ONLY for name in (
        "analytics", "hasCodeValues", "hasCodingSystem", "hdab", "healthCategory", "healthTheme",
        "maxTypicalAge", "minTypicalAge", "numberOfRecords", "numberOfUniqueIndividuals",
        "populationCoverage", "publisherNote", "publisherType", "retentionPeriod",
        "trustedDataHolder",
    )},
    ("Distribution", HEALTH.retentionPeriod): HEALTH_ONLY,
    **{("Dataset", DPV[name]): HEALTH_ONLY for name in (
        "hasLegalBasis", "hasPersonalData", "hasPurpose")},
    **{("Dataset", term): SLIPPED for term in (
        SLIP.conformsTo, SLIP.license, DCAT.identifier,
        URIRef("https://www.w3.org/ns/adms#identifier"),
    )},
    ("Distribution", SLIP.conformsTo): SLIPPED,
    **{("Dataset", term): OTHER_VOCABULARY for term in (
        DC.language, DC.title, ADMS.contactPoint, OWL.versionInfo, FOAF.homepage,
        DCT.hasVersion, DCT.isVersionOf,
        SCHEMA.additionalType, SCHEMA.comment, SCHEMA.dateModified, SCHEMA.datePublished,
        SCHEMA.description, SCHEMA.distribution, SCHEMA.name, SCHEMA.url,
    )},
    **{("Dataset", term): NO_FIELD for term in (
        DCT.alternative, DCT.bibliographicCitation, DCT.created, DCT.hasFormat, DCT.hasPart,
        DCT.isFormatOf, DCT.isPartOf, DCT.references, RDFS.comment, OWL.sameAs,
        POWDER.describedby, EARL.outcome, PROV.generatedAtTime, PROV.qualifiedGeneration,
        PROV.wasAttributedTo, PROV.wasDerivedFrom, PROV.wasUsedBy,
    )},
    **{("Distribution", term): NO_FIELD for term in (
        DCT.identifier, DCT.isPartOf, RDFS.comment, POWDER.describedby,
        URIRef("http://www.w3.org/2011/content#characterEncoding"),
    )},
    **{("Dataset", term): THEIR_LIST for term in (
        DCT.accrualPeriodicity, DCT.language, DCT.type)},
    ("Dataset", DQV.hasQualityAnnotation): OURS_TO_SAY,
    ("Dataset", DQV.hasQualityMeasurement): OURS_TO_SAY,
    **{("Dataset", term): EMPTY for term in (
        DCT.accessRights, DCT.rights, DCT.temporal, DCAT.theme, FOAF.page)},
    **{("Distribution", term): EMPTY for term in (
        DCT["format"], DCAT.byteSize, DCAT.downloadURL, DCAT.mediaType)},
}
#: Read and written by ckanext-dcat's own profile, inside CKAN.
THEIRS = {
    "Dataset": {row.predicate for row in DATASET_OF_OTHERS},
    "Distribution": {row.predicate for row in DISTRIBUTION_OF_OTHERS},
}


def there_and_back(path: Path) -> set[tuple[str, URIRef]]:
    """Return the properties of datasets and files that a document had and ours has not."""
    given = Graph().parse(path, format=FORMATS[path.suffix])
    gone: set[tuple[str, URIRef]] = set()
    for dataset in given.subjects(RDF.type, DCAT.Dataset):
        ref = dataset if isinstance(dataset, URIRef) else URIRef("https://contoh.example/1")
        made = Graph()
        Writer(made, SITE).dataset(ref, {**Reader(given, SITE).dataset(dataset), "id": "x"})
        files = {
            predicate for file in made.objects(ref, DCAT.distribution)
            for predicate in made.predicates(file)
        }
        for cls, nodes, have in (
            ("Dataset", [dataset], set(made.predicates(ref))),
            ("Distribution", list(given.objects(dataset, DCAT.distribution)), files),
        ):
            for node in nodes:
                gone |= {(cls, each) for each in given.predicates(node)
                         if each not in have | THEIRS[cls]}
    return gone


@pytest.mark.beside("dcat")
@pytest.mark.filterwarnings("ignore")
def test_what_is_lost_of_the_examples_is_what_is_listed() -> None:
    paths = [path for path in sorted(FOLDER.iterdir()) if path.suffix in FORMATS]
    assert len(paths) > 35
    assert set().union(*map(there_and_back, paths)) == set(LOST)


@pytest.mark.parametrize(
    ("vocabulary", "text", "code"),
    [
        ("frekuensi", "R/P1Y", "tahunan"),
        ("frekuensi", "R/P3M", "triwulanan"),
        ("frekuensi", "R/2010-01-01/P1M", "bulanan"),
        ("frekuensi", "R/P11D", None),
        ("frekuensi", "http://purl.org/linked-data/sdmx/2009/code#freq-Q", "triwulanan"),
        ("frekuensi", "http://purl.org/cld/freq/daily", "harian"),
        ("frekuensi", "Annual", "tahunan"),
        ("frekuensi", "now and then", None),
        ("akses", "public", "terbuka"),
        ("akses", "Restricted public", "terbatas"),
        ("akses", "http://creativecommons.org/licenses/by/4.0/", None),
        ("bahasa", "en", "en"),
        ("bahasa", "id-ID", "id"),
        ("bahasa", "Indonesian", None),
        ("urusan", "public", None),
        ("akses", "x" * 10_000, None),
    ],
)
def test_what_others_write_is_understood_or_left(
    vocabulary: str, text: str, code: str | None
) -> None:
    assert meant(vocabulary, text) == code


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("2009-09-01T12:00:00Z/2010-05-31T12:00:00Z",
         ("2009-09-01T12:00:00Z", "2010-05-31T12:00:00Z")),
        ("2009/2010", ("2009", "2010")),
        ("2009-01-01/", ("2009-01-01", "")),
        ("/", None),
        ("2009", None),
        ("kapan saja", None),
        ("9" * 1000 + "/", None),
    ],
)
def test_an_interval_is_read(text: str, made: tuple[str, str] | None) -> None:
    assert interval(text) == made
