"""Where the plan comes from: the fields of public datasets.

The one place that knows. When the Daftar Data is kept here (art. 26-29) its entries come in by
:func:`datasets` too, and nothing else changes.
"""
from __future__ import annotations

import datetime as dt
import json
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.intake.periods import coverage, day_of
from ckanext.satudata.domain.metadata_derive import as_list
from ckanext.satudata.domain.planning.releases import Planned

__all__ = ["PRIORITY", "PROMISED", "datasets"]

#: Which datasets are asked for: those that named a day, or those that are Data Prioritas.
PROMISED, PRIORITY = "jadwal_rilis", "prioritas_tahun"
_FIELDS = (PROMISED, PRIORITY, "kriteria_prioritas", "frequency", "temporal_coverage", "urusan")


def datasets(having: str) -> list[Planned]:
    """Return the public datasets that have :data:`PROMISED` or :data:`PRIORITY`, in one query.

    The database is asked and not the search index: what was withdrawn is gone from the commit on.
    Private datasets, drafts and working copies are in none of it, whoever asks.
    """
    extras = model.Package.extras
    named = sa.func.coalesce(extras[having].astext, "")
    rows = model.Session.execute(
        sa.select(
            model.Package.id, model.Package.name, model.Package.title,
            model.Package.metadata_modified, model.Group.id.label("organization"),
            model.Group.name.label("organization_name"),
            model.Group.title.label("organization_title"),
            *(extras[name].astext.label(name) for name in _FIELDS),
        ).outerjoin(model.Group, sa.and_(
            model.Group.id == model.Package.owner_org, model.Group.state == model.State.ACTIVE,
        )).where(
            model.Package.type == "dataset", model.Package.state == model.State.ACTIVE,
            model.Package.private.is_(False), named.not_in(("", "[]")),
        ))
    return [_planned(row) for row in rows]


def _planned(row: Any) -> Planned:
    return Planned(
        id=row.id, name=row.name, title=row.title or row.name,
        modified=row.metadata_modified.replace(tzinfo=dt.timezone.utc),
        organization=row.organization or "",
        organization_name=row.organization_name or "",
        organization_title=row.organization_title or row.organization_name or "",
        promised=day_of(row.jadwal_rilis), frequency=row.frequency or "",
        covered=coverage(_read(row.temporal_coverage)),
        affairs=tuple(as_list(_read(row.urusan))),
        priority_years=tuple(sorted(as_list(_read(row.prioritas_tahun)))),
        criterion=row.kriteria_prioritas or "",
    )


def _read(written: str | None) -> Any:
    """Return what a stored list holds; one value may stand there without a list around it."""
    if not written or written[0] not in "[{":
        return written or None
    try:
        return json.loads(written)
    except ValueError:
        return None
