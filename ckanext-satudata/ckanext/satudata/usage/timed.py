"""What the clock does with numbers of use, and what becomes of them when a dataset is purged."""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.model as model

from ckanext.satudata.shared.scheduler import timed
from ckanext.satudata.shared.signals import ended
from ckanext.satudata.usage import store

__all__ = ["on_ended", "settle", "tidy"]


@timed("satudata_pemakaian", dt.timedelta(seconds=50))
def settle(_now: dt.datetime) -> None:
    """Take over what was counted since the last time."""
    store.settle()


@timed("satudata_pemakaian_rapikan", dt.timedelta(days=1))
def tidy(now: dt.datetime) -> None:
    """Put in order what nothing refers to any more."""
    store.tidy(now)


@ended.connect
def on_ended(package_id: str, **_more: Any) -> None:
    """Keep how often an organization's data was used, and forget which data it was."""
    package = model.Session.get(model.Package, package_id)
    store.fold(package_id, (package.owner_org if package is not None else "") or "")
