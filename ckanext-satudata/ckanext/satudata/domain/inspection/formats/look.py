"""What a sheet shows beside its values; plain data, found before anything heavy is loaded."""
from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Look"]


@dataclass
class Look:
    """What a sheet shows beside its values.

    :ivar errors: error cells; ``uncomputed``: cells whose formula has no result
    :ivar merged: top, left, bottom, right; ``None`` where the reader of values tells them
    """

    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: set[int] = field(default_factory=set[int])
    formats: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    errors: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    uncomputed: list[str] = field(default_factory=list[str])
    merged: list[tuple[int, int, int, int]] | None = None
