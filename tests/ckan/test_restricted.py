"""Restricted files under public metadata: who opens them, what is logged, what is withheld."""
from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from restricted_world import ELSEWHERE, MARK, World, call, fixtures

from ckanext.satudata.access.model import Download

Data = dict[str, Any]

#: Who opens files that are ``terbatas``, and by what right the log says.
OPENS = {
    "produsen": "instansi", "anggota": "instansi", "walidata": "pemeriksa", "ppid": "ppid",
    "pemerintah": "pemerintah", "berizin": "izin", "sysadmin": "pengelola",
}
REFUSED = (None, "umum", "tetangga", "sekretariat")


def permitted(made: World) -> None:
    made.permit = call("satudata_access_grant_create", made.people["ppid"], id=made.id,
                       user="berizin-x", reason="Skripsi, surat 12/2026.", until=made.soon)


world, settings = fixtures({
    "ckanext.satudata.walidata": "kominfo", "ckan.datastore.sqlsearch.enabled": True},
    ready=permitted)


def lines(world: World, after: int = 0) -> list[Any]:
    model.Session.rollback()
    return list(model.Session.scalars(
        sa.select(Download).where(Download.package_id == world.id, Download.id > after)
        .order_by(Download.id)))


def last(world: World) -> int:
    return max((each.id for each in lines(world)), default=0)


@pytest.mark.parametrize("who", REFUSED)
def test_who_has_no_right_reads_what_it_is_and_not_what_is_in_it(
    world: World, who: str | None
) -> None:
    before = last(world)
    assert world.get("/dataset/penerima-bantuan", who).status_code == 200
    for path in (world.download, world.berkas, world.berkas.replace("berkas", "download")):
        refused = world.get(path, who)
        assert refused.status_code == 403
        assert MARK not in refused.text and ELSEWHERE not in str(refused.headers)
        assert "no-store" in refused.headers["Cache-Control"]
        assert "ETag" not in refused.headers
    assert lines(world, before) == []


def test_the_refusal_says_what_it_is_and_where_to_ask(world: World) -> None:
    page = world.get(world.download)
    assert "Berkas ini dibatasi" in page.text and "minta-akses" in page.text
    assert "/user/login" in page.text
    said = world.app.get(world.download).json
    assert said["success"] is False and "minta-akses" in said["error"]["request_access"]


@pytest.mark.parametrize(("who", "right"), OPENS.items())
def test_who_has_a_right_opens_and_the_log_says_by_which(
    world: World, who: str, right: str
) -> None:
    before = last(world)
    opened = world.get(world.download, who)
    assert opened.status_code == 200 and MARK in opened.text
    assert {"private", "no-store"} <= set(opened.headers["Cache-Control"].split(", "))
    led = world.get(world.berkas, who)
    assert (led.status_code, led.headers["Location"]) == (302, ELSEWHERE)
    assert led.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in led.headers["Cache-Control"]
    rows = call("datastore_search", world.people[who], resource_id=world.file["id"])
    assert rows["records"][0]["nama"] == MARK
    found = lines(world, before)
    assert [(each.way, each.right, each.user_id) for each in found][:2] == [
        (way, right, world.people[who]["id"]) for way in ("unduh", "tautan")]
    assert found[0].size == len(opened.body) and found[0].sha256 == world.file["sha256"]
    assert (found[0].grant_id == world.permit["id"]) is (who == "berizin")


def test_rows_are_logged_with_their_number_and_none_are_nothing(world: World) -> None:
    before = last(world)
    ppid = world.people["ppid"]
    call("datastore_search", ppid, resource_id=world.file["id"], limit=0)
    call("datastore_info", ppid, id=world.file["id"])
    assert lines(world, before) == []
    call("datastore_search", ppid, resource_id=world.alias)
    call("datastore_search_sql", ppid, sql=f'SELECT * FROM "{world.file["id"]}"')
    assert world.get(f"/datastore/dump/{world.file['id']}", "ppid").status_code == 200
    found = lines(world, before)
    assert {(each.way, each.right, each.rows, each.user_id) for each in found} == {
        ("tabel", "ppid", 1, ppid["id"])}
    assert len(found) >= 3


