"""How much of what is loaded we are willing to read, said before reading it."""
from __future__ import annotations

from dataclasses import dataclass

from ckanext.satudata.domain.inspection import limits

__all__ = ["DEFAULT", "MB", "Limits"]

MB = limits.MB


@dataclass(frozen=True)
class Limits(limits.Limits):
    """Bounds of one load: those of each file, and of the manifest that names them."""

    manifest_bytes: int = 32 * MB
    manifest_rows: int = 20_000
    problems: int = 100


DEFAULT = Limits()
