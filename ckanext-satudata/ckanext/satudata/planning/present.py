"""How releases and Data Prioritas look as dictionaries: the same for actions, pages and feeds."""
from __future__ import annotations

import datetime as dt
from typing import Any

from ckan.plugins.toolkit import _

from ckanext.satudata import config
from ckanext.satudata.domain.planning.priority import Priority
from ckanext.satudata.domain.planning.releases import Planned, Release, Standing

__all__ = ["address", "dataset", "priority", "release", "standing_label"]


def standing_label(standing: Standing | str) -> str:
    """Return how a release stands in the reader's language."""
    return {
        Standing.LATE: _("Terlambat"),
        Standing.AHEAD: _("Terjadwal"),
        Standing.DONE: _("Sudah terbit"),
    }[Standing(standing)]


def address(of: Planned) -> str:
    """Return the address of a dataset's page, without a language in it."""
    return f"{config.alamat()}/dataset/{of.name}"


def dataset(of: Planned) -> dict[str, Any]:
    """Return a dataset as the plan tells it."""
    return {
        "id": of.id, "name": of.name, "title": of.title, "url": address(of),
        "organization": {"id": of.organization, "name": of.organization_name,
                         "title": of.organization_title} if of.organization else None,
        "frequency": of.frequency, "urusan": list(of.affairs),
        "prioritas_tahun": list(of.priority_years), "kriteria_prioritas": of.criterion,
        "period": _period(of.covered),
        "modified": of.modified.isoformat(),
    }


def release(of: Release, today: dt.date) -> dict[str, Any]:
    """Return one release with its dataset."""
    return {
        "uid": of.uid, "date": of.day.isoformat(), "status": of.standing.value,
        "days_late": of.days_late(today), "period": _period(of.period),
        "dataset": dataset(of.dataset),
    }


def priority(of: Priority, today: dt.date) -> dict[str, Any]:
    """Return a dataset that is Data Prioritas with its next release."""
    ahead = None
    if of.ahead is not None:
        ahead = release(of.ahead, today)
        del ahead["dataset"]
    return {**dataset(of.dataset), "status": of.standing.value, "next": ahead}


def _period(of: Any) -> dict[str, str] | None:
    return {"start": of.start.isoformat(), "end": of.end.isoformat()} if of else None
