"""Every vocabulary is sound SKOS, and says the same in every syntax and in the datasets."""
from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from federation_samples import SITE
from pyld import jsonld
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, SH, SKOS
from skos_rules import ADVICE, findings

from ckanext.satudata.domain import vocabulary, wilayah, wilayah_bps
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.federation import skos
from ckanext.satudata.domain.federation.describing import Describer, Triples
from ckanext.satudata.domain.federation.paging import HYDRA, Links
from ckanext.satudata.domain.federation.scope import ScopeRows
from ckanext.satudata.domain.federation.skos import sheets
from ckanext.satudata.domain.federation.skos.entries import Entry
from ckanext.satudata.domain.federation.skos.lists import ListScheme
from ckanext.satudata.domain.federation.skos.triples import (
    FORMS,
    catalog_triples,
    concept_triples,
    page_triples,
)
from ckanext.satudata.domain.federation.syntaxes import SYNTAXES, fragment, page
from ckanext.satudata.domain.federation.terms import DCAT, EUVOC

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

TODAY = date(2026, 11, 22)
HOME = f"{SITE.url}/kode-referensi"
LISTS = vocabulary.names()
each_list = pytest.mark.parametrize("name", LISTS)


def graph(triples: Iterable[Any]) -> Graph:
    made = Graph()
    for triple in triples:
        made.add(triple)
    return made


def written(name: str, triples: Iterable[Any]) -> bytes:
    syntax = SYNTAXES[name]
    return b"".join(page(syntax, [fragment(syntax, triples, None)]))


def whole(name: str) -> Graph:
    scheme = skos.scheme(name, TODAY)
    return graph(page_triples(scheme, scheme.window(0, scheme.size), SITE))


def concept(name: str, code: str) -> Graph:
    scheme = skos.scheme(name, TODAY)
    return graph(concept_triples(scheme, scheme.entry(code), SITE))


def iri(name: str, code: str) -> URIRef:
    return URIRef(f"{HOME}/{name}/{code}")


# ---------------------------------------------------------------- judged
@each_list
def test_a_list_breaks_no_rule(name: str) -> None:
    assert findings(whole(name), of=HOME) == {}


def test_where_two_labels_are_alike_there_is_a_reason() -> None:
    """Only the case tells kw (quintal) from kW and MB (megabyte) from mb (millibar)."""
    found = {name: each for name in LISTS if (each := findings(whole(name), ADVICE, HOME).get(
        "overlapping_labels"))}
    assert {name: [line.partition(":")[0] for line in each] for name, each in found.items()} == {
        "satuan": ["kw", "mb"]}


def test_areas_break_no_rule() -> None:
    """Banten and Papua Selatan with all below, retired codes and what they are at BPS."""
    scheme, bps = (skos.scheme(name, TODAY) for name in ("wilayah", "wilayah_bps"))
    codes = {code for code in (*wilayah.codes(), *wilayah.retired_codes())
             if code.startswith(("36", "93"))}
    codes |= {before for code in codes for before in wilayah.predecessors(code)}
    theirs = [code for code in wilayah_bps.codes()
              if code.startswith("36") or wilayah_bps.get(code).kemendagri in codes]
    made = graph([
        *page_triples(scheme, map(scheme.entry, sorted(codes)), SITE),
        *page_triples(bps, map(bps.entry, theirs), SITE),
    ])
    for one, other in [*made.subject_objects(SKOS.hasTopConcept)]:
        if (other, SKOS.inScheme, None) not in made:  # another province
            made.remove((one, SKOS.hasTopConcept, other))
    assert len(codes) > 2500 and findings(made, of=HOME) == {}
    # Retired areas have left the hierarchy; all others are in it.
    retired = {str(iri("wilayah", code)) for code in wilayah.retired_codes()}
    assert set(findings(made, ADVICE, HOME)["orphans"]) <= retired


