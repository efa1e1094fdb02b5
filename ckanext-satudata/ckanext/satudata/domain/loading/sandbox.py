"""Read a data file in a child process with limits of memory, processor time and output.

Threat: whatever the bounds before reading miss (an .xls of hostile records, a
parser's own appetite) must end as one failed file, not as a dead server.
"""
from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.inspection import child
from ckanext.satudata.domain.inspection.notes import RefusedFile
from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.problems import LoadError, Place, Problem

__all__ = ["Reading", "read_file", "work"]


@dataclass
class Reading:
    """What the child found; without ``fields`` the file is kept as a file only."""

    fields: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    ids: list[str] = field(default_factory=list[str])
    rows: int = 0
    encoding: str | None = None
    delimiter: str | None = None
    problems: list[Problem] = field(default_factory=list[Problem])
    remarks: list[tuple[str, dict[str, Any]]] = field(
        default_factory=list[tuple[str, dict[str, Any]]]
    )
    reason: Problem | None = None
    csv: Path | None = None

    @property
    def is_table(self) -> bool:
        """True when the datastore can be filled from ``csv``."""
        return bool(self.fields)


def read_file(
    path: Path,
    name: str,
    target: Path,
    limits: Limits,
    declared: Mapping[str, str] | None = None,
    ours: bool = False,
) -> Reading:
    """Read one file in a child process; ``target`` receives the rows of a table.

    :param ours: this process wrote the file itself: no child is needed to read it
    :raises LoadError: if the file cannot be read within the limits.
    """
    order = {"path": str(path), "name": name, "target": str(target),
             "limits": asdict(limits), "declared": dict(declared or {})}
    try:
        answer = json.loads(json.dumps(work(order))) if ours else child.run(
            f"{__name__}:work", order, child.Bounds(
                memory_bytes=limits.memory_bytes, seconds=limits.seconds,
                wall_seconds=limits.seconds, file_bytes=2 * limits.unpacked_bytes))
    except RefusedFile as refused:
        raise LoadError(Place(name), refused.message.template,
                        **refused.message.values) from refused
    if "error" in answer:
        error = LoadError(Place(name), "")
        error.problem = Problem.from_dict(answer["error"])
        error.args = (error.problem.text(),)
        raise error
    if "reason" in answer:
        return Reading(reason=Problem.from_dict(answer["reason"]))
    answer["problems"] = [Problem.from_dict(problem) for problem in answer["problems"]]
    answer["remarks"] = [(template, values) for template, values in answer["remarks"]]
    return Reading(**answer, csv=target)


def work(order: dict[str, Any]) -> dict[str, Any]:
    """What the child is asked: read a file, and say what it found or why it is no table."""
    from ckanext.satudata.domain.loading import reading, table  # loaded under the limits

    try:
        return reading.read(
            Path(order["path"]), order["name"], Path(order["target"]), Limits(**order["limits"]),
            order["declared"])
    except table.NotATable as error:
        return {"reason": error.problem.as_dict()}
    except LoadError as error:
        return {"error": error.problem.as_dict()}
