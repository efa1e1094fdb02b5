"""Makes inspections: by a worker; small files at once where somebody waits for the answer."""
from __future__ import annotations

import datetime as dt
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.inspection import findings, pace, setoran, store
from ckanext.satudata.inspection.family import Content, content_of_resource, shown_of
from ckanext.satudata.inspection.model import WAITING, Inspection
from ckanext.satudata.inspection.order import BESIDE, wanted
from ckanext.satudata.shared import blobs, moment, table_rows
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.family import lock_family
from ckanext.satudata.shared.raw_files import finish, raw_of, siblings
from ckanext.satudata.shared.scheduler import timed
from ckanext.satudata.shared.signals import inspected

__all__ = ["ask", "finish_now", "resume", "run"]

log = logging.getLogger(__name__)

#: Bytes up to which whoever hands in waits for the inspection.
SMALL = 5 * 1024 * 1024
#: Seconds they wait at most for all files together, and how many are made at once in a process.
WAIT, AT_ONCE = 20.0, 2
_LOOK = 0.2
#: Seconds of the processor for each of them; what is small may unpack to much, and is then left to
#: a worker.
PATIENCE = 20
#: After so long without a worker a large file is read by whoever hands it in.
NO_WORKER = dt.timedelta(minutes=5)
#: An inspection that broke its process so often is given up.
TRIES = 3
#: What a file is refused with for what it took.
_TOO_MUCH = frozenset({"too_slow", "too_much_memory"})
_ROOM = threading.BoundedSemaphore(AT_ONCE)


def ask(
    content: Content, shown: Mapping[str, Any] | None = None, again: bool = False,
    workers: bool = True,
) -> None:
    """Have every file of a version inspected that is not yet as it is now.

    :param workers: wake them; false for who goes on to :func:`finish_now`, which leaves them less
    :param again: those as well that we failed to inspect, and rows of tables without a file, which
        are read as they are now; too much for every single write
    """
    shown = shown or shown_of(content)
    rows = _rows(shown) if again else None
    asked = wanted(content, shown, rows)
    if again:
        resources = [each.resource_id for each in asked]
        if store.failed(resources) and pace.may_retry(content.package_id):
            store.begin_again(resources)
    if rows is not None:
        _forget_gone(content, shown, {each.resource_id for each in asked})
    for identifier in store.ensure(asked):
        _tell(identifier)
    if workers:
        _wake_for(content.content_id)


def _wake_for(content_id: str) -> None:
    for each in store.waiting(content_id):
        store.WORK.wake(run, each.id)


def _rows(shown: Mapping[str, Any]) -> dict[str, str] | None:
    """Keep the rows of resources whose table is the data; None where the datastore is down."""
    try:
        return table_rows.snapshots(shown)
    except sa.exc.OperationalError:  # nothing is handed in meanwhile: that asks for them, too
        log.warning("Rows could not be read for the inspection", exc_info=True)
        return None


def _forget_gone(content: Content, shown: Mapping[str, Any], read: set[str]) -> None:
    """Settle what was found in files that gave way to a link, and in tables that are no more."""
    files = {each["id"] for each in shown.get("resources") or []
             if each.get("url_type") == "upload"}
    gone = store.names(content.content_id) - read - files
    if gone:
        with unit_of_work():
            lock_family(content.package_id)
            for each in gone:
                inspected.send(content.content_id, resource_id=each, sha256="", notes=[])


def finish_now(content_id: str) -> None:
    """Make what a version still waits for, as far as somebody can wait for it.

    A portal whose worker is down must not keep an agency from handing in: small files are read
    here at once, larger ones when no worker took them for some minutes. Workers are woken for the
    others: starting a job takes one longer than most files do.
    """
    end = time.monotonic() + WAIT
    here: list[str] = []
    for each in store.waiting(content_id):
        if _now() - each.asked_at > NO_WORKER or _small(each.sha256):
            here.append(each.id)
        else:
            store.WORK.wake(run, each.id)
    for each in here:
        for _ in range(TRIES):  # one that breaks is given up here, too
            if time.monotonic() < end and _at_once(each):
                break
    _wake_for(content_id)
    # A worker may be at one of them, and is soon done with it.
    while time.monotonic() < end and any(
            _small(each.sha256) for each in store.waiting(content_id)):
        model.Session.rollback()
        time.sleep(_LOOK)
    finish(content_id)


def _at_once(identifier: str) -> bool:
    """Make an inspection here; tell whether another try is of no use."""
    if not _ROOM.acquire(blocking=False):  # others wait in this process: it serves pages too
        return True
    try:
        return run(identifier, PATIENCE)
    finally:
        _ROOM.release()


