"""What the workflow does by the clock; registered when the plugin is loaded.

Everything is asked of PostgreSQL at each look, so that a downtime makes a release late and never
skips it.
"""
from __future__ import annotations

import datetime as dt

from ckanext.satudata.shared.scheduler import timed
from ckanext.satudata.workflow import escalation, service

__all__ = ["escalate", "release"]


# Below the scheduler's own pace of half a minute, so due at each of its looks: a release comes
# within the minute it was set for.
@timed("satudata_rilis", dt.timedelta(seconds=20))
def release(now: dt.datetime) -> None:
    """Publish what is approved and whose time has come."""
    service.release_due(now)


@timed("satudata_eskalasi", dt.timedelta(minutes=10))
def escalate(now: dt.datetime) -> None:
    """Tell the koordinator of what is long past its deadline."""
    escalation.escalate_due(now)
