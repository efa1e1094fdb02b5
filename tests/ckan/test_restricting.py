"""Restricting and opening: what is asked before, and what it does to addresses and caches."""
from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import helpers
from publishing import COMPLETE, inspect_and_publish, move, publish
from restricted_world import ADDRESS, DECIDED, ELSEWHERE, MARK, World, call, fixtures
from werkzeug.datastructures import FileStorage

from ckanext.satudata.domain.errors import StateConflictError
from ckanext.satudata.shared import doors
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.withheld import WithheldUrl
from ckanext.satudata.workflow import service
from ckanext.satudata.workflow.publish import Door
from ckanext.satudata.workflow.watch import ending

Data = dict[str, Any]


world, settings = fixtures(
    {"ckanext.satudata.walidata": "kominfo"}, access_rights="terbuka")


def draft(world: World, name: str, **fields: Any) -> Data:
    return call("package_create", world.people["produsen"], **{
        **COMPLETE, **DECIDED, "owner_org": world.org["id"], "title": name, "name": name,
        "resources": [{"name": "Tautan", "format": "CSV", "url": ELSEWHERE}], **fields})


def shown(identifier: str) -> Data:
    return helpers.call_action("package_show", id=identifier)


def revised(world: World, identifier: str, **fields: Any) -> Data:
    """Publish a version that changes some fields; return the dataset."""
    author, walidata = world.people["produsen"], world.people["walidata"]
    copy = call("satudata_revision_start", author, id=identifier, note="")
    call("package_patch", author, id=copy["id"], **fields)
    move(identifier, "ajukan", author)
    for transition in ("periksa", "setujui", "terbitkan"):
        move(identifier, transition, walidata)
    return shown(identifier)


# ------------------------------------------------------------------------------- the decision

LACKS: dict[str, Data] = {
    "dasar hukum": {"dasar_hukum": ""},
    "nomor dan tanggal uji konsekuensi": {"uji_konsekuensi": []},
    "masih berlaku": {"uji_konsekuensi": [
        {"nomor": "1", "tanggal": "2020-01-01", "berlaku_sampai": "2021-01-01"}]},
    "keputusan": {"keputusan_pembatasan": [{"nomor": "2"}]},
}


@pytest.mark.parametrize(("said", "fields"), LACKS.items())
def test_data_moved_in_without_a_decision_stays_unpublished_and_says_what_lacks(
    world: World, said: str, fields: Data
) -> None:
    made = draft(world, f"pindahan-{next(iter(fields))}-{len(said)}", **fields)
    with pytest.raises(StateConflictError) as refused:
        doors.existing_published(made["id"], world.people["sysadmin"]["name"])
    assert said in refused.value.values["lacks"]
    assert shown(made["id"])["private"]


@pytest.mark.parametrize(("said", "fields"), LACKS.items())
def test_it_is_not_handed_in_either(world: World, said: str, fields: Data) -> None:
    made = draft(world, f"ajuan-{next(iter(fields))}-{len(said)}", **fields)
    with pytest.raises(tk.ValidationError):
        move(made["id"], "ajukan", world.people["produsen"])


def test_a_release_planned_for_after_the_test_ran_out_does_not_come(world: World) -> None:
    today = dt.datetime.now(dt.timezone.utc)
    made = draft(world, "terjadwal", uji_konsekuensi=[{
        "nomor": "1", "tanggal": "2026-01-01",
        "berlaku_sampai": (today + dt.timedelta(days=2)).date().isoformat()}])
    move(made["id"], "ajukan", world.people["produsen"])
    move(made["id"], "periksa", world.people["walidata"])
    at = today + dt.timedelta(days=5)
    move(made["id"], "setujui", world.people["walidata"], release_at=at.isoformat())
    assert service.release_due(at + dt.timedelta(minutes=1)) == []
    assert shown(made["id"])["private"]
    # It is not tried again each minute: those who can mend it hear why.
    put_off = call("satudata_submission_show", world.people["walidata"], id=made["id"])
    assert (put_off["state"], put_off["release_at"]) == ("disetujui", None)
    last = call("satudata_submission_timeline", world.people["walidata"], id=made["id"])[
        "results"][0]
    assert (last["transition"], last["actor"]) == ("batalkan_jadwal", None)
    assert "uji konsekuensi yang masih berlaku" in last["note"]


