"""The checks run: over a file against its Table Schema, and over a clean table.

:func:`validate` gives the verdict of ``frictionless.validate`` on the same file, schema, dialect
and checks; :func:`run` gives the findings of all checks on a clean table. Counts are complete;
what is listed is capped, and the rest can be had.

Of the errors of frictionless 5 for tables we have, under their own types: source-error,
byte-count, hash-count, field-count, row-count, table-dimensions, blank-header (which frictionless
declares and never yields: an empty header is blank labels), unmatched-header, extra-label,
missing-label, blank-label, duplicate-label, incorrect-label, blank-row, primary-key, foreign-key,
duplicate-row, extra-cell, missing-cell, type-error, constraint-error, unique-error, ascii-value,
deviated-cell, deviated-value, forbidden-value, required-value, sequential-value, truncated-value.
Not: row-constraint (a Python expression per row; what rows must obey here are the checks of sums,
parts and shares), encoding-, format-, scheme- and compression-error (the reader refuses such a
file and says why), and errors of packages and their descriptors (a bad schema is
:class:`.BadSchemaError`).

Where the verdicts differ: the encoding is found from the whole file, not from its first 100 kB by
likelihood, and what is not UTF-8 throughout is read as cp1252 instead of broken off in the middle;
duplicate-row compares values (1.5 and 1.50 are equal, 'a,b' + 'c' is not 'a' + 'b,c');
deviated-value and deviated-cell say row and field, not only in words; unique and keys on arrays,
objects and sNaN compare their text, where frictionless raises TypeError; cells of a workbook past
the last one with content are not there, where frictionless may count cells that only have a
style, and an error cell (#REF!) is an empty one; a bad schema is raised, not reported, also a
bound that is no value of its field.
"""
from __future__ import annotations

import csv
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.checks.registry import all_checks
from ckanext.satudata.domain.inspection.notes import Finding, Severity
from ckanext.satudata.domain.inspection.table import TidyTable
from ckanext.satudata.domain.inspection.validation.checking import StandardCheck
from ckanext.satudata.domain.inspection.validation.labels import (
    AmbiguousLabelsError,
    Dialect,
    expected,
    label_errors,
)
from ckanext.satudata.domain.inspection.validation.optional import (
    needed,
    optional_errors,
    stated_errors,
)
from ckanext.satudata.domain.inspection.validation.result import Found, Validation
from ckanext.satudata.domain.inspection.validation.schema import BadSchemaError, Schema
from ckanext.satudata.domain.inspection.validation.table import Table
from ckanext.satudata.domain.inspection.validation.tidy import Judgement
from ckanext.satudata.domain.inspection.validation.tidy import references as lists
from ckanext.satudata.domain.inspection.veil import veiled

__all__ = ["LISTED", "Checked", "Validation", "run", "validate"]

#: So many findings of a table are listed; the download has all.
LISTED = 1000
#: Of each check and column so many come first, so that a long list hides no other.
_AT_LEAST = 20
_log = logging.getLogger(__name__)

_WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}


