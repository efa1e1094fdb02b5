"""The versions of a dataset: which one is under way, whose it is, and holding all of them at once.

Rows of ``workflow/``, read by name and never written here.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.roles import Subject
from ckanext.satudata.domain.workflow import EDITABLE, OPEN, State
from ckanext.satudata.shared.reading import is_name
from ckanext.satudata.shared.refusals import Overtaken

__all__ = ["draft_of", "lock_family", "subject_of", "under_way"]

_SUBMISSION = sa.table("satudata_submission", *(sa.column(each) for each in (
    "id", "package_id", "content_id", "state", "number", "created", "owner_org", "jenis_data",
    "restricted", "at_pembina")))
_NEWEST = (_SUBMISSION.c.number.desc(), _SUBMISSION.c.created.desc())


def lock_family(package_id: str) -> None:
    """Lock every version of a dataset until the commit.

    Before any row that belongs to one of them: whoever stops a dataset holds its versions, and then
    takes what other rooms keep of it.
    """
    model.Session.execute(
        sa.select(_SUBMISSION.c.id).where(_SUBMISSION.c.package_id == package_id)
        .order_by(_SUBMISSION.c.number, _SUBMISSION.c.created, _SUBMISSION.c.id)
        .with_for_update())


def subject_of(identifier: str) -> tuple[str, Subject] | None:
    """Return which dataset an id or name of it or of its working copy means, and whose it is."""
    package = model.Package.get(identifier) if is_name(identifier) else None
    if package is None or package.type != "dataset":
        return None
    row = model.Session.execute(
        sa.select(_SUBMISSION)
        .where(sa.or_(_SUBMISSION.c.content_id == package.id,
                      _SUBMISSION.c.package_id == package.id))
        .order_by(*_NEWEST).limit(1)).first()
    if row is None:
        return None
    return row.package_id, Subject(
        row.owner_org or "", row.jenis_data or "", bool(row.restricted), bool(row.at_pembina))


def under_way(package_id: str) -> str | None:
    """Return the package that holds the version under way, None where there is none."""
    row = _under_way(package_id)
    return None if row is None else row.content_id


def draft_of(package_id: str, context: Mapping[str, Any]) -> str:
    """Return the package that holds the draft; a revision is begun where there is none.

    :param context: of whoever writes it
    :raises ValidationError: 409; the version under way is being inspected
    """
    row = _under_way(package_id)
    if row is None:
        tk.get_action("satudata_revision_start")(dict(context), {"id": package_id})
        row = _under_way(package_id)
        assert row is not None
    if State(row.state) not in EDITABLE:
        raise Overtaken("state", row.state, tk._(
            "Data ini sedang diperiksa, jadi belum bisa menerima berkas. Tarik ajuannya dahulu, "
            "atau tunggu sampai kembali."))
    return row.content_id


def _under_way(package_id: str) -> Any:
    return model.Session.execute(
        sa.select(_SUBMISSION.c.content_id, _SUBMISSION.c.state).where(
            _SUBMISSION.c.package_id == package_id,
            _SUBMISSION.c.state.in_([each.value for each in OPEN]))
        .order_by(*_NEWEST).limit(1)).first()
