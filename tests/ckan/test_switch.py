"""A new version takes its place: tables and words change together, or one asks again."""
from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.plugins import toolkit as tk
from ckanext.datastore.backend import postgres
from version_scene import ALIAS, Scene, act, journal, rows, sql

from ckanext.satudata.shared import outbox
from ckanext.satudata.tables import moving, reading

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index", "clean_datastore"),
    pytest.mark.ckan_config("ckan.datastore.sqlsearch.enabled", "true"),
]
OLD, NEW = [("Anyar", 1), ("Cinangka", 2)], [("Anyar", 5)]


@pytest.fixture
def scene(with_plugins: Any) -> Scene:
    return Scene()


def test_readers_wait_between_the_commit_and_the_tables(
    app: Any, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = scene.revise()
    act("datastore_delete", scene.boss, resource_id=copy.file, force=True)
    scene.fill(copy.file, NEW)
    copy.publish_and_die(monkeypatch)
    assert scene.show()["title"] == "Kunjungan baru"
    [entry] = journal()
    assert entry.payload == {"package": scene.id, "take": [[copy.file, scene.file]], "drop": [],
                             "resources": [scene.file]}
    token = act("api_token_create", scene.boss, user=scene.boss["name"], name="t")["token"]
    query = f'SELECT a.jumlah FROM "{scene.file}" a JOIN "{scene.only}" b ON true'
    for way in (f"/api/3/action/datastore_search?resource_id={scene.file}",
                f"/api/3/action/datastore_search?resource_id={ALIAS}",
                f"/api/3/action/datastore_info?id={scene.file}",
                f"/api/3/action/datastore_info?id={ALIAS}",
                f"/api/3/action/datastore_search_sql?sql={query}",
                f"/datastore/dump/{scene.file}", f"/datastore/dump/{ALIAS}"):
        for headers in ({}, {"Authorization": token}):
            answer = app.get(way, headers=headers, expect_errors=True)
            assert answer.status_code == 503, way
            assert answer.headers["Retry-After"] == "1"
            if way.startswith("/api"):
                assert answer.json["success"] is False
                assert answer.json["error"]["__type"] == "Service Unavailable"
            else:
                assert "dipasang" in answer.body
    assert rows(scene.only) == [("Anyar", 10)], "no other table waits"
    assert app.get(f"/dataset/{scene.id}/resource/{scene.file}").status_code == 200

    assert outbox.drain() > 0
    assert rows(scene.file) == NEW and rows(ALIAS) == NEW
    found = app.get(f"/api/3/action/datastore_search_sql?sql={query}").json["result"]
    assert len(found["records"]) == 1


def test_a_version_waits_for_the_tables_of_the_one_before(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = scene.revise()
    act("datastore_upsert", scene.boss, resource_id=first.only, method="insert",
        records=[{"kecamatan": "Ciomas", "jumlah": 3}])
    first.publish_and_die(monkeypatch)
    following = scene.revise()
    following.approve()
    with pytest.raises(tk.ValidationError) as refused, monkeypatch.context() as patch:
        patch.setattr(outbox, "drain", lambda *_args, **_more: 0)
        scene.step(scene.second, following.submission, "terbitkan")
    assert refused.value.error_dict["conflict"] == "state"
    assert "Coba lagi" in refused.value.error_dict["message"][0]
    outbox.drain()
    scene.step(scene.second, following.submission, "terbitkan")


def test_a_version_that_touches_no_table_makes_nobody_wait(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = sql("SELECT oid FROM pg_class WHERE relname IN (:a, :b) ORDER BY relname",
                  a=scene.file, b=scene.only)
    scene.revise().publish_and_die(monkeypatch)
    assert journal() == []
    assert rows(scene.file) == OLD and rows(scene.only) == [("Anyar", 10)]
    assert numbers == sql("SELECT oid FROM pg_class WHERE relname IN (:a, :b) ORDER BY relname",
                          a=scene.file, b=scene.only)
    assert [each.get("datastore_active") for each in scene.show()["resources"]] == [
        True, True, False]


def test_moving_may_stop_anywhere_and_be_done_again(scene: Scene) -> None:
    copy = scene.revise()
    act("datastore_delete", scene.boss, resource_id=copy.file, force=True)
    scene.fill(copy.file, NEW, aliases=["nama_baru"])
    payload = {"take": [[copy.file, scene.file], ["tidak-ada", "juga-tidak-ada"]], "drop": []}
    for _ in range(2):
        moving.move_tables(payload)
        for name in (scene.file, ALIAS, "nama_baru"):
            assert sql(f'SELECT jumlah FROM "{name}"') == [5]
    [key] = sql("SELECT indexname FROM pg_indexes WHERE tablename = :t AND indexname LIKE '%pkey'",
                t=scene.file)
    assert key == f"{scene.file}_pkey"
    # Full text goes on, the reading role reads, and CKAN finds every index under its name.
    before = sql("SELECT indexname FROM pg_indexes WHERE tablename = :t", t=scene.file)
    scene.fill_public(scene.file, [("Waringinkurung", 9)])
    assert before == sql("SELECT indexname FROM pg_indexes WHERE tablename = :t", t=scene.file)
    found = sql(f'SELECT jumlah FROM "{scene.file}" WHERE _full_text @@ to_tsquery(:word)',
                word="waringinkurung")
    assert found == [9]
    reader = sa.engine.make_url(tk.config["ckan.datastore.read_url"]).username
    for name in (scene.file, ALIAS, "nama_baru"):
        assert sql("SELECT has_table_privilege(:who, :name, 'SELECT')", who=reader,
                   name=f'"{name}"') == [True]


def test_a_long_reader_is_waited_for_and_stops_nobody(scene: Scene) -> None:
    copy = scene.revise()
    act("datastore_delete", scene.boss, resource_id=copy.file, force=True)
    scene.fill(copy.file, NEW)
    with postgres.get_read_engine().connect() as reader:
        assert len(reader.execute(sa.text(f'SELECT * FROM "{scene.file}"')).all()) == 2
        copy.publish()
        [entry] = journal()
        assert entry.attempts == 1
        assert (entry.not_before - entry.created_at).total_seconds() < 5
        counted: list[Any] = []
        other = threading.Thread(target=lambda: counted.extend(
            sql(f'SELECT count(*) FROM "{scene.file}"')))
        other.start()
        other.join(5)
        assert counted == [2], "nobody stands behind the one who waits"
    entry.not_before = entry.created_at
    model.Session.commit()
    outbox.drain()
    assert journal() == [] and rows(scene.file) == NEW


def test_an_answer_that_a_switch_runs_into_is_of_one_version(
    app: Any, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = search.show
    between: list[Any] = []

    def index(*args: Any) -> Any:
        if between:  # the dataset is found, its words and files are read next
            other = threading.Thread(target=between.pop())
            other.start()
            other.join(30)
        return plain(*args)

    monkeypatch.setattr(search, "show", index)
    address = f"/dataset/{scene.id}/resource/{scene.file}"
    ways: dict[str, Any] = {
        "job": lambda: act("package_show", None, id=scene.id),
        "api": lambda: app.get(f"/api/3/action/package_show?id={scene.id}").json["result"],
        "post": lambda: app.post("/api/3/action/package_show", json={"id": scene.id},
                                 ).json["result"],
        "rdf": lambda: app.get(f"/dataset/{scene.id}.ttl?profiles=sdi_dcat_ap").body,
        "page": lambda: app.get(f"{address}").body,
    }
    for number, (way, ask) in enumerate(ways.items()):
        copy = scene.revise()
        act("resource_patch", scene.boss, id=copy.file, name=f"Berkas {number}")
        act("datastore_upsert", scene.boss, resource_id=copy.file, force=True,
            records=[{"kecamatan": f"K{number}", "jumlah": number}])
        act("datastore_create", scene.boss, resource_id=copy.file, force=True, fields=[
            {"id": "kecamatan", "type": "text", "info": {"label": f"Kolom {number}"}}])
        act("package_patch", scene.boss, id=copy.id, title=f"Judul {number}")
        copy.approve()
        model.Session.remove()

        def publish(copy: Any = copy) -> None:
            with app.flask_app.test_request_context():
                scene.step(scene.second, copy.submission, "terbitkan")
                model.Session.remove()

        between.append(publish)
        said = str(ask())
        assert not between, f"{way} was not interrupted"
        new = {each: f"{each} {number}" in said for each in ("Judul", "Berkas", "Kolom")}
        if way != "page":
            new.pop("Kolom")
        else:
            assert not new.pop("Kolom"), "the columns of a version the page does not show"
        assert len(set(new.values())) == 1, (way, new)
        assert f"Judul {number}" in str(ways["api"]())


def test_a_datastore_that_is_down_changes_nothing_or_is_brought_forward_in_seconds(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = sa.create_engine("postgresql://nobody@127.0.0.1:9/none")
    copy = scene.revise()
    act("datastore_delete", scene.boss, resource_id=copy.file, force=True)
    scene.fill(copy.file, NEW)
    copy.approve()
    with monkeypatch.context() as patch, pytest.raises(tk.ValidationError) as refused:
        patch.setattr(postgres, "get_read_engine", lambda: nowhere)
        scene.step(scene.second, copy.submission, "terbitkan")
    assert "tidak bisa dihubungi" in refused.value.error_dict["message"][0]
    assert scene.show()["title"] == "Kunjungan" and journal() == []

    asked: list[float] = []
    monkeypatch.setattr(outbox, "_RETRIERS", [asked.append])
    with monkeypatch.context() as patch:
        patch.setattr(postgres, "get_write_engine", lambda: nowhere)
        scene.step(scene.second, copy.submission, "terbitkan")
        with pytest.raises(tk.ObjectNotFound, match="dipasang"):
            rows(scene.file)
    [entry] = journal()
    assert (entry.attempts, asked) == (1, [1])
    entry.not_before = entry.created_at
    model.Session.commit()
    outbox.drain()
    assert journal() == [] and rows(scene.file) == NEW


def test_two_reads_that_make_one_answer_are_of_one_table(app: Any, scene: Scene) -> None:
    copy = scene.revise()
    act("datastore_upsert", scene.boss, resource_id=copy.file, force=True,
        records=[{"kecamatan": "Anyar", "jumlah": 5}])
    copy.approve()
    with app.flask_app.test_request_context():
        reading.one_answer()  # as a page of DataTables does
        assert rows(scene.file) == OLD == rows(scene.file)
        scene.step(scene.second, copy.submission, "terbitkan")
        with pytest.raises(tk.ObjectNotFound, match="dipasang"):
            rows(scene.file)
    assert rows(scene.file) == [("Anyar", 5), ("Cinangka", 2)]
