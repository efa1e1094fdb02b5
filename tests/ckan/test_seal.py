"""What was handed in is what is approved and published, whoever writes past the portal."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import logic, model
from ckan.plugins import toolkit as tk
from ckanext.datastore.backend import postgres
from marked_scene import Scene
from workflow_cast import call

from ckanext.satudata.shared import table_rows
from ckanext.satudata.workflow import service, store

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
_DATASET, _FILE = "UPDATE package SET {} WHERE id = :id", "UPDATE resource SET {} WHERE id = :file"
_TAG = ("UPDATE package_tag SET state = '{}' WHERE package_id = :id "
        "AND tag_id IN (SELECT id FROM tag WHERE name = 'kunjungan')")
#: Ways to change what was handed in, as psql or a plugin's model code would, and their undoing.
IN_CKAN = {
    "title": (_DATASET.format("title = title || '!'"), _DATASET.format("title = left(title, -1)")),
    "field": (_DATASET.format("extras = extras || jsonb_build_object('satuan', 'orang')"),
              _DATASET.format("extras = extras || jsonb_build_object('satuan', 'kunjungan')")),
    "agency": (_DATASET.format("owner_org = owner_org || '!'"),
               _DATASET.format("owner_org = left(owner_org, -1)")),
    "keywords": (_TAG.format("deleted"), _TAG.format("active")),
    "name of a file": (_FILE.format("name = name || '!'"), _FILE.format("name = left(name, -1)")),
    "bytes of a file": (_FILE.format("extras = replace(extras, '\"sha256\"', '\"sha257\"')"),
                        _FILE.format("extras = replace(extras, '\"sha257\"', '\"sha256\"')")),
    "a file less": (_FILE.format("state = 'deleted'"), _FILE.format("state = 'active'")),
}
IN_DATASTORE = {
    "a value": ("UPDATE {} SET nilai = nilai + 9 WHERE nilai = 1",
                "UPDATE {} SET nilai = 1 WHERE nilai = 10"),
    "a row less": ("CREATE TABLE aside AS SELECT * FROM {0} WHERE nilai = 2; "
                   "DELETE FROM {0} WHERE nilai = 2",
                   "INSERT INTO {0} SELECT * FROM aside; DROP TABLE aside"),
    "a row more": ("INSERT INTO {} (nilai) VALUES (99)", "DELETE FROM {} WHERE nilai = 99"),
    "a column": ("ALTER TABLE {} ADD COLUMN baru text DEFAULT 'x'",
                 "ALTER TABLE {} DROP COLUMN baru"),
}


class Past:
    """Writes past the portal to what was handed in."""

    def __init__(self, scene: Scene) -> None:
        model.Session.remove()
        found = store.open_of(scene.package)
        assert found is not None
        self.id, self.submission = found.content_id, found.id
        files = call("package_show", scene.cast.boss, id=self.id)["resources"]
        self.file = next(each["id"] for each in files if each["name"].startswith("Berkas"))
        self.table = next(each["id"] for each in files if each["name"].startswith("Tabel"))
        model.Session.remove()

    def ckan(self, statement: str) -> None:
        given = {"id": self.id, "file": self.file}
        with model.ensure_engine().begin() as connection:
            assert connection.execute(sa.text(statement), {
                name: value for name, value in given.items() if f":{name}" in statement}).rowcount

    def datastore(self, statement: str) -> None:
        with postgres.get_write_engine().execution_options(
                isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql(statement.format(f'"{self.table}"'))

    def ways(self) -> Iterator[tuple[str, str, Callable[[], None], Callable[[], None]]]:
        for where, found in (("ckan", IN_CKAN), ("datastore", IN_DATASTORE)):
            write = getattr(self, where)
            for name, (do, undo) in found.items():
                yield (where, name, lambda write=write, do=do: write(do),
                       lambda write=write, undo=undo: write(undo))


def refused(work: Callable[[], Any]) -> dict[str, Any]:
    with pytest.raises(tk.ValidationError) as error:
        work()
    return error.value.error_dict


def noted(scene: Scene) -> list[dict[str, Any]]:
    """Return what the walidata reads of it, newest first."""
    found = call("satudata_submission_timeline", scene.cast.walidata, id=scene.package)["results"]
    return [each for each in found if each["kind"] == "isi_berubah"]


def test_what_changed_since_it_was_handed_in_is_neither_approved_nor_published(
    scene: Scene
) -> None:
    scene.bring("terbit")
    scene.revise()
    for transition in ("ajukan", "periksa"):
        scene.step(transition)
    past = Past(scene)
    for step, state, way_back in (("setujui", "diperiksa_walidata", "Kembalikan"),
                                  ("terbitkan", "disetujui", "Batalkan persetujuan")):
        before = noted(scene)
        for where, name, do, undo in past.ways():
            do()
            try:
                said = refused(scene.stepping(step))
            finally:
                undo()
            assert (said["conflict"], said["state"]) == ("content", state), name
            assert way_back in said["message"][0]
            assert ("baris tabelnya" in said["message"][0]) == (where == "datastore"), name
        assert len(noted(scene)) == len(before) + len(IN_CKAN) + len(IN_DATASTORE)
        scene.step(step)  # what was undone is what was handed in
    scene.number += 1
    scene.recover()
    scene.is_whole(scene.number)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What all rows were read of, to compare them."""
    found: list[Any] = []
    digests = table_rows.digests
    monkeypatch.setattr(table_rows, "digests", lambda said: found.append(said) or digests(said))
    return found


