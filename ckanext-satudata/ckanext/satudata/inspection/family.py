"""Which dataset a file belongs to, and for whom it is inspected.

Rows of other rooms, read by name and never written here.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.roles import Subject
from ckanext.satudata.domain.workflow import EDITABLE, OPEN, PUBLIC, State
from ckanext.satudata.inspection import setoran
from ckanext.satudata.shared.table_rows import resource_of

__all__ = ["Content", "File", "content_of", "content_of_resource", "last_hash", "period_moves",
           "shown_of"]

_SUBMISSION = sa.table("satudata_submission", *(sa.column(each) for each in (
    "id", "package_id", "content_id", "state", "number", "created", "owner_org", "jenis_data",
    "restricted", "at_pembina")))
_VERSION = sa.table("satudata_version", *(sa.column(each) for each in (
    "submission_id", "package_id", "number", "purged_at")))
_FILE = sa.table("satudata_version_file", *(sa.column(each) for each in (
    "submission_id", "resource_id", "sha256", "filename")))


@dataclass(frozen=True)
class Content:
    """A version of a dataset.

    :ivar package_id: the dataset as the public knows it; ``content_id``: what holds this version
    :ivar number: of the version
    """

    package_id: str
    content_id: str
    number: int
    state: State
    subject: Subject

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way."""
        return self.state in OPEN

    @property
    def is_alive(self) -> bool:
        """Whether it is on its way or public: what was stopped or replaced is read no more."""
        return self.state in OPEN | PUBLIC

    @property
    def is_editable(self) -> bool:
        """Whether its producer may write it."""
        return self.state in EDITABLE


@dataclass(frozen=True)
class File:
    """A file of a version.

    :ivar id: of the resource; of what was handed in and waits its name
    :ivar extras: its fields
    """

    id: str
    extras: Mapping[str, Any]
    package_id: str = ""


def content_of(identifier: str) -> Content:
    """Return the version that an id or name of a dataset, working copy or submission names.

    :raises ObjectNotFound: there is none
    """
    package = model.Package.get(identifier)
    named = package.id if package is not None else identifier
    found = model.Session.execute(
        sa.select(_SUBMISSION)
        .where(sa.or_(_SUBMISSION.c.id == named, _SUBMISSION.c.content_id == named,
                      _SUBMISSION.c.package_id == named))
        # What was named itself; else the version under way; else the newest.
        .order_by((_SUBMISSION.c.id == named).desc(),
                  _SUBMISSION.c.state.in_([each.value for each in OPEN]).desc(),
                  _SUBMISSION.c.number.desc(), _SUBMISSION.c.created.desc())
        .limit(1)).first()
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset tidak ditemukan."))
    return _content(found)


def content_of_resource(resource_id: str) -> tuple[Content, File]:
    """Return the version whose file this is, and the file.

    :param resource_id: its id, the name of the table beside it, or of what was handed in and waits
    :raises ObjectNotFound: there is none
    """
    if setoran.is_setoran(resource_id):
        return _of_setoran(resource_id), File(resource_id, {})
    resource = model.Session.get(model.Resource, resource_of(resource_id))
    if resource is None or resource.state != model.State.ACTIVE:
        raise tk.ObjectNotFound(tk._("Berkas tidak ditemukan."))
    found = model.Session.execute(
        sa.select(_SUBMISSION).where(_SUBMISSION.c.content_id == resource.package_id)
        .order_by(_SUBMISSION.c.number.desc(), _SUBMISSION.c.created.desc()).limit(1)).first()
    if found is None:
        raise tk.ObjectNotFound(tk._("Berkas tidak ditemukan."))
    return _content(found), File(
        resource.id, resource.extras or {}, resource.package_id)


def _of_setoran(name: str) -> Content:
    """Return a version of what was handed in alone, as it would follow those there are."""
    row = setoran.row(name)
    newest = content_of(row.package_id)
    return replace(
        newest, content_id=name, number=newest.number + 1,
        state=State.DRAF if row.state == setoran.WAITS else State.DIBATALKAN)


def shown_of(content: Content) -> dict[str, Any]:
    """Return a version as ``package_show`` gives it; of what waits, the draft with it alone."""
    waits = setoran.is_setoran(content.content_id)
    holder = content_of(content.package_id).content_id if waits else content.content_id
    shown = tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False}, {"id": holder})
    return setoran.shown(content.content_id, shown) if waits else shown


def period_moves(content: Content, shown: Mapping[str, Any]) -> bool:
    """Tell whether a draft still states the period of the version that is public.

    :param shown: the draft as :func:`shown_of` gives it
    """
    if not content.is_editable:
        return False
    base = model.Package.get(content.package_id)
    if base is None or base.private:  # the first version goes on from nothing
        return False
    before = tk.get_action("package_show")({"ignore_auth": True}, {"id": base.id})
    return bool(before.get("temporal_coverage")) and (
        before["temporal_coverage"] == shown.get("temporal_coverage"))


def _content(row: sa.Row) -> Content:
    return Content(
        row.package_id, row.content_id, row.number, State(row.state),
        Subject(row.owner_org or "", row.jenis_data or "", bool(row.restricted),
                bool(row.at_pembina)))


def last_hash(content: Content, resource_id: str) -> tuple[str, str] | None:
    """Return hash and name of a file as it was published last, before this version."""
    found = model.Session.execute(
        sa.select(_FILE.c.sha256, _FILE.c.filename)
        .select_from(_FILE.join(_VERSION, _VERSION.c.submission_id == _FILE.c.submission_id))
        .where(_VERSION.c.package_id == content.package_id, _VERSION.c.purged_at.is_(None),
               _VERSION.c.number < content.number, _FILE.c.resource_id == resource_id,
               _FILE.c.sha256.is_not(None))
        .order_by(_VERSION.c.number.desc()).limit(1)).first()
    return (found.sha256, found.filename or "") if found is not None else None
