"""What frictionless says of a file, and what we say, in the same words."""
from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.inspection.engine import validate

VERSION_2 = "https://datapackage.org/profiles/2.0/dataresource.json"
Verdict = set[tuple[str, int | None, int | None]]


def theirs(path: Path, schema: dict[str, Any], dialect: dict[str, Any] | None = None,
           checks: list[dict[str, Any]] | None = None, encoding: str | None = "utf-8",
           limit: int = 100_000_000) -> tuple[Verdict, dict[str, int]]:
    """Return frictionless' errors as (type, row, field), and their counts."""
    from frictionless import Checklist, Resource

    descriptor: dict[str, Any] = {"$schema": VERSION_2, "name": "tabel", "path": path.name,
                                  "schema": schema}
    if encoding is not None:
        descriptor["encoding"] = encoding
    if dialect:
        descriptor["dialect"] = dialect
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        resource = Resource.from_descriptor(descriptor, basepath=str(path.parent))
        checklist = Checklist.from_descriptor({"checks": checks or []})
        report = resource.validate(checklist, limit_errors=limit)
    verdict: Verdict = set()
    counts: dict[str, int] = {}
    for error in [*report.errors, *(one for task in report.tasks for one in task.errors)]:
        verdict.add((error.type, getattr(error, "row_number", None),
                     getattr(error, "field_number", None)))
        counts[error.type] = counts.get(error.type, 0) + 1
    return verdict, counts


def ours(path: Path, schema: dict[str, Any], dialect: dict[str, Any] | None = None,
         checks: list[dict[str, Any]] | None = None) -> tuple[Verdict, dict[str, int]]:
    """Return our errors likewise."""
    found = validate(path, schema, dialect=dialect, checks=checks or [], limit=100_000_000)
    return ({(one.type, one.row_number, one.field_number) for one in found.errors}, found.counts)
