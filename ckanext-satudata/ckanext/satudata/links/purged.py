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
    """Forget for whom a link was, 180 days after it was over (UU 27/2022 art. 16, 43).

    Number and address go with every link. What somebody wrote as its name may be that of a person,
    so it goes too; the unit of a recap is called as its list says, which is read by those names.
    """
    over = sa.func.least(UploadLink.expires_at, UploadLink.revoked_at)  # which passes over none
    for mine, values in (
            (UploadLink.contact != {}, {"contact": {}}),
            (sa.and_(UploadLink.recap_id.is_(None), UploadLink.label != ""), {"label": ""})):
        model.Session.execute(
            sa.update(UploadLink).where(over < now - FORGET_SENDERS, mine).values(values)
            .execution_options(synchronize_session=False))