def test_no_restricted_file_is_named_after_its_address(world: World) -> None:
    """The end of an address is often all that is secret of it, and a name is told everybody."""
    link = {"url": "https://drive.example.org/d/zqkunci", "format": "CSV"}
    for level, named in (("terbatas", False), ("tertutup", False), ("terbuka", True)):
        made = draft(world, f"tak-bernama-{level}", access_rights=level, resources=[link])
        assert (made["resources"][0].get("name") == "zqkunci") is named


def test_who_oversees_reads_of_a_draft_and_not_what_it_restricts(world: World) -> None:
    made = draft(world, "belum-terbit")
    opened = {}
    for who in ("produsen", "walidata", "ppid", "sekretariat"):
        call("package_show", world.people[who], id=made["id"])
        try:
            opened[who] = helpers.call_auth(
                "satudata_file_open", {"user": world.people[who]["name"], "ignore_auth": False},
                id=made["id"], resource_id=made["resources"][0]["id"])
        except tk.NotAuthorized:
            opened[who] = False
    assert opened == {"produsen": True, "walidata": True, "ppid": True, "sekretariat": False}


def test_who_oversees_a_restricted_draft_is_not_told_where_its_file_lies(world: World) -> None:
    made = draft(world, "alamat-draf", access_rights="terbuka", resources=[{
        "name": "Tautan", "format": "CSV", "url": ELSEWHERE, "hash": "a" * 40,
        "access_url": f"https://{ADDRESS}.example.org/"}])
    author, file = world.people["produsen"], made["resources"][0]["id"]
    call("package_patch", author, id=made["id"], access_rights="terbatas")
    one = {"fq": f"id:{made['id']}", "include_private": True}
    fields = ["id", "data_dict", "validated_data_dict", "res_url"]
    ways: dict[str, Callable[[Data], Any]] = {
        "package_show": lambda who: call("package_show", who, id=made["id"]),
        "resource_show": lambda who: call("resource_show", who, id=file),
        "search": lambda who: call("package_search", who, **one),
        "documents": lambda who: [call("package_search", who, **one, fl=[each])
                                  for each in fields],
        "all of a document": lambda who: call("package_search", who, **one, fl=fields),
        "facet": lambda who: call("package_search", who, **one, **{
            "facet.field": ["res_url", "res_extras_access_url"], "facet.limit": -1}),
        "guess": lambda who: call("package_search", who, **one, q=f"urls:{ADDRESS}", fl=["name"]),
        "activities": lambda who: [
            call("activity_show", who, id=each["id"], include_data=True)
            for each in call("package_activity_list", who, id=made["id"])],
        **{path: lambda who, path=path: world.app.get(
            path, headers={"Authorization": who["token"]}).text for path in (
                f"/dataset/{made['id']}", f"/dataset/{made['id']}/resource/{file}",
                f"/dataset/{made['id']}.ttl", f"/dataset/{made['id']}.jsonld",
                f"/dataset/activity/{made['id']}")},
    }

    def answered(ask: Callable[[Data], Any]) -> str:
        try:
            return json.dumps(ask(world.people["sekretariat"]), default=str)
        except tk.NotAuthorized:
            return ""

    told = {name for name, ask in ways.items() for answer in [answered(ask)]
        if ADDRESS in answer or "a" * 40 in answer or (name == "guess" and '"name"' in answer)}
    assert told == set()
    for who in ("produsen", "anggota", "walidata", "ppid", "sysadmin"):
        shown_to = call("package_show", world.people[who], id=made["id"])
        assert shown_to["resources"][0]["url"] == ELSEWHERE, who
    call("package_update", author, **call("package_show", author, id=made["id"]))
    assert ADDRESS in shown(made["id"])["resources"][0]["access_url"], "an edit loses nothing"


