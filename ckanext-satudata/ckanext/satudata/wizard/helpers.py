"""Template helpers of the wizard."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.roles import Actor
from ckanext.satudata.shared.actor import NOBODY, actor_of
from ckanext.satudata.wizard import desk, draft

__all__ = ["satudata_sends", "satudata_sends_for"]


def satudata_sends() -> bool:
    """Tell whether the viewer hands in data, so that the menu leads there."""
    return desk.sends(_viewer())


def satudata_sends_for(package: Any) -> bool:
    """Tell whether this dataset is one the viewer makes; who types for others starts elsewhere."""
    return package.get("type") == "dataset" and package.get("owner_org") in desk.own(_viewer())


def satudata_wizard_steps(package: Any) -> dict[int, str]:
    """Return where the steps of handing in are, by number, for who may write this dataset.

    :param package: a dataset or its working copy
    """
    found = draft.seen(package["id"])
    return found.steps if found is not None else {}


def _viewer() -> Actor:
    user = tk.current_user
    return actor_of(user.name) if user and user.is_authenticated else NOBODY
