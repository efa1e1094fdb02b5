"""Recaps of data that is no more."""
from __future__ import annotations

from typing import Any

from ckanext.satudata.recap import store
from ckanext.satudata.shared.signals import ended

__all__ = ["on_ended"]


@ended.connect
def on_ended(package_id: str, **_more: Any) -> None:
    """Forget the recaps of a dataset that is purged, and the links of their units."""
    store.forget(package_id)
