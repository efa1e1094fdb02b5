"""Times handing in, of one CKAN in this process, and prints the figures as JSON.

Called as ``worker_intake.py INI table ROWS | recap UNITS | pages CALLS``, and with ``-stock``
behind the word for the stock CKAN's part. Times are milliseconds. Everything it made is removed at
the end, but for events, which nobody can remove.
"""
from __future__ import annotations

import csv
import io
import json
import logging
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any

from bench_inspection import SCHEMA, _rows, _text
from worker import dataset, publish, remove, timed
from worker_workflow import Times, Town, empty, fill

ROUNDS = 3
#: Records of one call, as CKAN's own loaders send them.
CHUNK = 5_000
TYPES = {"integer": "int", "year": "int", "number": "numeric", "date": "date"}
#: A sheet as villages write them: a title, a dash to be asked about, a sum.
SHEET = b"KUNJUNGAN\n\nKecamatan;Kunjungan\nAnyar;1.204\nCinangka;-\nPontang;98\nJumlah;1.302\n"
MANY = 50


def _upload(content: bytes, name: str = "laporan.csv") -> Any:
    from werkzeug.datastructures import FileStorage

    return FileStorage(io.BytesIO(content), filename=name)


def _work(name: str = "") -> None:
    """Do what workers do: read what waits (of this name), make its clean tables."""
    import sqlalchemy as sa
    from ckan import model

    from ckanext.satudata.inspection import job, written
    from ckanext.satudata.inspection.model import WAITING, Inspection
    from ckanext.satudata.shared import outbox
    from ckanext.satudata.shared.raw_files import CLEAN, TABLE

    outbox.drain(kinds=[written.KIND])
    for each in model.Session.scalars(sa.select(Inspection.id).where(
            Inspection.state.in_(WAITING), Inspection.resource_id.contains(name))).all():
        job.run(each)
    outbox.drain(kinds=[CLEAN, TABLE])
    model.Session.remove()


def table(town: Town, count: int) -> Times:
    """Hand in a table: read it, take it into a draft, load it."""
    from ckanext.satudata.shared import datastore

    town.grant()
    times: Times = {}
    with tempfile.TemporaryDirectory() as folder:
        content = _text(Path(folder) / "tabel.csv", _rows(count, 0)).read_bytes()
    for number in range(ROUNDS + 1):
        made = town.draft()
        for each in made["resources"]:
            town.call("resource_delete", id=each["id"])
        own: Times = {}
        sent = timed(own.setdefault("kept", []), lambda made=made: town.call(
            "satudata_intake_create", "opd", id=made["id"], upload=_upload(content)))
        timed(own.setdefault("read", []), lambda sent=sent: _work(sent["id"]))
        taken = timed(own.setdefault("accepted", []), lambda sent=sent: town.call(
            "satudata_intake_accept", "opd", id=sent["id"]))
        timed(own.setdefault("loaded", []), _work)
        if not datastore.existing(taken["resources"]):
            raise SystemExit("The table was not loaded")
        for name, values in own.items() if number else ():  # the first is warm-up
            times.setdefault(name, []).extend(values)
        remove(made["id"])
    times["in all"] = [sum(values) for values in zip(*times.values(), strict=True)]
    times["in all, not read"] = [
        whole - read for whole, read in zip(times["in all"], times["read"], strict=True)]
    return times


def table_stock(town: Town, count: int) -> Times:
    """Publish the same file and load it as CKAN's documentation says."""
    times: Times = {}
    with tempfile.TemporaryDirectory() as folder:
        path = _text(Path(folder) / "tabel.csv", _rows(count, 0))
        content = path.read_bytes()
        fields = [{"id": each["name"], "type": TYPES.get(each["type"], "text")}
                  for each in SCHEMA["fields"]]
        for number in range(ROUNDS + 1):
            made = town.call("package_create", **{**dataset("stock", town.opd), "resources": []})
            own: Times = {}
            resource = timed(own.setdefault("kept", []), lambda made=made: town.call(
                "resource_create", package_id=made["id"], name="Tabel", url="tabel.csv",
                upload=_upload(content, "tabel.csv"), format="CSV"))

            def load(resource: Any = resource) -> None:
                with path.open(newline="", encoding="utf-8") as stream:
                    rows = list(csv.DictReader(stream))
                for first in range(0, count, CHUNK):
                    town.call("datastore_create", resource_id=resource["id"], force=True,
                              fields=fields, records=rows[first:first + CHUNK],
                              calculate_record_count=first + CHUNK >= count)

            timed(own.setdefault("loaded", []), load)
            for name, values in own.items() if number else ():
                times.setdefault(name, []).extend(values)
            town.call("datastore_delete", resource_id=resource["id"], force=True)
            remove(made["id"])
    times["in all"] = [sum(values) for values in zip(*times.values(), strict=True)]
    return times


def recap(town: Town, count: int) -> Times:
    """Ask many units; look at the board and join what all of them sent."""
    town.grant()
    made = town.draft()
    for each in made["resources"]:
        town.call("resource_delete", id=each["id"])
    times: Times = {}
    try:
        units = [{"code": f"P{number:04d}", "name": f"Puskesmas {number}"}
                 for number in range(1, count + 1)]
        begun = timed(times.setdefault("links made", []), lambda: town.call(
            "satudata_recap_create", "opd", id=made["id"], title="Stunting 2025",
            unit_kind="Puskesmas", units=units))
        _sent(town, begun)
        for _ in range(ROUNDS):
            timed(times.setdefault("board", []), lambda: town.call(
                "satudata_recap_show", "opd", id=begun["id"]))
            timed(times.setdefault("preview", []), lambda: town.call(
                "satudata_recap_merge", "opd", id=begun["id"], dry_run=True))
        for _ in range(ROUNDS):
            town.model.Session.remove()
            done = timed(times.setdefault("joined", []), lambda: town.call(
                "satudata_recap_merge", "opd", id=begun["id"]))
            if done["received"] != count:
                raise SystemExit(f"{done['received']} of {count} units were joined")
    finally:
        remove(made["id"])
    return times


