"""CKAN's own settings whose default does not suit these pages."""
from __future__ import annotations

from typing import Any

from ckanext.satudata import config as options
from ckanext.satudata.domain.workdays import ZONES

__all__ = ["update"]


def update(config: Any) -> None:
    """Replace three defaults of CKAN; what an administrator wrote otherwise stays.

    * ``ckan.search.show_all_types``: by default the dataset page also lists statistical
      activities and indicators, so that its count says 55 where there are 40 datasets.
    * ``ckan.gravatar_default``: pictures of users would be fetched from gravatar.com by
      every reader; no page of ours asks another host.
    * ``ckan.display_timezone``: a day that is yesterday in UTC would stand beside ours.
    """
    if config.get("ckan.search.show_all_types") == "dataset":
        config["ckan.search.show_all_types"] = "false"
    if config.get("ckan.gravatar_default") == "identicon":
        config["ckan.gravatar_default"] = "disabled"
    if config.get("ckan.display_timezone") == "UTC":
        ours = options.zona_waktu()
        config["ckan.display_timezone"] = next(name for name in ZONES if ZONES[name] == ours)
