"""The comparison itself: rows and cells of two tables that are in the engine.

With a key, rows of both versions are matched by it; without one each version is a bag of rows,
and a changed row is one removed and one added.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudata.domain.versions.table_source import Side, literal
from ckanext.satudata.domain.versions.table_values import Written, differ

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["HEADER", "Found", "Pair", "compare_bags", "compare_keyed"]

#: First and last columns of the full list; those of the key stand between.
HEADER = ("jenis", "kolom", "lama", "baru")
#: Rows in the sample, of which at most so many of one kind where there are others.
_SAMPLE, _OF_KIND = 50, 20
_SAMPLE_CHARS = 300
_SAMPLE_COLUMNS = 12


@dataclass(frozen=True)
class Pair:
    """A column of both versions.

    :param old: its number in the old table
    :param ways: how its numbers are written, where it holds nothing else in both
    """

    name: str
    old: int
    new: int
    ways: tuple[Written, Written] | None = None


@dataclass
class Found:
    """What was found; ``changed`` and ``reformatted`` count cells by column."""

    added: int = 0
    removed: int = 0
    changed_rows: int = 0
    same: int = 0
    past_changed: int = 0
    changed: dict[str, int] = field(default_factory=dict[str, int])
    reformatted: dict[str, int] = field(default_factory=dict[str, int])
    sample: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    listed: int = 0


def _numbers(engine: DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = engine.execute(query).fetchone()
    assert row is not None
    return tuple(int(value or 0) for value in row)


def _same_key(size: int) -> str:
    return " AND ".join(f"o.k{n} = n.k{n}" for n in range(size))


class _Keyed:
    """Two tables matched by key; ``o`` and ``n`` show both with the same names of columns."""

    def __init__(
        self, engine: DuckDBPyConnection, old: Side, new: Side, key: Sequence[Pair],
        values: Sequence[Pair], gone: Sequence[int],
    ) -> None:
        self.engine, self.key, self.values, self.gone = engine, key, values, gone
        parts = [(f"c{pair.old} AS k{n}", f"c{pair.new} AS k{n}") for n, pair in enumerate(key)]
        parts += [(f"c{pair.old} AS v{n}", f"c{pair.new} AS v{n}")
                  for n, pair in enumerate(values)]
        lost = " OR ".join(f"c{number} <> ''" for number in gone) or "false"
        engine.execute(f"CREATE OR REPLACE TEMP VIEW o AS SELECT rowid AS r, ({lost}) AS hilang, "
                       f"{', '.join(one for one, _ in parts)} FROM {old.table}")
        engine.execute(f"CREATE OR REPLACE TEMP VIEW n AS SELECT rowid AS r, "
                       f"{', '.join(other for _, other in parts)} FROM {new.table}")
        self.on = _same_key(len(key))
        self.keys = ", ".join(f"k{n}" for n in range(len(key)))

    def text_differences(self) -> tuple[int, int, list[int]]:
        """Return rows in both, those of them that lost a column's value, differing texts."""
        matched, lost, *found = _numbers(
            self.engine, "SELECT count(*), count(*) FILTER (WHERE hilang)" + "".join(
                f", count(*) FILTER (WHERE o.v{n} <> n.v{n})" for n in range(len(self.values)))
            + f" FROM o JOIN n ON {self.on}")
        return matched, lost, list(found)

    def keep_changes(self, ways: Mapping[int, tuple[Written, Written] | None]) -> None:
        """Make the tables ``ubah``, ``hapus`` and ``tambah``."""
        both = ", ".join(f"n.k{n}" for n in range(len(self.key)))
        flags = ", ".join(
            f"{differ(f'o.v{n}', f'n.v{n}', way)} AS d{n}" for n, way in ways.items())
        values = "".join(f", o.v{n} AS o{n}, n.v{n} AS n{n}" for n in ways)
        if ways:
            self.engine.execute(
                f"CREATE OR REPLACE TEMP TABLE ubah AS SELECT * FROM (SELECT n.r, hilang, {both}"
                f"{values}, {flags} FROM o JOIN n ON {self.on}) WHERE "
                + " OR ".join(f"d{n}" for n in ways))
        for table, mine, other in (("hapus", "o", "n"), ("tambah", "n", "o")):
            self.engine.execute(
                f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT r, {self.keys} FROM {mine} "
                f"ANTI JOIN {other} ON {self.on}")


