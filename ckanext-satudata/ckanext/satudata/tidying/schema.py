"""What callers send, checked and bounded before anything is done."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.shared import blobs

__all__ = ["flag", "sha256", "text"]

MAX_TEXT = 300


def text(data: Mapping[str, Any], name: str, needed: bool = True) -> str:
    """Return an id or name."""
    value = data.get(name)
    if value in (None, "") and not needed:
        return ""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
        raise tk.ValidationError({name: [tk._(
            "Isian ini wajib, paling banyak {limit} huruf.").format(limit=MAX_TEXT)]})
    return value


def sha256(data: Mapping[str, Any]) -> str:
    """Return a SHA-256 as hexadecimal digits."""
    value = text(data, "sha256")
    if not blobs.SHA256.fullmatch(value):
        raise tk.ValidationError({"sha256": [tk._("Tulis 64 angka heksadesimal.")]})
    return value


def flag(data: Mapping[str, Any], name: str) -> bool:
    """Return a yes or no that must be said."""
    try:
        return tk.asbool(data[name])
    except (KeyError, ValueError):
        raise tk.ValidationError({name: [tk._("Jawab ya (true) atau tidak (false).")]}) from None
