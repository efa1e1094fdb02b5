"""What is asked of the schedule and of Data Prioritas: read, bounded, refused in words."""
from __future__ import annotations

import datetime as dt
import re
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata import config
from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.planning.releases import Standing, Wanted
from ckanext.satudata.shared import reading

__all__ = ["MOST", "USUAL", "today", "wanted", "window"]

#: Rows of one answer: unless asked otherwise, and at most.
USUAL, MOST = 100, 1000
_MOST_OFFSET = 1_000_000
_YEAR = re.compile("(?:18|19|20|21)[0-9]{2}")


def today() -> dt.date:
    """Return the day it is in the installation's zone."""
    return dt.datetime.now(config.zona_waktu()).date()


def wanted(data: dict[str, Any]) -> Wanted:
    """Return what is asked for.

    :raises ckan.logic.ValidationError: a value is none of those there are
    """
    errors: dict[str, list[str]] = {}

    def read(name: str, check: Any) -> Any:
        try:
            given = reading.text(data, name)
            return check(given) if given else None
        except tk.Invalid as error:
            errors[name] = [error.error]
            return None

    year = read("year", _year)
    first, last = read("since", _day), read("until", _day)
    found = Wanted(
        organization=read("organization", str) or "",
        affair=read("urusan", lambda code: _code("urusan", code)) or "",
        priority=read("prioritas", _priority) or "",
        criterion=read("kriteria", lambda code: _code("kriteria_prioritas", code)) or "",
        standings=read("status", _standings) or frozenset(),
        first=dt.date(year, 1, 1) if year else first,
        last=dt.date(year, 12, 31) if year else last,
    )
    if errors:
        raise tk.ValidationError(errors)
    return found


def window(data: dict[str, Any]) -> tuple[int, int]:
    """Return limit and offset.

    :raises ckan.logic.ValidationError: they are out of their bounds
    """
    try:
        return (reading.number(data, "limit", USUAL, MOST),
                reading.number(data, "offset", 0, _MOST_OFFSET))
    except tk.Invalid as error:
        raise tk.ValidationError({"limit, offset": [error.error]}) from None


def _year(given: str) -> int:
    if not _YEAR.fullmatch(given):
        raise tk.Invalid(_("Tahun ditulis dengan empat angka, misalnya 2026."))
    return int(given)


def _day(given: str) -> dt.date:
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        raise tk.Invalid(_("Tanggal ditulis tahun-bulan-hari, misalnya 2026-03-15.")) from None


def _priority(given: str) -> str:
    return given if given == "*" else str(_year(given))


def _code(name: str, given: str) -> str:
    found = vocabulary.get(name).match(given)
    if found is None:
        raise tk.Invalid(_("Kode “{code}” tidak ada di kosakata {name}.").format(
            code=given, name=name))
    return found.code


def _standings(given: str) -> frozenset[Standing]:
    try:
        return frozenset(Standing(each.strip()) for each in given.split(","))
    except ValueError:
        raise tk.Invalid(_("Status yang ada: {states}.").format(
            states=", ".join(each.value for each in Standing))) from None
