"""Tables of a working copy: read from the published one until somebody writes rows."""
from __future__ import annotations

import csv
import io
import zipfile
from contextlib import ExitStack
from typing import Any

import pytest
import sqlalchemy as sa
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckanext.datastore.backend import postgres
from version_scene import ALIAS, FIELDS, Scene, act, journal, rows, sql, upload

from ckanext.satudata.shared import blobs, outbox
from ckanext.satudata.workflow import seal, store

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index", "clean_datastore"),
]
OLD = [("Anyar", 1), ("Cinangka", 2)]
MORE = {"kecamatan": "Waringinkurung", "jumlah": 9}


@pytest.fixture
def scene(with_plugins: Any) -> Scene:
    return Scene()


def tables() -> set[str]:
    return set(sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
                   "AND NOT starts_with(tablename, '_')"))


def shape(table: str) -> Any:
    """Return what a table is beside its rows, without the names that derive from its own."""
    return [sql(query, t=f'"{table}"') for query in (
        "SELECT attname || ' ' || format_type(atttypid, atttypmod) || coalesce("
        "col_description(attrelid, attnum), '') FROM pg_attribute "
        r"WHERE attrelid = CAST(:t AS regclass) AND attnum > 0 ORDER BY attnum",
        "SELECT indisunique || ' ' || indisprimary || ' ' || split_part("
        "pg_get_indexdef(indexrelid), ' USING ', 2) FROM pg_index "
        "WHERE indrelid = CAST(:t AS regclass) ORDER BY 1",
        "SELECT tgname || tgfoid FROM pg_trigger WHERE tgrelid = CAST(:t AS regclass) ORDER BY 1",
        "SELECT relacl::text FROM pg_class WHERE oid = CAST(:t AS regclass)")]


def test_a_package_tells_the_columns_of_a_table_that_is_no_file(app: Any, scene: Scene) -> None:
    found = {each["homepage"].rpartition("/")[2]: each for each in app.get(
        f"/dataset/{scene.id}/datapackage.json").json["resources"]}
    fields = found[scene.only]["schema"]["fields"]
    assert [each["name"] for each in fields] == ["_id", "kecamatan", "jumlah"]
    header = app.get(found[scene.only]["path"]).text.partition("\r\n")[0].lstrip("\ufeff")
    assert header == "_id,kecamatan,jumlah", "as they stand in what is downloaded"
    fields = found[scene.file]["schema"]["fields"]
    assert [each["name"] for each in fields] == ["kecamatan", "jumlah"]
    assert fields[0]["title"] == "Kecamatan" and "schema" not in found[scene.link]
    with zipfile.ZipFile(io.BytesIO(
            app.get(f"/dataset/{scene.id}/datapackage.zip").data)) as archive:
        assert [each for each in archive.namelist() if each.startswith("data/")] == [
            "data/data.csv"]
        assert "/datastore/dump/" in archive.read("BACA.txt").decode()


def test_a_working_copy_shows_the_published_rows_to_its_people_only(
    app: Any, scene: Scene
) -> None:
    before = tables()
    copy = scene.revise()
    assert rows(copy.file, scene.boss) == OLD
    said = act("datastore_search", scene.boss, resource_id=copy.only)
    assert said["resource_id"] == copy.only and said["total"] == 1
    told = act("datastore_info", scene.boss, id=copy.file)
    assert told["meta"]["id"] == copy.file and told["meta"]["count"] == 2
    assert told["fields"][0]["info"] == {"label": "Kecamatan"}
    token = act("api_token_create", scene.boss, user=scene.boss["name"], name="t")["token"]
    dump = app.get(f"/datastore/dump/{copy.file}", headers={"Authorization": token})
    assert [each["kecamatan"] for each in csv.DictReader(io.StringIO(dump.body))] == [
        "Anyar", "Cinangka"]
    assert copy.file in dump.headers["Content-Disposition"]
    assert app.get(f"/datastore/dump/{copy.file}", expect_errors=True).status_code == 404
    page = app.get(f"/pengajuan/{copy.submission}", headers={"Authorization": token})
    assert "Cinangka" in page.body
    for stranger in (None, factories.User()):
        with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
            rows(copy.file, stranger)
    shown = copy.show()["resources"]
    assert [each["datastore_active"] for each in shown] == [True, True, False]
    assert tables() == before