def test_a_table_of_others_is_refused_in_a_query_that_may_read_the_first(world: World) -> None:
    for who in ("umum", "sekretariat"):
        with pytest.raises(tk.NotAuthorized):
            call("datastore_search_sql", world.people[who],
                 sql=f'SELECT * FROM "{world.file["id"]}"')
        with pytest.raises(tk.NotAuthorized):
            call("datastore_info", world.people[who], id=world.file["id"])


def test_no_query_asks_for_a_table_as_a_type(world: World) -> None:
    """CKAN asks for the right to what is read; a name alone tells that it is there, and more."""
    for sql in (f"SELECT '{world.alias}'::regclass", f'SELECT row_to_json(NULL::"{world.alias}")',
                f'SELECT row_to_json(json_populate_record(NULL::"{world.file["id"]}", \'{{}}\'))',
                "SELECT CAST('pg_read_file' AS pg_catalog.regproc[])"):
        with pytest.raises(tk.ValidationError) as caught:
            call("datastore_search_sql", None, sql=sql)
        assert "SQL tidak dapat dijalankan" in str(caught.value.error_dict), sql
    found = call("datastore_search_sql", world.people["ppid"], sql=(
        f"SELECT CAST('7' AS int) AS n, nama::varchar(9), date '2026-01-02' AS d, 1.5::float8 "
        f'FROM "{world.file["id"]}"'))
    assert (found["records"][0]["n"], found["records"][0]["nama"]) == (7, MARK)


def test_an_alias_tells_no_more_of_a_table_than_its_file(world: World) -> None:
    for who in (None, "umum", "sekretariat"):
        user = world.people[who] if who else None
        for key in ("id", "resource_id"):
            with pytest.raises(tk.ObjectNotFound):
                call("datastore_info", user, **{key: world.alias})
        assert world.get(f"/datastore/dictionary_download/{world.alias}", who).status_code == 404
    assert call("datastore_info", world.people["ppid"], id=world.alias)["meta"]["count"] == 1


def test_a_search_for_files_proves_no_guess_at_what_is_in_one(world: World) -> None:
    """A small table is guessed, and its hash, whole or by its beginning, would prove the guess."""
    sha256 = world.file["sha256"]
    for who, opens in ((None, False), ("sekretariat", False), ("ppid", True), ("sysadmin", True)):
        user = world.people[who] if who else None
        shown = call("resource_search", user, query="url:penerima.csv")["results"][0]
        assert (shown["id"], shown.get("hash")) == (world.file["id"], sha256 if opens else None)
        assert shown.get("sha256") == (sha256 if opens else None)
        found = call("resource_search", user, query=f"hash:{sha256[:9]}")
        assert (found["count"], len(found["results"])) == (int(opens), int(opens))
    for wrong in ({"query": f"hash:{sha256[:7]}"}, {"query": "name:Tabel", "order_by": "hash"},
                  {"query": ["name:Tabel"], "order_by": "extras"}):
        with pytest.raises(tk.ValidationError):
            call("resource_search", world.people["ppid"], **wrong)


def test_looking_without_taking_is_not_logged(world: World) -> None:
    before = last(world)
    with world.app.flask_app.test_client() as client:
        seen = client.head(
            world.download, headers={"Authorization": world.people["ppid"]["token"]})
    assert (seen.status_code, seen.content_length, seen.data) == (200, 9 + 2 + len(MARK) + 1, b"")
    assert lines(world, before) == []


def test_of_a_file_that_lies_elsewhere_the_address_is_what_is_taken(world: World) -> None:
    before, head = last(world), {"Authorization": world.people["ppid"]["token"]}
    with world.app.flask_app.test_client() as client:
        old = f"/dataset/{world.id}/versi/1/berkas/{world.link['id']}/penerima.csv"
        for path in (world.berkas, old):
            assert client.head(path, headers=head).headers["Location"] == ELSEWHERE
    assert [each.way for each in lines(world, before)] == ["tautan", "tautan"]


