"""Clean tables in drafts, and the raw files they were made of.

A file that came through a setoran becomes one resource for each table in it: its bytes are the
clean CSV, and it remembers the raw file, which is what inspections, findings and corrections go on
about. Who reads a resource's fields asks here what they mean; only ``tidying/`` writes them.
"""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.domain.versions.fields import RAW
from ckanext.satudata.shared import blobs, outbox
from ckanext.satudata.shared.blob_ledger import reference, references
from ckanext.satudata.shared.types import ServerSet

__all__ = ["CLEAN", "FIELDS", "TABLE", "Raw", "behind", "finish", "forget", "made_of", "marks",
           "no_marks", "of_drafts", "of_published", "raw_of", "remember", "siblings",
           "unfinished"]

FIELDS = RAW
#: Kinds of outbox messages: a raw file was read, so its clean tables follow; the bytes of a clean
#: table are others now, so its table in the datastore follows.
CLEAN, TABLE = "rapikan", "tabel_rapi"
#: In the place of a table's number: none is there yet.
_WAITS = "0"
#: In the plugin's private data of a dataset.
_OURS, _MADE_OF = "satudata", "made_of"
#: Bytes of a clean table up to which whoever waits for it has it loaded at once.
SMALL = 5 * 1024 * 1024


@dataclass(frozen=True)
class Raw:
    """The raw file of a clean table.

    :ivar name: as it was handed in
    :ivar table: number of the table in it, from 1
    :ivar waits: the resource is still the raw file, until that is read; bytes do not tell, for a
        raw file may be its clean table
    """

    sha256: str
    name: str
    table: int
    waits: bool = False


def raw_of(fields: Mapping[str, Any] | None) -> Raw | None:
    """Return the raw file that a resource, shown or its extras, was made of."""
    given = fields or {}
    sha256 = given.get("mentah_sha256")
    if not isinstance(sha256, str) or not blobs.SHA256.fullmatch(sha256):
        return None
    number = str(given.get("mentah_tabel") or "")
    return Raw(sha256, str(given.get("mentah_nama") or "berkas"),
               int(number) if number.isdecimal() and number != _WAITS else 1, number == _WAITS)


def marks(raw: Raw) -> dict[str, ServerSet]:
    """Return the fields by which a resource remembers its raw file."""
    name = "".join(each if each.isprintable() else "_" for each in raw.name)[-200:]
    values = (raw.sha256, name, _WAITS if raw.waits else str(raw.table))
    return {name: ServerSet(value) for name, value in zip(FIELDS, values, strict=True)}


def no_marks() -> dict[str, ServerSet]:
    """Return the fields of a resource that is its own file from now on."""
    return {name: ServerSet("") for name in FIELDS}


def siblings(package_id: str, fields: Mapping[str, Any]) -> list[int]:
    """Return the numbers of the tables that a dataset holds of a resource's raw file, in order.

    :param fields: of the resource, its extras
    """
    mine = raw_of(fields)
    if mine is None:
        return []
    found = (raw_of(each) for each in model.Session.scalars(sa.select(model.Resource.extras).where(
        model.Resource.package_id == package_id,
        model.Resource.state == model.State.ACTIVE)))
    return sorted(each.table for each in found if each is not None and each.sha256 == mine.sha256)


def remember(package: model.Package, made: Mapping[str, str]) -> None:
    """Keep, shown to nobody, which raw file a published clean table was made of.

    :param made: hash of the clean table -> hash of its raw file
    """
    data = dict(package.plugin_data or {})
    data[_OURS] = {**data.get(_OURS, {}), _MADE_OF: {**made_of(package), **made}}
    package.plugin_data = data
    model.Session.flush()


def made_of(package: model.Package) -> dict[str, str]:
    """Return of published clean tables the raw files they were made of, by hash."""
    return dict(((package.plugin_data or {}).get(_OURS) or {}).get(_MADE_OF) or {})


def forget(package: model.Package, hashes: Collection[str]) -> None:
    """Forget what published tables were made of, of these hashes of either."""
    known = made_of(package)
    left = {clean: raw for clean, raw in known.items()
            if clean not in hashes and raw not in hashes}
    if left != known:
        data = dict(package.plugin_data or {})
        package.plugin_data = {**data, _OURS: {**data[_OURS], _MADE_OF: left}}
        model.Session.flush()


def behind(packages: Collection[str], hashes: Collection[str], drafts: Collection[str]) -> set[str]:
    """Return the raw files that clean tables were made of, in drafts or as they were published.

    :param packages: a dataset and its working copies
    :param hashes: of the clean tables; ``drafts``: ids of resources whatever their bytes
    """
    found: set[str] = set()
    for each in model.Session.scalars(
            sa.select(model.Package).where(model.Package.id.in_(packages))):
        found |= {raw for clean, raw in made_of(each).items() if clean in hashes}
    for each in model.Session.scalars(
            sa.select(model.Resource).where(model.Resource.package_id.in_(packages))):
        raw = raw_of(each.extras)
        if raw is not None and (
                each.id in drafts or (each.extras or {}).get("sha256") in hashes):
            found.add(raw.sha256)
    return found


@references
def of_drafts() -> sa.Select[Any]:
    """Raw files of clean tables that are drafts."""
    package, resource = model.Package.__table__, model.Resource.__table__
    # CKAN keeps a resource's own fields as text, a package's as JSONB.
    extras = sa.cast(sa.func.nullif(sa.type_coerce(resource.c.extras, sa.Text), ""), JSONB)
    return reference(
        extras[FIELDS[0]].astext, package.c.id, None, extras[FIELDS[1]].astext,
    ).select_from(resource.join(package, package.c.id == resource.c.package_id)).where(
        resource.c.state != model.State.DELETED, package.c.state != model.State.DELETED)


@references
def of_published() -> sa.Select[Any]:
    """Raw files of clean tables that were published, as it is remembered."""
    package = model.Package.__table__
    kept = sa.func.jsonb_each_text(sa.cast(package.c.plugin_data, JSONB)[
        (_OURS, _MADE_OF)]).table_valued("key", "value")
    return reference(kept.c.value, package.c.id).select_from(
        package.join(kept.lateral(), sa.true()))


def unfinished(content_id: str) -> list[outbox.Message]:
    """Return what is still to be done until the clean tables of a version are what they will be."""
    return list(model.Session.scalars(
        sa.select(outbox.Message).where(
            outbox.Message.done_at.is_(None), outbox.Message.kind.in_((CLEAN, TABLE)),
            outbox.Message.payload.contains({"content_id": content_id}))
        .order_by(outbox.Message.id)))


def finish(content_id: str) -> None:
    """Do now what is left for the clean tables of a version; large ones are left to a worker."""
    for kind in (CLEAN, TABLE):
        keys = [each.key for each in unfinished(content_id)
                if each.kind == kind and int(each.payload.get("bytes") or 0) <= SMALL]
        model.Session.rollback()
        _drain(keys)
    keys = list(model.Session.scalars(sa.select(outbox.Message.key).where(
        outbox.Message.done_at.is_(None), outbox.Message.kind == "indeks",
        outbox.Message.payload.contains({"packages": [content_id]}))))
    model.Session.rollback()
    _drain(keys)  # whoever took a file sees it in lists at once, as with any write of CKAN's


def _drain(keys: list[str]) -> None:
    if keys:
        outbox.drain(limit=len(keys), keys=keys, at_once=True)