def test_what_a_restricted_draft_changes_of_open_rows_is_counted_to_who_oversees(
    world: World
) -> None:
    author = world.people["produsen"]
    copy = call("satudata_revision_start", author, id=world.id, note="")
    call("package_patch", author, id=copy["id"], access_rights="terbatas")
    call("resource_patch", author, id=copy["resources"][0]["id"], upload=FileStorage(
        io.BytesIO(f"nik,nama\n1,{MARK}baru\n".encode()), filename="penerima.csv"))
    listed = f"/dataset/{world.id}/versi/1/banding/draf/{world.file['id']}.csv"
    told = {}
    for who in ("walidata", "sekretariat"):
        file, link = call("satudata_version_diff", world.people[who], id=world.id, **{
            "from": 1, "to": "draf"})["resources"]
        table = file["table"]
        assert link["status"] == "sama"
        told[who] = (sum(table["rows"].values()) > 0, f"{MARK}baru" in str(table),
                     f"{MARK}baru" in world.get(listed, who).text)
    draft_of = call("satudata_submission_show", author, id=copy["id"])
    call("satudata_submission_transition", author, id=draft_of["id"], transition="batalkan",
         expected_version=draft_of["version"], note="Tidak jadi.")
    assert told == {"walidata": (True, True, True), "sekretariat": (True, False, False)}


def test_who_oversees_a_revision_reads_no_more_than_of_what_is_published(world: World) -> None:
    """Its files are the published ones until others come, whatever the draft says of them."""
    author, overseer = world.people["produsen"], world.people["sekretariat"]
    made = draft(world, "disalin")
    call("resource_create", author, package_id=made["id"], name="Berkas", format="CSV",
         upload=FileStorage(io.BytesIO(f"nama\n{MARK}\n".encode()), filename="a.csv"))
    inspect_and_publish(made["id"])
    copy = call("satudata_revision_start", author, id=made["id"], note="")
    file = f"/dataset/{copy['id']}/resource/{copy['resources'][1]['id']}/download/a.csv"
    ways: list[tuple[str, Data]] = [
        ("package_show", {"id": copy["id"]}),
        ("resource_show", {"id": copy["resources"][0]["id"]}),
        ("package_search", {"fq": f"id:{copy['id']}", "include_private": True}),
        ("package_search", {"fq": f"id:{copy['id']}", "include_private": True,
                            "fl": ["id", "validated_data_dict", "data_dict", "res_url"]}),
        ("satudata_version_diff", {"id": made["id"], "from": 1, "to": "draf"}),
        ("package_activity_list", {"id": copy["id"], "include_data": True, "limit": 50}),
    ]
    for level in ("terbatas", "terbuka"):
        call("package_patch", author, id=copy["id"], access_rights=level)
        for action, asked in ways:
            if level == "terbatas" or "activity" not in action:
                found = json.dumps(call(action, overseer, **asked), default=str)
                assert copy["id"] in found or action == "satudata_version_diff", action
                assert ADDRESS not in found, (level, action)
        for page in (f"/dataset/{copy['id']}", f"/pengajuan/{made['id']}"):
            assert ADDRESS not in world.get(page, "sekretariat").text
        assert world.get(file, "sekretariat").status_code == 403
        assert MARK in world.get(file, "produsen").text
        assert ADDRESS in str(call("package_show", author, id=copy["id"]))
    call("package_patch", author, id=copy["id"], access_rights="terbatas")
    assert not call("package_search", overseer, q=ADDRESS, include_private=True)["count"]


def test_a_revision_that_only_restricts_needs_the_decision(world: World) -> None:
    made = publish(draft(world, "dibatasi-saja", access_rights="terbuka", dasar_hukum="",
                         uji_konsekuensi=[], keputusan_pembatasan=[]))
    author = world.people["produsen"]
    copy = call("satudata_revision_start", author, id=made["id"], note="")
    call("package_patch", author, id=copy["id"], access_rights="tertutup")
    with pytest.raises(tk.ValidationError):
        move(made["id"], "ajukan", author)
    assert shown(made["id"])["access_rights"] == "terbuka"


def test_data_loaded_once_more_is_not_restricted_without_one(world: World) -> None:
    made = publish(draft(world, "dimuat-lagi", access_rights="terbuka", dasar_hukum=""))
    user = world.people["sysadmin"]["name"]
    with (pytest.raises(StateConflictError), unit_of_work(),
          doors.existing_changed(made["id"], user) as key):
        tk.get_action("package_patch")(
            {"user": user, "defer_commit": True, "return_id_only": True, **key},
            {"id": made["id"], "access_rights": "terbatas"})
    model.Session.remove()
    assert shown(made["id"])["access_rights"] == "terbuka"