def test_a_part_of_a_file_is_logged_with_its_bytes(world: World) -> None:
    before = last(world)
    part = world.get(world.download, "ppid", Range="bytes=0-3")
    assert (part.status_code, part.text) == (206, "nik,")
    assert world.get(world.download, "ppid", Range="bytes=9999-").status_code == 416
    assert [each.size for each in lines(world, before)] == [4]


def change(statement: str) -> None:
    """Change the database beside the session, which must hold nothing then."""
    model.Session.remove()
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text("SET LOCAL lock_timeout = '5s'"))
        connection.execute(sa.text(statement))


def test_nothing_leaves_while_the_log_cannot_be_written(world: World) -> None:
    change("ALTER TABLE satudata_download RENAME TO away")
    try:
        refused = world.get(world.download, "ppid")
        assert refused.status_code == 503 and MARK not in refused.text
        assert world.get(world.berkas, "ppid").status_code == 503
        rows = world.app.post("/api/action/datastore_search", json={
            "resource_id": world.file["id"]}, headers={
                "Authorization": world.people["ppid"]["token"]})
        assert rows.status_code == 503 and MARK not in rows.text
    finally:
        change("ALTER TABLE away RENAME TO satudata_download")
    assert world.get(world.download, "ppid").status_code == 200


def test_the_log_is_kept_as_it_was_written(world: World) -> None:
    for statement in ("DELETE FROM satudata_download", "TRUNCATE satudata_download",
                      "UPDATE satudata_download SET user_id = NULL"):
        with pytest.raises(sa.exc.InternalError):
            change(statement)


# -------------------------------------------------------------------------------- permissions


def give(world: World, by: str, **more: Any) -> Data:
    return call("satudata_access_grant_create", world.people[by], **{
        "id": world.id, "reason": "Penelitian.", "until": world.soon, **more})


@pytest.mark.parametrize(("by", "named"), [
    ("ppid", {"user": "tetangga-x"}), ("ppid", {"organization": "dinas-y"}),
    ("ppid", {"role": "sekretariat"}), ("walidata", {"user": "umum-x"}),
    ("produsen", {"user": "umum-x"}), ("umum", {"user": "umum-x"}),
])
def test_only_whom_the_law_names_lets_others_in(
    world: World, by: str, named: dict[str, str]
) -> None:
    with pytest.raises(tk.NotAuthorized):
        give(world, by, **named)


@pytest.mark.parametrize(("change", "field"), [
    ({"reason": " "}, "reason"), ({"until": ""}, "until"), ({"until": "2020-01-01"}, "until"),
    ({"until": "2199-01-01"}, "until"), ({"until": "besok"}, "until"),
    ({"user": "tidak-ada"}, "user"), ({"user": "berizin-x"}, "user"),
    ({"user": "", "organization": "dinas-x"}, "organization"),
    ({"user": "", "role": "walidata"}, "role"), ({"user": ""}, "user"),
    ({"role": "sekretariat"}, "user"), ({"id": "tidak-ada"}, "id"),
    ({"user": ["umum-x"]}, "user"), ({"reason": "x" * 2001}, "reason"),
])
def test_what_a_permission_has_to_say(world: World, change: Data, field: str) -> None:
    with pytest.raises(tk.ValidationError) as wrong:
        give(world, "sysadmin", **{"user": "umum-x", **change})
    assert list(wrong.value.error_dict) == [field]


@pytest.mark.parametrize(("named", "who"), [
    ({"organization": "dinas-y"}, "tetangga"), ({"role": "sekretariat"}, "sekretariat"),
    ({"user": "tetangga-x"}, "tetangga")])
