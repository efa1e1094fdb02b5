"""Reading single values that a caller sent: each bounded, each refusal says how to mend it."""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, TypeVar

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.domain import metadata_values

__all__ = ["MAX_NAME", "collect", "day", "flag", "is_name", "number", "text"]

MAX_NAME = 200
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

T = TypeVar("T")


def is_name(value: Any) -> bool:
    """Tell whether a value may be an id or a name: others the database takes for a fault."""
    return (isinstance(value, str) and 0 < len(value) <= MAX_NAME
            and not metadata_values.has_control_character(value))


def text(data: dict[str, Any], name: str, longest: int = MAX_NAME, need: str = "") -> str:
    """Return a text, empty where none came.

    :param need: what to say where none came; without it none is needed
    :raises tk.Invalid: for a list or an object, a control character, or a text too long.
    """
    value = data.get(name)
    try:
        found = "" if value is None else metadata_values.text(value, longest)
    except metadata_values.InvalidValueError as error:
        raise tk.Invalid(error.explain(name, _(error.message))) from None
    if need and not found:
        raise tk.Invalid(need)
    return found


def flag(data: dict[str, Any], name: str) -> bool:
    """Return a yes or no, no where none came."""
    try:
        return tk.asbool(data.get(name) or False)
    except (TypeError, ValueError):
        raise tk.Invalid(_("{name} harus true atau false.").format(name=name)) from None


def number(data: dict[str, Any], name: str, usual: int, highest: int) -> int:
    """Return a whole number from 0 on."""
    value = data.get(name)
    if value is None or value == "":
        return usual
    written = str(value)
    if isinstance(value, bool) or not re.fullmatch("[0-9]{1,7}", written) or int(
            written) > highest:
        raise tk.Invalid(_("{name} harus bilangan bulat dari {low} sampai {high}.").format(
            name=name, low=0, high=highest))
    return int(written)


def collect(wrong: dict[str, list[str]], name: str, read: Callable[[], T]) -> T | None:
    """Return what is read; note under its name what is wrong with it."""
    try:
        return read()
    except tk.Invalid as error:
        wrong[name] = [str(error.error)]
        return None


def day(data: dict[str, Any], name: str) -> dt.date | None:
    """Return a day, ``None`` where none came.

    :raises tk.Invalid: for what is no day of 2000 to 2199; what lies outside is a slip of the pen.
    """
    written = text(data, name, 40)
    if not written:
        return None
    try:
        found = dt.date.fromisoformat(written) if _DATE.fullmatch(written) else None
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year < 2200:
        raise tk.Invalid(_(
            "“{tulisan}” bukan tanggal. Tulis tahun-bulan-hari, misalnya 2026-11-30.").format(
                tulisan=written))
    return found
