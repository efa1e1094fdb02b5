"""What happens to personal data by the clock; registered when the plugin is loaded."""
from __future__ import annotations

import datetime as dt

from ckanext.satudata.purging import removal
from ckanext.satudata.shared.scheduler import timed

__all__ = ["purge"]


@timed("satudata_pemusnahan", dt.timedelta(minutes=1))
def purge(now: dt.datetime) -> None:
    """Say a day before what is deleted, and delete what is due."""
    removal.warn(now)
    removal.run_due(now)
