"""The comparison itself: rows and cells of two tables that are in the engine.

With a key, rows of both versions are matched by it; without one each version is a bag of rows,
and a changed row is one removed and one added.
"""
from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudata.domain.versions.table_source import Side, literal
from ckanext.satudata.domain.versions.table_values import Written, differ, harmless

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["HEADER", "Found", "Pair", "compare_bags", "compare_keyed"]

#: First and last columns of the full list; those of the key stand between.
HEADER = ("jenis", "kolom", "lama", "baru")
#: Rows in the sample, and how many of each kind where there are enough: changed, gone, new.
_SAMPLE, _OF_KINDS = 50, (20, 15, 15)
_SAMPLE_CHARS = 300
_SAMPLE_COLUMNS = 12
#: Columns compared at once.
_TOGETHER = 60


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
        matched, lost = _numbers(self.engine, "SELECT count(*), count(*) FILTER (WHERE hilang) "
                                              f"FROM o JOIN n ON {self.on}")
        found: list[int] = []
        for part in _parts(range(len(self.values))):
            found += _numbers(self.engine, "SELECT " + ", ".join(
                f"count(*) FILTER (WHERE o.v{n} <> n.v{n})" for n in part)
                + f" FROM o JOIN n ON {self.on}")
        return matched, lost, found

    def keep_changes(self, ways: Mapping[int, tuple[Written, Written] | None]) -> list[_Part]:
        """Make the tables ``ubah0``..., ``hapus`` and ``tambah``; return those of changed cells."""
        both = ", ".join(f"n.k{n}" for n in range(len(self.key)))
        made: list[_Part] = []
        for number, part in enumerate(_parts(list(ways))):
            flags = ", ".join(
                f"{differ(f'o.v{n}', f'n.v{n}', ways[n])} AS d{n}" for n in part)
            values = "".join(f", o.v{n} AS o{n}, n.v{n} AS n{n}" for n in part)
            table = f"ubah{number}"
            self.engine.execute(
                f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM (SELECT n.r, hilang, "
                f"{both}{values}, {flags} FROM o JOIN n ON {self.on}) WHERE "
                + " OR ".join(f"d{n}" for n in part))
            counts = _numbers(self.engine, "SELECT " + ", ".join(
                f"count(*) FILTER (WHERE d{n})" for n in part) + f" FROM {table}")
            made.append(_Part(table, dict(zip(part, counts, strict=True))))
        for table, mine, other in (("hapus", "o", "n"), ("tambah", "n", "o")):
            self.engine.execute(
                f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT r, {self.keys} FROM {mine} "
                f"ANTI JOIN {other} ON {self.on}")
        return made

    def changed_rows(self, parts: Sequence[_Part]) -> tuple[int, int]:
        """Return rows with a changed cell, and those of them that lost a column's value too."""
        if not parts:
            return 0, 0
        rows = " UNION ".join(f"SELECT r, hilang FROM {part.table}" for part in parts)
        changed, lost = _numbers(
            self.engine, f"SELECT count(*), count(*) FILTER (WHERE hilang) FROM ({rows})")
        return changed, lost


@dataclass(frozen=True)
class _Part:
    """Rows with changed cells in some columns; ``cells`` counts by number of the column."""

    table: str
    cells: Mapping[int, int]


def _parts(numbers: Sequence[int]) -> list[Sequence[int]]:
    """Cut columns into groups: what the engine holds at once grows with their number."""
    return [numbers[start:start + _TOGETHER] for start in range(0, len(numbers), _TOGETHER)]


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
    parts = work.keep_changes({n: known.get(n) for n in differing})
    found = Found()
    found.changed_rows, both = work.changed_rows(parts)
    for part in parts:
        for n, cells in part.cells.items():
            if cells:
                found.changed[values[n].name] = cells
            if texts[n] > cells:
                found.reformatted[values[n].name] = texts[n] - cells
    found.same = matched - found.changed_rows
    found.removed, found.added = old.rows - matched, new.rows - matched
    found.past_changed = found.removed + found.changed_rows + lost - both
    names = [pair.name for pair in key]
    changed = [(part.table, n, values[n].name)
               for part in parts for n, cells in part.cells.items() if cells]
    found.listed = _list(engine, names, changed, target, most)
    found.sample = _sample(engine, names, changed)
    return found


def _list(
    engine: DuckDBPyConnection, key: Sequence[str], changed: Sequence[tuple[str, int, str]],
    target: Path, most: int,
) -> int:
    """Write every change as a line; return how many.

    Who inspects opens it in a spreadsheet, so nothing in it is one's formula.

    :param changed: table, number and name of each column with changed cells
    """
    keys = ", ".join(f"aman(k{n})" for n in range(len(key)))
    header = ", ".join(literal(harmless(name)) for name in (HEADER[0], *key, *HEADER[1:]))
    groups = [[f"SELECT 0 AS p, 0 AS r, 0 AS q, {header}"]]
    for table in dict.fromkeys(table for table, _, _ in changed):
        groups.append([
            f"SELECT 1, r, {place}, 'ubah', {keys}, {literal(harmless(name))}, aman(o{n}), "
            f"aman(n{n}) FROM {table} WHERE d{n}"
            for place, (of, n, name) in enumerate(changed) if of == table])
    last = [f"SELECT {place}, r, 0, {literal(kind)}, {keys}, '', '', '' FROM {kind}"
            for place, kind in ((2, "hapus"), (3, "tambah"))]
    if len(groups) <= 2:  # one sorting for all there is
        groups = [[*(each for group in groups for each in group), *last]]
    else:
        groups.append(last)
    aliases = ", ".join(["p", "r", "q", "jenis", *(f"k{n}" for n in range(len(key))),
                         "kolom", "lama", "baru"])
    written = 0
    for number, group in enumerate(groups):
        path = target if number == 0 else target.with_name(f"{target.name}.{number}")
        row = engine.execute(
            f"COPY (SELECT * EXCLUDE (p, r, q) FROM ({' UNION ALL '.join(group)}) "
            f"AS baris({aliases}) ORDER BY p, r, q LIMIT {most + 1 - written}) "
            f"TO {literal(str(path))} (FORMAT csv, HEADER false)").fetchone()
        assert row is not None
        written += int(row[0])
        if number:
            with target.open("ab") as whole, path.open("rb") as piece:
                shutil.copyfileobj(piece, whole)
            path.unlink()
    return written - 1


def _sample(
    engine: DuckDBPyConnection, key: Sequence[str], changed: Sequence[tuple[str, int, str]]
) -> list[dict[str, Any]]:
    """Return some changes of each kind and of each changed column."""
    shown = list(enumerate(key))[:_SAMPLE_COLUMNS]
    keys = ", ".join(f"substr(k{n}, 1, {_SAMPLE_CHARS})" for n, _ in shown)

    def rows(table: str, limit: int, column: int | None = None) -> list[tuple[str, ...]]:
        cells = where = ""
        if column is not None:
            cells = (f", substr(o{column}, 1, {_SAMPLE_CHARS})"
                     f", substr(n{column}, 1, {_SAMPLE_CHARS})")
            where = f"WHERE d{column}"
        return engine.execute(
            f"SELECT {keys}{cells} FROM {table} {where} ORDER BY r LIMIT {limit}").fetchall()

    def entry(kind: str, row: Sequence[str], column: str = "") -> dict[str, Any]:
        old, new = row[len(shown):] or ("", "")
        return {"kind": kind, "key": {name: row[n] for n, name in shown},
                "column": column, "old": old, "new": new}

    cells: list[tuple[int, dict[str, Any]]] = []
    each = _SAMPLE // min(len(changed), _SAMPLE) if changed else 0
    for table, n, name in changed[:_SAMPLE]:
        cells += enumerate(entry("ubah", row, name) for row in rows(table, each, n))
    cells.sort(key=lambda one: one[0])  # a cell of each column, then a second of each
    gone = [entry("hapus", row) for row in rows("hapus", _SAMPLE)]
    come = [entry("tambah", row) for row in rows("tambah", _SAMPLE)]
    return _spread([[each for _, each in cells], gone, come])


def _spread(kinds: Sequence[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Give each kind its share, and what one does not fill to the others."""
    chosen = [each[:most] for each, most in zip(kinds, _OF_KINDS, strict=True)]
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
    found.listed = _list(engine, names, [], target, most)
    found.sample = _sample(engine, names, [])
    return found
