"""Deletes what was chosen: first what the database holds, then tables, then stored bytes.

Each step may be done twice: a process that died goes on where it stopped, and what cannot be
deleted now (a storage that is away) is tried again and told meanwhile. Bytes that another dataset
refers to stay, and the report names it: they leak there as well.
"""
from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.lib import files
from ckanext.datastore.backend import postgres

from ckanext.satudata.domain import purging as rules
from ckanext.satudata.domain.purging import Kind
from ckanext.satudata.purging import content, pieces
from ckanext.satudata.purging.family import Family, family_of
from ckanext.satudata.purging.model import Purge
from ckanext.satudata.purging.others import holders
from ckanext.satudata.purging.service import tell
from ckanext.satudata.shared import blobs, outbox, scans
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.raw_files import behind
from ckanext.satudata.shared.signals import purging
from ckanext.satudata.shared.types import Purge as Order

__all__ = ["begin", "due", "finish", "run_due", "warn"]

log = logging.getLogger(__name__)

Report = dict[str, Any]


def run_due(now: dt.datetime) -> list[str]:
    """Delete whatever is due; return the ids of the plans that were worked on."""
    worked: list[str] = []
    for identifier in due(now):
        try:
            begin(identifier, now)
            finish(identifier, now)
        except Exception:  # one dataset must not keep the others from their day
            model.Session.rollback()
            log.exception("Deletion %s stopped; it is tried again", identifier)
            _put_off(identifier, now)
        worked.append(identifier)
    return worked


def due(now: dt.datetime) -> list[str]:
    """Return the plans whose time has come, or whose next try has."""
    found = list(model.Session.scalars(
        sa.select(Purge.id)
        .where(Purge.state.in_([each.value for each in rules.PLANNED]), Purge.due_at <= now,
               sa.or_(Purge.retry_at.is_(None), Purge.retry_at <= now))
        .order_by(Purge.due_at, Purge.id)))
    model.Session.rollback()
    return found


def warn(now: dt.datetime) -> list[str]:
    """Say a day before what will be deleted; return the ids of the plans told of."""
    soon = model.Session.scalars(
        sa.select(Purge).where(Purge.state == rules.State.TERJADWAL.value,
                               Purge.warned_at.is_(None))
        .with_for_update(skip_locked=True)).all()
    told: list[str] = []
    for each in soon:
        if not (each.explained_at and each.due_at
                and rules.warns(each.explained_at, each.due_at, now)):
            continue
        family = family_of(each.package_id)
        each.warned_at = now
        if family is not None:
            tell(each, family, "pemusnahan_besok", None, now)
        told.append(each.id)
    model.Session.commit()
    return told


def begin(identifier: str, now: dt.datetime) -> None:
    """Take what was chosen out of the database, in one commit, and note what is left to do."""
    with unit_of_work():
        purge = _locked(identifier)
        if purge.status is not rules.State.TERJADWAL:
            return  # begun before, or taken back
        family = family_of(purge.package_id)
        assert family is not None
        order = _order(purge, family)
        done = content.forget(purge, family, order)
        counts: dict[str, int] = dict(done.counts)
        made_of: set[str] = set()
        for _receiver, answer in purging.send(purge.package_id, what=order):
            made_of |= answer.blobs
            for word, number in answer.counts.items():
                counts[word] = counts.get(word, 0) + number
        purge.state = rules.State.BERJALAN.value
        purge.report = {
            "counts": {word: number for word, number in counts.items() if number},
            "tables": sorted(done.tables), "blobs": sorted(order.hashes), "derived":
            sorted(made_of), "letters": sorted(order.letters), "legacy": sorted(done.legacy),
            "left": done.left, "kept": [], "failed": [], "deleted": 0}
        outbox.put("indeks", f"indeks:musnah:{purge.id}", {"packages": sorted(order.packages)})


def _locked(identifier: str) -> Purge:
    found = model.Session.scalars(
        sa.select(Purge).where(Purge.id == identifier).with_for_update(),
        execution_options={"populate_existing": True}).one()
    return found


