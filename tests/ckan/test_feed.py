"""What harvesters read: every public dataset, nothing else, as it is at that moment."""
from __future__ import annotations

import gzip
import zlib
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests import factories, helpers
from ckanext.dcat.processors import RDFSerializer
from feed_reader import PARSERS, catalog, changes, datasets, graph, kept, pieces, titles, walk
from publishing import (
    COMPLETE,
    come_from_elsewhere,
    inspect_and_publish,
    move,
    published,
    whole,
)
from rdflib import Graph
from rdflib.compare import to_isomorphic
from restricted_world import DECIDED

from ckanext.satudata.federation.feed import searching, settling, timed
from ckanext.satudata.federation.feed.model import PIECES, Entry, FeedChange
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.feed_marks import Mark

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]

Data = dict[str, Any]


def entry(identifier: str) -> Any:
    model.Session.rollback()
    return model.Session.execute(sa.select(Entry.__table__).where(
        Entry.package_id == identifier)).one()


def edit(identifier: str, notes: str = "Diubah") -> None:
    """Change what is public, as code on the server may (a harvester does)."""
    package = model.Package.get(identifier)
    package.notes = notes
    model.Session.commit()


def live(record: Data) -> Graph:
    """Return what the profile says of a dataset now, as ckanext-dcat would serve it."""
    shown = helpers.call_action(
        "package_show", {"user": "", "ignore_auth": False, "use_cache": False}, id=record["id"])
    serializer = RDFSerializer()
    serializer.graph_from_dataset(shown)
    return Graph().parse(data=serializer.g.serialize(format="nt"), format="nt")


@pytest.mark.parametrize("extension", sorted(PARSERS))
def test_the_next_answer_knows_what_was_published(app: Any, extension: str) -> None:
    assert datasets(catalog(app, extension)) == set()
    first = whole(title="Kunjungan")
    assert datasets(catalog(app, extension)) == {first["id"]}
    second = published(title="Panen")
    assert datasets(catalog(app, extension)) == {first["id"], second["id"]}


@pytest.mark.parametrize("extension", ["ttl", "xml", "jsonld", "nt"])
def test_a_dataset_says_what_the_profile_says_live(app: Any, extension: str) -> None:
    made = whole(title="Kunjungan", resources=[
        {"name": "Tabel", "url": "https://contoh.go.id/a.csv", "format": "CSV"}])
    found = graph(app, f"/dataset/{made['id']}.{extension}")
    assert to_isomorphic(found) == to_isomorphic(live(made))
    assert to_isomorphic(found) == to_isomorphic(graph(app, f"/dataset/{made['name']}.{extension}"))


def test_what_is_withdrawn_is_gone_with_the_next_answer_and_keeps_its_place(app: Any) -> None:
    walidata = factories.Sysadmin()
    first, second = whole(title="Satu"), whole(title="Dua")
    assert datasets(catalog(app)) == {first["id"], second["id"]}
    slot = entry(first["id"]).slot
    move(first["id"], "tarik", walidata, reason="Salah angka.")
    assert datasets(catalog(app)) == {second["id"]}
    gone = entry(first["id"])
    assert gone.slot == slot and gone.deleted_at is not None
    assert not pieces(slot) and len(pieces(entry(second["id"]).slot)) == len(PIECES)
    app.get(f"/dataset/{first['id']}.ttl", status=410)
    lines, end = changes(app)
    assert [(each["kind"], each["id"]) for each in lines] == [
        ("create", second["id"]), ("delete", first["id"])]
    assert end == {"position": 3, "more": False}


def test_what_is_published_again_has_its_old_place_and_a_new_life(app: Any) -> None:
    walidata = factories.Sysadmin()
    made = whole(title="Satu")
    whole(title="Dua")
    assert len(datasets(catalog(app))) == 2
    slot = entry(made["id"]).slot
    move(made["id"], "tarik", walidata, reason="Salah angka.")
    catalog(app)
    move(made["id"], "revisi", walidata)
    inspect_and_publish(made["id"])
    assert len(datasets(catalog(app))) == 2
    assert entry(made["id"]).slot == slot
    lines, _end = changes(app, since=2)
    assert [(each["kind"], each["id"]) for each in lines] == [("create", made["id"])]


