"""What setoran hold of data that is deleted for good: the files as they came say most of all."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.workflow import EMERGENCY
from ckanext.satudata.intake.model import Intake
from ckanext.satudata.shared import moment
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.signals import ended, purging
from ckanext.satudata.shared.types import Purge, Purged

__all__ = ["on_ended", "on_purging"]


@purging.connect
def on_purging(package_id: str, what: Purge) -> Purged:
    """Let go of every file that had come when the data was stopped.

    A raw file holds what its clean table leaves out, so it goes whatever piece was chosen; what
    came since is of who begins again.
    """
    stopped = sa.select(sa.func.max(Event.at)).where(
        Event.package_id == package_id, Event.transition == EMERGENCY)
    found = model.Session.scalars(sa.select(Intake).where(
        Intake.package_id == package_id, Intake.purged_at.is_(None), sa.or_(
            Intake.created_at <= stopped.scalar_subquery(),
            Intake.sha256.in_(what.hashes)))).all()
    hashes = frozenset(each.sha256 for each in found)
    for each in found:
        each.purged_at, each.filename, each.note = moment.now(), "", ""
        each.sender, each.recipe = {}, {}
    model.Session.flush()
    return Purged({N_("berkas kiriman"): len(found)}, hashes)


@ended.connect
def on_ended(package_id: str, **_more: Any) -> None:
    """Forget what was handed in for a dataset that is purged."""
    model.Session.execute(sa.delete(Intake).where(Intake.package_id == package_id))
