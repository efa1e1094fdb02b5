"""What the clock does to uploads: those nobody went on with are deleted."""
from __future__ import annotations

import datetime as dt

from ckanext.satudata.shared.scheduler import timed
from ckanext.satudata.uploads import store

__all__ = ["expire"]


@timed("satudata_unggahan", dt.timedelta(hours=1))
def expire(now: dt.datetime) -> None:
    """Delete uploads that lay still for their time."""
    store.expire(now)
