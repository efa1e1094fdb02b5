"""Template helpers, re-exported from the rooms; all are named ``satudata_*``."""
from __future__ import annotations

__all__: list[str] = []
