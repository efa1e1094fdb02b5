"""What becomes of links whose data is stopped, deleted for good, or purged, and of old names."""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.intake.links import FORGET_SENDERS
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.workflow import EMERGENCY
from ckanext.satudata.links import service
from ckanext.satudata.links.model import UploadLink
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.scheduler import timed
from ckanext.satudata.shared.signals import ended, purging, withdrawn
from ckanext.satudata.shared.types import Purge, Purged

__all__ = ["forget_people", "on_ended", "on_purging", "on_withdrawn"]


@withdrawn.connect
def on_withdrawn(package_id: str, emergency: bool = False, **_more: Any) -> None:
    """Take back every link of data that leaked: nobody sends more of it."""
    if emergency:
        for each in model.Session.scalars(sa.select(UploadLink).where(
                UploadLink.package_id == package_id, UploadLink.revoked_at.is_(None))):
            service.revoke(each, None)
        model.Session.flush()


@purging.connect
def on_purging(package_id: str, what: Purge) -> Purged:
    """Forget whom the links were for that there were when the data was stopped.

    What was made since is of who begins again; that there were links stays.
    """
    stopped = sa.select(sa.func.max(Event.at)).where(
        Event.package_id == package_id, Event.transition == EMERGENCY)
    found = model.Session.scalars(sa.select(UploadLink).where(
        UploadLink.package_id == package_id,
        UploadLink.created_at <= stopped.scalar_subquery())).all()
    for each in found:
        if each.revoked_at is None:
            service.revoke(each, None)
        each.label, each.contact = "", {}
    model.Session.flush()
    return Purged({N_("tautan setor"): len(found)})


@ended.connect
def on_ended(package_id: str, **_more: Any) -> None:
    """Forget the links of a dataset that is purged."""
    model.Session.execute(sa.delete(UploadLink).where(UploadLink.package_id == package_id))


@timed("satudata_tautan_lupa", dt.timedelta(hours=24))
def forget_people(now: dt.datetime) -> None:
    """Forget number and address of who got a link, long after it was of any use."""
    model.Session.execute(
        sa.update(UploadLink)
        .where(UploadLink.expires_at < now - FORGET_SENDERS, UploadLink.contact != {})
        .values(contact={}).execution_options(synchronize_session=False))