def validate(path: str | Path, schema: Mapping[str, Any], *,
             dialect: Mapping[str, Any] | Dialect | None = None,
             checks: Sequence[str | Mapping[str, Any]] = (), limit: int = 1000,
             references: Mapping[str, Any] | None = None,
             stated: Mapping[str, Any] | None = None) -> Validation:
    """Check a CSV file or a sheet of a workbook against a Table Schema.

    :param schema: a Table Schema descriptor
    :param dialect: a Table Dialect descriptor; what it does not say is found out
    :param checks: frictionless' further checks (``{"type": "duplicate-row"}``)
    :param limit: how many errors are listed; counts and :meth:`.Validation.all_errors` know all
    :param references: tables that foreign keys name, beside the portal's vocabularies
    :param stated: what a Data Resource says of the file: ``bytes``, ``hash``, ``fields``, ``rows``
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
    result = Validation(labels=labels, limit=limit, schema=wanted, stated=stated or {})
    first = header[-1] + 1 if header else 1
    if not labels and all(known.left_out(first + at, row)
                          for at, row in enumerate(source.sample[first - 1:])):
        result.found.append(Found("source-error", "the source is empty"))
    try:
        fields = expected(labels, wanted, known.header_case)
    except AmbiguousLabelsError as error:
        result.found.append(Found("error", str(error)))
        return result
    result.found += [Found(one.type, one.note or one.label, one.number, one.name)
                     for one in label_errors(labels, wanted, known.header_case)]
    asked = [{"type": one} if isinstance(one, str) else one for one in checks]
    table = Table(wanted, fields, first, needed(asked, fields))
    try:
        source.judge(table, first - 1)
    except csv.Error as error:  # a quote that is never closed, for 64 MB
        result.found.append(Found("source-error", str(error)))
    table.finish(_Lists(references or {}))
    result.found += [*table.found, *optional_errors(table, asked)]
    result.rows = table.n
    result.found += stated_errors(path, stated or {}, len(wanted.fields), table.n)
    return result


@dataclass
class Checked:
    """What the checks found in a clean table.

    :ivar hits: per check and column
    :ivar failed: codes of checks that broke off: their findings are not known; ``schema`` where
        the declared one cannot be followed
    """

    table: TidyTable
    hits: list[Hits] = field(default_factory=list[Hits])
    failed: list[str] = field(default_factory=list[str])

    @property
    def counts(self) -> dict[str, Any]:
        """Return the complete counts by severity, and ``by_code``."""
        by_code: Counter[str] = Counter()
        by_severity: Counter[str] = Counter()
        for one in self.hits:
            by_code[one.check.code] += _size(one)
            by_severity[_severity(one).value] += _size(one)
        return {**{one.value: by_severity[one.value] for one in Severity},
                "by_code": dict(sorted(by_code.items()))}

    def listed(self, limit: int = LISTED) -> list[Finding]:
        """Return the findings shown to people: ``wajib`` first, something of every check."""
        ordered = sorted(self.hits, key=lambda one: list(Severity).index(_severity(one)))
        room, shares = limit, [0] * len(ordered)
        for most in (_AT_LEAST, limit):
            for at, one in enumerate(ordered):
                more = min(_size(one) - shares[at], most - shares[at], room)
                if more > 0:
                    shares[at] += more
                    room -= more
        return [one.check.finding(self.table, one, at)
                for one, share in zip(ordered, shares, strict=True) for at in range(share)]

    def all(self) -> Iterator[Finding]:
        """Yield every finding, for the download."""
        for one in self.hits:
            for at in range(_size(one)):
                yield one.check.finding(self.table, one, at)


def run(table: TidyTable, facts: Facts | None = None, previous: Previous | None = None,
        schema: Mapping[str, Any] | None = None, *,
        checks: Sequence[Check | type[Check]] | None = None,
        references: Mapping[str, Any] | None = None) -> Checked:
    """Run the checks on a clean table.

    :param schema: a Table Schema declared for this table
    :param checks: all of the registry, unless given
    """
    known = facts or Facts()
    checked = Checked(table)
    try:
        judgement = Judgement(table, schema, references)
    except BadSchemaError:
        _log.exception("the declared schema cannot be followed")
        checked.failed.append("schema")
        judgement = Judgement(table)
    for one in all_checks() if checks is None else checks:
        check = one if isinstance(one, Check) else one()
        if isinstance(check, StandardCheck):
            check.judgement = judgement
        try:
            checked.hits += check.run(table, known, previous)
        except Exception:  # one check's mistake must not hide what the others found
            _log.exception("check %s broke off", check.code)
            checked.failed.append(check.code)
    checked.hits = veiled(table, checked.hits)
    return checked


class _Lists(dict[str, Any]):
    """The tables given, and the portal's own lists under their names."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in ("wilayah", *vocabulary.names())

    def __missing__(self, name: str) -> Any:
        return lists(name)


def _size(hits: Hits) -> int:
    return max(len(hits.rows), 1)


def _severity(hits: Hits) -> Severity:
    return hits.severity or hits.check.severity
