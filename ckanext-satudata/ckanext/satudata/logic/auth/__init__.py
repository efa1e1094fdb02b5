"""Auth functions of all rooms. What is not in ``__all__`` is not registered."""
from __future__ import annotations

__all__: list[str] = []
