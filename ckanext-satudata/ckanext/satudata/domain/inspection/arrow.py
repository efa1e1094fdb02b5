"""Arrow's functions on whole columns; it makes them at run time, where no type checker looks."""
from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute

__all__ = ["pc", "whole"]

pc: Any = pyarrow.compute


def whole(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return an array in one piece."""
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
