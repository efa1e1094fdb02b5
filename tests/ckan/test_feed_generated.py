"""Whatever a public dataset holds, the feed says what the profile says live, and says it again."""
from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.navl.dictization_functions import DataError
from ckan.plugins import toolkit as tk
from ckanext.dcat.processors import RDFSerializer
from feed_reader import PARSERS, catalog, kept, site_url
from hypothesis import HealthCheck, Phase, example, given, settings
from publishing import come_from_elsewhere, published
from rdflib import RDF, BNode, Graph, URIRef
from rdflib.compare import graph_diff, to_isomorphic

from ckanext.satudata.domain.federation.joined import inflated, unpacked
from ckanext.satudata.domain.federation.mapping import DATASET, Kind
from ckanext.satudata.domain.federation.nasional import Shape, problems
from ckanext.satudata.domain.federation.terms import DCAT
from ckanext.satudata.federation.feed import building, settling
from ckanext.satudata.federation.feed.model import FeedState
from ckanext.satudata.shared.feed_marks import mark

sys.path.append(str(Path(__file__).parents[1] / "domain"))  # behind ours: some names are the same
from federation_samples import Maker
from nasional_samples import RECORDS

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]

Data = dict[str, Any]
#: Columns of CKAN's own; whatever else a dataset or a file says is in its ``extras``.
CORE = ("title", "notes", "url", "version", "author", "author_email", "maintainer",
        "maintainer_email", "license_id")
OF_FILES = ("url", "name", "description", "format", "mimetype", "hash", "url_type")
#: What says who and what a dataset is, which generated values must not change.
KEPT = ("id", "name", "type", "state", "private", "owner_org", "organization", "resources",
        "tags", "extras", "metadata_created", "metadata_modified", "groups")
#: Kept as JSON, which CKAN reads before it shows a dataset.
LISTS = {row.name: row.kind in (Kind.RECORDS, Kind.CONTACT, Kind.AGENT, Kind.PLACE, Kind.PERIOD)
         for row in DATASET if row.many}
GENERATED = settings(
    max_examples=30, deadline=None, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck))


def text(value: Any) -> str:
    """Return a value as CKAN keeps it in a column, which holds no NUL and no half characters."""
    made = value if isinstance(value, str) else json.dumps(value)
    return made.replace("\0", "").encode(errors="ignore").decode()


def storable(value: Any) -> Any:
    """Return a JSON value as PostgreSQL keeps it: no infinite number either."""
    written = text(json.dumps(value, ensure_ascii=False)).replace("\\u0000", "")
    return json.loads(written, parse_constant=str)


def as_list(name: str, value: Any) -> list[Any]:
    """Return a value of a field CKAN reads as a list, of records where it takes no other."""
    given = value if isinstance(value, list) else [value]
    return [each for each in given if isinstance(each, dict)] if LISTS[name] else given


def write(identifier: str, record: Data) -> None:
    """Put whatever a record says into CKAN's tables, past every form and validator."""
    model.Session.rollback()
    package = model.Package.get(identifier)
    assert package is not None
    for name in CORE:
        setattr(package, name, text(record[name]) if record.get(name) is not None else None)
    package.title = package.title or "Tanpa judul"
    package.version = (package.version or "")[:100]
    said = {name: text(as_list(name, value) if name in LISTS else value)
            for name, value in record.items() if name not in (*CORE, *KEPT) and value is not None}
    for each in record.get("extras") or ():
        if text(each.get("key")).strip() and text(each["key"]) not in KEPT:
            said[text(each["key"])] = text(each.get("value"))
    package.extras = said
    for each in model.Session.scalars(
            sa.select(model.PackageTag).where(model.PackageTag.package_id == identifier)):
        model.Session.delete(each)
    for each in model.Session.scalars(
            sa.select(model.Resource).where(model.Resource.package_id == identifier)):
        model.Session.delete(each)
    model.Session.flush()
    names = {text(each.get("name") if isinstance(each, dict) else each)[:90]
             for each in record.get("tags") or ()}
    for name in sorted(filter(str.strip, names)):
        tag = model.Tag.by_name(name) or model.Tag(name)
        model.Session.add(model.PackageTag(package, tag))
    for at, each in enumerate(record.get("resources") or ()):
        size = each.get("size")
        added = model.Resource(
            package_id=identifier, **{
                name: text(each[name]) for name in OF_FILES if each.get(name) is not None},
            size=size if type(size) is int and 0 <= size < 2**62 else None,
            extras={name: storable(value) for name, value in each.items()
                    if name not in (*OF_FILES, "id", "package_id", "size", "created",
                                    "last_modified", "state", "position")})
        added.position = at
        model.Session.add(added)
    model.Session.commit()


def relative(node: Any) -> bool:
    return isinstance(node, URIRef) and ":" not in node


def live(identifier: str) -> Graph | None:
    """Return what ckanext-dcat would say now, without addresses that lead nowhere.

    Nothing of what CKAN itself cannot show: garbage where it keeps JSON.
    """
    try:
        record = tk.get_action("package_show")(building.anonymous(), {"id": identifier})
    except (ValueError, DataError):
        return None
    serializer = RDFSerializer()
    serializer.graph_from_dataset(record)
    found = Graph()
    for triple in serializer.g:
        if not any(map(relative, triple)):
            found.add(triple)
    return found


def of(app: Any, path: str) -> Graph:
    extension = path.partition("?")[0].rpartition(".")[2]
    return Graph().parse(data=app.get(path).get_data(), format=PARSERS[extension])


