"""No way to look at the portal gives bytes, rows or addresses of restricted files."""
from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan import plugins as p
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import _get_test_app
from ckanext.harvest.model import HarvestObject
from leak_world import Record, World, call, make
from restricted_ways import ELSEWHERE, EXTRA, HOST, SECRET, WAYS, Way
from restricted_world import DECIDED
from werkzeug.datastructures import FileStorage

SETTINGS = {
    "ckan.auth.public_activity_stream_detail": True,
    "ckan.auth.public_user_details": True,
    "ckanext.satudata.walidata": "kominfo",
    "ckan.datastore.sqlsearch.enabled": True,
}
#: Restricted since its second version; restricted from the first.
MARKS = ("zqlalu", "zqawal")
#: Tables that hold an address for us, and what CKAN keeps of working copies that are gone.
KEPT = {"satudata_withheld_url", "satudata_version", "satudata_version_file"}


@pytest.fixture(scope="module")
def world(
    reset_db_with_plugins: Any, reset_index: Any, reset_datastore: Any
) -> Iterator[World]:
    """The portal, made once: nobody who only looks changes it."""
    names = tk.config["ckan.plugins"]
    tk.config["ckan.plugins"] = [
        *(names.split() if isinstance(names, str) else names), "text_view", "resource_proxy",
        "datatables_view"]
    tk.config.update(SETTINGS)
    p.load_all()
    reset_db_with_plugins()
    reset_index()
    reset_datastore()
    world = World(_get_test_app())
    world.people()
    for mark in MARKS:
        world.records[mark] = made = make(mark, world.org, world.author)
        hide_in(world, made, DECIDED if mark == "zqawal" else {})
        world.bring(made, "terbit")
    world.anchor = world.records["zqawal"]
    restrict(world, world.records["zqlalu"])
    for record in world.records.values():
        record.package = call("package_show", world.admin, id=record.id)
        call("follow_dataset", world.stranger, id=record.id)
    world.harvesting()
    for record in world.records.values():
        harvested = model.Session.get(HarvestObject, record.harvested)
        harvested.content = json.dumps({"url": ELSEWHERE})
    model.Session.commit()
    yield world
    model.Session.remove()
    p.unload_all()


def hide_in(world: World, record: Record, fields: dict[str, Any]) -> None:
    """Give a draft a file, a table and an address that nobody is to see."""
    author = world.author
    upload = FileStorage(io.BytesIO(f"nama\n{SECRET}\n".encode()), filename="penerima.csv")
    record.file = call("resource_create", author, package_id=record.id, name="Tabel",
                       format="CSV", upload=upload)
    call("datastore_create", author, resource_id=record.file["id"], force=True,
         fields=[{"id": "nama", "type": "text"}], records=[{"nama": SECRET}],
         aliases=[f"{record.mark}_rahasia"])
    record.view = call("resource_view_create", author, resource_id=record.file["id"],
                       view_type="datatables_view", title="Tabel")
    call("resource_create", author, package_id=record.id, name="Tempat lain", format="CSV",
         url=ELSEWHERE, access_url=f"https://{HOST}.example.org/")
    if fields:
        call("package_patch", author, id=record.id, **fields)


def restrict(world: World, record: Record) -> None:
    """Restrict what was open, by a revision that changes nothing else."""
    copy = call("satudata_revision_start", world.author, id=record.id, note="")["id"]
    call("package_patch", world.author, id=copy, **DECIDED)
    for transition in ("ajukan", "periksa", "setujui", "terbitkan"):
        world.step(record, transition)


@pytest.fixture(autouse=True)
def settings(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set again what CKAN puts back before each test."""
    for key, value in SETTINGS.items():
        monkeypatch.setitem(tk.config, key, value)


@pytest.mark.parametrize(("way", "who"), [
    *((way, "stranger") for way in WAYS),
    *((way, "anonymous") for way in EXTRA),
], ids=lambda value: getattr(value, "name", value))
def test_restricted_files_show_nothing(world: World, way: Way, who: str) -> None:
    user = None if who == "anonymous" else world.stranger
    for record in world.records.values():
        answer = way.look(world, record, user)
        assert not answer.startswith("500"), answer
        # A small table is guessed, and the guess proved by its hash; "the file by its hash" asks.
        hidden = () if "by its hash" in way.name else (record.file["sha256"],)
        for word in (SECRET, *hidden, *(() if HOST in way.name else (HOST,))):
            assert word not in answer, answer[max(0, answer.index(word) - 300):][:500]


#: Ways that give bytes, rows or an address to who may open the files: the others prove nothing.
OPEN_TO_THE_OPD = {
    "datastore_search": SECRET, "/datastore/dump/ID": SECRET, "dump by alias": SECRET,
    "dump xml": SECRET, "rows by alias": SECRET, "rows as csv": SECRET, "sql": SECRET,
    "sql below": SECRET, "datatables": SECRET, "download without name": SECRET,
    "download as a kegiatan": SECRET, "download as a source": SECRET,
    "download in English": SECRET, "files of versions": SECRET, "berkas": HOST,
    "download of a link": HOST, "harvest_object_show": HOST,
}


@pytest.mark.parametrize(("name", "word"), OPEN_TO_THE_OPD.items())
def test_its_opd_opens_them(world: World, name: str, word: str) -> None:
    way = next(each for each in WAYS if each.name == name)
    for record in world.records.values():
        assert word in way.look(world, record, world.author)


def test_the_database_holds_an_address_only_where_nobody_reads_it(world: World) -> None:
    """Every table of CKAN and ours, every row: whatever shows it one day shows it from here."""
    public = {record.id for record in world.records.values()}
    with model.ensure_engine().connect() as connection:
        tables = connection.execute(sa.text(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        for table in set(tables) - KEPT:
            for row in connection.execute(sa.text(
                    f'SELECT row_to_json(t)::text FROM "{table}" t '
                    "WHERE row_to_json(t)::text LIKE :word"), {"word": f"%{HOST}%"}).scalars():
                if table == "harvest_object":
                    continue
                assert table in ("resource", "activity"), (table, row)
                of = json.loads(row)
                assert of.get("package_id", of.get("object_id")) not in public, row


def test_the_index_holds_none(world: World) -> None:
    found = make_connection().search("*:*", rows=1000, fl="*").docs
    assert found
    assert HOST not in json.dumps(found, default=str)
    assert SECRET not in json.dumps(found, default=str)
    for record in world.records.values():
        assert record.file["sha256"] not in json.dumps(found, default=str)


def test_restricting_takes_the_address_out_of_what_the_public_saw_before(world: World) -> None:
    """Followers were told of the open version; the activity stays, without the address."""
    record = world.records["zqlalu"]
    listed = call("package_activity_list", world.stranger, id=record.id)
    assert len([each for each in listed if "package" in each["activity_type"]]) >= 2
    shown = call("activity_show", world.stranger, id=listed[-1]["id"], include_data=True)
    assert shown["data"]["package"]["resources"][-1]["url"].endswith("/berkas")
