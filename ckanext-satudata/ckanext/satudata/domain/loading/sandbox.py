"""Read a data file in a child process with limits of memory, processor time and output.

Threat: whatever the bounds before reading miss (an .xls of hostile records, a
parser's own appetite) must end as one failed file, not as a dead server.
"""
from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.problems import N_, LoadError, Place, Problem

__all__ = ["Reading", "main", "read_file"]


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
    answer = json.loads(json.dumps(_answer(order))) if ours else _from_child(order, limits)
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


def _from_child(order: dict[str, Any], limits: Limits) -> dict[str, Any]:
    name = order["name"]
    try:
        done = subprocess.run(
            # -I: the folder people load from may hold a json.py, and must not be searched.
            [sys.executable, "-I", "-m", __name__], input=json.dumps(order).encode(),
            capture_output=True, timeout=limits.seconds, check=False,
        )
    except subprocess.TimeoutExpired:
        raise LoadError(Place(name), N_("berkas belum selesai dibaca dalam {seconds} detik."),
                        seconds=limits.seconds) from None
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise LoadError(Place(name), N_(
            "berkas tidak dapat dibaca dalam batas memori {limit} MB. "
            "Simpan tabelnya sebagai CSV lalu coba lagi."),
            limit=limits.memory_bytes // 1_000_000) from None


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    from ckanext.satudata.domain.loading import reading, table  # loaded under the limits

    try:
        return reading.read(
            Path(order["path"]), order["name"], Path(order["target"]), Limits(**order["limits"]),
            order["declared"])
    except table.NotATable as error:
        return {"reason": error.problem.as_dict()}
    except LoadError as error:
        return {"error": error.problem.as_dict()}


def main() -> None:
    """Body of the child: order on stdin, answer on stdout, both JSON."""
    order = json.load(sys.stdin)
    limits = Limits(**order["limits"])
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds))
    written = limits.unpacked_bytes * 2
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    try:
        answer = _answer(order)
    except MemoryError:
        sys.exit(3)
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
