"""What we send, a reader with our table gets back, in every syntax we serve."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from federation_samples import FULL, ID, MINIMAL, SITE, Maker
from rdflib import Graph, URIRef

from ckanext.satudata.domain.federation.mapping import DATASET, DISTRIBUTION, Direction, Kind
from ckanext.satudata.domain.federation.reading import Reader
from ckanext.satudata.domain.federation.terms import clean_text
from ckanext.satudata.domain.federation.writing import Writer

#: rdflib's own JSON-LD parser still uses what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

REF = URIRef(f"{SITE.url}/dataset/{ID}")
SYNTAXES = ("turtle", "pretty-xml", "json-ld")


def graph_of(*records: dict[str, Any]) -> Graph:
    graph = Graph()
    writer = Writer(graph, SITE)
    for record in records:
        writer.dataset(URIRef(f"{SITE.url}/dataset/{record['id']}"), record)
    return graph


def there_and_back(record: dict[str, Any], syntax: str) -> dict[str, Any]:
    text = graph_of(record).serialize(format=syntax)
    graph = Graph().parse(data=text, format={"pretty-xml": "xml"}.get(syntax, syntax))
    return Reader(graph, SITE).dataset(REF)


def settled(value: Any) -> Any:
    """Return a value as RDF keeps it: text cleaned, lists of single values without an order."""
    if isinstance(value, bool) or value is None or isinstance(value, (int, float)):
        return value
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        cleaned = {key: settled(each) for key, each in value.items()}
        return {key: each for key, each in cleaned.items() if not _empty(each)}
    cleaned = [settled(each) for each in value]
    if all(isinstance(each, dict) for each in cleaned):
        return [each for each in cleaned if each]
    return {str(each) for each in cleaned if not _empty(each)}


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def lost(sent: dict[str, Any], got: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that did not arrive as they were sent."""
    missing: dict[str, Any] = {}
    for row in DATASET:
        if row.direction is Direction.BOTH and row.name in sent:
            want, have = settled(sent[row.name]), settled(got.get(row.name))
            if row.kind is Kind.KEYWORD:  # the concept comes along as a keyword
                want = {tag["name"] for tag in sent["tags"] if len(tag["name"]) > 1}
                have = {tag["name"] for tag in got.get("tags", [])}
                if want <= have:
                    continue
            if row.name == "theme":  # an EU theme that follows from the urusan says no more
                have = have or set()
                if want - have <= _derived(sent):
                    continue
            if row.kind is Kind.AGENT:  # of an office of ours its kind is added
                have = [
                    {k: v for k, v in each.items() if k != "type" or "type" in str(want)}
                    for each in have or []
                ]
            if row.kind in (Kind.CONTACT, Kind.AGENT, Kind.PLACE):  # nodes have no order
                want, have = sorted(want, key=_key), sorted(have or [], key=_key)
            if row.name == "publisher":  # one only
                want = settled(sent["publisher"])[:1]
            if _empty(want) or want in ([], set()):
                continue
            if want != have:
                missing[row.name] = (want, have)
    files = {each.get("uri", "").rpartition("/")[2]: each for each in got["resources"]}
    for resource in sent["resources"]:
        for row in DISTRIBUTION:
            if row.direction is Direction.BOTH and row.name in resource:
                want, have = (
                    settled(resource[row.name]),
                    settled(files[resource["id"]].get(row.name)),
                )
                if row.name == "url" and sent.get("access_rights", "terbuka") != "terbuka":
                    continue
                if row.name in ("license", "rights") and have is None:
                    # what the dataset says already
                    have = settled(sent.get({"license": "license_id"}.get(row.name, row.name)))
                if not _empty(want) and want != set() and want != have:
                    missing[f"{resource['id']}.{row.name}"] = (want, have)
    return missing


def _key(item: dict[str, Any]) -> str:
    return json.dumps(item, sort_keys=True)


def _derived(sent: dict[str, Any]) -> set[str]:
    from ckanext.satudata.domain import vocabulary

    return {vocabulary.get("urusan")[code].iri for code in sent.get("urusan", [])}


def test_the_sample_holds_every_field_of_the_table() -> None:
    assert {row.name for row in DATASET if row.direction is Direction.BOTH} <= set(FULL)
    wanted = {row.name for row in DISTRIBUTION if row.direction is Direction.BOTH}
    assert wanted <= set(FULL["resources"][0])


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_field_comes_back(syntax: str) -> None:
    sent = json.loads(json.dumps(FULL))
    got = there_and_back(sent, syntax)
    assert sent["resources"][1].pop("url") == "https://contoh.go.id/berkas kedua.xlsx"
    assert lost(sent, got) == {}
    assert got["resources"][1]["url"] == "https://contoh.go.id/berkas%20kedua.xlsx"


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("seed", range(20))
def test_generated_datasets_come_back(syntax: str, seed: int) -> None:
    record = Maker(seed).dataset()
    assert lost(record, there_and_back(record, syntax)) == {}


@pytest.mark.parametrize("record", [FULL, MINIMAL], ids=["full", "minimal"])
def test_a_second_trip_changes_nothing(record: dict[str, Any]) -> None:
    once = there_and_back(record, "turtle")
    again = there_and_back(
        dict(
            once,
            id=ID,
            name=record["name"],
            resources=[dict(each, id=each["uri"].rpartition("/")[2]) for each in once["resources"]],
        ),
        "turtle",
    )
    assert again == once


SCHEMA = yaml.safe_load((Path(__file__).parents[2] / "schemas" / "dataset.yaml").read_text("utf-8"))
#: Fields of the form that are said by others: the IRI, the creator, the tags.
SAID_OTHERWISE = {"name", "owner_org", "tag_string"}
#: Part of a row about something else.
SAID_WITH = {"hash_algorithm", "access_url", "download_url"}


@pytest.mark.parametrize("field", [each["field_name"] for each in SCHEMA["dataset_fields"]])
def test_every_field_of_a_dataset_has_a_row(field: str) -> None:
    assert field in {row.name for row in DATASET} | SAID_OTHERWISE


@pytest.mark.parametrize("field", [each["field_name"] for each in SCHEMA["resource_fields"]])
def test_every_field_of_a_file_has_a_row(field: str) -> None:
    assert field in {row.name for row in DISTRIBUTION} | SAID_WITH


def test_every_part_of_a_record_has_a_name() -> None:
    rows = {row.name: {name for name, _ in row.subfields} for row in DATASET if row.subfields}
    for each in SCHEMA["dataset_fields"]:
        if each["field_name"] in rows:
            wanted = {part["field_name"] for part in each["repeating_subfields"]}
            assert rows[each["field_name"]] == wanted
