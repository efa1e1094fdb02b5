"""Chained actions of plugins an installation may leave out: CKAN refuses to chain what is not."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckan.plugins import plugin_loaded

from ckanext.satudata.visibility import activities

__all__ = ["actions"]


def actions() -> dict[str, Callable[..., Any]]:
    """Return the chained actions whose original is registered."""
    found: dict[str, Callable[..., Any]] = {}
    if plugin_loaded("activity"):
        found |= {name: getattr(activities, name) for name in activities.__all__}
    return found
