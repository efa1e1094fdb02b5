"""What a public dataset points at, and what the datastore says of a query that is wrong."""
from __future__ import annotations

from itertools import product

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckanext.activity.model import Activity
from leak_portal import EYES, MARKS, eye, people
from leak_world import Data, Record, World, call, make

from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.actor import actor_of
from ckanext.satudata.workflow.service import publish_existing

pytestmark = MARKS


made, world = people()


def activity(world: World, mark: str) -> Data:
    """Return a kegiatan that is a draft."""
    return call("package_create", world.author, type="kegiatan", title=f"{mark} judul",
                name=f"{mark}-nama", owner_org=world.org["id"])


def naming(world: World, mark: str, *names: str) -> Record:
    """Return a public dataset that names a kegiatan, and indikator."""
    record = make(mark, world.org, world.author, id_kegiatan=names[0],
                  id_indikator=list(names[1:]))
    world.bring(record, "terbit")
    return record


#: Every field of the index that holds what a dataset names.
INDEXED = [f"{start}{name}" for start in ("", "extras_", "vocab_")
           for name in ("id_kegiatan", "id_indikator")]


def _page_of(record: Record) -> str:
    return f"/dataset/{record.package['name']}"


def everything_said(world: World, record: Record, user: Data | None) -> dict[str, str]:
    """Return what each way to read the dataset answers."""
    said = {f"{action} {sent}": world.api(action, user, **sent) for action, sent in (
        ("package_show", {"id": record.id}),
        ("package_show", {"id": record.id, "use_default_schema": True}),
        ("package_search", {"q": record.mark}),
        ("package_search", {"q": record.mark, "use_default_schema": True}),
        ("package_search", {"q": record.mark, "fl": ["id", "data_dict", "validated_data_dict"]}),
        ("package_search", {"q": record.mark, "fl": ["id", *INDEXED]}),
        ("package_search", {"q": "*:*", "rows": 0, "facet.field": INDEXED}),
        ("current_package_list_with_resources", {}),
        ("organization_show", {"id": world.org["id"], "include_datasets": True}),
        ("dcat_dataset_show", {"id": record.id, "format": "ttl"}),
        ("dcat_catalog_show", {"format": "jsonld"}),
        ("package_activity_list", {"id": record.id}),
        ("dataset_followee_list", {"id": "orang-lain"}),
    )}
    for path in (_page_of(record), f"/dataset/{record.id}.xml", "/catalog.ttl",
                 f"/dataset/activity/{record.id}", f"/feeds/organization/{world.org['name']}.atom"):
        said[path] = world.get(path, user)
    for each in model.Session.scalars(
            sa.select(Activity.id).where(Activity.object_id == record.id)).all():
        for action in ("activity_show", "activity_data_show", "activity_diff"):
            said[f"{action} {each}"] = world.api(
                action, user, id=each, include_data=True, object_type="package")
    return said


def test_a_dataset_names_no_hidden_record_in_any_way(world: World) -> None:
    hidden = activity(world, "zqkegiatan")
    measured = call("package_create", world.author, type="indikator", title="zqindikator judul",
                    name="zqindikator-nama", owner_org=world.org["id"])
    record = naming(world, "zqmenyebut", hidden["name"], measured["id"], measured["name"])
    call("follow_dataset", world.stranger, id=record.id)
    for user in (eye(world, who) for who in EYES):
        said = everything_said(world, record, user)
        assert "zqmenyebut judul" in said[_page_of(record)]
        leaked = [way for way, text in said.items()
                  if "zqkegiatan" in text or "zqindikator" in text or measured["id"] in text]
        assert leaked == []
        for field in INDEXED:
            found = world.result("package_search", user, q=f"{field}:zq*")
            assert found is None or found["count"] == 0, field
        assert world.result("package_search", user, q="zqkegiatan")["count"] == 0
        assert world.result("package_search", user, q="zqmenyebut")["count"] == 1
    assert "zqkegiatan judul" in world.get(_page_of(record), world.author)
    mine = world.result("package_show", world.author, id=record.id)
    assert mine["id_kegiatan"] == hidden["name"]
    assert mine["id_indikator"] == [measured["id"], measured["name"]]


def test_who_hands_in_is_advised_of_what_is_not_published(world: World) -> None:
    named = activity(world, "zqsaran")
    record = make("zqdisarankan", world.org, world.author, id_kegiatan=named["name"])

    def advice() -> list[str]:
        found = call("satudata_completeness_show", world.author, id=record.id)
        assert found["blocking"] == 0
        return [gap["severity"] for gap in found["gaps"] if gap["field"] == "id_kegiatan"]

    assert advice() == ["saran"]
    publish_existing(named["id"], actor_of("pengelola"))
    assert advice() == []
    world.bring(record, "diajukan")


def test_a_record_is_named_from_its_publication_until_it_is_withdrawn(world: World) -> None:
    named = activity(world, "zqsementara")
    record = naming(world, "zqlalu", named["name"], "https://lain.go.id/indikator/angka")
    elsewhere = world.result("package_show", None, id=record.id)
    assert "id_kegiatan" not in elsewhere
    assert elsewhere["id_indikator"] == ["https://lain.go.id/indikator/angka"]

    def facets() -> list[str]:
        outbox.drain()
        found = world.result("package_search", None, q="*:*", rows=0,
                             **{"facet.field": ["id_kegiatan"]})
        return list(found["facets"]["id_kegiatan"])

    publish_existing(named["id"], actor_of("pengelola"))
    assert facets() == [named["name"]]
    assert world.result("package_show", None, id=record.id)["id_kegiatan"] == named["name"]
    assert named["name"] in world.api("dcat_dataset_show", None, id=record.id, format="ttl")
    world.step(Record("zqsementara", named), "tarik", note="Keliru.")
    assert "id_kegiatan" not in world.result("package_show", None, id=record.id)
    assert facets() == []


@pytest.mark.ckan_config("ckan.datastore.sqlsearch.enabled", True)
def test_sql_tells_nothing_of_a_hidden_table(world: World) -> None:
    hidden, shown = (make(mark, world.org, world.author) for mark in ("zqdraf", "zqterbit"))
    world.bring(shown, "terbit")
    table = hidden.file["id"]
    for who, sql in product(EYES, (
        f'SELECT * FROM "{table}"', f'SELECT * FROM "{hidden.alias}"',
        f'SELECT nilai FROM "{table}"', f'SELECT zqdraf_kolo FROM "{table}"',
        f'SELECT zqdraf_kolom::int FROM "{table}"',
        f'SELECT * FROM "{shown.file["id"]}" WHERE EXISTS (SELECT 1 FROM "{table}")',
        f'SELECT count(*) FROM "{table}"', 'SELECT * FROM "_table_metadata"',
        "SELECT relname FROM pg_class", "SELECT table_name FROM information_schema.tables",
    )):
        raw = world.api("datastore_search_sql", eye(world, who), sql=sql)
        said = raw.split("\r\n\r\n", 1)[-1]
        assert raw[:3] in ("403", "404", "409"), said
        assert "zqdraf_kolom" not in said and "zqdraf nilai" not in said, said
    for who in EYES:
        assert "zqterbit nilai" in world.api(
            "datastore_search_sql", eye(world, who), sql=f'SELECT * FROM "{shown.file["id"]}"')
    assert "zqdraf nilai" in world.api(
        "datastore_search_sql", world.author, sql=f'SELECT * FROM "{table}"')
