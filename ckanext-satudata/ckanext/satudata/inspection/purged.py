"""What inspections hold of data that is withdrawn in an emergency, or deleted for good."""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.inspection.findings import stripped
from ckanext.satudata.inspection.model import Inspection, Recipe
from ckanext.satudata.shared import moment
from ckanext.satudata.shared.signals import ended, purging, withdrawn
from ckanext.satudata.shared.types import Purge, Purged

__all__ = ["on_ended", "on_purging", "on_withdrawn"]


@withdrawn.connect
def on_withdrawn(package_id: str, at: dt.datetime, emergency: bool = False) -> None:
    """Take the values out of the reports of what was stopped.

    Result files stay, shown to nobody, until what leaked is deleted for good or read again.
    """
    if emergency:
        _strip(sa.select(Inspection).where(Inspection.package_id == package_id), at)


@purging.connect
def on_purging(package_id: str, what: Purge) -> Purged:
    """Delete inspections of files that are deleted; the results that quote them go as well.

    So do the rows that were read of a table: it goes with its file, or with the draft.
    """
    of_this = Inspection.package_id == package_id
    files = sa.select(Inspection.resource_id).where(of_this, Inspection.sha256.in_(what.hashes))
    resource = sa.func.split_part(Inspection.resource_id, "/", 1)
    beside = sa.and_(resource != Inspection.resource_id, resource.in_(files))
    found = model.Session.scalars(sa.select(Inspection).where(of_this, sa.or_(
        Inspection.sha256.in_(what.hashes), resource.in_(what.drafts), beside,
        Inspection.asked["previous"][0].astext.in_(what.hashes)))).all()
    stored = frozenset(sha256 for each in found for sha256 in (
        *each.files.values(), *([each.sha256] if each.asked.get("table") else [])))
    for each in found:
        model.Session.delete(each)
    model.Session.flush()
    return Purged({N_("laporan pemeriksaan"): len(found)}, stored)


@ended.connect
def on_ended(package_id: str, **_more: Any) -> None:
    """Forget the inspections of a dataset that is purged, and how its files were read."""
    model.Session.execute(sa.delete(Inspection).where(sa.or_(
        Inspection.package_id == package_id, Inspection.content_id == package_id)))
    model.Session.execute(sa.delete(Recipe).where(Recipe.package_id == package_id))


def _strip(which: sa.Select[Any], at: dt.datetime | None = None) -> None:
    for each in model.Session.scalars(which):
        if each.report is not None:
            each.report = stripped(each.report)
        each.stripped_at = at or moment.now()
    model.Session.flush()