def _small(sha256: str) -> bool:
    try:
        return blobs.size(sha256) <= SMALL
    except blobs.BlobMissingError:
        return True  # which is quickly said


def _now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)


def run(identifier: str, patience: int | None = None) -> bool:
    """Make an inspection, unless it is made, not wanted any more, or another process is at it.

    :param patience: seconds after which it is left to a worker
    :returns: whether nothing is left to do here; one that failed is to be tried again
    """
    with store.worked_on(identifier) as held:
        if held is None:
            return True
        connection, row = held
        if not _is_wanted(row):
            store.drop(connection, identifier)
            return True
        if row["attempts"] >= TRIES:
            _give_up(identifier)
            return True
        store.note(connection, identifier, state="berjalan", progress=10)
        try:
            _make(row, patience, lambda percent: store.note(
                connection, identifier, progress=min(percent, 99)))
        except _TooMuchHereError:
            store.note(connection, identifier, state="antre", progress=0,
                       attempts=row["attempts"])
            store.WORK.wake(run, identifier)
        except Exception:
            model.Session.rollback()
            log.exception("The inspection %s failed", identifier)
            if row["attempts"] + 1 < TRIES:
                store.note(connection, identifier, state="antre", progress=0)
                return False
            _give_up(identifier)
        return True


def _give_up(identifier: str) -> None:
    """End an inspection that does not succeed: a person looks into the file, and says so."""
    with unit_of_work():
        found = _locked(identifier)
        if found is not None:
            found.state, found.finished_at = "gagal", moment.now()
            found.report, found.files, found.counts, found.scores = None, {}, {}, {}
            model.Session.flush()
            _send(found)


def _locked(identifier: str) -> Inspection | None:
    """Lock the dataset of an inspection and return it as it is now."""
    package_id = model.Session.scalar(
        sa.select(Inspection.package_id).where(Inspection.id == identifier))
    lock_family(package_id or "")
    return model.Session.get(Inspection, identifier, populate_existing=True)


def _is_wanted(row: Mapping[str, Any]) -> bool:
    """Tell whether an inspection is of the file that lies there now, in data that are not stopped.
    """
    newest = store.current(row["resource_id"])
    wanted_now = newest is None or newest.id == row["id"]
    try:
        return wanted_now and content_of_resource(row["resource_id"])[0].is_alive
    except tk.ObjectNotFound:
        return False
    finally:
        model.Session.rollback()


class _TooMuchHereError(Exception):
    """It takes longer than somebody can wait."""


def _make(row: Mapping[str, Any], patience: int | None, told: Callable[[int], None]) -> None:
    asked = row["asked"]
    with store.WORK.folder() as work:
        path, out = work / "berkas", work / "hasil"
        out.mkdir()
        if not _fetched(row["sha256"], path):
            raise FileNotFoundError(f"The file {row['sha256']} is not in the storage")
        asked = {**asked, "facts": _with_lists(asked["facts"], work), "dataset": row["package_id"]}
        report = _inspect(path, out, asked,
                          _previous(row, work), patience, told)
        if patience is not None and (report.get("refused") or {}).get("code") in _TOO_MUCH:
            raise _TooMuchHereError
        with unit_of_work():
            lock_family(row["package_id"])
            found = model.Session.get(Inspection, row["id"], populate_existing=True)
            if found is None or not _is_alive(found):  # stopped or purged meanwhile
                return
            found.report = {"titles": _titles(report), **report}
            found.files = {each.name: _stored(each) for each in sorted(out.iterdir())
                           if each.is_file() and each.name != "report.json"}
            found.counts = dict(report.get("counts") or {})
            found.scores = dict(report.get("scores") or {})
            found.state = "ditolak" if report.get("refused") else "selesai"
            found.progress, found.finished_at = 100, moment.now()
            model.Session.flush()
            _send(found)
            model.Session.execute(sa.delete(Inspection).where(
                Inspection.resource_id == found.resource_id, Inspection.id != found.id,
                Inspection.asked_at < found.asked_at))


def _with_lists(facts: Mapping[str, Any], work: Path) -> dict[str, Any]:
    """Return what checks ask for, with the published Data Induk that columns refer to as files."""
    lists: dict[str, Any] = {}
    for column, each in (facts.get("masters") or {}).items():
        path = work / f"induk-{each['sha256']}"
        if path.exists() or _fetched(each["sha256"], path):
            lists[column] = {**each, "path": str(path)}
    return {**facts, **({"masters": lists} if "masters" in facts else {})}