def is_as_live(app: Any, identifier: str) -> None:
    """All forms of a dataset can be read, and say what the profile says."""
    said = live(identifier)
    if said is None:
        said = of(app, f"/dataset/{identifier}.nt")
        assert (URIRef(f"{site_url()}/dataset/{identifier}"), RDF.type, DCAT.Dataset) in said
    expected = to_isomorphic(said)
    for extension in ("nt", "ttl", "xml", "jsonld"):
        found = to_isomorphic(of(app, f"/dataset/{identifier}.{extension}"))
        if found != expected:
            _both, less, more = graph_diff(expected, found)
            raise AssertionError((extension, "missing", sorted(less), "too much", sorted(more)))
    row = next(each for each in kept() if each["package_id"] == identifier)
    pod = json.loads(inflated(unpacked(row["pod"])))
    assert pod["identifier"] and pod["title"]
    nasional = json.loads(inflated(unpacked(row["nasional"])))
    assert problems(nasional, Shape.CKAN) == []


@pytest.fixture
def dataset(app: Any) -> str:
    made = published(title="Awal")
    app.get("/catalog.ttl")
    return made["id"]


@GENERATED
@given(record=RECORDS)
@example(record={"resources": [{"url": "https://a.id/x", "compress_format": "a\x08b\rc"}]})
def test_any_values_in_any_field(app: Any, dataset: str, record: Data) -> None:
    write(dataset, record)
    is_as_live(app, dataset)


@pytest.mark.parametrize("record", [
    {"title": "Rusak", "aplikasi_asal": ""}, {"title": "Rusak", "frequency": "[1, 2"},
    {"title": "\t", "kode_wilayah": "x", "tags": ["a"]},
], ids=repr)
def test_what_ckan_cannot_show_is_known_by_its_title(
    app: Any, dataset: str, record: Data
) -> None:
    """The same garbage as text, where CKAN keeps JSON."""
    write(dataset, record)
    package = model.Package.get(dataset)
    assert package is not None
    package.extras = {**package.extras, "kontak_x": "x", "contact": "bukan JSON"}
    model.Session.commit()
    is_as_live(app, dataset)
    is_whole(app)


def made(seed: int) -> list[str]:
    """Return datasets of every kind: harvested, of nobody, restricted, long, of many parts."""
    maker = Maker(seed)
    identifiers = [published(title=f"Data {number}")["id"] for number in range(8)]
    model.Session.execute(sa.text("UPDATE package SET owner_org = NULL WHERE id = :id"),
                          {"id": identifiers[0]})
    for number, each in enumerate(identifiers):
        record = maker.dataset()
        if number == 1:
            record["tags"] = [f"kata ke {at}" for at in range(300)]
            record["resources"] *= 20
        if number == 2:
            record["access_rights"] = "tertutup"
        if number in (3, 4):
            record["extras"] = [{"key": "uri", "value": f"https://lain.go.id/d/{number} a"}]
        if number == 5:
            record["notes"] = "# Judul\n\n* [tautan](javascript:alert(1)) \u202e" + "kata " * 9000
        write(each, record)
    come_from_elsewhere(*identifiers[3:5])
    return identifiers


def is_whole(app: Any) -> None:
    """The page of all datasets is the catalog and what is said of each, in all syntaxes."""
    graphs = {extension: catalog(app, extension) for extension in sorted(PARSERS)}
    said = {name: set(map(str, found.subjects(RDF.type, DCAT.Dataset)))
            for name, found in graphs.items()}
    expected = {row["iri"] for row in kept() if row["deleted_at"] is None}
    assert said == dict.fromkeys(PARSERS, expected)
    for extension in ("nt", "ttl", "xml", "jsonld"):
        page = graphs[extension]
        for row in kept():
            if row["deleted_at"] is None:
                alone = of(app, f"/dataset/{row['package_id']}.{extension}")
                assert not [each for each in to_isomorphic(alone) if plain(each)
                            and each not in page]
    # What differs is how a blank node is called, so it is enough to count.
    assert len({len(found) for name, found in graphs.items() if name not in ("rdf", "n3")}) <= 2


def plain(triple: Any) -> bool:
    return not any(isinstance(each, BNode) for each in triple)


@pytest.mark.parametrize("seed", [2])
def test_all_of_it_again_gives_the_same(app: Any, seed: int) -> None:
    identifiers = made(seed)
    for each in identifiers:
        is_as_live(app, each)
    is_whole(app)
    before = kept()
    assert {row["package_id"] for row in before if row["harvested"]} == set(identifiers[3:5])
    random.Random(seed).shuffle(identifiers)
    for each in identifiers:
        mark([each])
        model.Session.commit()
        assert settling.settle_now(10)
        assert kept() == before
    rebuilt_elsewhere()
    assert kept() == before
    assert {row["sequence"] for row in before} <= set(range(1, sequence() + 1))


def sequence() -> int:
    model.Session.rollback()
    return model.Session.scalar(sa.select(FeedState.sequence)) or 0


def rebuilt_elsewhere() -> None:
    """Build all in other processes, whose sets and dicts have other orders."""
    before = sequence()
    for seed in ("1", "77"):
        done = subprocess.run(
            [sys.executable, "-c", "from ckan.cli.cli import ckan; ckan()", "-c",
             tk.config["__file__"], "satudata", "feed", "rebuild", "--jobs", "2"],
            capture_output=True, text=True, check=False, timeout=120,
            env={**os.environ, "PYTHONHASHSEED": seed})
        assert not done.returncode, done.stderr[-3000:]
        assert "0 berubah" in done.stdout, done.stdout
    assert sequence() == before