def test_a_restriction_shows_with_the_next_answer(app: Any) -> None:
    made = whole(resources=[
        {"name": "Tabel", "url": "https://contoh.go.id/rahasia.csv", "format": "CSV"}])
    assert "rahasia.csv" in app.get("/catalog.ttl").body
    walidata = factories.Sysadmin()
    revision = move(made["id"], "revisi", walidata)
    helpers.call_action(
        "package_patch", {"user": walidata["name"]}, id=revision["content_id"],
        **DECIDED)
    assert "rahasia.csv" in app.get("/catalog.ttl").body  # a draft is nobody's business
    inspect_and_publish(revision["id"])
    for extension in ("ttl", "xml", "jsonld", "nt"):
        assert "rahasia.csv" not in app.get(f"/catalog.{extension}").body
        assert "rahasia.csv" not in app.get(f"/dataset/{made['id']}.{extension}").body


def test_a_new_name_of_the_organization_comes_by_the_worker(app: Any) -> None:
    organization = factories.Organization(title="Dinas Lama")
    made = published(owner_org=organization["id"])
    assert "Dinas Lama" in app.get("/catalog.ttl").body
    before = entry(made["id"])
    helpers.call_action("organization_patch", {"user": factories.Sysadmin()["name"]},
                        id=organization["id"], title="Dinas Baru")
    assert "Dinas Lama" in app.get("/catalog.ttl").body
    outbox.drain()
    assert "Dinas Baru" in app.get("/catalog.ttl").body
    after = entry(made["id"])
    assert after.sequence > before.sequence and after.modified == before.modified
    assert after.changed_at > before.changed_at


def test_a_new_name_of_the_site_is_followed(
    app: Any, monkeypatch: pytest.MonkeyPatch, ckan_config: Any
) -> None:
    made = published()
    app.get("/catalog.ttl")
    assert not timed.follow()
    monkeypatch.setitem(ckan_config, "ckan.site_url", "https://data.baru.go.id")
    assert timed.follow()
    assert settling.settle_now(10)
    assert entry(made["id"]).iri == f"https://data.baru.go.id/dataset/{made['id']}"


def test_a_new_word_for_a_code_is_followed(app: Any) -> None:
    made = published(satuan="ton")
    assert "Satuan ton metrik" not in app.get("/catalog.ttl").body
    assert not timed.follow()
    helpers.call_action(
        "satudata_vocabulary_update", {"user": factories.Sysadmin()["name"]}, name="satuan",
        rows=[{"code": "ton", "label_id": "Satuan ton metrik"}])
    assert timed.follow()
    assert settling.settle_now(10)
    assert "Satuan ton metrik" in app.get("/catalog.ttl").body
    assert not timed.follow()
    assert entry(made["id"]).deleted_at is None


def test_a_purged_dataset_leaves(app: Any) -> None:
    made = published(title="Dihapus")
    kept = published(title="Tetap")
    assert titles(app) == {"Dihapus", "Tetap"}
    admin = factories.Sysadmin()
    move(made["id"], "tarik", admin, reason="Ganda.")
    helpers.call_action("dataset_purge", {"user": admin["name"]}, id=made["id"])
    assert datasets(catalog(app)) == {kept["id"]}


def test_what_was_hidden_in_sql_is_not_given_out_and_is_found(app: Any) -> None:
    made = published(title="Ada")
    assert datasets(catalog(app)) == {made["id"]}
    model.Session.execute(sa.text("UPDATE package SET private = true WHERE id = :id"),
                          {"id": made["id"]})
    model.Session.commit()
    assert datasets(catalog(app)) == set()
    app.get(f"/dataset/{made['id']}.ttl", status=403)
    assert timed.compare() == 1
    catalog(app)
    assert entry(made["id"]).deleted_at is not None
    assert timed.compare() == 0


def test_drafts_mark_nothing(app: Any) -> None:
    made = factories.Dataset(owner_org=factories.Organization()["id"], **COMPLETE)
    helpers.call_action("package_patch", {"user": factories.Sysadmin()["name"]}, id=made["id"],
                        title="Lain")
    assert model.Session.query(Mark).count() == 0


def test_a_savepoint_taken_back_takes_no_mark_of_what_stays(app: Any) -> None:
    made = published(title="Ada")
    app.get("/catalog.ttl")
    package = model.Package.get(made["id"])
    with pytest.raises(ZeroDivisionError), model.Session.begin_nested():
        package.notes = "satu"
        model.Session.flush()
        raise ZeroDivisionError
    package.notes = "dua"
    model.Session.commit()
    assert model.Session.query(Mark).count() == 1
    assert "dua" in app.get("/catalog.ttl").body