def test_all_areas_hold_together() -> None:
    """The rules that need the whole, over all 188,859 codes, without a graph."""
    ours, theirs = (skos.scheme(name, TODAY) for name in ("wilayah", "wilayah_bps"))
    matched: dict[str, set[tuple[str, str]]] = {}
    for scheme in (ours, theirs):
        entries: dict[str, Entry] = {}
        for offset in range(0, scheme.size, 5000):
            entries |= {each.code: each for each in scheme.window(offset, 5000)}
        assert len(entries) == scheme.size
        for code, each in entries.items():
            assert each.label_id and each.label_en and each.label_id not in each.also
            assert all(entries[below].broader == code for below in each.narrower)
            assert each.is_top or each.retired or code in entries[each.broader].narrower
            assert not each.successor or code in entries[each.successor].predecessors
            assert all(entries[before].retired for before in each.predecessors)
            assert not each.part_of or each.part_of in entries
            matched[f"{scheme.name}/{code}"] = {
                (str(relation), target) for relation, target in each.matches}
    for code, found in matched.items():
        assert all((relation, code) in matched[target] for relation, target in found), code
    exact = [code for code, found in matched.items() if code.startswith("wilayah/")
             and len([each for each in found if each[0] == str(SKOS.exactMatch)]) == 1]
    assert len(exact) == wilayah_bps.count() - 145  # those in doubt, by domain/wilayah_bps


# ---------------------------------------------------------------- syntaxes
@pytest.mark.parametrize("name", [*LISTS, "wilayah", "wilayah_bps"])
def test_every_syntax_says_the_same(name: str) -> None:
    """To rdflib, and JSON-LD to a processor of its own as well."""
    scheme = skos.scheme(name, TODAY)
    links = Links(f"{HOME}/{name}", scheme.size, 30, {"next": f"{HOME}/{name}?page=2"})
    triples = [*page_triples(scheme, scheme.window(0, 30), SITE, links)]
    said = {syntax: set(Graph().parse(
        data=written(syntax, triples), format=SYNTAXES[syntax].rdflib)) for syntax in SYNTAXES}
    assert said["nt"] and all(each == said["nt"] for each in said.values())
    expanded = jsonld.to_rdf(json.loads(written("jsonld", triples)),
                             {"format": "application/n-quads"})
    assert set(Graph().parse(data=expanded, format="nt")) == said["nt"]


def test_the_catalog_and_a_concept_are_the_same_in_every_syntax() -> None:
    everything = [skos.scheme(name, TODAY) for name in skos.names()]
    area = skos.scheme("wilayah", TODAY)
    for triples in ([*catalog_triples(everything, SITE)],
                    [*concept_triples(area, area.entry("93.01"), SITE)]):
        said = [set(Graph().parse(data=written(each, triples), format=SYNTAXES[each].rdflib))
                for each in SYNTAXES]
        assert said[0] and all(each == said[0] for each in said)


# ---------------------------------------------------------------- what is said
def test_the_catalog_lists_every_vocabulary_as_what_a_reader_of_dcat_knows() -> None:
    made = graph(catalog_triples([skos.scheme(name, TODAY) for name in skos.names()], SITE))
    listed = set(made.objects(URIRef(HOME), DCAT.dataset))
    assert listed == {URIRef(f"{HOME}/{name}") for name in (*LISTS, "wilayah", "wilayah_bps")}
    for scheme in listed:
        assert {DCAT.Dataset, SKOS.ConceptScheme} <= set(made.objects(scheme, RDF.type))
        titles = {text.language for text in made.objects(scheme, DCTERMS.title)}
        assert titles == {"id", "en"}
        for needed in (DCTERMS.description, DCTERMS.publisher, DCTERMS.license, DCTERMS.provenance,
                       OWL.versionInfo):
            assert (scheme, needed, None) in made, (scheme, needed)


SHAPES = Path(__file__).resolve().parents[3] / "shared" / "data" / "shacl"


@pytest.mark.beside("shacl")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("shapes", ["dcat-ap-3.0.1-shapes.ttl", "dcat-ap-3.0.1-range.ttl"])
def test_the_catalog_of_vocabularies_breaks_no_shape_of_dcat_ap(shapes: str) -> None:
    schemes = [skos.scheme(name, TODAY) for name in ("akses", "urusan", "wilayah", "wilayah_bps")]
    made = graph(catalog_triples(schemes, SITE))
    for scheme in schemes:
        made += graph(page_triples(scheme, scheme.window(0, 3), SITE))
    _, report, _ = pyshacl.validate(
        made, shacl_graph=Graph().parse(SHAPES / shapes), advanced=True)
    assert [str(report.value(each, SH.resultMessage)) for each in report.subjects(
        SH.resultSeverity, SH.Violation)] == []


def test_a_scheme_names_its_files_and_which_hold_all_of_it() -> None:
    for name, paged in (("akses", False), ("wilayah", True)):
        scheme = skos.scheme(name, TODAY)
        links = Links(f"{HOME}/{name}.ttl", scheme.size, 2) if paged else None
        made = graph(page_triples(scheme, scheme.window(0, 2), SITE, links))
        files = set(made.objects(URIRef(f"{HOME}/{name}"), DCAT.distribution))
        assert len(files) == len(FORMS)
        whole_ones = {str(each).rpartition(".")[2] for each in made.objects(None, DCAT.downloadURL)}
        assert whole_ones == ({"csv"} if paged else {form.suffix for form in FORMS})


