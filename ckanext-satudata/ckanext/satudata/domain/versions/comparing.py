"""What the child process does that compares two tables."""
from __future__ import annotations

import os
import resource
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudata.domain.inspection import child
from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.problems import LoadError
from ckanext.satudata.domain.loading.shapes import is_list, is_object
from ckanext.satudata.domain.versions.table_key import propose
from ckanext.satudata.domain.versions.table_rows import Found, Pair, compare_bags, compare_keyed
from ckanext.satudata.domain.versions.table_source import Side, literal, load
from ckanext.satudata.domain.versions.table_values import prepare, written

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["compare_files", "open_engine", "work"]

#: So many rows tell already that values repeat.
_GLANCE = 20_000
#: Columns among which a key is looked for.
_LEADING = 60


def open_engine(work: Path, readable: Iterable[Path], memory: int, disk: int) -> DuckDBPyConnection:
    """Return an engine that may read these files, write into the work folder, and nothing else."""
    import duckdb

    engine = duckdb.connect(":memory:", config={
        "memory_limit": f"{memory // 1_000_000}MB", "threads": "2",
        "temp_directory": str(work / "engine"), "max_temp_directory_size": f"{disk // 1_000_000}MB",
        "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
    })
    engine.execute(f"SET allowed_directories = [{literal(str(work))}]")
    engine.execute("SET allowed_paths = ["
                   + ", ".join(literal(str(path)) for path in readable) + "]")
    engine.execute("SET enable_external_access = false")
    engine.execute("SET enable_progress_bar = false")
    engine.execute("SET lock_configuration = true")
    return engine


