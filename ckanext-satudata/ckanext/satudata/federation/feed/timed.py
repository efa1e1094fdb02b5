"""What keeps the feed right when nobody said that something changed.

A new name of the site, another profile, a new edition of a vocabulary or of this software: all is
described anew. Rows that were changed in plain SQL are found by comparing, and marked.
"""
from __future__ import annotations

import datetime as dt

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.federation.feed import settling
from ckanext.satudata.federation.feed.marking import is_public
from ckanext.satudata.federation.feed.model import Entry
from ckanext.satudata.federation.feed.writing import state
from ckanext.satudata.federation.site import fingerprint
from ckanext.satudata.shared.db import lock, unit_of_work
from ckanext.satudata.shared.feed_marks import LOCK, mark_selected
from ckanext.satudata.shared.scheduler import timed

__all__ = ["compare", "follow", "tend"]

#: Seconds of one look; other timed tasks wait for it. The worker settles beside.
_SECONDS = 10.0


@timed("satudata_umpan", dt.timedelta(seconds=20))
def tend(_now: dt.datetime) -> None:
    """Mark everything when what it was described with is not what it is now; settle what waits."""
    follow()
    if settling.settle_now(_SECONDS):
        settling.finish()


@timed("satudata_umpan_banding", dt.timedelta(minutes=10))
def look(_now: dt.datetime) -> None:
    """Find what was changed beside the portal."""
    compare()


def follow() -> bool:
    """Mark everything if the site, the profile, the code lists or the software changed."""
    with unit_of_work():
        lock(LOCK)
        here, now = state(), fingerprint()
        if here.made_with == now:
            return False
        here.made_with = now
        settling.mark_all()
        return True


def compare() -> int:
    """Mark what differs from its entry and is not marked; return how many.

    Compared are who is public and when each was last changed, which every write of CKAN moves.
    """
    with unit_of_work():
        public = sa.select(
            model.Package.id, sa.func.timezone("UTC", model.Package.metadata_modified).label("at")
        ).where(is_public()).subquery()
        live = sa.select(Entry.package_id, Entry.modified).where(
            Entry.deleted_at.is_(None)).subquery()
        differing = sa.select(sa.func.coalesce(public.c.id, live.c.package_id).label("id")).join(
            live, live.c.package_id == public.c.id, full=True, isouter=True
        ).select_from(public).where(live.c.modified.is_distinct_from(public.c.at))
        found = list(model.Session.scalars(differing))
        if found:
            mark_selected(sa.select(sa.func.unnest(found)), urgent=True)
        return len(found)
