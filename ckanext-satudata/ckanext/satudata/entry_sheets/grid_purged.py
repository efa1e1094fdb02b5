"""Grids of data that is deleted for good, or that nobody goes on with."""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.entry_sheets.grid_model import GridDraft
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.scheduler import timed
from ckanext.satudata.shared.signals import ended, purging
from ckanext.satudata.shared.types import Purge, Purged

__all__ = ["KEPT", "forget_old", "on_ended", "on_purging"]

#: How long a grid that nobody touches is kept.
KEPT = dt.timedelta(days=400)


@purging.connect
def on_purging(package_id: str, what: Purge) -> Purged:
    """Delete every grid of the dataset: its rows may say what leaked."""
    found = model.Session.execute(
        sa.delete(GridDraft).where(GridDraft.package_id == package_id).returning(GridDraft.id)
    ).all()
    return Purged({N_("isian petak"): len(found)})


@ended.connect
def on_ended(package_id: str, **_more: Any) -> None:
    """Forget the grids of a dataset that is purged."""
    model.Session.execute(sa.delete(GridDraft).where(GridDraft.package_id == package_id))


@timed("satudata_petak", dt.timedelta(days=1))
def forget_old(now: dt.datetime) -> None:
    """Forget grids that nobody went on with through a whole year."""
    with unit_of_work():
        model.Session.execute(sa.delete(GridDraft).where(GridDraft.updated_at < now - KEPT))
