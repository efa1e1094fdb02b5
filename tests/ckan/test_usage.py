"""Use of data through the real application: what counts, that it counts once, who is told."""
from __future__ import annotations

import csv
import datetime as dt
import io
import time
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from publishing import COMPLETE, inspect_and_publish, move, publish, published
from statements import listened
from version_scene import CSV, FIELDS, act, upload

from ckanext.satudata.domain.usage import Channel, Key, Measure
from ckanext.satudata.shared import signals, usage_totals
from ckanext.satudata.usage import buffer, store
from ckanext.satudata.usage.model import Usage

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "clean_files", "no_numbers")
Data = dict[str, Any]
CHROME = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/131.0.0.0 Safari/537.36")
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture
def no_numbers(with_plugins: Any) -> Iterator[None]:
    """Nothing counted before, and nothing left."""
    _empty()
    yield
    _empty()


def _empty() -> None:
    client = connect_to_redis()
    for each in client.scan_iter(match="ckan:*:satudata:pemakaian:*", count=1000):
        client.delete(each)
    buffer._salt, buffer._away_until = ("", 0.0, b""), 0.0


@pytest.fixture
def data() -> Data:
    """A public dataset with a file of 4 KB."""
    made = factories.Dataset(owner_org=factories.Organization(title="Dinas Kesehatan")["id"])
    _with_file(made, CSV + b"Lain,3\n" * 600)
    return publish(made["id"])


def _with_file(made: Data, content: bytes) -> None:
    helpers.call_action("resource_create", {"user": factories.Sysadmin()["name"]},
                        package_id=made["id"], name="Tabel", format="CSV", upload=upload(content))