def _order(purge: Purge, family: Family) -> Order:
    taken = purge.chosen
    hashes = pieces.hashes(taken)
    drafts = frozenset(each for piece in taken if piece["kind"] == Kind.DRAF.value
                       for each in piece["resources"])
    return Order(
        packages=family.packages,
        numbers=frozenset(number for each in taken if each["kind"] != Kind.SURAT.value
                          for number in each["numbers"]),
        texts=frozenset(number for each in taken if each["kind"] == Kind.ISIAN.value
                        for number in each["numbers"]),
        # With the raw files of clean tables, which hold all that those leave out.
        hashes=hashes | behind(family.packages, hashes, drafts), letters=pieces.letters(taken),
        unhashed=frozenset(
            each for piece in taken if not piece["sha256"]
            and piece["kind"] in (Kind.TAUTAN.value, Kind.BERKAS.value)
            for each in piece["resources"]),
        drafts=drafts)


def finish(identifier: str, now: dt.datetime) -> None:
    """Delete tables and bytes; what fails is noted and tried again."""
    purge = _locked(identifier)
    if purge.status is not rules.State.BERJALAN:
        model.Session.rollback()
        return
    report: Report = dict(purge.report)
    package_id = purge.package_id
    model.Session.rollback()  # deleting may take long: nobody waits for the row
    failed: list[Report] = []
    kept: list[Report] = []
    deleted = report.get("deleted", 0)
    for table in report["tables"]:
        failed += _try("tabel", table, _drop_table)
    for each in report["legacy"]:
        failed += _try("berkas", each, _remove_legacy)
    stored = [(each, _remove, holders([each], _gone(package_id)))
              for each in (*report["blobs"], *report["derived"])]
    # A scan handed in anew since is a new one.
    stored += [(each, _remove_letter, holders([], (), [each]))
               for each in report.get("letters", ())]
    model.Session.rollback()
    for sha256, remove, held in stored:
        if held:
            kept.append({"sha256": sha256, "by": [each.id for each in held]})
            continue
        wrong = _try("berkas", sha256, remove)
        failed += wrong
        deleted += not wrong
    with unit_of_work():
        purge = _locked(identifier)
        family = family_of(package_id)
        assert family is not None
        first = not purge.report.get("failed")
        purge.report = {**report, "kept": kept, "failed": failed, "deleted": deleted}
        purge.attempts += 1
        if failed:
            purge.retry_at = rules.next_try(purge.attempts, now)
            if first:
                tell(purge, family, "pemusnahan_tertahan", None, now, data={"failed": failed})
            return
        purge.state, purge.finished_at, purge.retry_at = rules.State.SELESAI.value, now, None
        tell(purge, family, "dimusnahkan", None, now, data={
            **purge.report, "by": purge.explained_by,
            "chosen": [{name: each[name] for name in ("kind", "name", "numbers", "sha256")}
                       for each in purge.chosen if each["kind"] != Kind.ISIAN.value]})


def _gone(package_id: str) -> Collection[str]:
    """Return the packages whose reference does not count: the dataset and its copies, unless
    it is public again and so approved again."""
    family = family_of(package_id)
    assert family is not None
    return {each for each in family.packages if not content.is_public(each)}


def _try(kind: str, name: str, remove: Callable[[str], Any]) -> list[Report]:
    try:
        remove(name)
    except Exception as error:
        log.exception("%s %s could not be deleted", kind, name)
        return [{"kind": kind, "name": name, "error": f"{type(error).__name__}: {error}"[:500]}]
    return []


def _put_off(identifier: str, now: dt.datetime) -> None:
    with unit_of_work():
        purge = _locked(identifier)
        purge.attempts += 1
        purge.retry_at = rules.next_try(purge.attempts, now)


def _drop_table(name: str) -> None:
    with postgres.get_write_engine().begin() as connection:
        connection.execute(sa.text(f"DROP TABLE IF EXISTS {postgres.identifier(name)} CASCADE"))


def _remove(sha256: str) -> None:
    if not blobs.erase([sha256]) and blobs.exists(sha256):
        raise StillNeededError


def _remove_letter(sha256: str) -> None:
    if not scans.erase(sha256):
        raise StillNeededError


class StillNeededError(Exception):
    """An upload under way, or something else, counts on these bytes: later."""


def _remove_legacy(resource_id: str) -> None:
    place = files.Location(f"{resource_id[:3]}/{resource_id[3:6]}/{resource_id[6:]}")
    with suppress(files.exc.MissingFileError, FileNotFoundError):  # deleted by an earlier try
        blobs.storage().remove(files.FileData(place))


