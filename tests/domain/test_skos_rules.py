"""The judge of SKOS finds each fault that it names, and nothing in a sound vocabulary."""
from __future__ import annotations

import pytest
from rdflib import Graph
from skos_rules import ADVICE, ERRORS, findings

START = """
@prefix dct: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <http://contoh.go.id/> .
"""
SOUND = START + """
:s a skos:ConceptScheme ; dct:title "Daftar"@id, "List"@en ; skos:hasTopConcept :a .
:a a skos:Concept ; skos:inScheme :s ; skos:topConceptOf :s ; skos:notation "a" ;
   skos:prefLabel "Satu"@id, "One"@en ; skos:altLabel "Esa"@id ; skos:scopeNote "Pertama"@id ;
   skos:narrower :b, :c ; skos:exactMatch <http://lain.org/1> .
:b a skos:Concept ; skos:inScheme :s ; skos:notation "b" ; skos:prefLabel "Dua"@id, "Two"@en ;
   skos:broader :a ; skos:scopeNote "Kedua"@id ; skos:closeMatch <http://lain.org/2> .
:c a skos:Concept ; skos:inScheme :s ; skos:notation "c" ; skos:prefLabel "Tiga"@id, "Three"@en ;
   skos:broader :a ; skos:scopeNote "Ketiga"@id ; skos:broadMatch <http://lain.org/2> .
"""
#: What is added, and what then has to be found.
FAULTS = [
    (':a skos:altLabel "tanpa bahasa" .', "language_tags"),
    (':a skos:scopeNote "tanpa bahasa" .', "language_tags"),
    (':a skos:prefLabel "Eins"@de .', "language_coverage"),
    (":d a skos:Concept .", "missing_labels"),
    (":t a skos:ConceptScheme ; skos:hasTopConcept :x .", "missing_labels"),
    (':a skos:altLabel " "@id .', "empty_labels"),
    (':a skos:altLabel "a\\u0007b"@id .', "unprintable"),
    (':a skos:prefLabel "Tunggal"@id .', "inconsistent_labels"),
    (':a skos:hiddenLabel "Esa"@id .', "disjoint_labels"),
    (':b skos:altLabel "SATU"@id .', "overlapping_labels"),
    (':a skos:notation "a1" .', "ambiguous_notations"),
    (':b skos:notation "c" .', "ambiguous_notations"),
    (':d a skos:Concept ; skos:inScheme :s ; skos:prefLabel "Empat"@id, "Four"@en .',
     "undocumented"),
    (':d a skos:Concept ; skos:inScheme :s ; skos:prefLabel "Empat"@id, "Four"@en .', "orphans"),
    (':d a skos:Concept ; skos:inScheme :s ; skos:prefLabel "Empat"@id, "Four"@en .', "clusters"),
    (":a skos:broader :b . :b skos:narrower :a .", "cycles"),
    (":b skos:narrower :c . :c skos:broader :b .", "redundant_hierarchy"),
    (":b skos:related :b .", "reflexive"),
    (":b skos:related :c .", "one_way"),
    (":b skos:topConceptOf :s .", "one_way"),
    (":b skos:broaderTransitive :a .", "solely_transitive"),
    (':t a skos:ConceptScheme ; dct:title "Lain"@id .', "omitted_top_concepts"),
    (":s skos:hasTopConcept :b . :b skos:topConceptOf :s .", "top_with_broader"),
    (":b skos:related :c . :c skos:related :b .", "valueless_relations"),
    (":b skos:label :x .", "undefined_terms"),
    (":b skos:subject :x .", "undefined_terms"),
    ('<urn:d> a skos:Concept ; skos:inScheme :s ; skos:prefLabel "Empat"@id, "Four"@en .',
     "not_http"),
    (":a skos:related :b . :b skos:related :a .", "relation_clashes"),
    (":a skos:relatedMatch <http://lain.org/1> .", "mapping_clashes"),
    (":b skos:exactMatch <http://lain.org/1> .", "doubled_exact"),
    (":b skos:closeMatch :c . :c skos:closeMatch :b .", "misused_mappings"),
    (":b a skos:Collection .", "disjoint_classes"),
    (':d a skos:Concept ; skos:inScheme :s ; skos:prefLabel "Empat"@id, "Four"@en .',
     "missing_out_links"),
]


def test_a_sound_vocabulary_has_no_fault() -> None:
    assert findings(Graph().parse(data=SOUND), (*ERRORS, *ADVICE)) == {}


@pytest.mark.parametrize(("added", "rule"), FAULTS)
def test_each_fault_is_found(added: str, rule: str) -> None:
    assert rule in findings(Graph().parse(data=SOUND + added), (*ERRORS, *ADVICE))


def test_every_rule_is_tried() -> None:
    assert {rule.__name__ for rule in (*ERRORS, *ADVICE)} == {rule for _, rule in FAULTS}