@pytest.mark.ckan_config("ckanext.dcat.datasets_per_page", 2)
@pytest.mark.parametrize("extension", ["ttl", "xml", "jsonld"])
def test_a_walk_misses_nothing_whatever_happens_between_two_pages(
    app: Any, extension: str
) -> None:
    made = [published(title=f"Data {number}") for number in range(7)]
    later: list[Data] = []
    admin = factories.Sysadmin()

    def meanwhile(page: int) -> None:
        if page == 1:
            move(made[0]["id"], "tarik", admin, reason="Salah.")
            later.append(published(title="Baru"))
            edit(made[6]["id"])
        if page == 2:
            for each in (made[4], made[5]):  # a whole page
                move(each["id"], "tarik", admin, reason="Salah.")

    found = walk(app, f"/catalog.{extension}", meanwhile)
    stays = [each["id"] for each in (made[1], made[2], made[3], made[6])]
    assert len(found) == len(set(found))
    assert set(found) == {made[0]["id"], later[0]["id"], *stays}
    assert walk(app, f"/catalog.{extension}") == [
        each for each in found if each != made[0]["id"]]


@pytest.mark.ckan_config("ckanext.dcat.datasets_per_page", 2)
def test_links_say_exactly_what_there_is(app: Any) -> None:
    for number in range(5):
        published(title=f"Data {number}")
    answer = app.get("/catalog.ttl?page=2")
    base = "http://test.ckan.net/catalog.ttl"
    assert 'hydra:totalItems "5"^^xsd:integer' in answer.body
    assert answer.headers["Link"] == (
        f'<{base}?page=1>; rel="first", <{base}?page=3>; rel="last", '
        f'<{base}?page=1>; rel="prev", <{base}?page=3>; rel="next"')
    assert "hydra:nextPage" in answer.body and "hydra:next " in answer.body
    assert 'rel="next"' not in app.get("/catalog.ttl?page=3").headers["Link"]
    after = app.get("/catalog.ttl?after=2")
    assert f'<{base}?after=4>; rel="next"' in after.headers["Link"]
    assert len(walk(app, "/catalog.ttl?after=0")) == 5


@pytest.mark.ckan_config("ckanext.dcat.datasets_per_page", 2)
def test_a_search_walks_in_the_same_order_with_encoded_links(app: Any) -> None:
    made = [published(title=f"Jalan & jembatan {number}", tags=[{"name": "a b"}])
            for number in range(5)]
    published(title="Lain")
    outbox.drain()
    path = "/catalog.ttl?q=title:%22Jalan%20%26%20jembatan%22&fq=tags:%22a%20b%22"
    answer = app.get(path)
    assert "q=title%3A%22Jalan%20%26%20jembatan%22&fq=tags%3A%22a%20b%22&after=2" in answer.headers[
        "Link"]
    assert [*walk(app, path)] == [
        each for pair in (made[:2], made[2:4], made[4:])
        for each in sorted(dataset["id"] for dataset in pair)]
    assert len(walk(app, f"{path}&page=2")) == 3


def test_only_what_changed_since_is_given(app: Any) -> None:
    published(title="Lama")
    app.get("/catalog.ttl")
    model.Session.execute(sa.update(Entry).values(changed_at=sa.func.now() - sa.text(
        "interval '2 days'")))
    model.Session.commit()
    new = published(title="Baru")
    since = model.Session.scalar(sa.select(sa.func.now() - sa.text("interval '1 day'")))
    model.Session.rollback()
    assert datasets(catalog(app, modified_since=since.isoformat())) == {new["id"]}
    assert datasets(catalog(app, modified_since="2030-01-01")) == set()
    app.get("/catalog.ttl?modified_since=kemarin", status=409)