def test_the_first_write_gives_a_table_of_its_own_that_lacks_nothing(scene: Scene) -> None:
    copy = scene.revise()
    act("datastore_upsert", scene.boss, resource_id=copy.only, records=[MORE])
    assert rows(copy.only, scene.boss) == [("Anyar", 10), ("Waringinkurung", 9)]
    assert rows(scene.only) == [("Anyar", 10)]
    assert shape(copy.only) == shape(scene.only)
    names = sql("SELECT indexname FROM pg_indexes WHERE tablename = :t", t=copy.only)
    act("datastore_create", scene.boss, resource_id=copy.only, fields=FIELDS,
        primary_key=["kecamatan"])
    assert sorted(names) == sorted(
        sql("SELECT indexname FROM pg_indexes WHERE tablename = :t", t=copy.only))
    assert sql(f'SELECT _id FROM "{copy.only}" ORDER BY 1') == [1, 2]
    found = act("datastore_search", scene.boss, resource_id=copy.only, q="waringinkurung")
    assert found["total"] == 1

    act("datastore_records_delete", scene.boss, resource_id=copy.file, force=True,
        filters={"kecamatan": "Anyar"})
    act("datastore_upsert", scene.boss, resource_id=copy.only, method="update",
        records=[{"kecamatan": "Anyar", "jumlah": 11}])
    copy.publish()
    assert rows(scene.only) == [("Anyar", 11), ("Waringinkurung", 9)]
    assert rows(scene.file) == [("Cinangka", 2)] == rows(ALIAS)
    assert act("datastore_search", None, resource_id=scene.only)["total"] == 2
    assert tables() == {scene.file, scene.only}


def test_the_description_of_columns_is_changed_without_the_rows(scene: Scene) -> None:
    copy = scene.revise()
    changed = [{**FIELDS[0], "info": {"label": "Nama kecamatan"}}, FIELDS[1]]
    act("datastore_create", scene.boss, resource_id=copy.file, force=True, fields=changed,
        aliases=[ALIAS, "nama_draf"])
    assert rows(copy.file, scene.boss) == OLD == rows("nama_draf", scene.boss)
    copy.publish()
    assert rows(scene.file) == OLD == rows(ALIAS) == rows("nama_draf")
    told = act("datastore_info", None, id=scene.file)
    assert told["fields"][0]["info"] == {"label": "Nama kecamatan"}


def test_a_write_that_comes_to_nothing_leaves_nothing(scene: Scene) -> None:
    before = tables()
    copy = scene.revise()
    act("datastore_upsert", scene.boss, resource_id=copy.only, records=[MORE], dry_run=True)
    for wrong, refused in (
            ({"resource_id": copy.only, "records": [{"tidak_ada": 1}]}, tk.ValidationError),
            ({"resource_id": copy.file, "records": [MORE]}, tk.ValidationError)):  # read-only
        with pytest.raises(refused):
            act("datastore_upsert", scene.boss, **wrong)
    with pytest.raises(tk.NotAuthorized):
        act("datastore_upsert", factories.User(), resource_id=copy.only, records=[MORE])
    assert tables() == before
    assert rows(copy.only, scene.boss) == [("Anyar", 10)]


def test_a_table_deleted_in_the_draft_is_gone_once_it_is_published(scene: Scene) -> None:
    copy = scene.revise()
    act("datastore_delete", scene.boss, resource_id=copy.only)
    act("datastore_upsert", scene.boss, resource_id=copy.file, force=True, records=[MORE])
    act("datastore_delete", scene.boss, resource_id=copy.file, force=True)
    assert [each["datastore_active"] for each in copy.show()["resources"]] == [False] * 3
    # What a client writes back of the flag does not bring it to life again.
    act("resource_patch", scene.boss, id=copy.file, datastore_active=True)
    for each in (copy.file, copy.only):
        with pytest.raises(tk.ObjectNotFound):
            rows(each, scene.boss)
    assert rows(scene.file) == OLD
    copy.publish()
    assert tables() == set()
    assert [each["datastore_active"] for each in scene.show()["resources"]] == [False] * 3


def test_another_file_has_none_of_the_old_rows(scene: Scene) -> None:
    copy = scene.revise()
    act("resource_patch", scene.boss, id=copy.file, upload=upload(b"kecamatan,jumlah\nCiomas,3\n"))
    assert copy.show()["resources"][0]["datastore_active"] is False
    with pytest.raises(tk.ObjectNotFound):
        rows(copy.file, scene.boss)
    act("resource_delete", scene.boss, id=copy.only)
    copy.publish()
    assert tables() == set()