def compare_files(
    order: Mapping[str, Any], limits: Limits, tell: Callable[[int], None],
    guard: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> dict[str, Any]:
    """Do what :func:`ckanext.satudata.domain.versions.tables.compare` was asked.

    :param tell: told the percentage
    :param guard: around the parsers of others, whose appetite nobody knows
    """
    bounds, old_file, new_file = order["bounds"], order["old"], order["new"]
    tell(1)
    paths = [Path(each["path"]) for each in (old_file, new_file)]
    with open_engine(Path(order["work"]), paths, bounds["engine_bytes"],
                     bounds["disk_bytes"]) as engine:
        prepare(engine)
        sides: list[Side] = []
        for table, path, file in zip(("lama", "baru"), paths, (old_file, new_file), strict=True):
            parsed = file["kind"] not in ("CSV", "TSV", "TXT")
            with guard() if parsed else nullcontext():
                sides.append(load(engine, table, path, file["name"], file["kind"], limits))
            tell(25 * len(sides))
        old, new = sides
        return _compare(engine, old, new, order, tell)


def _compare(
    engine: DuckDBPyConnection, old: Side, new: Side, order: Mapping[str, Any],
    tell: Callable[[int], None],
) -> dict[str, Any]:
    places = {name: number for number, name in enumerate(old.names)}
    shared = [Pair(name, places[name], number) for number, name in enumerate(new.names)
              if name in places]
    gone = [number for name, number in places.items() if name not in set(new.names)]
    described = order["schema"].get("fields")
    fields = {str(field["name"]): field for field in (described if is_list(described) else [])
              if is_object(field) and isinstance(field.get("name"), str)}
    key, source = _key(engine, old, new, shared, order["keys"], fields)
    tell(60)
    target, lines = Path(order["target"]), order["bounds"]["lines"]
    if key:
        values = [pair for pair in shared if pair not in key]

        def ways_of(differing: Sequence[int]) -> dict[int, Any]:
            tell(70)
            ways = _ways(engine, old, new, [values[n] for n in differing], fields)
            tell(75)
            return dict(zip(differing, ways, strict=True))

        found = compare_keyed(engine, old, new, key, values, gone, ways_of, target, lines)
    else:
        ways = _ways(engine, old, new, shared, fields)
        found = compare_bags(
            engine, old, new,
            [replace(pair, ways=way) for pair, way in zip(shared, ways, strict=True)],
            gone, target, lines)
    tell(99)
    return _answer(found, old, new, [pair.name for pair in key], source)


def _answer(found: Found, old: Side, new: Side, key: list[str], source: str) -> dict[str, Any]:
    return {
        "key": key, "key_source": source,
        "rows": {"added": found.added, "removed": found.removed,
                 "changed": found.changed_rows, "same": found.same},
        "past_changed": found.past_changed,
        "columns": {
            "added": [name for name in new.names if name not in set(old.names)],
            "removed": [name for name in old.names if name not in set(new.names)],
            "changed": found.changed, "reformatted": found.reformatted,
        },
        "sample": found.sample, "listed": found.listed,
    }


def _ways(
    engine: DuckDBPyConnection, old: Side, new: Side, pairs: Sequence[Pair],
    fields: Mapping[str, Mapping[str, Any]],
) -> list[Any]:
    before = written(engine, old, [pair.old for pair in pairs], _texts(fields))
    after = written(engine, new, [pair.new for pair in pairs], fields)
    return [(before[pair.old], after[pair.new])
            if pair.old in before and pair.new in after else None for pair in pairs]


def _texts(fields: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return what the schema of the new version says of the old one: which columns are text."""
    return {name: field for name, field in fields.items() if field.get("type") == "string"}


def _key(
    engine: DuckDBPyConnection, old: Side, new: Side, shared: Sequence[Pair],
    declared: Sequence[Mapping[str, Any]], fields: Mapping[str, Mapping[str, Any]],
) -> tuple[list[Pair], str]:
    by_name = {pair.name: pair for pair in shared}
    for key in declared:
        columns = [by_name[name] for name in key["columns"] if name in by_name]
        if columns and len(columns) == len(key["columns"]) and _is_unique(
                engine, old, new, columns):
            return columns, key["source"]
    leading = list(shared[:_LEADING])
    measures = set(written(engine, new, [pair.new for pair in leading], fields, glance=True))

    def distinct(columns: Sequence[int]) -> dict[int, tuple[int, int]]:
        return dict(zip(columns, zip(
            _distinct(engine, old.table, [leading[at].old for at in columns]),
            _distinct(engine, new.table, [leading[at].new for at in columns]),
            strict=True), strict=True))

    chosen = propose(
        [pair.name for pair in leading],
        [at for at, pair in enumerate(leading) if pair.new in measures], (old.rows, new.rows),
        distinct, lambda columns: _is_unique(engine, old, new, [leading[at] for at in columns]))
    if chosen is None:
        return [], "tanpa"
    return [leading[at] for at in chosen], "usulan"


def _distinct(engine: DuckDBPyConnection, table: str, columns: Sequence[int]) -> list[int]:
    if not columns:
        return []
    row = engine.execute("SELECT " + ", ".join(
        f"approx_count_distinct(c{number})" for number in columns) + f" FROM {table}").fetchone()
    assert row is not None
    return [int(value) for value in row]


def _is_unique(
    engine: DuckDBPyConnection, old: Side, new: Side, columns: Sequence[Pair]
) -> bool:
    for side, numbers in ((old, [pair.old for pair in columns]),
                          (new, [pair.new for pair in columns])):
        cells = ", ".join(f"c{number}" for number in numbers)
        for rows in (f"(SELECT {cells} FROM {side.table} LIMIT {_GLANCE})", side.table):
            found = engine.execute(
                f"SELECT (SELECT count(*) FROM {rows}) = "
                f"(SELECT count(*) FROM (SELECT DISTINCT {cells} FROM {rows}))").fetchone()
            assert found is not None
            if not found[0]:
                return False
    return True


@contextmanager
def _parsing(more: int) -> Generator[None, None, None]:
    """Let a parser take so many bytes more than what is taken, while it works."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (
        min(pages * resource.getpagesize() + more, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _too_much() -> type[Exception]:
    import duckdb

    return duckdb.OutOfMemoryException


def work(order: dict[str, Any]) -> dict[str, Any]:
    """What the child is asked: compare, or say why a file cannot be."""
    limits = Limits(**order["bounds"]["limits"])
    os.nice(5)  # people wait for pages, nobody for this
    try:
        return compare_files(order, limits, child.tell, lambda: _parsing(limits.memory_bytes))
    except LoadError as error:
        return {"error": error.problem.as_dict()}
    except _too_much() as error:
        raise MemoryError from error
