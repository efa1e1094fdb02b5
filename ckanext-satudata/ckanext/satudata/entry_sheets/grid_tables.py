"""The tables of a dataset that a grid can go on from: their columns, and rows as files say them.

A table is the clean CSV of a file: the file itself, or what the inspection made of it. Rows of
other rooms are read by name and never written here.
"""
from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain import metadata_columns
from ckanext.satudata.domain.intake import grid
from ckanext.satudata.domain.workflow import EDITABLE, OPEN, State
from ckanext.satudata.shared import blobs

__all__ = ["LARGEST", "Content", "Table", "content_of", "read", "rows_of", "tables_of"]

#: Bytes of a table that is read to begin a grid; what goes on from a larger one comes as a file.
LARGEST = 4_000_000
_LONGEST_SCHEMA = 500_000
_SUBMISSION = sa.table("satudata_submission", *(sa.column(each) for each in (
    "id", "package_id", "content_id", "state", "number", "created")))
_VERSION = sa.table("satudata_version", *(sa.column(each) for each in (
    "submission_id", "package_id", "purged_at")))
_FILE = sa.table("satudata_version_file", *(sa.column(each) for each in (
    "submission_id", "resource_id", "sha256")))
_INSPECTION = sa.table("satudata_inspection", *(sa.column(each) for each in (
    "package_id", "sha256", "state", "files", "finished_at", "stripped_at", "asked_at")))


@dataclass(frozen=True)
class Content:
    """The version of a dataset that is written or shown now.

    :ivar package_id: the dataset as the public knows it
    :ivar shown: the package that holds the version, as ``package_show`` gives it
    :ivar takes: whether what is handed in goes into the draft at once; ``is_public``: there is no
        draft yet
    """

    package_id: str
    shown: dict[str, Any]
    takes: bool
    is_public: bool


@dataclass
class Table:
    """A table of a file.

    :ivar sha256: of its CSV; empty where there are columns alone
    :ivar released: the file was published as it is
    :ivar rows: as the CSV says them; None where it is too large to read
    """

    resource_id: str
    name: str
    columns: list[grid.Column]
    sha256: str = ""
    released: bool = False
    rows: list[list[str]] | None = field(default_factory=list[list[str]])


def content_of(identifier: str) -> Content:
    """Return the version under way of a dataset, else the one that is public.

    :raises ObjectNotFound: there is no such dataset
    """
    package = model.Package.get(identifier)
    if package is None or package.state == model.State.DELETED:
        raise tk.ObjectNotFound(tk._("Dataset tidak ditemukan."))
    rows = model.Session.execute(
        sa.select(_SUBMISSION).where(sa.or_(_SUBMISSION.c.content_id == package.id,
                                            _SUBMISSION.c.package_id == package.id))
        .order_by(_SUBMISSION.c.number.desc(), _SUBMISSION.c.created.desc())).all()
    way = next((each for each in rows if State(each.state) in OPEN), None)
    shown = tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False},
        {"id": way.content_id if way is not None else package.id})
    return Content(rows[0].package_id if rows else package.id, shown,
                   way is None or State(way.state) in EDITABLE, way is None and bool(rows))


def tables_of(content: Content) -> list[tuple[str, str]]:
    """Return id and name of every file of a version that may be a table."""
    return [(each["id"], each.get("name") or tk._("Tanpa nama"))
            for each in content.shown.get("resources") or []
            if (each.get("jenis_berkas") or "data") == "data"]


def read(content: Content, resource_id: str) -> Table | None:
    """Return the table of a file, rows included; None where it has no table that is known.

    :param resource_id: of the version, or of the published file it stands for
    """
    resource = next((each for each in content.shown.get("resources") or []
                     if resource_id in (each["id"], each.get("asal_resource_id"))), None)
    if resource is None:
        return None
    made = _of_file(resource) or _of_inspection(content, resource)
    if made is None:
        columns = grid.columns_of({"fields": metadata_columns.columns(resource.get("skema"))})
        if not columns:
            return None
        made = Table(resource["id"], "", columns)
    made.name = resource.get("name") or ""
    made.released = _released(content, resource)
    return made


def _of_file(resource: Mapping[str, Any]) -> Table | None:
    columns = grid.columns_of({"fields": metadata_columns.columns(resource.get("skema"))})
    sha256 = str(resource.get("sha256") or "")
    if not columns or not sha256 or str(resource.get("format") or "").lower() != "csv":
        return None
    return _table(resource["id"], columns, sha256)


def _of_inspection(content: Content, resource: Mapping[str, Any]) -> Table | None:
    """Return the first table that was found in a file of any kind."""
    if not resource.get("sha256"):
        return None
    files = model.Session.scalar(
        sa.select(sa.type_coerce(_INSPECTION.c.files, sa.JSON)).where(
            _INSPECTION.c.package_id == content.package_id,
            _INSPECTION.c.sha256 == resource["sha256"], _INSPECTION.c.state == "selesai",
            _INSPECTION.c.stripped_at.is_(None))
        .order_by(_INSPECTION.c.asked_at.desc()).limit(1)) or {}
    if "tabel-1.csv" not in files or "skema-1.json" not in files:
        return None
    try:
        schema = json.loads(_bytes(files["skema-1.json"], _LONGEST_SCHEMA) or b"{}")
    except ValueError:
        return None
    columns = grid.columns_of(schema)
    return _table(resource["id"], columns, files["tabel-1.csv"]) if columns else None


def _table(resource_id: str, columns: list[grid.Column], sha256: str) -> Table | None:
    """Return a table whose file has just these columns."""
    try:
        rows = rows_of(sha256, columns)
    except (blobs.BlobMissingError, ValueError):
        return None
    return Table(resource_id, "", columns, sha256, rows=rows)


def rows_of(sha256: str, columns: list[grid.Column]) -> list[list[str]] | None:
    """Return the rows of a clean CSV; None where it is too large.

    :raises ValueError: it has other columns than these
    :raises BlobMissingError: it was deleted since
    """
    content = _bytes(sha256, LARGEST)
    if content is None:
        return None
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    try:
        if next(lines, None) != [each.name for each in columns]:
            raise ValueError(sha256)
        rows = [line for line in lines if line]
    except csv.Error as error:
        raise ValueError(sha256) from error
    if any(len(row) != len(columns) for row in rows):
        raise ValueError(sha256)
    return rows


def _bytes(sha256: str, most: int) -> bytes | None:
    if blobs.size(sha256) > most:
        return None
    return b"".join(blobs.open(sha256))


def _released(content: Content, resource: Mapping[str, Any]) -> bool:
    """Tell whether a file was published as it is."""
    return model.Session.scalar(
        sa.select(sa.literal(1)).select_from(
            _FILE.join(_VERSION, _VERSION.c.submission_id == _FILE.c.submission_id))
        .where(_VERSION.c.package_id == content.package_id,
               _FILE.c.sha256 == resource.get("sha256")).limit(1)) is not None