def test_a_permission_opens_at_once_and_closes_at_once(
    world: World, named: dict[str, str], who: str
) -> None:
    assert world.get(world.download, who).status_code == 403
    given = give(world, "walidata", **named)
    assert given["effective"] and given["audience"] == "pemerintah"
    assert world.get(world.download, who).status_code == 200
    assert call("satudata_access_grant_list", world.people[who], mine=True)["count"] == 1
    with pytest.raises(tk.ValidationError):
        call("satudata_access_grant_revoke", world.people["walidata"], id=given["id"])
    taken = call("satudata_access_grant_revoke", world.people["walidata"], id=given["id"],
                 reason="Selesai.")
    assert taken["standing"] == "dicabut"
    assert world.get(world.download, who).status_code == 403
    with pytest.raises(tk.ValidationError):
        call("satudata_access_grant_revoke", world.people["walidata"], id=given["id"],
             reason="Lagi.")
    events = model.Session.execute(sa.text(
        "SELECT transition, note FROM satudata_event WHERE kind = 'akses' "
        "AND data ->> 'grant' = :id ORDER BY id"), {"id": given["id"]}).all()
    assert [tuple(each) for each in events] == [
        ("beri_izin", "Penelitian."), ("cabut_izin", "Selesai.")]


def test_a_permission_for_one_file_opens_that_one(world: World) -> None:
    model.Session.execute(sa.text(
        "UPDATE satudata_access_grant SET files = CAST(:files AS jsonb) WHERE id = :id"),
        {"files": f'["{world.link["id"]}"]', "id": world.permit["id"]})
    model.Session.commit()
    try:
        assert world.get(world.download, "berizin").status_code == 403
        assert world.get(world.berkas, "berizin").status_code == 302
    finally:
        model.Session.execute(sa.text(
            "UPDATE satudata_access_grant SET files = '[]' WHERE id = :id"),
            {"id": world.permit["id"]})
        model.Session.commit()


def test_a_permission_ends_with_its_last_day(world: World) -> None:
    ended = {"id": world.permit["id"]}
    model.Session.execute(sa.text(
        "UPDATE satudata_access_grant SET since = now() - interval '3 days', "
        "until = now() - interval '1 second' WHERE id = :id"), ended)
    model.Session.commit()
    try:
        assert world.get(world.download, "berizin").status_code == 403
        with pytest.raises(tk.NotAuthorized):
            call("datastore_search", world.people["berizin"], resource_id=world.file["id"])
    finally:
        model.Session.execute(sa.text(
            "UPDATE satudata_access_grant SET until = now() + interval '9 days' WHERE id = :id"),
            ended)
        model.Session.commit()


# ------------------------------------------------------------------------------------ the log


def test_who_reads_the_log(world: World) -> None:
    world.get(world.download, "berizin")
    for who in ("walidata", "ppid", "sysadmin"):
        shown = call("satudata_download_list", world.people[who])
        assert shown["count"] == len(lines(world))
    mine = call("satudata_download_list", world.people["produsen"], id=world.id, user="berizin-x")
    assert {each["user"]["name"] for each in mine["results"]} == {"berizin-x"}
    assert mine["results"][0]["grant_id"] == world.permit["id"]
    assert mine["results"][0]["dataset"]["name"] == "penerima-bantuan"
    for who, data in (("produsen", {}), ("tetangga", {"id": world.id}), ("umum", {"id": world.id}),
                      ("anggota", {"id": world.id})):
        with pytest.raises(tk.NotAuthorized):
            call("satudata_download_list", world.people[who], **data)


def test_the_log_is_filtered_and_paged(world: World) -> None:
    ppid = world.people["ppid"]
    everything = call("satudata_download_list", ppid)["count"]
    assert call("satudata_download_list", ppid, right="izin")["count"] < everything
    assert call("satudata_download_list", ppid, until="2020-01-01")["count"] == 0
    pages = [call("satudata_download_list", ppid, limit=1, offset=at)["results"][0]["id"]
             for at in (0, 1)]
    assert pages[0] > pages[1]
    for wrong in ({"limit": -1}, {"limit": "x"}, {"since": "kemarin"}, {"offset": [1]}):
        with pytest.raises(tk.ValidationError):
            call("satudata_download_list", ppid, **wrong)


def test_the_log_as_a_table(world: World) -> None:
    text = world.get("/akses/unduhan.csv?right=izin", "ppid")
    assert text.status_code == 200 and "berizin-x" in text.text
    assert "no-store" in text.headers["Cache-Control"]
    assert world.get("/akses/unduhan.csv", "umum").status_code == 403
