"""The judge of metadata quality: points as the method of data.europa.eu gives them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from federation_samples import FULL, ID, MINIMAL, SITE
from rdflib import Graph, Literal, URIRef

from ckanext.satudata.domain.federation.describing import Triples
from ckanext.satudata.domain.federation.lists import EU_LICENCES, FORMATS
from ckanext.satudata.domain.federation.mqa import (
    DIMENSIONS,
    METRICS,
    POSSIBLE,
    Advice,
    Dimension,
    Facts,
    Kind,
    Rating,
    Score,
    Why,
    advice,
    average,
    listed,
    rated,
    score,
)
from ckanext.satudata.domain.federation.syntaxes import fragments
from ckanext.satudata.domain.federation.terms import DCAT, DCT, EU, IANA, RDF, RDFS, SKOS
from ckanext.satudata.domain.federation.writing import Writer

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT.parent / "shared" / "data" / "dcat"
REF = URIRef(f"{SITE.url}/dataset/{ID}")
FILE = FULL["resources"][0]
#: All that a person can say, of one file in a format without an owner.
BEST: dict[str, Any] = dict(FULL, resources=[FILE])


def written(record: dict[str, Any]) -> Facts:
    made = Triples()
    Writer(made, SITE).dataset(REF, record)
    return Facts(made)


def answering(facts: Facts, status: int = 200) -> dict[str, int]:
    return {
        str(address): status
        for file in facts.by_class.get(DCAT.Distribution, [])
        for term in (DCAT.accessURL, DCAT.downloadURL)
        for address in facts.all(file, term)
    }


def judged(record: dict[str, Any], answers: dict[str, int] | None = None) -> Score:
    facts = written(record)
    return score(facts, REF, answering(facts) if answers is None else answers)


def lost(found: Score) -> dict[tuple[str, str], float]:
    return {
        (mark.metric.code, missed.why.value): missed.points
        for mark in found.marks
        for missed in mark.missed
    }


def test_the_table_is_that_of_the_method() -> None:
    assert POSSIBLE == 405
    assert list(DIMENSIONS.values()) == [100, 100, 110, 75, 20]
    assert len({each.code for each in METRICS}) == len(METRICS) == 23


def test_ratings_begin_where_the_method_says() -> None:
    said = {0: "bad", 120: "bad", 121: "sufficient", 220: "sufficient", 221: "good", 350: "good",
            351: "excellent", 405: "excellent"}
    assert {points: rated(points).value for points in said} == said


def test_a_dataset_that_says_all_has_all_points() -> None:
    found = judged(BEST)
    assert (found.total, found.unknown, found.rating) == (405, 0, Rating.EXCELLENT)
    assert lost(found) == {} == {each.field: each for each in advice(found)}


def test_a_title_alone_has_what_the_portal_says_by_itself() -> None:
    found = judged(MINIMAL)
    # DCAT-AP 30, contact of the walidata 20, publisher 10, its two dates 5 and 5.
    assert found.total == 70
    assert found.rating is Rating.BAD
    assert {code: points for code, points in found.dimensions.items() if points} == {
        Dimension.INTEROPERABILITY: 30, Dimension.REUSABILITY: 30, Dimension.CONTEXTUALITY: 10}
    first = advice(found)[0]
    # 100 of accessibility, 80 of format, 30 of licence, 10 of rights and size.
    assert (first.why, first.points) == (Why.NO_FILES, 100 + 80 + 30 + 10)


def test_a_title_alone_elsewhere_has_nothing() -> None:
    facts = Facts([(REF, RDF.type, DCAT.Dataset), (REF, DCT.title, Literal("Judul"))])
    found = score(facts, REF)
    assert (found.total, found.best, found.rating) == (0, 0, Rating.BAD)
    assert [(each.property, each.rule) for each in found.faults] == [
        (str(DCT.description), "missing")]


@pytest.mark.parametrize(("field", "points"), [
    ("urusan", 30), ("kode_wilayah", 20), ("temporal_coverage", 20), ("access_rights", 15),
    ("license_id", 30),
])
def test_an_empty_field_costs_its_points_and_is_named(field: str, points: int) -> None:
    record = {name: each for name, each in BEST.items() if name not in (field, "theme", "rights")}
    record["rights"] = BEST["rights"]
    if field == "kode_wilayah":
        del record["spatial_coverage"]
    if field == "license_id":
        record["resources"] = [{k: v for k, v in FILE.items() if k != "license"}]
    found = judged(record)
    assert found.total == 405 - points
    assert [(each.kind, each.why, each.field, each.points) for each in advice(found)] == [
        (Kind.ADD, Why.ABSENT, field, points)]


def test_keywords_are_words_of_the_concept_too() -> None:
    assert judged(dict(BEST, tags=[])).total == 405
    bare = judged(dict(BEST, tags=[], konsep=""))
    assert lost(bare) == {("keywordAvailability", "tidak_diisi"): 30}
    assert advice(bare)[0].field == "tag_string"


def test_metrics_of_files_count_by_the_share_of_files() -> None:
    other = dict(FILE, id="r-9", format="XLSX", url=FILE["url"] + "x", mimetype="")
    other |= {"access_url": other["url"], "download_url": other["url"]}
    found = judged(dict(BEST, resources=[FILE, other, FILE | {"id": "r-8"}]))
    assert lost(found) == {
        ("formatMediaTypeNonProprietary", "format_berpemilik"): pytest.approx(20 / 3)}
    assert found.total == pytest.approx(405 - 20 / 3)
    assert found.best == 405  # by the best file alone, as the software of data.europa.eu counts
    named = advice(found)
    assert len(named) == 1
    assert named[0].files == (f"{SITE.url}/dataset/{ID}/resource/r-9",)


def test_a_pdf_is_neither_free_nor_readable() -> None:
    found = judged(dict(BEST, resources=[FILE | {"format": "PDF", "mimetype": ""}]))
    assert lost(found) == {
        ("formatMediaTypeNonProprietary", "format_berpemilik"): 20,
        ("formatMediaTypeMachineInterpretable", "tidak_terbaca_mesin"): 20}
    # One deed mends both.
    assert [(each.why, each.points) for each in advice(found)] == [(Why.NOT_READABLE, 40)]


def test_a_file_without_a_format_loses_all_that_hangs_on_it() -> None:
    found = judged(dict(BEST, resources=[FILE | {"format": "", "mimetype": ""}]))
    assert [(each.field, each.points) for each in advice(found)] == [("format", 80)]


def test_what_nobody_asked_is_neither_had_nor_missed() -> None:
    found = judged(BEST, {})
    assert (found.total, found.unknown) == (325, 80)
    assert [(each.kind, each.points) for each in advice(found)] == [(Kind.WAIT, 80)]
    facts = written(BEST)
    for status in (0, 301, 403, 404, 500):
        gone = score(facts, REF, answering(facts, status))
        assert (gone.total, gone.unknown) == (325, 0)
        assert [each.why for each in advice(gone)] == [Why.NO_ANSWER]


@pytest.mark.parametrize("access", ["terbatas", "tertutup"])
def test_restricted_data_opens_to_who_was_granted_it_and_nobody_is_asked_to_mend_it(
    access: str,
) -> None:
    facts = written(dict(BEST, access_rights=access))
    answers = {address: 403 if address.endswith("/download") else 200
               for address in answering(facts)}
    found = score(facts, REF, answers)
    assert lost(found) == {("downloadUrlStatusCode", "tidak_terbuka"): 30}
    assert [(each.kind, each.points) for each in advice(found)] == [(Kind.LIMIT, 30)]
    # An address that is gone is a fault of restricted data, too.
    gone = score(facts, REF, dict.fromkeys(answers, 404))
    assert {each.why for each in advice(gone)} == {Why.NO_ANSWER}


def test_a_licence_of_no_list_is_not_a_known_one() -> None:
    for given, known in (("https://contoh.go.id/lisensi", False),
                         ("https://creativecommons.org/licenses/by/3.0", True),
                         ("http://www.opendatacommons.org/licenses/odbl/1.0/", True),
                         ("odc-odbl", True), ("odc-by", True), ("cc-zero", True)):
        found = judged(dict(BEST, resources=[FILE | {"license": given}]))
        assert found.total == (405 if known else 395), given


def said(*triples: Any) -> Score:
    """Judge one file of another portal, said by its triples."""
    file = URIRef("https://lain.go.id/berkas")
    return score(Facts([
        (REF, RDF.type, DCAT.Dataset), (REF, DCAT.distribution, file),
        *((file, predicate, value) for predicate, value in triples),
    ]), REF)


def interoperability(found: Score) -> dict[str, float]:
    return {mark.metric.code.removeprefix("formatMediaType"): mark.had for mark in found.marks
            if mark.metric.dimension is Dimension.INTEROPERABILITY and mark.had}


def test_formats_of_other_portals() -> None:
    both = interoperability(said(
        (DCT["format"], EU["file-type/JSON"]), (DCAT.mediaType, IANA["application/json"])))
    assert both == {"formatAvailability": 20, "mediaTypeAvailability": 10,
                    "VocabularyAlignment": 10, "NonProprietary": 20, "MachineInterpretable": 20}
    # In words: known for what it is, but of no list.
    words = interoperability(said(
        (DCT["format"], Literal("csv")), (DCAT.mediaType, Literal("text/csv"))))
    assert words == {name: points for name, points in both.items() if name[0] != "V"}
    # Only the media type is said.
    alone = interoperability(said((DCAT.mediaType, IANA["text/csv"])))
    assert alone == {"mediaTypeAvailability": 10, "NonProprietary": 20, "MachineInterpretable": 20}
    # An entry nobody has.
    odd = interoperability(said(
        (DCT["format"], EU["file-type/WAHID"]), (DCAT.mediaType, IANA["text/wahid"])))
    assert odd == {"formatAvailability": 20, "mediaTypeAvailability": 10}


def test_every_code_of_the_eu_that_we_write_is_in_its_list() -> None:
    codes = {each.eu for each in FORMATS.values()}
    assert {each.name for each in FORMATS.values() if not each.eu} == {"Parquet"}
    assert {code for code in codes if code and not listed.is_file_type(EU[f"file-type/{code}"])
            } == set()
    assert {str(node) for node in EU_LICENCES.values() if not listed.is_licence(node)} == set()
    assert {each.media_type for each in FORMATS.values()
            if each.media_type and not listed.is_media_type(each.media_iri)} == set()


def test_a_format_the_eu_does_not_know_is_no_entry_of_its_list() -> None:
    graph = Graph()
    Writer(graph, SITE).dataset(URIRef(f"{SITE.url}/dataset/{ID}"), {
        **MINIMAL, "resources": [{"id": "a", "url": "https://data.example/a.parquet",
                                  "format": "Parquet"}]})
    (node,) = graph.objects(None, DCT["format"])
    assert not str(node).startswith(str(EU))
    assert list(graph.objects(node, RDFS.label)) == [Literal("Parquet")]
    assert not set(graph.triples((node, SKOS.inScheme, None)))
    assert set(graph.objects(None, DCAT.mediaType)) == {IANA[
        "application/vnd.apache.parquet"]}


def test_a_format_by_its_label() -> None:
    node = URIRef("https://lain.go.id/#format")
    file = URIRef("https://lain.go.id/berkas")
    found = score(Facts([
        (REF, DCAT.distribution, file), (file, DCT["format"], node),
        (node, RDFS.label, Literal("GeoJSON"))]), REF)
    assert interoperability(found) == {
        "dcatApCompliance": 30, "formatAvailability": 20, "NonProprietary": 20,
        "MachineInterpretable": 20}


def test_a_date_of_a_file_is_a_date_of_the_dataset() -> None:
    had = {mark.metric.code for mark in said((DCT.issued, Literal("2026"))).marks if mark.had}
    assert "dateIssuedAvailability" in had
    assert "dateModifiedAvailability" not in had


def test_the_mean_of_a_catalog() -> None:
    assert average([judged(BEST), judged(MINIMAL)]) == (405 + 70) / 2
    assert average([]) == 0


def test_stored_n_triples_score_as_the_triples_they_were_made_of() -> None:
    odd = dict(FULL, title='Kutip " dan \\ dan \n <https://a.id> .', notes='\u2028 @id ^^x')
    for record in (FULL, MINIMAL, odd):
        made = Triples()
        Writer(made, SITE).dataset(REF, record)
        text = fragments(list(made), REF)["nt"].decode()
        for read in (Facts.of(text), Facts.stored(text)):
            assert score(read, REF).marks == score(Facts(made), REF).marks


def test_advice_never_promises_more_than_is_missing() -> None:
    for record in (FULL, MINIMAL, BEST, dict(FULL, access_rights="terbatas")):
        found = judged(record, {})
        named: list[Advice] = advice(found)
        assert sum(each.points for each in named) == pytest.approx(POSSIBLE - found.total)
        assert [each.points for each in named] == sorted(
            (each.points for each in named), reverse=True)


#: Counted by hand: what each file says of its first dataset. None of them keeps DCAT-AP.
EXAMPLE_SCORES = {
    # keyword 30, spatial 20, temporal 20; downloadURL 20; media type 10, and by it free 20 and
    # readable 20; contact 20, publisher 10; size 5, issued 5, modified 5
    "w3c-basic-example.ttl": 185,
    # media type 10, by it free 20 and readable 20
    "w3c-dataset-002.ttl": 50,
    # a title and a standard, no file
    "w3c-genoa-busstop.ttl": 0,
}


@pytest.mark.beside("dcat")
@pytest.mark.parametrize("name", EXAMPLE_SCORES)
def test_examples_of_the_w3c(name: str) -> None:
    facts = Facts(Graph().parse(EXAMPLES / name, format="turtle"))
    dataset = sorted(facts.by_class[DCAT.Dataset])[0]
    assert score(facts, dataset).total == EXAMPLE_SCORES[name]
