"""Tell the shapes of parsed JSON apart, for people and for the type checker alike."""
from __future__ import annotations

from typing import Any, TypeGuard

__all__ = ["is_list", "is_object", "is_objects"]


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Tell whether a value parsed from JSON is an object (whose keys are always text)."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Tell whether a value parsed from JSON is a list."""
    return isinstance(value, list)


def is_objects(value: Any) -> TypeGuard[list[dict[str, Any]]]:
    """Tell whether a value parsed from JSON is a list of objects, be it empty."""
    return is_list(value) and all(is_object(item) for item in value)