def _sent(town: Town, begun: dict[str, Any]) -> None:
    """Put there what units sent, read and accepted, without handing it in one by one."""
    import datetime as dt
    import hashlib

    from bench_intake import PART_FIELDS, part_rows

    from ckanext.satudata.inspection.model import Inspection
    from ckanext.satudata.intake.model import Intake
    from ckanext.satudata.shared import blobs

    now = dt.datetime.now(dt.timezone.utc)
    schema = json.dumps({"fields": PART_FIELDS, "missingValues": [""]}).encode()
    schema_at = blobs.store(io.BytesIO(schema))
    for number, unit in enumerate(begun["units"]):
        clean = blobs.store(io.BytesIO(part_rows(number).encode()))
        mine = str(uuid.uuid4())
        common = {"package_id": begun["package_id"], "sha256": clean, "created_at": now}
        town.model.Session.add(Intake(
            id=mine, way="tautan", filename="laporan.csv", size=100, sender={}, note="", recipe={},
            state="diterima", link_id=unit["link_id"], resources=[], decided_at=now, **common))
        town.model.Session.add(Inspection(
            id=hashlib.sha256(mine.encode()).hexdigest(), content_id=f"setoran/{mine}",
            resource_id=f"setoran/{mine}", key=mine, engine="ukur", asked={"name": "laporan.csv"},
            state="selesai", report={"tables": [{"number": 1, "questions": []}]},
            files={"tabel-1.csv": clean, "skema-1.json": schema_at}, asked_at=now,
            finished_at=now, **common))
    town.model.Session.commit()


def pages(town: Town, calls: int) -> Times:
    """Open the pages of handing in, as an officer and as somebody with a link."""
    from ckanext.satudata.domain.intake.links import hash_of, new_receipt

    town.grant()
    fill(town, 4_000)  # a hundred of this OPD
    made = town.draft()
    for each in made["resources"]:
        town.call("resource_delete", id=each["id"])
    times: Times = {}
    try:
        taken = town.call("satudata_intake_create", "opd", id=made["id"], accept=True,
                          upload=_upload(SHEET))
        _work()
        paths: list[str] = []
        for several in (0, 1, MANY):
            link, receipt = town.call(
                "satudata_upload_link_create", "opd", id=made["id"]), new_receipt()
            for _ in range(several):
                town.call("satudata_intake_create", id=made["id"], way="tautan",
                          link_id=link["id"], receipt_sha256=hash_of(receipt),
                          upload=_upload(SHEET))
                _work()
            paths.append(f"/setor/{link['url'].rsplit('/', 1)[-1]}"
                         f"{f'/{receipt}' if several else ''}")
        name = made["name"]
        for key, by, path in (
                ("/kirim", "opd", "/kirim"), ("/kirim/baru", "opd", "/kirim/baru"),
                ("/kirim/<id>", "opd", f"/kirim/{made['id']}"),
                ("what was read", "opd", town.tk.url_for(
                    "satudata_inspection.show", id=name, resource_id=taken["resources"][0])),
                ("/kirim/<id>/ajukan", "opd", f"/kirim/{made['id']}/ajukan"),
                ("/setor/<token>", "", paths[0]), ("/setor, sent 1", "", paths[1]),
                (f"/setor, sent {MANY}", "", paths[2])):
            _visit(town, by, path, calls, times.setdefault(key, []))
    finally:
        empty(town)
        remove(made["id"])
    return times


def pages_stock(town: Town, calls: int) -> Times:
    """Open the page of a dataset."""
    made = town.call("package_create", **dataset("stock", town.opd))
    publish("stock", made["id"], town.site)
    times: Times = {}
    _visit(town, "", f"/dataset/{made['name']}", calls, times.setdefault("dataset page", []))
    remove(made["id"])
    return times


def _visit(town: Town, by: str, path: str, calls: int, times: list[float]) -> None:
    """Open a page in a thread of its own, where nobody is logged in yet."""
    from concurrent.futures import ThreadPoolExecutor

    def visit() -> None:
        client, address = town.app.test_client(), town.tk.config["ckan.site_url"]
        if by:
            with client.session_transaction(base_url=address) as session:
                session["_user_id"], session["_fresh"] = town.people[by]["id"], True
        for number in range(calls + 3):
            answer = timed(times, lambda: client.get(path, base_url=address))
            if answer.status_code != 200:
                raise SystemExit(f"{path} answered {answer.status_code}")
            if number < 3:
                times.clear()

    with ThreadPoolExecutor(1) as apart:
        apart.submit(visit).result()


def main(ini: str, what: str, value: str) -> Times:
    """Measure one thing in the installation of an ini file."""
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    flask_app: Any = make_app(CKANConfigLoader(ini).get_config())._wsgi_app
    logging.disable(logging.INFO)
    with flask_app.test_request_context():
        return {"table": table, "table-stock": table_stock, "recap": recap, "pages": pages,
                "pages-stock": pages_stock}[what](Town(flask_app), int(value))


if __name__ == "__main__":
    print("RESULT " + json.dumps(main(*sys.argv[1:4])))
