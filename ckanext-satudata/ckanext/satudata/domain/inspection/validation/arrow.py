"""Arrow's compute functions, which are made at import and which no type checker can see."""
from __future__ import annotations

from typing import Any

import pyarrow.compute

__all__ = ["pc"]

pc: Any = pyarrow.compute
