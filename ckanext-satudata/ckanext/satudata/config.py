"""Typed readers of our options; no other module reads a raw key.

Every option is declared in ``config_declaration.yaml`` with its default.
"""
from __future__ import annotations

import ckan.plugins.toolkit as tk

__all__: list[str] = ["wilayah"]


def wilayah() -> str:
    """Kemendagri code of the government this installation belongs to (``36.04``)."""
    return tk.config["ckanext.satudata.wilayah"]