def compare_keyed(
    engine: DuckDBPyConnection, old: Side, new: Side, key: Sequence[Pair],
    values: Sequence[Pair], gone: Sequence[int],
    ways_of: Any, target: Path, most: int,
) -> Found:
    """Compare two tables whose rows the key tells apart in both.

    :param gone: columns of the old table that the new one has not
    :param ways_of: asked for the pairs that differ as text, with how their numbers are written
    :param target: where the full list goes
    :param most: lines of the list
    """
    work = _Keyed(engine, old, new, key, values, gone)
    matched, lost, texts = work.text_differences()
    differing = [n for n, count in enumerate(texts) if count]
    known: Mapping[int, tuple[Written, Written] | None] = ways_of(differing)
    ways = {n: known.get(n) for n in differing}
    work.keep_changes(ways)
    found = Found()
    counted: tuple[int, ...] = (0, 0)
    if ways:
        counted = _numbers(
            engine, "SELECT count(*), count(*) FILTER (WHERE hilang)" + "".join(
                f", count(*) FILTER (WHERE d{n})" for n in ways) + " FROM ubah")
    found.changed_rows = counted[0]
    for n, cells in zip(ways, counted[2:], strict=True):
        if cells:
            found.changed[values[n].name] = cells
        if texts[n] > cells:
            found.reformatted[values[n].name] = texts[n] - cells
    found.same = matched - found.changed_rows
    found.removed, found.added = old.rows - matched, new.rows - matched
    found.past_changed = found.removed + found.changed_rows + lost - counted[1]
    changed = {n: values[n].name for n in ways if values[n].name in found.changed}
    names = [pair.name for pair in key]
    found.listed = _list(engine, names, changed, target, most)
    found.sample = _sample(engine, names, changed)
    return found


def _list(
    engine: DuckDBPyConnection, key: Sequence[str], changed: Mapping[int, str], target: Path,
    most: int,
) -> int:
    """Write every change as a line; return how many."""
    keys = ", ".join(f"k{n}" for n in range(len(key)))
    header = ", ".join(literal(name) for name in (HEADER[0], *key, *HEADER[1:]))
    aliases = ", ".join(["p", "r", "q", "jenis", *(f"k{n}" for n in range(len(key))),
                         "kolom", "lama", "baru"])
    parts = [f"SELECT 0 AS p, 0 AS r, 0 AS q, {header}"]
    parts += [f"SELECT 1, r, {place}, 'ubah', {keys}, {literal(name)}, o{n}, n{n} FROM ubah "
              f"WHERE d{n}" for place, (n, name) in enumerate(changed.items())]
    parts += [f"SELECT {place}, r, 0, {literal(kind)}, {keys}, '', '', '' FROM {kind}"
              for place, kind in ((2, "hapus"), (3, "tambah"))]
    lines = " UNION ALL ".join(parts)
    row = engine.execute(
        f"COPY (SELECT * EXCLUDE (p, r, q) FROM ({lines}) AS baris({aliases}) "
        f"ORDER BY p, r, q LIMIT {most + 1}) TO {literal(str(target))} "
        "(FORMAT csv, HEADER false)").fetchone()
    assert row is not None
    return int(row[0]) - 1


