"""Raw files as agencies hand them in, and their way into a draft, for tests."""
from __future__ import annotations

import datetime as dt
import hashlib
import io
import uuid
from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.tests import helpers
from ckanext.datastore.backend import postgres
from openpyxl import Workbook
from werkzeug.datastructures import FileStorage
from workflow_cast import Cast, Data, call

from ckanext.satudata.inspection import job, store, written
from ckanext.satudata.inspection.model import WAITING, Inspection
from ckanext.satudata.intake.model import Intake
from ckanext.satudata.purging import removal
from ckanext.satudata.shared import blobs, datastore, moment, outbox
from ckanext.satudata.shared.blob_ledger import Blob
from ckanext.satudata.shared.raw_files import CLEAN, TABLE

Rows = Sequence[Sequence[Any]]
#: Codes with zeros in front, Indonesian figures, a sum, a title and a source: what one gets.
VISITS: Rows = (
    ("KUNJUNGAN PUSKESMAS MENURUT KECAMATAN, 2025",),
    ("Kode Puskesmas", "Kecamatan", "Kunjungan"),
    ("0101", "Anyar", 1200), ("0102", "Cinangka", 800), ("0103", "Ciruas", 990),
    ("", "Jumlah", 2990),
    ("Sumber: Dinas Kesehatan",),
)
BEDS: Rows = (
    ("TEMPAT TIDUR PUSKESMAS, 2025",), ("Kode Puskesmas", "Kecamatan", "Tempat Tidur"),
    ("0101", "Anyar", 12), ("0102", "Cinangka", 8), ("0103", "Ciruas", 9),
)


def book(**sheets: Rows) -> bytes:
    """Return a workbook with these sheets."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def handed_in(package_id: str, content: bytes, name: str = "kunjungan 2025.xlsx") -> Data:
    """Keep a file as a setoran that waits; return what accepting needs to know of it."""
    sha256 = blobs.store(io.BytesIO(content))
    row = Intake(
        id=str(uuid.uuid4()), package_id=package_id, way="unggah", filename=name,
        size=len(content), sha256=sha256, sender={}, note="", recipe={}, state="menunggu",
        resources=[], created_at=moment.now())
    model.Session.add(row)
    model.Session.commit()
    return {"id": row.id, "sha256": sha256, "filename": name}


def accept(who: Data, content_id: str, intake: Data, **more: Any) -> list[str]:
    """Take it into a draft as ``satudata_intake_accept`` does; return ids of its files."""
    found = helpers.call_action(
        "satudata_tidy_accept", {"user": who["name"], "ignore_auth": False, "defer_commit": True},
        content_id=content_id, sha256=intake["sha256"], filename=intake["filename"], **more)
    row = model.Session.get(Intake, intake["id"])
    row.state, row.content_id, row.resources = "diterima", content_id, found["resources"]
    model.Session.commit()
    return found["resources"]


def waiting() -> list[str]:
    model.Session.rollback()
    return list(model.Session.scalars(
        sa.select(Inspection.id).where(Inspection.state.in_(WAITING))))


def work() -> None:
    """Do what workers do, until nothing is left."""
    for _ in range(5):
        outbox.drain(kinds=[written.KIND])
        for each in waiting():
            job.run(each)
        outbox.drain(kinds=[CLEAN, TABLE])


def shown(dataset: Data | str, who: Data | None = None) -> Data:
    identifier = dataset if isinstance(dataset, str) else dataset["id"]
    model.Session.rollback()
    return call("package_show", who, id=identifier) if who else tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False}, {"id": identifier})


def content(sha256: str) -> str:
    return b"".join(blobs.open(sha256)).decode()


def stored(resource: Data) -> str:
    """Return the bytes of a file as text, which are what its hash says."""
    text = content(resource["sha256"])
    assert hashlib.sha256(text.encode()).hexdigest() == resource["sha256"] == resource["hash"]
    assert len(text.encode()) == int(resource["size"])
    return text


def rows_of(resource_id: str, missing: bool = False) -> list[tuple[Any, ...]] | None:
    """Return what the datastore holds, whoever may read it; None where there may be no table."""
    if missing and not datastore.existing([resource_id]):
        return None
    with postgres.get_read_engine().connect() as connection:
        found = connection.exec_driver_sql(
            f"SELECT * FROM {postgres.identifier(resource_id)} ORDER BY _id").mappings().all()
    return [tuple(value for name, value in row.items() if name not in ("_id", "_full_text"))
            for row in found]


def types_of(resource_id: str) -> dict[str, str]:
    with postgres.get_read_engine().connect() as connection:
        return dict(connection.execute(sa.text(
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_name = :name AND column_name NOT IN ('_id', '_full_text')"),
            {"name": resource_id}).all())


def draft(cast: Cast, content: bytes, name: str = "kunjungan 2025.xlsx", **more: Any) -> Data:
    """Return a draft that took a raw file in, read to its end."""
    made = cast.make(resources=[], **more)
    accept(cast.produsen, made["id"], handed_in(made["id"], content, name))
    work()
    return shown(made)


def inspections(resource_id: str) -> Inspection | None:
    model.Session.rollback()
    return store.current(resource_id)


def file(content: bytes, name: str) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def publish(cast: Cast, identifier: str, **more: Any) -> None:
    cast.step(cast.produsen, identifier, "ajukan", **more)
    cast.through(identifier, ("walidata", "periksa"), ("walidata", "setujui"),
                 ("walidata", "terbitkan"))


def recipe(cast: Cast, dataset: Data, resource: Data, who: Data | None = None,
           **correction: Any) -> None:
    """Correct the reading of the table of a file as the page does."""
    who = who or cast.produsen
    known = call("satudata_recipe_show", who, id=dataset["id"])["recipe"]
    marks = _MARKS.setdefault(resource["id"], "")
    if not marks:
        row = inspections(resource["id"])
        assert row is not None and row.report is not None
        number = int(resource.get("mentah_tabel") or 1)
        marks = next(each["fingerprint"] for each in row.report["tables"]
                     if each["number"] == number)
        _MARKS[resource["id"]] = marks
    old = next((each for each in known["tables"] if each["fingerprint"] == marks),
               {"fingerprint": marks})
    others = [each for each in known["tables"] if each["fingerprint"] != marks]
    call("satudata_recipe_update", who, id=dataset["id"],
         recipe={"version": 1, "tables": [*others, {**old, **correction}]})


#: Of a file, the mark of its table's header, which a correction belongs to.
_MARKS: dict[str, str] = {}


def purge() -> None:
    """Let the days pass until what was chosen is deleted."""
    model.Session.execute(sa.update(Blob).values(
        touched_at=dt.datetime.now(dt.timezone.utc) - dt.timedelta(days=1)))
    model.Session.commit()
    removal.run_due(dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=8))
