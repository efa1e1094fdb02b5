"""Which table of a unit's file is the one asked for, where the file holds several."""
from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.inspection.notes import N_, Message, Severity
from ckanext.satudata.domain.intake.recap.parts import Part, Remark, Unit, canonical

__all__ = ["Candidate", "choose"]


@dataclass(frozen=True)
class Candidate:
    """A file of a unit with every table that was found in it: CSV and Table Schema of each."""

    unit: Unit
    tables: tuple[tuple[Path, Mapping[str, Any]], ...]
    at: dt.datetime
    filename: str = ""
    key: str = ""


def choose(
    files: Iterable[Candidate], expected: Sequence[Mapping[str, Any]] = ()
) -> tuple[list[Part], list[Remark]]:
    """Return one table of each file: the one most like what is expected and what others sent.

    A file without any becomes a part that cannot be read, so that it is told.
    """
    files = list(files)
    wanted = {str(each["name"]) for each in expected}
    usual: Counter[str] = Counter()
    for each in files:
        usual.update({name for _path, schema in each.tables for name in _names(schema)})
    parts: list[Part] = []
    remarks: list[Remark] = []
    for each in files:
        scores = [sum(usual[name] + len(files) * (name in wanted) for name in _names(schema))
                  for _path, schema in each.tables]
        best = scores.index(max(scores)) if scores else -1
        path, schema = each.tables[best] if scores else (Path(), {})
        parts.append(Part(each.unit, path, schema, each.at, each.filename, each.key))
        if len(scores) > 1:
            remarks.append(Remark("table-chosen", Severity.SARAN, Message(N_(
                "Berkas “{filename}” dari {unit} berisi {count} tabel; yang digabung tabel "
                "{number}."), {"filename": each.filename[:80], "unit": each.unit.name,
                               "count": len(scores), "number": best + 1}),
                Message(N_("Kalau bukan itu, minta {unit} mengirim tabel yang diminta saja."),
                        {"unit": each.unit.name}), (each.unit.code,)))
    return parts, remarks


def _names(schema: Mapping[str, Any]) -> set[str]:
    fields = [each for each in schema.get("fields", []) if isinstance(each, dict)]
    return set(canonical(fields))
