"""What was handed in must be what is there when it is approved, and when it becomes public.

From ``ajukan`` on the guards let nobody write, but code that goes past CKAN's actions and an
operator in psql ask no guard. So a hash is taken of what is stored and decided, and asked again.
Not of what is shown: names of organizations, titles of licences, addresses of this site and what
plugins add to an answer change while data waits, and nobody inspects those.

Tables are part of it, those beside a file as well. To read all their rows takes long, so a mark
of each that PostgreSQL changes with every write (:func:`..shared.table_rows.marks`) is asked first.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.errors import ContentChangedError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.versions.fields import GIVEN_TO_FILE, NOT_SAID
from ckanext.satudata.domain.workflow import State
from ckanext.satudata.shared import datastore, table_rows
from ckanext.satudata.shared.audit import Event, record
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.withheld import put_back
from ckanext.satudata.workflow.errors import explain
from ckanext.satudata.workflow.model import Submission
from ckanext.satudata.workflow.switch import datastore_answers

__all__ = ["CHANGED", "close", "content_hash", "demand", "keep_rows", "note"]

#: Kind of the event: somebody came to decide, and something else was there.
CHANGED = "isi_berubah"
#: Says how a hash was made. One of another making is asked for nothing: change this whenever the
#: same data would get another hash, by this module or by a migration that rewrites stored values.
_MAKING = "4:"
_OF_DATASET = ("type", "owner_org", "title", "notes", "url", "version", "author", "author_email",
               "maintainer", "maintainer_email", "license_id", "extras")
_OF_FILE = ("id", "name", "description", "format", "url", "url_type", "resource_type", "mimetype",
            "size", "hash", "extras")

_WHY = N_(
    "Isinya bukan lagi yang dikirim untuk diperiksa: {what} diubah di luar alur ini. Tekan "
    "“{mend}” supaya instansi memeriksa isinya dan mengirim lagi, dan beri tahu pengelola portal.")
_ROWS, _REST = N_("baris tabelnya"), N_("metadata atau berkasnya")
_RETURN, _CANCEL = N_("Kembalikan"), N_("Batalkan persetujuan")


def keep_rows(submission: Submission, files: bool = True) -> None:
    """Keep the rows of tables as they are handed in.

    :param files: of those beside files as well
    :raises StateConflictError: the datastore does not answer
    :raises ValidationError: the storage of files is full or away, in words
    """
    stored = _stored(submission.content_id)
    with datastore_answers(submission):
        # Marks first: what is written between the two is found by reading the rows again.
        submission.marks = table_rows.marks(stored, files)
        submission.snapshots = table_rows.snapshots(stored, files)


def close(submission: Submission) -> None:
    """Write down what is handed in, whose rows were kept."""
    submission.content_hash = content_hash(submission.content_id, submission.snapshots)


def demand(submission: Submission) -> None:
    """Let pass what is still as it was handed in.

    :raises ContentChangedError: saying what is not, and how to mend it
    :raises StateConflictError: the datastore does not answer
    """
    before = submission.content_hash or ""
    if not before.startswith(_MAKING):
        return
    stored, kept = _stored(submission.content_id), submission.snapshots or {}
    with datastore_answers(submission):
        untouched = table_rows.marks(stored) == (submission.marks or {})
        rows = kept if untouched else table_rows.digests(stored)
    found = _hash(stored, rows)
    if found != before:
        approved = submission.status is State.DISETUJUI
        raise ContentChangedError(
            _WHY, submission.state, found, what=_REST if rows == kept else _ROWS,
            mend=_CANCEL if approved else _RETURN)


def note(submission_id: str, step: str, actor: str, error: ContentChangedError) -> None:
    """Put on record who met what else, in a transaction of its own; once for the same."""
    with unit_of_work():
        last = model.Session.scalars(
            sa.select(Event).where(Event.submission_id == submission_id)
            .order_by(Event.id.desc()).limit(1)).first()
        if last is not None and (last.kind, last.content_hash) == (CHANGED, error.found):
            return
        submission = model.Session.get(Submission, submission_id)
        assert submission is not None
        record(CHANGED, actor=actor or None, submission_id=submission.id,
               package_id=submission.package_id, note=explain(error), content_hash=error.found,
               version=submission.version,
               data={"step": step, "handed_in": submission.content_hash})


def content_hash(
    package_id: str, rows: Mapping[str, str] | None = None, files: bool = True
) -> str:
    """Return the hash of what a dataset says, of its files and rows, whatever its ids.

    :param rows: hashes of the rows of its tables; without, they are read
    :param files: of those beside files as well
    """
    stored = _stored(package_id)
    return _hash(stored, table_rows.digests(stored, files) if rows is None else rows)


def _hash(stored: Mapping[str, Any], rows: Mapping[str, str]) -> str:
    said = {**_said(stored, NOT_SAID), "resources": [
        _said({**each, "rows": rows.get(each["id"]) or rows.get(table_rows.beside(each["id"]))},
              GIVEN_TO_FILE)
        for each in stored.get("resources", [])]}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    return _MAKING + hashlib.sha256(text.encode()).hexdigest()


def _said(stored: Mapping[str, Any], given: frozenset[str]) -> dict[str, Any]:
    """Leave out what the portal gave and what is empty, however that is written."""
    return {name: value for name, value in stored.items()
            if name not in given and value not in (None, "", [], {})}


def _stored(package_id: str) -> dict[str, Any]:
    """Return a dataset's own fields as the database holds them now, whatever this session knows."""
    package, resource = model.Package.__table__, model.Resource.__table__
    tags = (
        sa.select(sa.func.array_agg(model.Tag.name))
        .join(model.PackageTag, model.PackageTag.tag_id == model.Tag.id)
        .where(model.PackageTag.package_id == package_id, model.PackageTag.state == "active"))
    found = model.Session.execute(sa.select(
        *(package.c[name] for name in _OF_DATASET), package.c.private,
        tags.scalar_subquery().label("tags")).where(package.c.id == package_id)).first()
    if found is None:
        return {}
    files = model.Session.execute(sa.select(
        *(resource.c[name] for name in _OF_FILE))
        .where(resource.c.package_id == package_id, resource.c.state == "active")
        .order_by(resource.c.position))
    stored = {**_flat(found), "tags": sorted(found.tags or []),
              "resources": [_file(_flat(each)) for each in files]}
    # Addresses are withheld of what is public alone.
    return stored if found.private else put_back(stored)


def _flat(row: Any) -> dict[str, Any]:
    fields = row._asdict()
    return {**fields, **(fields.pop("extras") or {})}


def _file(fields: dict[str, Any]) -> dict[str, Any]:
    if fields["url_type"] in datastore.TABLE_ONLY:
        fields["url"] = ""  # an address of ours
    return fields
