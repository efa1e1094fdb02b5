"""Figures written for Indonesian readers."""
from __future__ import annotations

__all__ = ["written"]


def written(value: float) -> str:
    """Return ``1.234,5`` for 1234.5, with no more decimals than the value has (six at most)."""
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")