def test_the_walidata_reads_what_happened_and_sends_it_back(
    scene: Scene, app: Any, read: list[Any]
) -> None:
    scene.bring("disetujui")
    past = Past(scene)
    past.ckan(IN_CKAN["field"][0])
    token = call("api_token_create", scene.cast.walidata, user=scene.cast.walidata["name"],
                 name=past.submission)["token"]
    seen = call("satudata_submission_show", scene.cast.walidata, id=past.submission)
    for _ in range(2):
        page = app.post(f"/pengajuan/{past.submission}/terbitkan", headers={"Authorization": token},
                        data={"expected_version": seen["version"], "seen_state": "disetujui"},
                        status=409).body
    assert "bukan lagi yang dikirim" in page and "berubah sejak Anda membukanya" not in page
    assert f"/pengajuan/{past.submission}/batalkan_persetujuan" in page
    assert f'action="/pengajuan/{past.submission}/terbitkan"' not in page
    [event] = [each for each in noted(scene) if each["submission_id"] == past.submission]
    assert event["actor"]["name"] == scene.cast.walidata["name"]
    assert event["data"] == {"step": "terbitkan", "handed_in": seen["content_hash"]}
    assert event["content_hash"] not in (None, seen["content_hash"])
    page = app.get(f"/pengajuan/{past.submission}", headers={"Authorization": token}).body
    assert "Isinya bukan lagi yang dikirim" in page
    # The agency takes over what is there, or mends it: then it is what is handed in.
    for step in ("batalkan_persetujuan", "ajukan", "periksa", "setujui", "terbitkan"):
        scene.step(step)
    assert read == []  # to whose tables nobody wrote
    scene.number += 1
    scene.recover()
    scene.is_whole(scene.number)


def test_a_planned_release_of_something_else_does_not_come(scene: Scene) -> None:
    scene.bring("disetujui")
    past = Past(scene)
    at = dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=1)
    shown = call("satudata_submission_show", scene.cast.walidata, id=past.submission)
    call("satudata_submission_transition", scene.cast.walidata, id=past.submission,
         transition="jadwalkan", expected_version=shown["version"], release_at=at.isoformat())
    do, undo = IN_DATASTORE["a value"]
    past.datastore(do)
    with scene.app.flask_app.test_request_context():
        assert service.release_due(at + dt.timedelta(minutes=1)) == []
        past.datastore(undo)
    shown = call("satudata_submission_show", scene.cast.walidata, id=past.submission)
    assert (shown["state"], shown["release_at"]) == ("disetujui", None)
    last = call("satudata_submission_timeline", scene.cast.walidata, id=scene.package)["results"][0]
    assert (last["transition"], last["actor"]) == ("batalkan_jadwal", None)
    assert "baris tabelnya" in last["note"]
    scene.is_whole(scene.number)


def test_what_changes_of_itself_stops_nobody(
    scene: Scene, read: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.bring("disetujui")
    past = Past(scene)
    boss = scene.cast.boss
    call("organization_patch", boss, id=scene.cast.opd, title="Dinas Kesehatan dan KB")
    call("user_patch", boss, id=scene.cast.produsen["id"], email="baru@a.go.id")
    past.datastore("VACUUM FULL {}")
    past.datastore("UPDATE {} SET nilai = nilai")  # as a restored backup: other marks, same rows
    show = logic.get_action("package_show")

    def upgraded(context: Any, data_dict: Any) -> Any:
        """Show a dataset as the next release of a plugin may."""
        shown = show(context, data_dict)
        files = [{**each, "dilihat": 3} for each in shown["resources"]]
        return {**shown, "resources": files, "skor": 80, "license_title": "Lisensi baru"}

    with monkeypatch.context() as later:
        later.setitem(tk.config, "ckan.site_url", "https://data.baru.go.id")
        later.setitem(logic._actions, "package_show", upgraded)
        scene.step("terbitkan")
    assert len(read) == 1
    scene.number += 1
    scene.recover()
    scene.is_whole(scene.number)


def test_what_was_handed_in_under_another_reckoning_is_published(scene: Scene) -> None:
    scene.bring("disetujui")
    past = Past(scene)
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text("UPDATE satudata_submission SET content_hash = :hash, "
                                   "marks = '{}' WHERE id = :id"),
                           {"hash": "0" * 64, "id": past.submission})
    scene.step("terbitkan")
    scene.number += 1
    scene.recover()
    scene.is_whole(scene.number)
