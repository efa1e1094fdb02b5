"""CKAN's own settings whose default does not suit these pages."""
from __future__ import annotations

from typing import Any

__all__ = ["update"]


def update(config: Any) -> None:
    """Replace two defaults of CKAN; what an administrator wrote otherwise stays.

    * ``ckan.search.show_all_types``: by default the dataset page also lists statistical
      activities and indicators, so that its count says 55 where there are 40 datasets.
    * ``ckan.gravatar_default``: pictures of users would be fetched from gravatar.com by
      every reader; no page of ours asks another host.
    """
    if config.get("ckan.search.show_all_types") == "dataset":
        config["ckan.search.show_all_types"] = "false"
    if config.get("ckan.gravatar_default") == "identicon":
        config["ckan.gravatar_default"] = "disabled"