def test_a_cancelled_draft_takes_its_tables_along(scene: Scene) -> None:
    before = tables()
    copy = scene.revise()
    act("datastore_upsert", scene.boss, resource_id=copy.only, records=[MORE])
    gone = act("datastore_create", scene.boss, resource={"package_id": copy.id}, fields=FIELDS,
               records=[MORE], aliases=["draf"])["resource_id"]
    assert {copy.only, gone} <= tables()
    scene.step(scene.boss, copy.submission, "batalkan")
    assert tables() == before and journal() == []
    assert rows(scene.only) == [("Anyar", 10)]


def test_nobody_writes_while_tables_change(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = scene.revise()
    act("datastore_upsert", scene.boss, resource_id=copy.only, records=[MORE])
    copy.publish_and_die(monkeypatch)
    following = scene.revise()
    for write in (lambda: act("datastore_upsert", scene.boss, resource_id=following.only,
                              records=[MORE]),
                  lambda: scene.fill_public(scene.only, [("Ciomas", 3)]),
                  lambda: rows(following.only, scene.boss)):
        with pytest.raises(tk.ObjectNotFound, match="dipasang"):
            write()
    outbox.drain()
    assert rows(following.only, scene.boss) == [("Anyar", 10), ("Waringinkurung", 9)]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_dump_that_meets_a_new_version_breaks_off(
    app: Any, scene: Scene, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr("ckanext.datastore.blueprint.PAGINATE_BY", 1)
    copy = scene.revise()
    act("datastore_upsert", scene.boss, resource_id=copy.file, force=True,
        records=[{"kecamatan": "Cinangka", "jumlah": 7}, MORE])
    copy.approve()
    stream = app.flask_app.test_client().get(
        f"/datastore/dump/{scene.file}?format={form}", buffered=False)
    pages = stream.iter_encoded()
    first = next(pages)
    assert b"Anyar" in first
    scene.step(scene.second, copy.submission, "terbitkan")
    with pytest.raises(tk.ObjectNotFound, match="dipasang"):
        list(pages)
    whole = app.get(f"/datastore/dump/{scene.file}?format=csv").body
    assert [each["jumlah"] for each in csv.DictReader(io.StringIO(whole))] == ["1", "7", "9"]


def test_rows_that_are_the_data_are_handed_in_as_a_file(scene: Scene) -> None:
    copy = scene.revise()
    act("datastore_upsert", scene.boss, resource_id=copy.only, records=[
        {"kecamatan": "Waringinkurung", "jumlah": None}, {"kecamatan": 'a,"b', "jumlah": 2}])
    scene.step(scene.boss, copy.submission, "ajukan", reason="Angka baru")
    submission = store.content(copy.id)
    assert submission is not None
    [(resource, sha256)] = submission.snapshots.items()
    assert resource == copy.only
    assert b"".join(blobs.open(sha256)) == (
        b'kecamatan,jumlah\nAnyar,10\nWaringinkurung,\n"a,""b",2\n')

    handed_in = submission.content_hash
    assert seal.content_hash(copy.id) == handed_in
    [row] = sql(f'SELECT _id FROM "{copy.only}" WHERE kecamatan = :name', name="Anyar")
    sql(f'UPDATE "{copy.only}" SET _id = 100 WHERE _id = {row}')  # the same rows all the same
    assert seal.content_hash(copy.id) == handed_in
    sql(f'UPDATE "{copy.only}" SET jumlah = 11 WHERE _id = 100')
    assert seal.content_hash(copy.id) != handed_in

    sql(f'UPDATE "{copy.only}" SET jumlah = 10 WHERE _id = 100')
    copy.approve()
    scene.step(scene.second, copy.submission, "terbitkan")
    assert store.content(copy.id).snapshots == {scene.only: sha256}


def test_nothing_breaks_while_many_read(scene: Scene) -> None:
    """CKAN reads answers of the datastore when the connection they came by is given back."""
    engine = postgres.get_read_engine()
    engine.dispose()
    others = ExitStack()
    for _ in range(8):  # as many as a process of the portal has threads
        others.enter_context(engine.connect())

    def leave(*_of_a_statement: Any) -> None:
        others.close()

    sa.event.listen(engine, "after_cursor_execute", leave)
    try:
        assert act("datastore_info", None, resource_id=ALIAS)["fields"]
    finally:
        sa.event.remove(engine, "after_cursor_execute", leave)
        others.close()
