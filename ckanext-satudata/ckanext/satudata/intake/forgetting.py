"""Who sent a file without an account is forgotten once nobody needs to ask them about it."""
from __future__ import annotations

import datetime as dt

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.intake.links import FORGET_SENDERS
from ckanext.satudata.intake.model import Intake
from ckanext.satudata.shared.scheduler import timed

__all__ = ["forget_senders"]


@timed("satudata_setoran_lupa", dt.timedelta(hours=24))
def forget_senders(now: dt.datetime) -> None:
    """Delete name and number of senders 180 days after their file came (UU 27/2022 art. 16, 43)."""
    model.Session.execute(
        sa.update(Intake)
        .where(Intake.created_at < now - FORGET_SENDERS, Intake.sender != {})
        .values(sender={}).execution_options(synchronize_session=False))
