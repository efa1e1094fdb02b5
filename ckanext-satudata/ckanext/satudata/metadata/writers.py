"""Who changed a field while somebody else had the form open.

Read from CKAN's activities, each of which holds the dataset as it was then. Without that plugin, or
where it kept none, it was "somebody else": the merge itself needs no name.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.satudata import config
from ckanext.satudata.domain.metadata_merge import Base
from ckanext.satudata.metadata import form_values
from ckanext.satudata.shared import moment

__all__ = ["Writer", "writers"]

#: Writes looked at, the newest; each holds a whole dataset.
_MOST = 20
#: Clocks of two web servers may differ by this much.
_SLACK = dt.timedelta(seconds=60)


@dataclass(frozen=True)
class Writer:
    """Who wrote, and when, in words: ``Ani``, ``pukul 09.41``."""

    name: str
    when: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.when}".strip()


def writers(
    fields: Mapping[str, Any], base: Base, changed: Collection[str], package_id: str,
    resource_id: str | None = None,
) -> dict[str, Writer]:
    """Return for each changed field who changed it last.

    :param changed: names of the fields whose stored value is not what the form showed
    """
    somebody = Writer(str(tk._("orang lain")))
    found = dict.fromkeys(changed, somebody)
    if not changed or not p.plugin_loaded("activity"):
        return found
    wanted = {name: fields[name] for name in changed}
    before = {name: base.marks.get(name) for name in wanted}
    for user_id, at, package in _written(package_id, base.at):
        told = _part(package, resource_id)
        for name, shown in form_values.stored(wanted, told).items() if told else ():
            if shown.marks != before[name]:
                before[name] = shown.marks
                found[name] = _writer(user_id, at) or somebody
    return found


def _part(package: dict[str, Any], resource_id: str | None) -> dict[str, Any] | None:
    """Return the dataset, or the resource of it that is meant."""
    if resource_id is None:
        return package
    return next((each for each in package.get("resources") or []
                 if each.get("id") == resource_id), None)


def _written(package_id: str, since: int) -> list[tuple[str, dt.datetime, dict[str, Any]]]:
    from ckanext.activity.model import Activity

    start = dt.datetime.fromtimestamp(since, dt.timezone.utc).replace(tzinfo=None) - _SLACK
    rows = (model.Session.query(Activity.user_id, Activity.timestamp, Activity.data)
            .filter(Activity.object_id == package_id, Activity.timestamp >= start,
                    Activity.activity_type == "changed package")
            .order_by(Activity.timestamp.desc()).limit(_MOST).all())
    return [(user_id, at, data["package"]) for user_id, at, data in reversed(rows)
            if isinstance((data or {}).get("package"), dict)]


def _writer(user_id: str, at: dt.datetime) -> Writer | None:
    user = model.Session.get(model.User, user_id)
    if user is None:
        return None
    mine = getattr(tk.current_user, "id", None) == user.id if tk.current_user else False
    local = at.replace(tzinfo=dt.timezone.utc).astimezone(config.zona_waktu())
    today = local.date() == moment.now().astimezone(local.tzinfo).date()
    return Writer(
        str(tk._("Anda sendiri di jendela lain")) if mine else user.display_name,
        str(tk._("pukul {time}").format(time=local.strftime("%H.%M")) if today
            else tk.h.satudata_day_time(local)))
