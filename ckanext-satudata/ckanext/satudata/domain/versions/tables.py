"""Compare the tables of two versions, in a child process with limits and a progress.

The engine is DuckDB: of the three tried (1,000,000 rows of 10 columns against as many, two cores)
each took about two seconds, Polars 0.95 GB and pyarrow 0.6 GB; DuckDB took 0.65 GB, and is the one
that can be told how much memory it may take and goes on from disk beyond it.

Threat: both files come from outside. The child reads them under the limits of memory, processor
time and output of ``domain/loading``, its engine may open nothing but these files and its work
folder, load no extension and change none of that.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.inspection import child
from ckanext.satudata.domain.inspection.notes import RefusedFile
from ckanext.satudata.domain.loading.limits import DEFAULT, MB, Limits
from ckanext.satudata.domain.loading.paths import check_size
from ckanext.satudata.domain.loading.problems import N_, LoadError, Place, Problem
from ckanext.satudata.domain.loading.reading import TABLE_FORMATS, format_of

__all__ = ["LIST", "Bounds", "Key", "Source", "TakesTooLong", "compare", "table_kind"]

#: Name of the full list in the work folder.
LIST = "daftar.csv"


class TakesTooLong(LoadError):
    """A comparison did not end within its bounds of time and memory."""


@dataclass(frozen=True)
class Bounds:
    """How much one comparison may take.

    :param seconds: on the clock, and of each processor
    :param engine_bytes: memory the engine may use before it goes on from disk
    :param address_bytes: the most the child may ever ask for; addresses, not memory
    :param disk_bytes: what the engine may put on disk meanwhile
    :param lines: of the full list
    """

    limits: Limits = DEFAULT
    seconds: int = 600
    engine_bytes: int = 1000 * MB
    address_bytes: int = 6144 * MB
    disk_bytes: int = 8192 * MB
    lines: int = 10_000_000


@dataclass(frozen=True)
class Source:
    """A file of a version.

    :param name: as people know it, for messages
    :param kind: ``CSV``, ``XLSX``... (:func:`table_kind`)
    """

    path: Path
    name: str
    kind: str


@dataclass(frozen=True)
class Key:
    """Columns that were declared to tell rows apart.

    :param source: ``skema`` (Table Schema) or ``datastore``
    """

    columns: tuple[str, ...]
    source: str


def table_kind(filename: str, declared: str) -> str | None:
    """Return how a file is read as a table, by its name, else by its declared format."""
    for kind in (format_of(filename), declared.strip().upper().lstrip(".")):
        if kind in TABLE_FORMATS:
            return kind
    return None


def compare(
    old: Source, new: Source, work: Path, keys: Sequence[Key] = (),
    schema: Mapping[str, Any] | None = None,
    progress: Callable[[int], None] = lambda percent: None, bounds: Bounds | None = None,
) -> dict[str, Any]:
    """Return what changed from one table to another.

    :param work: an empty folder, which the caller deletes; receives the full list as CSV
        (:data:`LIST`: kind, key columns, column, old, new)
    :param keys: declared ones, the first that holds in both versions is taken
    :param schema: Table Schema of the new version
    :param progress: told a percentage now and then; what it raises ends the comparison
    :returns: ``key`` (names), ``key_source`` (``skema``, ``datastore``, ``usulan``, or
        ``tanpa`` where rows are compared whole), ``rows`` (added, removed, changed, same),
        ``past_changed`` (rows changed, gone, or with a value in a column that is gone),
        ``columns`` (added, removed, changed: name to cells, reformatted: name to cells whose
        number is only written otherwise), ``sample``, ``listed`` (lines of the list)
    :raises LoadError: a file cannot be compared; the message says how to mend it
    :raises TakesTooLong: it may yet be compared, with wider bounds
    :raises RuntimeError: the child broke; what it said is in the log
    """
    bounds = bounds or Bounds()
    for each in (old, new):
        check_size(each.path.stat().st_size, each.name, Place(each.name), bounds.limits)
    order = {
        "old": {**asdict(old), "path": str(old.path.resolve())},
        "new": {**asdict(new), "path": str(new.path.resolve())},
        "target": str(work.resolve() / LIST), "work": str(work.resolve()),
        "keys": [asdict(key) for key in keys], "schema": dict(schema or {}),
        "bounds": asdict(bounds),
    }
    try:
        answer = child.run(
            "ckanext.satudata.domain.versions.comparing:work", order, child.Bounds(
                memory_bytes=bounds.address_bytes, seconds=bounds.seconds * 2,
                wall_seconds=bounds.seconds,
                file_bytes=max(bounds.limits.unpacked_bytes * 2, bounds.disk_bytes)), progress)
    except RefusedFile as refused:
        raise TakesTooLong(Place(new.name), N_(
            "perbandingan tidak selesai dalam batas {seconds} detik dan {limit} MB memori. Bagi "
            "tabelnya menjadi beberapa berkas."), seconds=bounds.seconds,
            limit=bounds.limits.memory_bytes // 1_000_000) from refused
    if "error" in answer:
        error = LoadError(Place(new.name), "")
        error.problem = Problem.from_dict(answer["error"])
        error.args = (error.problem.text(),)
        raise error
    return answer