def ask(app: Any, path: str, person: int = 1, agent: str = CHROME, method: str = "GET",
        user: Data | None = None, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if user:
        named["Authorization"] = user["token"]
    return app.test_client(use_cookies=False).open(
        path, method=method, follow_redirects=False, headers={
            "User-Agent": agent, "X-Forwarded-For": f"203.0.113.{person}", **named})


def page(data: Data) -> str:
    return f"/dataset/{data['name']}"


def file(data: Data) -> str:
    return f"/dataset/{data['id']}/resource/{data['resources'][0]['id']}/download/data.csv"


def figures(data: Data, who: str = "", **more: Any) -> tuple[int, ...]:
    """Return views, downloads, requests of rows and copies, once they were taken over."""
    store.settle()
    connect_to_redis().delete(buffer._key("halaman", data["id"]))  # what pages keep for minutes
    shown = helpers.call_action("satudata_usage_show", {"user": who, "ignore_auth": not who},
                                id=data["id"], **more)
    return tuple(shown[each] for each in ("views", "downloads", "queries", "harvests"))


def test_a_person_counts_once_for_the_page_and_once_for_the_file(app: Any, data: Data) -> None:
    for _double_click in range(2):
        assert ask(app, page(data)).status_code == 200
        assert ask(app, file(data)).status_code == 200
    ask(app, page(data), person=2)
    assert figures(data) == (2, 1, 0, 0)


def test_what_is_no_use_does_not_count(app: Any, data: Data) -> None:
    etag = ask(app, file(data), agent=ROBOT).headers["ETag"]
    for path in (page(data), file(data)):
        ask(app, path, method="HEAD")
        ask(app, path, agent=ROBOT)
        ask(app, path, Sec_Purpose="prefetch;prerender")
    assert ask(app, file(data), If_None_Match=etag).status_code == 304
    assert ask(app, file(data), Range="bytes=2000-").status_code == 206
    assert ask(app, file(data), Range="bytes=0-1").status_code == 206
    assert ask(app, file(data), Sec_Fetch_Dest="image", Sec_Fetch_Site="same-origin",
               Sec_Fetch_Mode="no-cors").status_code == 200
    assert ask(app, "/dataset/tidak-ada").status_code == 404
    assert figures(data) == (0, 0, 0, 0)
    # A download in pieces begins once.
    assert ask(app, file(data), Range="bytes=0-2000").status_code == 206
    assert ask(app, file(data), Range="bytes=2001-").status_code == 206
    assert figures(data) == (0, 1, 0, 0)


def test_programs_and_catalogs_are_kept_apart(app: Any, data: Data) -> None:
    ask(app, file(data), agent="curl/8.5.0")
    ask(app, file(data), agent="ckanext-archiver")
    ask(app, page(data), agent="curl/8.5.0")
    assert figures(data) == (0, 1, 0, 1)
    assert set(model.Session.scalars(sa.select(Usage.channel))) == {"program", "panen"}


def test_a_link_that_leads_elsewhere_counts_when_it_is_followed(app: Any) -> None:
    data = published(access_rights="terbuka", resources=[
        {"name": "Lain", "url": "https://contoh.go.id/tabel.csv", "format": "CSV"}])
    path = f"/dataset/{data['id']}/resource/{data['resources'][0]['id']}/berkas"
    ask(app, path, method="HEAD")
    assert ask(app, path).status_code == 302
    assert figures(data) == (0, 1, 0, 0)


@pytest.mark.usefixtures("clean_datastore")
def test_a_dump_is_a_download_and_rows_are_requests(app: Any) -> None:
    made = factories.Dataset(owner_org=factories.Organization()["id"])
    context = {"user": factories.Sysadmin()["name"]}
    resource = helpers.call_action("datastore_create", context, resource={
        "package_id": made["id"], "name": "Baris"}, fields=FIELDS, force=True,
        records=[{"kecamatan": each, "jumlah": 1} for each in "abc"])["resource_id"]
    data = publish(made)
    assert ask(app, f"/datastore/dump/{resource}").status_code == 200
    for offset in range(3):  # the pages of one reader
        assert ask(app, f"/api/3/action/datastore_search?resource_id={resource}"
                        f"&limit=1&offset={offset}", agent="curl/8.5.0").status_code == 200
    assert figures(data) == (0, 1, 1, 0)


def test_each_version_has_its_own_figure(app: Any) -> None:
    made = factories.Dataset(owner_org=factories.Organization()["id"], **COMPLETE)
    _with_file(made, CSV)
    inspect_and_publish(made["id"])
    data = helpers.call_action("package_show", id=made["id"])
    ask(app, file(data))
    producer, walidata = factories.Sysadmin(), factories.Sysadmin()
    copy = act("satudata_revision_start", producer, id=data["id"])
    act("resource_patch", producer, id=copy["resources"][0]["id"],
        upload=upload(CSV + b"Ciomas,3\n"))
    # A draft is no data yet, whoever opens it.
    drafted = f"/dataset/{copy['id']}/resource/{copy['resources'][0]['id']}/download/data.csv"
    assert ask(app, drafted).status_code in (403, 404)
    move(data["id"], "ajukan", producer, kind="rilis_baru", note="Tambah kecamatan")
    for transition in ("periksa", "setujui", "terbitkan"):
        move(data["id"], transition, walidata)
    for person in (1, 2):
        ask(app, file(data), person=person)
    old = f"/dataset/{data['name']}/versi/1/berkas/{data['resources'][0]['id']}/data.csv"
    assert ask(app, old, person=3).status_code == 200
    store.settle()
    shown = helpers.call_action("satudata_usage_show", id=data["id"])
    assert [(each["version"], each["downloads"]) for each in shown["versions"]] == [(2, 2), (1, 2)]
    assert shown["files"][0]["downloads"] == shown["downloads"] == 4
    assert [each["downloads"] for each in shown["months"]] == [4]
    total = usage_totals.totals([data["id"], "lain"])
    assert total[data["id"]].downloads == 4 and "lain" not in total


def test_who_works_on_the_data_does_not_count(app: Any) -> None:
    editor, reader = factories.UserWithToken(), factories.UserWithToken()
    organization = factories.Organization(users=[{"name": editor["name"], "capacity": "editor"}])
    data = published(owner_org=organization["id"])
    ask(app, page(data), user=editor)
    assert figures(data) == (0, 0, 0, 0)
    ask(app, page(data), user=reader)
    assert figures(data) == (1, 0, 0, 0)


# --------------------------------------------------------------------------- on their way


def test_counts_of_several_processes_add_up(app: Any, data: Data) -> None:
    ask(app, page(data))
    buffer._salt = ("", 0.0, b"")  # another process knows nothing of this one
    ask(app, page(data))  # the same person there
    ask(app, page(data), person=2)
    assert figures(data) == (2, 0, 0, 0)
    ask(app, page(data), person=3)
    assert figures(data) == (3, 0, 0, 0)


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_process_killed_on_the_way_loses_and_doubles_nothing(
    where: str, app: Any, data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_given: Any) -> None:
        raise Killed

    for person in (1, 2, 3):
        ask(app, page(data), person=person)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        # Before the commit nothing is in PostgreSQL; after it, Valkey has not forgotten.
        patch.setattr(*((store, "_add") if where == "before" else (buffer, "drop")), killed)
        store.settle()
    model.Session.remove()
    ask(app, page(data), person=4)  # counted meanwhile
    assert figures(data) == (4, 0, 0, 0)
    assert figures(data) == (4, 0, 0, 0)
    assert buffer.take() == []


def test_nothing_in_valkey_says_who_it_was_and_all_of_it_expires(app: Any, data: Data) -> None:
    ask(app, page(data), person=77)
    client = connect_to_redis()
    keys = list(client.scan_iter(match="ckan:*:satudata:pemakaian:*", count=1000))
    assert len(keys) >= 3
    for key in keys:
        assert 0 < client.ttl(key) <= 14 * 24 * 3600
        assert b"203.0.113" not in key and b"Chrome" not in key
    (mark,) = (each for each in keys if b":sekali:" in each)
    assert client.ttl(mark) <= 30
    (heap,) = (each for each in keys if each.endswith(b":terbuka"))
    ((field, number),) = client.hgetall(heap).items()
    assert Key.read(field.decode()).package == data["id"] and number == b"1"


def test_asking_for_what_is_not_there_leaves_nothing(app: Any, data: Data) -> None:
    for number in range(20):
        ask(app, f"/dataset/tidak-ada-{number}")
        ask(app, f"/dataset/{data['id']}/resource/tidak-ada-{number}/download/data.csv")
        ask(app, f"/datastore/dump/tidak-ada-{number}")
        ask(app, f"/dataset/{data['name']}/versi/{number}/berkas/tidak-ada")
    assert not list(connect_to_redis().scan_iter(match="ckan:*:satudata:pemakaian:*", count=1000))


def test_a_heap_of_something_else_does_no_harm(app: Any, data: Data) -> None:
    ask(app, page(data))
    connect_to_redis().hset(buffer._key("terbuka"), mapping={"apa ini": 5, "[1,2]": 3})
    connect_to_redis().hset(buffer._key("terbuka"), Key.read(
        '["2026-01-01","tidak-ada","",0,"dilihat","peramban"]').written(), 9)
    assert figures(data) == (1, 0, 0, 0)
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(Usage)) == 1


