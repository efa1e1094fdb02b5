"""One value, judged exactly as Table Schema (and frictionless) reads it. Slow; for few values.

Types nobody needs fast (geojson, list, email, ...) are read by frictionless itself.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from ckanext.satudata.domain.inspection.validation.schema import BadSchemaError, Field

__all__ = ["YearMonth", "breaks", "reader", "typed"]

#: Read here; the others by frictionless.
OWN_TYPES = frozenset({"any", "boolean", "date", "datetime", "integer", "number", "string", "time",
                       "year", "yearmonth"})
Reader = Callable[[Any], Any]
_NOT_DIGITS = re.compile(r"((^[^-\d]*)|(\D*$))")


class YearMonth(NamedTuple):
    """A month of a year; compared as a pair."""

    year: int
    month: int


def reader(field: Field) -> Reader:
    """Return what reads a cell that is not missing: the value, or ``None`` for a wrong type."""
    if field.type in OWN_TYPES and not (field.type == "string" and field.format != "default"):
        return _READERS[field.type](field)
    from frictionless import Field as Theirs

    descriptor = {"name": field.name, "type": field.type, "format": field.format,
                  "missingValues": [], **field.options}
    read = Theirs.from_descriptor(descriptor).create_cell_reader()

    def value(cell: Any) -> Any:
        found, notes = read(cell)
        return None if notes else found

    return value


def typed(field: Field, name: str, constraint: Any) -> Any:
    """Return a constraint as what values are compared with."""
    read = reader(field)
    if name.startswith(("minimum", "maximum", "exclusive")):
        bound = read(constraint)
        if bound is None:
            raise BadSchemaError(f"Skema: batas {name} “{constraint}” pada kolom “{field.name}” "
                                 f"bukan {field.type}.")
        return bound
    if name == "pattern":
        return re.compile(f"^{constraint}$")
    return [read(one) for one in constraint] if name == "enum" else constraint


def breaks(name: str, constraint: Any, value: Any) -> bool:
    """Say whether a value breaks a constraint made by :func:`typed`."""
    if value is None:
        return name == "required" and bool(constraint)
    if name == "required":
        return False
    if name == "minLength":
        return len(value) < constraint
    if name == "maxLength":
        return len(value) > constraint
    if name == "pattern":
        return constraint.match(value) is None
    if name == "enum":
        return value not in constraint
    if value != value:  # not a number: above and below nothing
        return True
    if name == "minimum":
        return not value >= constraint
    if name == "maximum":
        return not value <= constraint
    return not (value > constraint if name == "exclusiveMinimum" else value < constraint)


def _quiet(read: Reader) -> Reader:
    def value(cell: Any) -> Any:
        try:
            return read(cell)
        except Exception:  # whatever a library says of what is not a value
            return None

    return value


def _any(_: Field) -> Reader:
    return lambda cell: cell


def _string(_: Field) -> Reader:
    return lambda cell: cell if isinstance(cell, str) else None


def _boolean(field: Field) -> Reader:
    known = dict.fromkeys(field.options.get("trueValues", _TRUE), True)
    known.update(dict.fromkeys(field.options.get("falseValues", _FALSE), False))

    def value(cell: Any) -> Any:
        if cell is True or cell is False:
            return cell
        return known.get(cell) if isinstance(cell, str) else None

    return value


_TRUE = ("true", "True", "TRUE", "1")
_FALSE = ("false", "False", "FALSE", "0")


def _integer(field: Field) -> Reader:
    bare = field.options.get("bareNumber", True)

    def value(cell: Any) -> Any:
        if isinstance(cell, str):
            cell = cell.strip()
            return int(cell if bare else _NOT_DIGITS.sub("", cell))
        if isinstance(cell, bool):
            return None
        if isinstance(cell, int):
            return cell
        return int(cell) if isinstance(cell, float | Decimal) and cell % 1 == 0 else None

    return _quiet(value)


def _number(field: Field) -> Reader:
    options = field.options
    bare = options.get("bareNumber", True)
    group, decimal = options.get("groupChar", ""), options.get("decimalChar", ".")
    kind = float if options.get("floatNumber") else Decimal
    written = bool({"bareNumber", "groupChar", "decimalChar"} & set(options))

    def value(cell: Any) -> Any:
        if isinstance(cell, str):
            cell = cell.strip()
            if written:
                cell = cell if bare else _NOT_DIGITS.sub("", cell)
                cell = cell.replace(group, "")
                if decimal != "." and "." in cell:
                    return None
                cell = cell.replace(decimal, ".")
            return kind(cell)
        if isinstance(cell, bool):
            return None
        if isinstance(cell, int | kind):
            return cell
        if isinstance(cell, float | Decimal):
            return kind(str(cell))
        return None

    return _quiet(value)


def _date(field: Field) -> Reader:
    form = "%Y-%m-%d" if field.format == "default" else field.format

    def value(cell: Any) -> Any:
        if isinstance(cell, datetime):
            clock = (cell.hour, cell.minute, cell.second)
            return cell.date() if clock == (0, 0, 0) else None
        if isinstance(cell, date):
            return cell
        if not isinstance(cell, str):
            return None
        return _loose(cell).date() if form == "any" else datetime.strptime(cell, form).date()

    return _quiet(value)


def _datetime(field: Field) -> Reader:
    def value(cell: Any) -> Any:
        if isinstance(cell, datetime) or not isinstance(cell, str):
            return cell if isinstance(cell, datetime) else None
        if field.format == "default":
            from dateutil.parser import isoparse

            return isoparse(cell) if cell[16] == ":" and len(cell) >= 19 else None
        return _loose(cell) if field.format == "any" else datetime.strptime(cell, field.format)

    return _quiet(value)


def _time(field: Field) -> Reader:
    def value(cell: Any) -> Any:
        if isinstance(cell, time) or not isinstance(cell, str):
            return cell if isinstance(cell, time) else None
        if field.format == "default":
            from dateutil.parser import isoparse

            good = cell[5] == ":" and len(cell) >= 8
            return isoparse(f"2000-01-01T{cell}").timetz() if good else None
        if field.format == "any":
            return _loose(cell).timetz()
        return datetime.strptime(cell, field.format).timetz()

    return _quiet(value)


def _loose(cell: str) -> datetime:
    from dateutil.parser import parse

    return parse(cell)


def _year(_: Field) -> Reader:
    def value(cell: Any) -> Any:
        if isinstance(cell, str):
            cell = int(cell) if len(cell) == 4 else None
        return cell if isinstance(cell, int) and 0 <= cell <= 9999 else None

    return _quiet(value)


def _yearmonth(_: Field) -> Reader:
    def value(cell: Any) -> Any:
        if isinstance(cell, str):
            year, month = cell.split("-")
            found = YearMonth(int(year), int(month))
            return found if 1 <= found.month <= 12 else None
        if isinstance(cell, list | tuple):
            year, month = cell
            return YearMonth(year, month)
        return None

    return _quiet(value)


_READERS: dict[str, Callable[[Field], Reader]] = {
    "any": _any, "boolean": _boolean, "date": _date, "datetime": _datetime, "integer": _integer,
    "number": _number, "string": _string, "time": _time, "year": _year, "yearmonth": _yearmonth,
}
