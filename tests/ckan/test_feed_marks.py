"""No change of what is public is lost to the feed, whoever writes and however it ends."""
from __future__ import annotations

from typing import Any

import pytest
from ckan import model
from ckan.tests import factories
from ckanext.dcat.processors import RDFSerializer
from feed_reader import catalog, changes, datasets, pieces, site_url
from publishing import come_from_elsewhere, move, publish, published
from rdflib import URIRef

from ckanext.satudata.domain.federation.joined import inflated, unpacked
from ckanext.satudata.domain.federation.terms import DCT
from ckanext.satudata.federation.feed.model import Entry, FeedState
from ckanext.satudata.federation.site import fingerprint
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.feed_marks import Mark

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

Data = dict[str, Any]


def known(app: Any, **fields: Any) -> Data:
    """Return a public dataset that the feed knows."""
    made = published(**fields)
    app.get("/catalog.ttl")
    return made


def marked() -> list[str]:
    model.Session.rollback()
    return [each for (each,) in model.Session.query(Mark.package_id).order_by(Mark.id)]


def test_a_session_that_is_closed_takes_no_mark_of_what_it_writes_next(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = known(app, title="Ada")
    asked: list[str] = []
    monkeypatch.setattr(outbox, "_WAKERS", [lambda: asked.append("worker")])
    model.Package.get(made["id"]).notes = "satu"
    model.Session.flush()
    model.Session.close()
    model.Package.get(made["id"]).notes = "dua"
    model.Session.commit()
    assert marked() == [made["id"]]
    assert asked == ["worker"]
    assert "dua" in app.get("/catalog.ttl").body


def test_what_is_no_dataset_any_more_leaves(app: Any) -> None:
    made = known(app, title="Ada")
    model.Package.get(made["id"]).type = "kegiatan"
    model.Session.commit()
    assert marked() == [made["id"]]
    app.get("/catalog.ttl")
    lines, _end = changes(app)
    assert [each["kind"] for each in lines] == ["delete"]


def test_a_copy_is_known_as_one_though_its_harvest_says_so_later(app: Any) -> None:
    made = known(app, title="Dari tetangga")
    before = app.get("/catalog/changes").body
    come_from_elsewhere(made["id"])
    assert marked() == [made["id"]]
    assert app.get("/catalog/changes").body != before
    model.Session.rollback()
    assert model.Session.get(Entry, made["id"]).harvested
    assert model.Session.get(FeedState, 1).local == 0
    app.get("/data.json", status=503)


def test_a_dataset_that_cannot_be_written_takes_no_other_with_it(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, other = known(app, title="Rusak"), known(app, title="Baik")
    real = RDFSerializer.graph_from_dataset

    def written(self: RDFSerializer, record: Data) -> Any:
        if record["id"] == broken["id"]:
            raise ValueError("a profile fails")
        return real(self, record)

    monkeypatch.setattr(RDFSerializer, "graph_from_dataset", written)
    for each in (broken, other):
        model.Package.get(each["id"]).notes = "Diubah"
    model.Session.commit()
    found = catalog(app)
    assert datasets(found) == {broken["id"], other["id"]}
    assert str(found.value(URIRef(f"{site_url()}/dataset/{broken['id']}"), DCT.title)) == "Rusak"
    assert "Diubah" in app.get(f"/dataset/{other['id']}.ttl").body
    assert "Diubah" not in app.get(f"/dataset/{broken['id']}.ttl").body
    assert not marked()


def inside(record: Data) -> bytes:
    """Return all that the feed keeps of a dataset."""
    model.Session.rollback()
    kept = model.Session.get(Entry, record["id"], populate_existing=True)
    assert kept is not None
    return b"".join(inflated(unpacked(each)) for each in pieces(kept.slot).values())


def test_a_kegiatan_that_is_withdrawn_is_named_no_more_with_the_next_answer(app: Any) -> None:
    organization = factories.Organization()["id"]
    activity = publish(factories.Dataset(
        type="kegiatan", owner_org=organization, name="zqkegiatan"))
    made = known(app, title="Ada", owner_org=organization, id_kegiatan=activity["name"])
    paths = [f"/dataset/{made['id']}.ttl", "/catalog.jsonld", "/catalog/changes?content=nt"]
    assert all("zqkegiatan" in app.get(path).body for path in paths)
    move(activity["id"], "tarik", factories.Sysadmin(), reason="Keliru.")
    for path in paths:
        assert "zqkegiatan" not in app.get(path).body, path
    assert b"zqkegiatan" not in inside(made)
    outbox.drain()
    assert b"zqkegiatan" not in inside(made)


def test_a_kegiatan_is_named_with_the_answer_after_it_was_published(app: Any) -> None:
    organization = factories.Organization()["id"]
    activity = factories.Dataset(type="kegiatan", owner_org=organization, name="zqkegiatan")
    made = known(app, title="Ada", owner_org=organization, id_kegiatan=activity["name"])
    assert b"zqkegiatan" not in inside(made)
    publish(activity)
    assert "zqkegiatan" in app.get("/catalog.ttl").body


@pytest.mark.parametrize(("name", "value"), [
    ("ckan.root_path", "/data/{{LANG}}"), ("ckan.site_url", "https://lain.go.id"),
    ("ckanext.dcat.base_uri", "https://lain.go.id"), ("ckan.site_title", "Lain"),
    ("ckanext.dcat.output_spatial_format", "wkt"), ("ckanext.dcat.compatibility_mode", True),
])
def test_another_way_to_describe_is_noticed(
    monkeypatch: pytest.MonkeyPatch, ckan_config: Any, name: str, value: Any
) -> None:
    before = fingerprint()
    assert fingerprint() == before
    monkeypatch.setitem(ckan_config, name, value)
    assert fingerprint() != before