def test_a_retired_area_still_answers_and_leads_on() -> None:
    made, node = concept("wilayah", "91.01"), iri("wilayah", "91.01")
    assert (node, OWL.deprecated, Literal(True)) in made
    assert made.value(node, DCTERMS.isReplacedBy) == iri("wilayah", "93.01")
    assert str(made.value(node, EUVOC.endDate)) == "2025-04-24"
    assert (node, SKOS.exactMatch, iri("wilayah_bps", "9401")) in made
    assert (node, SKOS.broader, None) not in made  # it is in no hierarchy of today
    heir = concept("wilayah", "93.01")
    assert (iri("wilayah", "93.01"), DCTERMS.replaces, node) in heir
    assert (iri("wilayah", "93.01"), SKOS.closeMatch, iri("wilayah_bps", "9401")) in heir
    assert (iri("wilayah", "93.01"), SKOS.exactMatch, None) not in heir


def test_codes_of_bps_are_equal_where_nothing_speaks_against_it_and_say_why_where_not() -> None:
    made = concept("wilayah_bps", "3604220")
    assert (iri("wilayah_bps", "3604220"), SKOS.exactMatch, iri("wilayah", "36.04.05")) in made
    for code, ours in (("94", "91"), ("1104021003", "11.02.06.2006")):
        made, node = concept("wilayah_bps", code), iri("wilayah_bps", code)
        assert (node, SKOS.closeMatch, iri("wilayah", ours)) in made
        assert {note.language for note in made.objects(node, SKOS.scopeNote)} == {"id", "en"}


def test_what_a_code_maps_to_is_said_as_strongly_as_it_is_so() -> None:
    for name, code, relation in (
        ("frekuensi", "bulanan", SKOS.exactMatch),
        ("frekuensi", "lebih_dua_tahunan", SKOS.broadMatch),  # OTHER is more than that
        ("satuan", "kilogram", SKOS.exactMatch),
        ("urusan", "1.02", SKOS.closeMatch), ("urusan", "1.03", SKOS.broadMatch),
        ("publisher_type", "desa", SKOS.broadMatch), ("sifat_angka", "sementara", SKOS.broadMatch),
    ):
        target = URIRef(vocabulary.get(name)[code].iri)
        made = concept(name, code)
        assert [each for each in (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch)
                if (iri(name, code), each, target) in made] == [relation], (name, code)
    for name, code in (("lisensi", "cc-by-4.0"), ("tipe_data", "integer")):  # no concepts
        made = concept(name, code)
        assert not [each for each in made.predicates(iri(name, code)) if "Match" in each]


@each_list
def test_datasets_say_of_a_code_what_its_own_page_says(name: str) -> None:
    ours = whole(name)
    for code in vocabulary.get(name):
        collected = Triples()
        node, _ = Describer(collected, SITE)._concept(name, code.code)  # pyright: ignore
        said = set(collected)
        assert node != iri(name, code.code) or (said and said <= set(ours)), code.code
        # One that has a twin every reader knows is named by the twin, and we say so.
        assert node == iri(name, code.code) or set(ours.predicates(iri(name, code.code), node)) & {
            SKOS.exactMatch, SKOS.broadMatch}


def test_datasets_say_of_an_area_what_its_own_page_says() -> None:
    for code in ("36", "36.04", "36.04.05.2001", "91.01"):
        collected = Triples()
        ScopeRows(collected, SITE).area(code)
        assert set(collected) <= set(concept("wilayah", code)), code


# ---------------------------------------------------------------- pages, CSV, editions
def test_pages_together_are_the_whole_and_lead_to_each_other() -> None:
    scheme = skos.scheme("satuan", TODAY)
    made = Graph()
    for first in range(0, scheme.size, 50):
        links = Links(f"{HOME}/satuan.ttl?page={first // 50 + 1}", scheme.size, 50)
        for triple in page_triples(scheme, scheme.window(first, 50), SITE, links, first == 0):
            made.add(triple)
    assert (None, HYDRA.totalItems, Literal(scheme.size)) in made
    described = set(made.subjects(RDF.type, SKOS.Concept))
    assert described == set(whole("satuan").subjects(RDF.type, SKOS.Concept))
    assert len(list(made.objects(None, SKOS.hasTopConcept))) == scheme.size


