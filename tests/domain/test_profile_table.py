"""The profile as a table: complete, true to the shapes, and the document is made of it."""

from __future__ import annotations

from pathlib import Path

from rdflib import Graph
from rdflib.namespace import SH

from ckanext.satudata.domain.federation.mapping import DATASET, DISTRIBUTION, Direction
from ckanext.satudata.domain.federation.national_reader import KEPT
from ckanext.satudata.domain.federation.profile_table import as_markdown, lines, shapes
from ckanext.satudata.domain.federation.terms import PREFIXES

ROOT = Path(__file__).resolve().parents[2]


def test_the_document_is_the_table() -> None:
    written = (ROOT / "schemas" / "shacl" / "README.md").read_text("utf-8")
    assert written == as_markdown(), (
        "run: python -m ckanext.satudata.domain.federation.profile_table > schemas/shacl/README.md"
    )


def test_every_field_that_is_written_stands_in_it() -> None:
    for of, rows in (("dataset", DATASET), ("file", DISTRIBUTION)):
        there = {line.name for line in lines() if line.of == of}
        assert {row.name for row in rows if row.direction is not Direction.NEVER} <= there
        assert not {row.name for row in rows if row.direction is Direction.NEVER} & there


def test_every_term_has_a_prefix_our_pages_know() -> None:
    for line in lines():
        for part in line.term.split(" / "):
            assert part.partition(":")[0] in PREFIXES, line


def test_the_needs_are_those_of_the_shapes() -> None:
    needs = {(line.of, line.name): line.need for line in lines() if line.need}
    assert needs["dataset", "title"] == needs["file", "url"] == "must"
    assert needs["dataset", "temporal_coverage"] == needs["file", "format"] == "should"
    assert ("dataset", "kategori") not in needs
    graph = Graph().parse(data=shapes(), format="turtle")
    least = [each for each in graph.subjects(SH.minCount) if graph.value(each, SH.path)]
    assert len(least) > 20


def test_what_the_nation_keeps_is_named_by_our_fields() -> None:
    ours = {line.name for line in lines()}
    for way, (of_dataset, of_file) in KEPT.items():
        # CKAN's own fields beside ours
        assert of_dataset - ours <= {"name", "owner_org"}, way
        assert of_file - ours <= {"hash_algorithm", "name"}, way
