"""The checks run: over a file against its Table Schema, and over a clean table.

:func:`validate` gives the verdict of ``frictionless.validate`` on the same file, schema, dialect
and checks; :func:`run` gives the findings of all checks on a clean table. Counts are complete;
what is listed is capped, and the rest can be had.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.inspection.validation.labels import (
    AmbiguousLabelsError,
    Dialect,
    expected,
    label_errors,
)
from ckanext.satudata.domain.inspection.validation.result import Found, Validation
from ckanext.satudata.domain.inspection.validation.schema import Schema
from ckanext.satudata.domain.inspection.validation.table import Table

__all__ = ["Validation", "validate"]

_WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}


def validate(path: str | Path, schema: Mapping[str, Any], *,
             dialect: Mapping[str, Any] | Dialect | None = None,
             checks: Sequence[str | Mapping[str, Any]] = (), limit: int = 1000,
             references: Mapping[str, Any] | None = None) -> Validation:
    """Check a CSV file or a sheet of a workbook against a Table Schema.

    :param schema: a Table Schema descriptor
    :param dialect: a Table Dialect descriptor; what it does not say is found out
    :param checks: frictionless' further checks (``{"type": "duplicate-row"}``)
    :param limit: how many errors are listed; counts and :meth:`.Validation.all_errors` know all
    :param references: tables that foreign keys name, beside the portal's vocabularies
    :raises BadSchemaError: the schema cannot be followed
    """
    path = Path(path)
    wanted = Schema.of(schema)
    known = dialect if isinstance(dialect, Dialect) else Dialect.of(dict(dialect or {}))
    if path.suffix.lower() in _WORKBOOKS:
        from ckanext.satudata.domain.inspection.validation.workbook import open_sheet

        source: Any = open_sheet(path, known)
    else:
        from ckanext.satudata.domain.inspection.validation.text import open_text

        source = open_text(path, known)
    header = known.rows_of_header(source.sample)
    labels = known.labels(source.sample, header)
    result = Validation(labels=labels, limit=limit)
    if not labels and len(source.sample) <= (header[-1] if header else 0):
        result.found.append(Found("source-error", "the source is empty"))
    try:
        fields = expected(labels, wanted, known.header_case)
    except AmbiguousLabelsError as error:
        result.found.append(Found("error", str(error)))
        return result
    result.found += [Found(one.type, one.note or one.label, one.number, one.name)
                     for one in label_errors(labels, wanted, known.header_case)]
    first = header[-1] + 1 if header else 1
    table = Table(wanted, fields, first)
    source.judge(table, first - 1)
    table.finish(references or {})
    result.found += table.found
    result.rows = table.n
    return result
