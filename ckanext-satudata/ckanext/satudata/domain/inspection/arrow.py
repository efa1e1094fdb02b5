"""Arrow's functions on whole columns; it makes them at run time, where no type checker looks."""
from __future__ import annotations

from typing import Any

import pyarrow.compute

__all__ = ["pc"]

pc: Any = pyarrow.compute
