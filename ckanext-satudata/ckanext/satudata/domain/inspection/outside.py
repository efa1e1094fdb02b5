"""Personal data of a file that is in none of its clean tables."""
from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection import redaction
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.checks.personal_outside import PersonalOutside
from ckanext.satudata.domain.inspection.notes import Finding, Message, Severity
from ckanext.satudata.domain.inspection.personal import KINDS, WORTH_A_LOOK
from ckanext.satudata.domain.inspection.sheet import RawFile, Sheet, cell_name
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["find"]

#: So many different numbers or addresses on a sheet people see are those of who answers for the
#: data; more of them are a list of persons.
_CONTACTS = 3
_CONTACT = frozenset({"telepon", "email"})
#: Cells of a column that are looked at one by one, and letters of each.
_MOST, _LONG = 20_000, 4_000


def find(file: RawFile, tables: Sequence[TidyTable]) -> list[Finding]:
    """Return one finding for each sheet and kind, and for each name that holds one."""
    found = [_finding(kind, PersonalOutside.of_file, 1) for kind in _names(file.name)]
    for sheet in [*file.sheets, *file.hidden]:
        if not (file.kind in ("csv", "tsv") or sheet.name == file.name):
            found += [_finding(kind, PersonalOutside.of_sheet, 1, sheet.name)
                      for kind in _names(sheet.name)]
        found += _of_sheet(sheet, [each for each in tables if each.sheet == sheet.name],
                           any(sheet is each for each in file.hidden))
    return found


def _names(text: str) -> list[str]:
    return sorted(redaction.kinds(text[:_LONG]))


def _of_sheet(sheet: Sheet, tables: Sequence[TidyTable], hidden: bool) -> Iterator[Finding]:
    cells: dict[str, list[tuple[int, int]]] = {}
    said: dict[str, set[str]] = {}
    for at, column in enumerate(sheet.columns):
        near = np.asarray(pc.match_substring_regex(column.text, WORTH_A_LOOK), dtype=bool)
        if not near.any():
            continue
        near &= ~_judged(tables, at, sheet.n_rows)
        rows = np.flatnonzero(near)[:_MOST]
        for row, text in zip(rows.tolist(), column.text.take(pa.array(rows)).to_pylist(),
                             strict=True):
            for kind in redaction.kinds(text[:_LONG]):
                cells.setdefault(kind, []).append((row, at))
                said.setdefault(kind, set()).add(text)
    for kind, places in sorted(cells.items()):
        contact = kind in _CONTACT and not hidden and len(said[kind]) <= _CONTACTS
        yield _finding(
            kind, PersonalOutside.hidden if hidden else PersonalOutside.template, len(places),
            sheet.name, cell_name(*min(places)), Severity.SEBAIKNYA if contact else None)


def _judged(tables: Sequence[TidyTable], at: int, count: int) -> np.ndarray:
    """Tell which cells of a column of a sheet stand in a table, whose columns are judged."""
    inside = np.zeros(count, dtype=bool)
    for table in tables:
        for columns in (*table.cells.values(), *table.dropped.values()):
            rows = table.rows[columns == at]
            inside[rows[rows < count]] = True
    return inside


def _finding(
    kind: str, template: str, count: int, sheet: str = "", cell: str | None = None,
    severity: Severity | None = None,
) -> Finding:
    values = {"kind": KINDS[kind], "count": count, "sheet": sheet, "cell": cell or ""}
    return Finding(
        PersonalOutside.code, PersonalOutside.principle, severity or PersonalOutside.severity,
        Message(template, values), Message(PersonalOutside.how, values), sheet=sheet, cell=cell)