# --------------------------------------------------------------------------------- addresses


def test_an_address_is_withheld_given_back_and_kept_for_those_who_work_on_it(
    world: World
) -> None:
    made = draft(world, "alamat", resources=[{
        "name": "Tautan", "format": "CSV", "url": ELSEWHERE,
        "access_url": f"https://{ADDRESS}.example.org/"}])
    inspect_and_publish(made["id"])
    public = shown(made["id"])["resources"][0]
    assert public["url"].endswith(f"/resource/{public['id']}/berkas")
    assert not public.get("access_url")

    author = world.people["produsen"]
    copy = call("satudata_revision_start", author, id=made["id"], note="")
    assert copy["resources"][0]["url"] == ELSEWHERE
    assert ADDRESS in copy["resources"][0]["access_url"]
    call("satudata_submission_transition", author, id=copy["submission"]["id"],
         transition="batalkan", expected_version=copy["submission"]["version"], note="Tidak jadi.")
    assert shown(made["id"])["resources"][0]["url"] == public["url"]

    opened = revised(world, made["id"], access_rights="terbuka")["resources"][0]
    assert (opened["id"], opened["url"]) == (public["id"], ELSEWHERE)
    assert ADDRESS in opened["access_url"]
    assert model.Session.get(WithheldUrl, public["id"]) is None

    again = revised(world, made["id"], access_rights="terbatas")["resources"][0]
    assert again["url"] == public["url"]
    move(made["id"], "tarik", world.people["walidata"], note="Keliru.")
    assert shown(made["id"])["resources"][0]["url"] == ELSEWHERE
    assert model.Session.scalar(sa.select(sa.func.count()).where(
        WithheldUrl.resource_id == public["id"])) == 0


@pytest.mark.parametrize("door", [False, True], ids=["dataset_purge", "the way the demo goes"])
def test_a_purged_dataset_leaves_no_address_and_no_permission(world: World, door: bool) -> None:
    made = draft(world, f"dimusnahkan-{int(door)}", resources=[{
        "name": "Tautan", "format": "CSV", "url": ELSEWHERE}])
    inspect_and_publish(made["id"])
    file = made["resources"][0]["id"]
    given = call("satudata_access_grant_create", world.people["ppid"], id=made["id"],
                 user="umum-x", reason="Skripsi.", until=world.soon)
    asked = call("satudata_access_request_create", world.people["berizin"], id=made["id"],
                 institution="Untirta", purpose="Skripsi tentang bantuan sosial.", days=30,
                 terms=True)
    assert model.Session.get(WithheldUrl, file) is not None
    boss = {"user": world.people["sysadmin"]["name"]}
    if door:
        with ending([made["id"]]):
            tk.get_action("dataset_purge")({**boss, **Door().key()}, {"id": made["id"]})
    else:
        move(made["id"], "tarik", world.people["walidata"], note="Keliru.")
        tk.get_action("dataset_purge")(boss, {"id": made["id"]})
    model.Session.remove()
    assert model.Session.get(WithheldUrl, file) is None
    if door:  # ``demo --purge`` erases what the demo gave
        return
    kept = call("satudata_access_grant_list", world.people["ppid"], id=made["id"],
                include_past=True)["results"]
    assert [(each["id"], each["standing"]) for each in kept] == [(given["id"], "dicabut")]
    # Whoever asked has a right to an answer, and the number stays.
    answered = call("satudata_access_request_answer", world.people["ppid"], id=asked["id"],
                    expected_version=1, step="tolak", grounds=["17h"],
                    reason="Datanya dihapus selamanya.")
    assert (answered["state"], answered["number"]) == ("ditolak", asked["number"])