def test_without_valkey_everything_is_answered(
    app: Any, data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buffer, "_away_until", 0.0)
    with monkeypatch.context() as patch:
        patch.setitem(tk.config, "ckan.redis.url", "unix:///tidak/ada.sock")
        patch.setattr(buffer, "_client", None)
        for path in (page(data), file(data)):
            assert ask(app, path).status_code == 200
        buffer._away_until, began = 0.0, time.monotonic()
        key = Key(dt.date(2026, 1, 1), data["id"], "", 0, Measure.DILIHAT, Channel.PERAMBAN)
        assert not buffer.count(key, "siapa") and time.monotonic() - began < 1
    buffer._away_until = 0.0
    assert figures(data) == (0, 0, 0, 0)


# ---------------------------------------------------------------------------- who is told


def test_figures_of_restricted_data_are_for_who_works_on_it(app: Any) -> None:
    editor = factories.User()
    organization = factories.Organization(
        title="Dinas Sosial", users=[{"name": editor["name"], "capacity": "editor"}])
    data = published(owner_org=organization["id"])
    ask(app, page(data))
    assert figures(data) == (1, 0, 0, 0)
    listed = {"user": "", "ignore_auth": False}
    assert helpers.call_action("satudata_usage_list", dict(listed))["count"] == 1
    assert "Pemakaian" in ask(app, page(data), agent=ROBOT).text
    package = model.Package.get(data["id"])
    package.extras = {**package.extras, "access_rights": "terbatas"}
    model.Session.commit()
    with pytest.raises(tk.NotAuthorized):
        helpers.call_action("satudata_usage_show", dict(listed), id=data["id"])
    found = helpers.call_action("satudata_usage_list", dict(listed))
    assert found["results"] == [] and set(found["total"].values()) == {0}
    assert 'id="pemakaian"' not in ask(app, page(data), agent=ROBOT).text
    own = {"user": editor["name"], "ignore_auth": False}
    assert helpers.call_action("satudata_usage_show", dict(own), id=data["id"])["views"] == 1
    assert helpers.call_action("satudata_usage_list", dict(own))["count"] == 1


