"""What units handed in, as the recap reads it: all text, names of columns made alike."""
from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv

from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.notes import Message, Severity

__all__ = ["FIGURES", "NUMBERS", "Part", "Remark", "Sheet", "Unit", "UnreadablePartError", "named",
           "read"]

#: Types of Table Schema that are figures; what is not one of these tells rows apart.
FIGURES = frozenset({"integer", "number"})
#: Types that may stand in one column without a word changing.
NUMBERS = FIGURES | {"year"}
#: Units that one sentence names.
_NAMED = 12
#: The most columns of one unit's table.
MAX_COLUMNS = 300


@dataclass(frozen=True)
class Unit:
    """Somebody who hands in: a puskesmas, a school, a desa.

    :ivar code: text, leading zeros and all
    """

    code: str
    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Part:
    """One table of one unit, tidied.

    :ivar path: its CSV; ``schema``: its Table Schema, as an inspection writes both
    :ivar at: when it was handed in; of two of one unit the newer counts
    :ivar key: by which the caller knows it
    """

    unit: Unit
    path: Path
    schema: Mapping[str, Any]
    at: dt.datetime
    filename: str = ""
    key: str = ""


@dataclass(frozen=True)
class Remark:
    """Something to know of a merged table.

    :ivar code: for programs
    :ivar severity: ``wajib``: the figures may be wrong until somebody looked
    :ivar how: how to mend it
    :ivar units: codes of the units it is about
    """

    code: str
    severity: Severity
    message: Message
    how: Message | None = None
    units: tuple[str, ...] = ()


class UnreadablePartError(ValueError):
    """A table of a unit that cannot be read; never one that an inspection wrote."""


@dataclass
class Sheet:
    """A table of a unit: every column text, missing is null.

    :ivar fields: name of column to its field of the Table Schema, in the order of the table
    """

    part: Part
    data: pa.Table
    fields: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    @property
    def unit(self) -> Unit:
        return self.part.unit

    @property
    def figures(self) -> list[str]:
        """Return the columns that hold what was counted or measured."""
        return [name for name, each in self.fields.items() if each.get("type") in FIGURES]

    @property
    def dimensions(self) -> list[str]:
        """Return the columns that tell rows apart."""
        return [name for name, each in self.fields.items()
                if each.get("type") not in FIGURES and not is_status(each)]

    @property
    def is_empty(self) -> bool:
        """Tell whether it says nothing: no row, or no figure and no reason for its absence.

        Without a column of figures any text counts.
        """
        said = [*self.figures, *(name for name, each in self.fields.items() if is_status(each))]
        return all(self.data.column(name).null_count == self.data.num_rows
                   for name in said or self.fields)


def is_status(column: Mapping[str, Any]) -> bool:
    """Tell whether a column says why figures are missing or what they are worth."""
    return column.get("kode_referensi") == "status_angka"


def named(units: Iterable[Unit]) -> str:
    """Return names of units for a sentence; of many the first and how many more."""
    names = [unit.name or unit.code for unit in units]
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" (+{more})" if more > 0 else "")


def read(part: Part) -> Sheet:
    """Read a table of a unit.

    :raises UnreadablePartError: it is no CSV in UTF-8 with a header of distinct names
    """
    try:
        with part.path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file), [])
        if not header or len(set(header)) < len(header) or len(header) > MAX_COLUMNS:
            raise UnreadablePartError(f"{len(header)} columns, {len(set(header))} names")
        data = pyarrow.csv.read_csv(
            part.path, pyarrow.csv.ReadOptions(use_threads=False),
            pyarrow.csv.ParseOptions(newlines_in_values=True),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), null_values=[""],
                strings_can_be_null=True, quoted_strings_can_be_null=True))
    except (OSError, UnicodeDecodeError, csv.Error, pa.ArrowInvalid) as error:
        raise UnreadablePartError(str(error)) from error
    said = {str(each.get("name")): each for each in part.schema.get("fields", [])}
    fields = [said.get(name, {"name": name, "type": "string"}) for name in header]
    names = canonical(fields)
    if len(set(names)) < len(names):
        raise UnreadablePartError("two columns of one name")
    return Sheet(part, data.rename_columns(names), dict(zip(names, fields, strict=True)))


def canonical(fields: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return names of columns by which those of many units are one.

    ``Jumlah Balita`` is ``jumlah_balita``. A column of status is named by its figure: the tidying
    calls it ``status_angka`` where there is one of them, and ``status_<figure>`` where more are.
    """
    names: list[str] = []
    for each in fields:
        name = words.snake(str(each.get("name", ""))) or str(each.get("name", ""))
        names.append(f"status_{names[-1]}" if name == "status_angka" and names and is_status(each)
                     else name)
    return names