def test_what_was_restricted_once_stays_so_in_that_version(world: World) -> None:
    """Opening the data later does not open the file that was restricted when it was published."""
    made = draft(world, "dulu-terbatas")
    inspect_and_publish(made["id"])
    revised(world, made["id"], access_rights="terbuka")
    resource = shown(made["id"])["resources"][0]["id"]
    for number, expected in ((1, False), (2, True)):
        asked = {"id": made["id"], "resource_id": resource, "number": number}
        for who in (None, world.people["umum"]):
            context = {"user": who["name"] if who else "", "ignore_auth": False}
            if expected:
                assert helpers.call_auth("satudata_file_open", context, **asked)
            else:
                with pytest.raises(tk.NotAuthorized):
                    helpers.call_auth("satudata_file_open", context, **asked)
    assert helpers.call_auth("satudata_file_open", {
        "user": "produsen-x", "ignore_auth": False}, id=made["id"], number=1)


# ------------------------------------------------------------------------------------ caches


def test_an_open_file_is_asked_for_anew_and_not_sent_anew_until_it_is_restricted(
    world: World
) -> None:
    first = world.get(world.download)
    assert first.status_code == 200 and MARK in first.text
    assert first.headers["ETag"] == f'"{world.file["sha256"]}"'
    assert "no-cache" in first.headers["Cache-Control"]
    etag = {"If_None_Match": first.headers["ETag"]}
    assert world.get(world.download, **etag).status_code == 304
    part = world.get(world.download, Range="bytes=0-2", If_Range=first.headers["ETag"])
    assert (part.status_code, part.text) == (206, "nik")
    rows = call("datastore_search", None, resource_id=world.file["id"])
    assert rows["records"][0]["nama"] == MARK
    assert world.get(world.berkas).headers["Location"] == ELSEWHERE

    revised(world, world.id, access_rights="terbatas")
    closed = world.get(world.download, **etag)
    assert closed.status_code == 403 and "no-store" in closed.headers["Cache-Control"]
    with pytest.raises(tk.NotAuthorized):
        call("datastore_search", None, resource_id=world.file["id"])
    assert world.get(world.berkas).status_code == 403


def test_what_a_client_says_of_a_file_breaks_no_header(world: World) -> None:
    made = draft(world, "kepala-palsu", access_rights="terbuka", resources=[
        {"name": "Tautan", "format": "CSV", "url": "https://a.go.id/x\r\nSet-Cookie: zz=1"}])
    stored = call(
        "resource_create", world.people["produsen"], package_id=made["id"], name="Halaman",
        upload=FileStorage(io.BytesIO(b"<script>1</script>"), filename="x.html"),
        mimetype="text/html\r\nX-Evil: 1")
    start = f"/dataset/{made['id']}/resource"
    led = world.get(f"{start}/{made['resources'][0]['id']}/berkas", "produsen")
    assert (led.status_code, led.headers["Location"]) == (
        302, "https://a.go.id/x%0ASet-Cookie:%20zz=1")
    for end, named in (("/x%0d%0aA:b.html", "xA:b.html"), ("", "x.html")):
        sent = world.get(f"{start}/{stored['id']}/download{end}", "produsen")
        assert (sent.status_code, sent.content_type) == (200, "application/octet-stream")
        assert sent.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in sent.headers["Content-Security-Policy"]
        said = sent.headers["Content-Disposition"]
        assert said.startswith("attachment") and named in said


@pytest.mark.parametrize("path", [
    "/dataset/a%00b/versi", "/dataset/a%00b/versi/1/kutip.ris", "/dataset/a%00b/minta-akses",
    "/dataset/{id}/resource/a%00b/download/x.csv", "/dataset/{id}/versi/1/berkas/a%00b",
    "/datastore/dump/a%00b", "/dataset/{id}/versi?page=99999999999999999999"])
def test_an_address_nothing_can_have_is_not_found_and_no_fault(world: World, path: str) -> None:
    assert world.get(path.format(id=world.id)).status_code == (302 if "page" in path else 404)


def test_every_type_has_our_way_and_other_types_keep_ckans(world: World) -> None:
    adapter = world.app.flask_app.url_map.bind("")
    for kind, endpoint in (("dataset", "satudata_access.download"),
                           ("kegiatan", "satudata_access.download_kegiatan"),
                           ("indikator", "satudata_access.download_indikator"),
                           ("harvest", "harvest_resource.download")):
        for end in ("download", "download/x.csv"):
            assert adapter.match(f"/{kind}/a/resource/b/{end}")[0] == endpoint