def _titles(report: Mapping[str, Any]) -> dict[str, str]:
    """Return what the checks that found something are called.

    Kept with the report, so that no page loads what the checks need.
    """
    codes = (report.get("counts") or {}).get("by_code") or {}
    if not codes or "titles" in report:
        return {}
    from ckanext.satudata.domain.inspection.checks import registry

    return {each.code: each.title for each in registry.all_checks() if each.code in codes}


def _inspect(
    path: Path, out: Path, asked: Mapping[str, Any], previous: Mapping[str, Any] | None,
    patience: int | None = None, told: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    from ckanext.satudata.domain.inspection import sandbox

    return sandbox.inspect(path, asked["name"], out, {
        "limits": {} if patience is None else {"seconds": patience},
        "settings": asked["recipe"], "facts": asked["facts"], "previous": previous,
        "schema": asked["schema"], "dataset": asked.get("dataset"),
        "tidy": asked.get("tidy", False)}, told)


def _fetched(sha256: str, path: Path) -> bool:
    try:
        blobs.fetch(sha256, path)
    except blobs.BlobMissingError:
        return False
    return True


def _stored(path: Path) -> str:
    with path.open("rb") as stream:
        return blobs.store(stream)


def _previous(row: Mapping[str, Any], work: Path) -> dict[str, Any] | None:
    """Return the table of the last release as files, read again from its file where need be."""
    if not row["asked"].get("previous"):
        return None
    sha256, name = row["asked"]["previous"]
    known = store.finished_like(row["package_id"], sha256)
    files = dict(known.files) if known is not None else {}
    model.Session.rollback()
    out = work / "terbit"
    out.mkdir()
    pair = out / "tabel-1.csv", out / "skema-1.json"
    if all(files.get(each.name) for each in pair):
        if all(_fetched(files[each.name], each) for each in pair):
            return _read(pair)
    elif _fetched(sha256, work / "lama"):
        _inspect(work / "lama", out, {**row["asked"], "name": name, "schema": None}, None)
        if all(each.exists() for each in pair):
            return _read(pair)
    return None


def _read(pair: tuple[Path, Path]) -> dict[str, Any]:
    return {"csv": str(pair[0]), "schema": json.loads(pair[1].read_text(encoding="utf-8"))}


def _tell(identifier: str) -> None:
    """Tell again what a finished inspection found, for it is of the file that lies there now."""
    with unit_of_work():
        found = _locked(identifier)
        if found is not None and found.state not in WAITING:
            _send(found)


def _is_alive(found: Inspection) -> bool:
    try:
        return content_of_resource(found.resource_id)[0].is_alive
    except tk.ObjectNotFound:
        return False


def _send(found: Inspection) -> None:
    try:
        _content, resource = content_of_resource(found.resource_id)
    except tk.ObjectNotFound:
        return  # the file is gone; its catatan went with it
    kind = str(resource.extras.get("jenis_berkas") or "")
    if found.resource_id != resource.id:
        kind = BESIDE
    notes = findings.unchecked() if found.state == "gagal" else findings.notes(
        found.report or {}, kind, found.asked["name"])
    raw = raw_of(resource.extras)
    if raw is not None:
        notes = findings.of_table(notes, raw.table, siblings(
            resource.package_id, resource.extras)[:1] == [raw.table])
    inspected.send(
        found.content_id, resource_id=found.resource_id, sha256=found.sha256, notes=notes)


@timed("satudata_pemeriksaan", dt.timedelta(minutes=1))
def resume(now: dt.datetime) -> None:
    """Ask for inspections again whose worker died or was never there."""
    for each in store.stuck(now - dt.timedelta(minutes=1)):
        store.WORK.wake(run, each)


@timed("satudata_pemeriksaan_lama", dt.timedelta(hours=6))
def forget_unneeded(now: dt.datetime) -> None:
    """Delete inspections of files that are gone, and what a killed worker left behind."""
    with unit_of_work():
        model.Session.execute(sa.delete(Inspection).where(
            Inspection.asked_at < now - dt.timedelta(days=1),
            sa.func.split_part(Inspection.resource_id, "/", 1).not_in(_alive()),
            Inspection.resource_id.not_in(setoran.kept())))
    store.WORK.sweep(now)


def _alive() -> Any:
    """Select the files of datasets that are there; a working copy that was discarded is not."""
    return (sa.select(model.Resource.id).join(
        model.Package, model.Package.id == model.Resource.package_id)
        .where(model.Resource.state == model.State.ACTIVE,
               model.Package.state != model.State.DELETED))