@each_list
def test_the_csv_holds_every_code_once(name: str) -> None:
    scheme = skos.scheme(name, TODAY)
    text = b"".join(sheets.whole(scheme)).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len({row["kode"] for row in rows}) == scheme.size
    assert tuple(rows[0]) == scheme.columns


def test_the_csv_of_a_list_is_the_file_it_is_delivered_as() -> None:
    for name in ("frekuensi", "satuan"):
        delivered = Path(vocabulary.__file__).parent.parent / "reference" / f"{name}.csv"
        assert b"".join(sheets.whole(skos.scheme(name, TODAY))) == delivered.read_bytes()


def made_list(**concept: Any) -> ListScheme:
    codes = {"a": vocabulary.Concept("a", "A", "An A", valid_to=date(2026, 1, 1), parent="b"),
             "b": vocabulary.Concept("b", "B", "A B", **concept)}
    return ListScheme(vocabulary.Vocabulary("x", "X", "An X", "Untuk apa", codes), TODAY)


def test_a_code_is_retired_the_day_after_its_last() -> None:
    assert made_list().entry("a").retired
    assert not made_list(valid_to=TODAY).entry("b").retired
    made = graph(page_triples(made_list(), made_list().window(0, 9), SITE))
    assert findings(made, of=HOME) == {}
    assert (URIRef(f"{HOME}/x/a"), SKOS.broader, URIRef(f"{HOME}/x/b")) in made


def test_a_list_that_names_a_code_it_lacks_is_still_read() -> None:
    scheme = made_list(parent="tiada")
    made = graph(concept_triples(scheme, scheme.entry("b"), SITE))
    assert (URIRef(f"{HOME}/x/b"), SKOS.broader, URIRef(f"{HOME}/x/tiada")) in made


def test_an_edited_list_says_which_edition_it_is() -> None:
    """What a list is edited to is another object, with a number of its own."""
    edited = vocabulary.Vocabulary(
        "x", "X", "An X", "", {"a": vocabulary.Concept("a", "A", "An A"),
                               "b": vocabulary.Concept("b", "B", "")},
        3, datetime(2026, 11, 1, tzinfo=timezone.utc))
    scheme = ListScheme(edited, TODAY)
    assert scheme.version.endswith("+3") and "+" not in made_list().version
    made = graph(page_triples(scheme, scheme.window(0, 2), SITE))
    assert str(made.value(URIRef(f"{HOME}/x"), DCTERMS.modified)).startswith("2026-11-01")
    # A list of the portal's own may lack English, and says none then.
    assert list(made.objects(URIRef(f"{HOME}/x/b"), SKOS.prefLabel)) == [Literal("B", lang="id")]


def test_a_list_of_the_portal_is_not_licensed_as_the_software_is() -> None:
    own, ours = made_list(), skos.scheme("frekuensi", TODAY)
    assert (own.licence, own.source, own.issued) == ("cc-by-4.0", "", None)
    assert "AGPL" in ours.licence and ours.source and ours.issued
    made = graph(page_triples(own, own.window(0, 2), SITE))
    assert {str(each) for each in made.objects(URIRef(f"{HOME}/x"), DCTERMS.license)} == {
        "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"}


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\tx"])
def test_a_spreadsheet_runs_nothing_of_the_csv(text: str) -> None:
    scheme = made_list(note=text)
    row = list(csv.reader(io.StringIO(sheets.rows(scheme, [scheme.entry("b")]).decode())))[1]
    assert row[3] == f"'{text}"
    assert sheets.rows(made_list(notation="-"), [made_list().entry("b")], header=False) == (
        b"b,B,A B,,,,,,-,\n")


def test_hostile_words_stay_words_in_every_syntax() -> None:
    words = "</rdf:RDF>\x00\"\"\" \\ <script> \u2028 ' ]]> \ud800 é"
    scheme = made_list(note=words, aliases=(words, "="))
    triples = [*concept_triples(scheme, scheme.entry("b"), SITE)]
    said = [set(Graph().parse(data=written(each, triples), format=SYNTAXES[each].rdflib))
            for each in SYNTAXES]
    assert all(each == said[0] for each in said)


def test_unknown_names_and_codes_are_named() -> None:
    with pytest.raises(UnknownCodeError):
        skos.scheme("tidak_ada", TODAY)
    for name in ("akses", "wilayah", "wilayah_bps"):
        with pytest.raises(UnknownCodeError):
            skos.scheme(name, TODAY).entry("tidak_ada")
