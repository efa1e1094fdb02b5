"""Times versions in one CKAN in this process and prints the figures as JSON.

Called as ``worker_versions.py INI switch ROWS | stop ROWS | reads CALLS | copy ROWS``. Times are
milliseconds. Everything it made is removed at the end, but for events, which nobody can remove.
"""
from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from worker import remove, timed
from worker_workflow import Times, Town

ROUNDS = 8
FIELDS = [{"id": "kode_wilayah", "type": "text"}, {"id": "kecamatan", "type": "text"},
          {"id": "tahun", "type": "int"}, {"id": "jumlah", "type": "numeric"}]


class Published:
    """A public dataset with a table of some rows beside two files."""

    def __init__(self, town: Town, rows: int) -> None:
        from ckan import model
        from ckanext.datastore.backend import postgres
        from sqlalchemy import text

        from ckanext.satudata.shared.doors import existing_published

        town.grant()
        self.town, self.model = town, model
        made = town.draft()
        self.id = made["id"]
        self.table = town.call(
            "datastore_create", resource={"package_id": self.id, "name": "Baris", "format": "CSV"},
            fields=FIELDS, primary_key=["kode_wilayah", "tahun"])["resource_id"]
        with postgres.get_write_engine().begin() as connection:
            connection.execute(text(
                f'INSERT INTO "{self.table}" (kode_wilayah, kecamatan, tahun, jumlah) '
                "SELECT '36.04.' || n, 'Kecamatan ' || n % 997, 2020 + n % 6, n * 1.5 "
                "FROM generate_series(1, :rows) n"), {"rows": rows})
        town.call("resource_delete", id=made["resources"][0]["id"])  # three in all
        existing_published(self.id, town.site)

    def revise(self) -> tuple[str, dict[str, str]]:
        """Begin a version; return its submission and the copy's resource of each published one."""
        started = self.town.call("satudata_revision_start", "opd", id=self.id)
        return started["submission"]["id"], {
            each["asal_resource_id"]: each["id"] for each in started["resources"]}

    def approve(self, submission: str) -> int:
        """Bring a version to where it can be published; return the number to name then."""
        from ckanext.satudata.workflow import seal
        from ckanext.satudata.workflow.model import Submission

        self.model.Session.remove()
        found = self.model.Session.get(Submission, submission)
        found.state = "disetujui"
        seal.keep_rows(found)
        seal.close(found)
        self.model.Session.commit()
        return found.version

    def write(self, copy: str, number: int) -> None:
        self.town.call("datastore_upsert", "opd", resource_id=copy, records=[
            {"kode_wilayah": "36.04.1", "kecamatan": "Anyar", "tahun": 2021, "jumlah": number}])


@contextmanager
def watched(opened: list[float]) -> Iterator[None]:
    """Collect how long the journal is open: readers of the table are told to wait meanwhile."""
    from ckanext.satudata.shared import outbox
    from ckanext.satudata.workflow import service

    settle, work, began = service.settle, outbox._do, [0.0]

    def settled(keys: list[str]) -> None:
        began[0] = time.perf_counter()
        settle(keys)

    def worked(numbers: list[int], kind: str, *more: Any) -> int:
        done = work(numbers, kind, *more)
        if kind == "tabel":
            opened.append(1000 * (time.perf_counter() - began[0]))
        return done

    with mock.patch.object(service, "settle", settled), mock.patch.object(outbox, "_do", worked):
        yield


def switch(town: Town, rows: int) -> Times:
    """Publish a version whose table has one other row, again and again."""
    public = Published(town, rows)
    times: Times = {}
    try:
        for number in range(ROUNDS + 1):
            submission, copies = public.revise()
            own: list[float] = []
            timed(own, lambda copies=copies, number=number: public.write(
                copies[public.table], number))
            seen = public.approve(submission)
            opened: list[float] = []
            took: list[float] = []
            with watched(opened):
                timed(took, lambda submission=submission, seen=seen: town.call(
                    "satudata_submission_transition", "walidata", id=submission,
                    transition="terbitkan", expected_version=seen))
            if number:  # the first is warm-up
                times.setdefault("switch, index included", []).extend(took)
                times.setdefault("switch, readers wait", []).extend(opened)
                times.setdefault("(first write to the copy)", []).extend(own)
    finally:
        remove(public.id)
    return times