def test_a_search_that_would_be_cut_short_is_refused(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {published(title=f"Jalan {number}")["id"] for number in range(2)}
    assert datasets(graph(app, "/catalog.ttl?q=title:jalan")) == made
    searching._asked.cache_clear()
    monkeypatch.setattr(searching, "MOST", 1)
    for path in ("/catalog.ttl?q=title:jalan", "/nasional/api/3/action/package_search?q=jalan"):
        assert "persempit" in app.get(path, status=409).body
    for path in ("/catalog.ttl?q=*:*", "/catalog.ttl?fq=*:*"):  # everything is no search
        assert datasets(graph(app, path)) == made
    assert app.get("/nasional/api/3/action/package_search?q=*:*&fq=*:*").json["result"][
        "count"] == 2


@pytest.mark.parametrize("path", [
    "/catalog.ttl", "/catalog", "/catalog.nt.gz", "/catalog/changes", "/catalog/latest.trig",
    "/data.json", "/nasional/api/3/action/package_search"])
def test_a_program_in_a_browser_may_ask_from_anywhere(app: Any, path: str) -> None:
    answer = app.options(path, headers={
        "Origin": "https://lain.contoh", "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match"})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]


def test_a_reader_who_has_it_is_told_so(app: Any) -> None:
    made = [published(title=f"Data {number}") for number in range(2)]
    for path in ("/catalog.ttl", f"/dataset/{made[0]['id']}.xml", "/catalog/changes?since=1",
                 "/catalog/changes.ttl", "/catalog/latest.jsonld?page=1", "/catalog.ttl?q=Data"):
        answer = app.get(path)
        again = app.get(path, headers={"If-None-Match": answer.headers["ETag"]}, status=304)
        assert again.get_data() == b"" and again.headers["ETag"] == answer.headers["ETag"]
        packed = app.get(path, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["ETag"] != answer.headers["ETag"]
        assert gzip.decompress(packed.get_data()) == answer.get_data()
        unpacker = zlib.decompressobj(31)
        unpacker.decompress(packed.get_data())
        assert unpacker.eof and not unpacker.unused_data
        only_head = app.flask_app.test_client().head(path)
        assert only_head.get_data() == b""
        assert only_head.headers["Content-Length"] == str(len(answer.get_data()))
    before = app.get("/catalog.ttl").headers["ETag"]
    move(made[0]["id"], "tarik", factories.Sysadmin(), reason="Salah.")
    assert app.get("/catalog.ttl", headers={"If-None-Match": before}).status_code == 200


def test_a_time_tells_only_when_its_second_is_over(app: Any) -> None:
    made = published(title="Data")
    assert "Last-Modified" not in app.get("/catalog.ttl").headers
    model.Session.execute(sa.text(
        "UPDATE satudata_feed_state SET changed_at = changed_at - interval '2 seconds'"))
    model.Session.commit()
    stamp = app.get("/catalog.ttl").headers["Last-Modified"]
    app.get("/catalog.ttl", headers={"If-Modified-Since": stamp}, status=304)
    edit(made["id"])
    assert app.get("/catalog.ttl", headers={"If-Modified-Since": stamp}).status_code == 200


def test_whoever_comes_from_anywhere_may_read_it(app: Any) -> None:
    published()
    answer = app.get("/catalog.ttl", headers={"Origin": "https://lain.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_address_of_a_dataset_answers_in_rdf_to_who_asks_for_it(app: Any) -> None:
    made = published(title="Ada")
    for accept, extension in (("text/turtle", "ttl"), ("application/ld+json", "jsonld"),
                              ("application/rdf+xml;q=0.9, text/html;q=0.5", "xml"),
                              ("application/n-triples", "nt")):
        answer = app.get(f"/dataset/{made['id']}", headers={"Accept": accept})
        assert answer.content_type.startswith(accept.partition(";")[0])
        assert "Accept" in answer.headers["Vary"].split(", ")
        found = Graph().parse(data=answer.get_data(), format=PARSERS[extension])
        assert to_isomorphic(found) == to_isomorphic(live(made))
        for path in ("/catalog", "/"):
            found = app.get(path, headers={"Accept": accept})
            assert found.content_type.startswith(accept.partition(";")[0])
            assert "Accept" in found.headers["Vary"].split(", ")
            assert made["id"] in found.get_data(as_text=True)
    for accept in ("text/html", "*/*", "text/html, application/rdf+xml;q=0.9"):
        answer = app.get(f"/dataset/{made['id']}", headers={"Accept": accept})
        assert answer.content_type.startswith("text/html")
        assert "Accept" in answer.headers["Vary"].split(", ")


def test_the_whole_catalog_comes_in_one_file(app: Any) -> None:
    made = {published(title=f"Data {number}")["id"] for number in range(3)}
    packed = app.get("/catalog.nt.gz")
    found = Graph().parse(data=gzip.decompress(packed.get_data()), format="nt")
    assert datasets(found) == made
    lines = gzip.decompress(app.get("/catalog.jsonl.gz").get_data()).splitlines()
    assert len(lines) == 4
    for each in lines[:3]:
        one = Graph().parse(data=each, format="json-ld")
        assert datasets_of(one) <= made
    assert lines[3] == b'{"position": 3, "more": false}'
    app.get("/catalog.pdf.gz", status=404)


def datasets_of(found: Graph) -> set[str]:
    from rdflib import RDF

    from ckanext.satudata.domain.federation.terms import DCAT

    return {str(each).rpartition("/")[2] for each in found.subjects(RDF.type, DCAT.Dataset)}


def test_other_profiles_are_read_live_in_the_same_order(app: Any) -> None:
    made = {published(title=f"Data {number}")["id"] for number in range(2)}
    found = catalog(app, profiles="euro_dcat_ap_2")
    assert datasets(found) == made
    assert "variableMeasured" not in found.serialize(format="nt")
    app.get("/catalog.ttl?profiles=tidak_ada", status=409)


def test_the_actions_of_ckanext_dcat_give_the_same(app: Any) -> None:
    made = published(title="Ada")
    text = helpers.call_action("dcat_catalog_show", {"user": ""}, format="ttl")
    assert text == app.get("/catalog.ttl").body
    found = Graph().parse(data=helpers.call_action(
        "dcat_catalog_search", {"user": ""}, format="jsonld", q="Ada"), format="json-ld")
    assert datasets(found) == {made["id"]}


def test_numbers_of_changes_have_no_gaps_and_follow_each_other(app: Any) -> None:
    for number in range(4):
        made = published(title=f"Data {number}")
        app.get("/catalog.ttl")
    move(made["id"], "tarik", factories.Sysadmin(), reason="Salah.")
    app.get("/catalog.ttl")
    model.Session.rollback()
    rows = model.Session.execute(
        sa.select(FeedChange.sequence, FeedChange.kind, FeedChange.at).order_by(
            FeedChange.sequence)).all()
    assert [each.sequence for each in rows] == [1, 2, 3, 4, 5]
    assert [each.kind for each in rows] == [*["create"] * 4, "delete"]
    assert sorted(each.at for each in rows) == [each.at for each in rows]


def test_a_rebuild_gives_what_was_there(app: Any, cli: Any) -> None:
    published(title="Satu", resources=[{"url": "https://contoh.go.id/a.csv"}])
    gone = published(title="Dua")
    app.get("/catalog.ttl")
    move(gone["id"], "tarik", factories.Sysadmin(), reason="Salah.")
    app.get("/catalog.ttl")
    before = kept()
    for arguments in (["satudata", "feed", "rebuild"],
                      ["satudata", "feed", "rebuild", "--jobs", "2"]):
        result = cli.invoke(ckan, arguments)
        assert not result.exit_code, result.output
        assert "1 dataset disusun ulang, 0 berubah" in result.output
        assert kept() == before


def test_who_comes_while_an_entry_cannot_be_settled_is_told_to_come_again(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = published(title="Ada")
    app.get("/catalog.ttl")
    monkeypatch.setattr(settling, "PATIENCE", 0.2)
    engine = model.ensure_engine()
    with engine.connect() as other:
        edit(made["id"])
        held = other.execute(sa.select(Mark.id).with_for_update()).all()
        assert held
        answer = app.get("/catalog.ttl", status=503)
        assert answer.headers["Retry-After"] and answer.headers["Cache-Control"] == "no-store"
        other.rollback()
    assert "Diubah" in app.get("/catalog.ttl").body


@pytest.mark.parametrize("asked", [
    "page=0", "page=-1", "page=x", "page=99999999999999999999", "after=-1", "after=x", "page=1e3"])
def test_a_page_that_is_none_is_refused_in_words(app: Any, asked: str) -> None:
    published()
    answer = app.get(f"/catalog.ttl?{asked}", status=409)
    assert "bilangan bulat" in answer.body


def test_a_page_beyond_the_last_is_empty(app: Any) -> None:
    published()
    assert datasets(catalog(app, page=1000)) == set()


def test_a_harvested_copy_is_known(app: Any) -> None:
    made = published(title="Dari tetangga")
    come_from_elsewhere(made["id"])
    app.get("/catalog.ttl")
    assert entry(made["id"]).harvested