def test_private_data_is_told_to_nobody_else(app: Any, data: Data) -> None:
    ask(app, page(data))
    assert figures(data) == (1, 0, 0, 0)
    model.Session.execute(sa.update(model.Package).where(
        model.Package.id == data["id"]).values(private=True))
    model.Session.commit()
    ask(app, page(data), person=2)
    nobody = {"user": "", "ignore_auth": False}
    with pytest.raises(tk.NotAuthorized):
        helpers.call_action("satudata_usage_show", dict(nobody), id=data["id"])
    for more in ({}, {"group": "organization"}, {"id": data["id"]}, {"group": "file"}):
        assert helpers.call_action("satudata_usage_list", dict(nobody), **more)["count"] == 0
    walidata = {"user": factories.Sysadmin()["name"], "ignore_auth": False}
    assert helpers.call_action("satudata_usage_list", walidata)["total"]["views"] == 1


def test_a_purged_dataset_leaves_its_number_and_not_its_name(app: Any) -> None:
    data = published(title="Data salah terbit")
    ask(app, page(data))
    ask(app, page(data), person=2)
    assert figures(data) == (2, 0, 0, 0)
    signals.ended.send(data["id"], actor=None)  # as the purge does, in its transaction
    model.Session.commit()
    overseer = {"user": factories.Sysadmin()["name"], "ignore_auth": False}
    assert helpers.call_action("satudata_usage_list", dict(overseer))["count"] == 0
    (line,) = helpers.call_action(
        "satudata_usage_list", dict(overseer), group="organization_month")["results"]
    assert line["views"] == 2 and line["organization"]["id"] == data["owner_org"]
    assert data["id"] not in set(model.Session.scalars(sa.select(Usage.package_id)))


def test_the_page_and_the_tables_say_the_same(app: Any, data: Data) -> None:
    empty = ask(app, "/pemakaian", agent=ROBOT)
    assert "Belum ada pemakaian di masa ini" in empty.text
    ask(app, page(data))
    ask(app, file(data))
    assert figures(data) == (1, 1, 0, 0)
    shown = ask(app, "/pemakaian", agent=ROBOT).text
    assert "Diunduh 1 kali, dilihat 1 kali." in shown and "Dinas Kesehatan" in shown
    assert "Diunduh 1 kali" in ask(app, page(data), agent=ROBOT).text
    for name, columns in (("instansi-bulan", 2), ("dataset", 3), ("berkas", 5)):
        rows = list(csv.reader(io.StringIO(
            ask(app, f"/pemakaian/{name}.csv", agent=ROBOT).text.lstrip("\ufeff"))))
        assert rows[0][columns:] == ["dilihat", "diunduh", "permintaan_api", "dipanen"]
        assert len(rows) == 2 and rows[1][columns + 1] == "1", rows
    assert ask(app, "/pemakaian/lain.csv").status_code == 404
    assert "bukan tanggal" in ask(app, "/pemakaian?mulai=kapan").text
    wrong = ask(app, "/pemakaian/dataset.csv?mulai=kapan")
    assert wrong.status_code == 400 and wrong.mimetype == "text/plain"
    assert ask(app, "/pemakaian/dataset.csv").content_type == "text/csv; charset=utf-8"
    later = helpers.call_action("satudata_usage_list", since="2100-01-01")
    assert later["count"] == 0


def test_the_command_writes_the_tables_of_all_data(app: Any, cli: Any, data: Data) -> None:
    ask(app, page(data))
    assert cli.invoke(ckan, ["satudata", "usage", "settle"]).exit_code == 0
    model.Session.execute(sa.update(model.Package).where(
        model.Package.id == data["id"]).values(private=True))
    model.Session.commit()
    done = cli.invoke(ckan, ["satudata", "usage", "export", "dataset"])
    assert done.exit_code == 0, done.output
    assert f"Dinas Kesehatan,{data['name']},{data['title']},1,0,0,0" in done.output
    assert cli.invoke(ckan, ["satudata", "usage", "export", "--since", "kapan"]).exit_code == 1


@pytest.mark.parametrize("way", ["page", "file"])
def test_counting_asks_the_database_next_to_nothing(way: str, app: Any, data: Data) -> None:
    path = {"page": page, "file": file}[way](data)
    ask(app, path, person=9)  # what is read once by each process
    with listened() as robot:
        ask(app, path, agent=ROBOT)
    with listened() as person:
        ask(app, path, person=8)
    assert len(person) - len(robot) <= (1 if way == "file" else 0), person
