"""Where each list is from, read from the one table that says it (``reference/SOURCE.md``)."""
from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

__all__ = ["source_of", "sources_date"]

_SOURCES = Path(__file__).resolve().parents[3] / "reference" / "SOURCE.md"
_ROW = re.compile(r"^\| ((?:`[a-z_]+`(?:, )?)+) \| (.+) \|$", re.MULTILINE)
_DATE = re.compile(r"^Source date: ([0-9-]{10})", re.MULTILINE)


@lru_cache(maxsize=1)
def _text() -> str:
    return _SOURCES.read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _sources() -> Mapping[str, str]:
    return MappingProxyType({
        name: row[2].replace("*", "") for row in _ROW.finditer(_text())
        for name in re.findall("[a-z_]+", row[1])
    })


def source_of(name: str) -> str:
    """Return the source of a list in words, empty for one made on this portal."""
    return _sources().get(name, "")


@lru_cache(maxsize=1)
def sources_date() -> date | None:
    """Return the day the lists were transcribed."""
    found = _DATE.search(_text())
    return date.fromisoformat(found[1]) if found else None