def _sample(
    engine: DuckDBPyConnection, key: Sequence[str], changed: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Return some changes of each kind and of each changed column."""
    shown = list(enumerate(key))[:_SAMPLE_COLUMNS]
    keys = ", ".join(f"substr(k{n}, 1, {_SAMPLE_CHARS})" for n, _ in shown)

    def rows(table: str, more: str, limit: int) -> list[tuple[str, ...]]:
        return engine.execute(
            f"SELECT {keys}{more.partition('|')[0]} FROM {table} {more.partition('|')[2]} "
            f"ORDER BY r LIMIT {limit}").fetchall()

    def entry(kind: str, row: Sequence[str], column: str = "") -> dict[str, Any]:
        old, new = row[len(shown):] or ("", "")
        return {"kind": kind, "key": {name: row[n] for n, name in shown},
                "column": column, "old": old, "new": new}

    cells: list[tuple[int, dict[str, Any]]] = []
    for n, name in list(changed.items())[:_SAMPLE]:
        more = (f", substr(o{n}, 1, {_SAMPLE_CHARS}), substr(n{n}, 1, {_SAMPLE_CHARS})"
                f"|WHERE d{n}")
        cells += enumerate(entry("ubah", row, name) for row in rows(
            "ubah", more, _SAMPLE // min(len(changed), _SAMPLE)))
    cells.sort(key=lambda each: each[0])  # a cell of each column, then a second of each
    gone = [entry("hapus", row) for row in rows("hapus", "", _SAMPLE)]
    come = [entry("tambah", row) for row in rows("tambah", "", _SAMPLE)]
    return _spread([[each for _, each in cells], gone, come])


def _spread(kinds: Sequence[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Take from each kind in turn until the sample is full."""
    chosen = [each[:_OF_KIND] for each in kinds]
    rest = _SAMPLE - sum(len(each) for each in chosen)
    for each, some in zip(kinds, chosen, strict=True):
        more = each[len(some):len(some) + max(rest, 0)]
        some += more
        rest -= len(more)
    return [entry for some in chosen for entry in some][:_SAMPLE]


def compare_bags(
    engine: DuckDBPyConnection, old: Side, new: Side, values: Sequence[Pair],
    gone: Sequence[int], target: Path, most: int,
) -> Found:
    """Compare two tables as bags of rows, by the columns that both have."""
    if not values:  # nothing in common: all that was is gone
        return Found(added=new.rows, removed=old.rows, past_changed=old.rows)
    found = Found()
    columns = range(len(values))

    def side(letter: str, number: int) -> str:
        pair = values[number]
        cell = f"c{pair.old if letter == 'o' else pair.new}"
        way = pair.ways[0 if letter == "o" else 1] if pair.ways else None
        return f"angka_{way.value}({cell})" if way else cell

    def chosen(letter: str, table: str, sign: int) -> str:
        cells = "".join(f"{side(letter, n)} AS k{n}, " for n in columns)
        return f"SELECT {cells}rowid AS r, {sign} AS s FROM {table}"

    keys = "".join(f"k{n}, " for n in columns)
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE beda AS SELECT {keys}min(r) AS r, sum(s) AS s FROM "
        f"({chosen('n', new.table, 1)} UNION ALL {chosen('o', old.table, -1)}) "
        f"GROUP BY {keys.rstrip(', ')} HAVING sum(s) <> 0")
    for table, sign in (("hapus", "-s"), ("tambah", "s")):
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {keys}r FROM "
            f"(SELECT *, unnest(range(CAST({sign} AS BIGINT))) FROM beda WHERE {sign} > 0)")
    found.removed, = _numbers(engine, "SELECT count(*) FROM hapus")
    found.added, = _numbers(engine, "SELECT count(*) FROM tambah")
    found.same = old.rows - found.removed
    found.past_changed = found.removed
    if gone and found.past_changed < old.rows:
        lost, = _numbers(engine, f"SELECT count(*) FROM {old.table} WHERE "
                         + " OR ".join(f"c{number} <> ''" for number in gone))
        found.past_changed = max(found.past_changed, lost)
    names = [pair.name for pair in values]
    found.listed = _list(engine, names, {}, target, most)
    found.sample = _sample(engine, names, {})
    return found
