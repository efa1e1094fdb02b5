"""What requests about versions carry, bounded."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["number", "text"]


def text(data: dict[str, Any], name: str) -> str:
    """Return an id or name."""
    value = data.get(name)
    if not isinstance(value, str) or not value or len(value) > 200 or "\x00" in value:
        raise tk.ValidationError({name: [tk._("Sebutkan id atau nama dataset.")]})
    return value


def number(
    data: dict[str, Any], name: str, default: int | None, lowest: int, highest: int
) -> int:
    """Return a whole number within bounds; ``default`` None demands it."""
    value = data.get(name)
    if value in (None, "") and default is not None:
        return default
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if text.isascii() and text.isdigit() and len(text) < 11 and lowest <= int(text) <= highest:
        return int(text)
    raise tk.ValidationError({name: [tk._(
        "Tulis bilangan bulat dari {lowest} sampai {highest}.").format(
            lowest=lowest, highest=highest)]})