def reads(town: Town, calls: int) -> Times:
    """Read as nobody, in turn with and without what versions add."""
    public = Published(town, 1000)
    times: Times = {}
    client = town.app.test_client()
    site = town.tk.config["ckan.site_url"]
    ways = {
        "page of a dataset": f"/dataset/{town.call('package_show', id=public.id)['name']}",
        "page of a file": f"/dataset/{public.id}/resource/{public.table}",
        "package_show": f"/api/3/action/package_show?id={public.id}",
        "datastore_search": f"/api/3/action/datastore_search?resource_id={public.table}",
    }
    try:
        for way, address in ways.items():
            def ask(way: str = way, address: str = address) -> None:
                if client.get(address, base_url=site).status_code != 200:
                    raise SystemExit(f"{way} was not answered")

            for number in range(calls + 3):
                timed(times.setdefault(way, []), ask)
                with unversioned():
                    timed(times.setdefault(f"{way} without versions", []), ask)
                if number < 3:
                    times[way].clear()
                    times[f"{way} without versions"].clear()
    finally:
        remove(public.id)
    return times


@contextmanager
def unversioned() -> Iterator[None]:
    """Take out what reading does for versions: one moment, the journal, the second look."""
    from ckanext.satudata.shared import snapshot
    from ckanext.satudata.tables import reading
    from ckanext.satudata.visibility import relationships

    with (mock.patch.object(snapshot, "begin"),
          mock.patch.object(relationships, "one_version",
                            lambda action, context, data: action(context, data)),
          mock.patch.object(relationships, "tell_truth"),
          mock.patch.object(reading, "open_resources", frozenset),
          mock.patch.object(reading, "_number", lambda _name: None),
          mock.patch.object(reading, "_same_since", lambda _name: lambda: True)):
        yield


def copy(town: Town, rows: int) -> Times:
    """Make the working copy's own table, and hand it in, at some size."""
    public = Published(town, rows)
    times: Times = {}
    try:
        _submission, copies = public.revise()
        timed(times.setdefault("first write to the copy", []),
              lambda: public.write(copies[public.table], 1))
        from ckanext.satudata.shared import table_rows

        shown = town.call("package_show", id=public.id)
        timed(times.setdefault("rows stored as a file", []),
              lambda: table_rows.snapshots(shown))
    finally:
        remove(public.id)
    return times


def stop(town: Town, rows: int) -> Times:
    """Press the red button and ask, as nobody, for everything there was until all of it is gone."""
    times: Times = {}
    client = town.app.test_client()
    site = town.tk.config["ckan.site_url"]
    for number in range(ROUNDS // 2 + 1):
        public = Published(town, rows)
        shown = town.call("package_show", id=public.id)
        addresses = [
            f"/dataset/{shown['name']}", f"/dataset/{public.id}.ttl",
            f"/api/3/action/package_show?id={public.id}",
            f"/api/3/action/datastore_search?resource_id={public.table}",
            f"/datastore/dump/{public.table}", f"/dataset/{shown['name']}/versi",
            f"/dataset/{shown['name']}/versi/1",
            *(each["url"].removeprefix(site) for each in shown["resources"]
              if each["url_type"] == "upload")]
        search = f"/api/3/action/package_search?fq=id:{public.id}"
        try:
            for address in addresses:
                if client.get(address, base_url=site).status_code != 200:
                    raise SystemExit(f"{address} was not there before")

            def press(public: Published = public, search: str = search,
                      addresses: list[str] = addresses) -> None:
                town.call("satudata_submission_transition", "walidata", id=public.id,
                          transition="tarik_darurat")
                while any(client.get(each, base_url=site).status_code == 200
                          for each in addresses):
                    pass
                while client.get(search, base_url=site).json["result"]["count"]:
                    pass

            timed(times.setdefault("tarik darurat, until all is gone", []), press)
            if not number:
                times.clear()
        finally:
            remove(public.id)
    return times


def main(ini: str, what: str, value: str) -> Times:
    """Measure one thing in the installation of an ini file."""
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    flask_app: Any = make_app(CKANConfigLoader(ini).get_config())._wsgi_app
    logging.disable(logging.INFO)
    if what in {"reads", "stop"}:
        with flask_app.test_request_context():
            town = Town(flask_app)
        return apart(lambda: {"reads": reads, "stop": stop}[what](town, int(value)))
    with flask_app.test_request_context():
        return {"switch": switch, "copy": copy}[what](Town(flask_app), int(value))


def apart(measure: Callable[[], Times]) -> Times:
    """Measure in a thread of its own: nobody is logged in there."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(measure).result()


if __name__ == "__main__":
    print("RESULT " + json.dumps(main(*sys.argv[1:4])))
