"""What to draw of a table: one proposal, by rules in one table.

The public page draws it; the officer may choose otherwise. A chart is proposed only where it
says something a reader could not see in three rows.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ckanext.satudata.domain.inspection.figures import (
    columns_of,
    encoded,
    groups,
    measures,
    numbers,
)
from ckanext.satudata.domain.inspection.notes import N_, Message
from ckanext.satudata.domain.inspection.personal import personal_columns
from ckanext.satudata.domain.inspection.series import Series, series
from ckanext.satudata.domain.inspection.table import Role, TidyColumn, TidyTable
from ckanext.satudata.domain.inspection.units import unit_of
from ckanext.satudata.domain.inspection.wording import is_surely_additive

__all__ = ["RULES", "Rule", "Shape", "propose"]

_LINES = 6
_BARS = 40
_PARTS = 8
_TALLEST = 20
#: More labels than these are names of objects, and no categories.
_MOST_LABELS = 2000
_LONG = 60


@dataclass(frozen=True)
class Shape:
    """What a table consists of, as far as a chart is concerned.

    :ivar measure: the figure to draw; ``additive`` where areas and categories may be summed
    :ivar areas: number of areas of one level; ``level`` of kode wilayah; ``area`` its column
    :ivar periods: number of moments; ``time`` its column and ``last`` the newest, by column
    :ivar categories: (column, number of labels), few labels first
    """

    table: TidyTable
    measure: TidyColumn | None
    additive: bool = False
    same_unit: tuple[str, ...] = ()
    area: str | None = None
    areas: int = 0
    level: str = ""
    time: str | None = None
    periods: int = 0
    last: dict[str, str] = field(default_factory=dict[str, str])
    categories: tuple[tuple[str, int], ...] = ()

    @property
    def filter(self) -> dict[str, str]:
        """The newest moment, and one label of each category that may not be summed away."""
        made = self.last if self.periods > 1 else {}
        return made | self.one_of_each(self.area, *self.last)

    def one_of_each(self, *drawn: str | None) -> dict[str, str]:
        """Return one label of each category, where the columns drawn do not tell rows apart.

        The labels are those of the most frequent combination, so that rows are left.
        """
        told = [name for name in drawn if name]
        size = self.table.data.num_rows
        if self.additive or int(groups(self.table, told).max(initial=-1)) + 1 == size:
            return {}
        names = [name for name, _ in self.categories if name not in told]
        if not names:
            return {}
        group = groups(self.table, names)
        row = int(np.flatnonzero(group == np.bincount(group).argmax())[0])
        return {name: self.table.text_of(name, row) or "" for name in names}


@dataclass(frozen=True)
class Rule:
    """One line of the table of rules: when it holds, what is drawn, and why."""

    kind: str
    when: Callable[[Shape], bool]
    draw: Callable[[Shape], dict[str, Any]]
    why: str
    values: Callable[[Shape], dict[str, Any]] = field(default=lambda shape: {})


def _line(shape: Shape) -> dict[str, Any]:
    one = next((name for name, size in shape.categories if size <= _LINES), None)
    if shape.area and 1 < shape.areas <= _LINES:
        return {"x": shape.time, "series": shape.area,
                "filter": shape.one_of_each(*shape.last, shape.area)}
    return {"x": shape.time, "series": one, "filter": shape.one_of_each(*shape.last, one)}


RULES: tuple[Rule, ...] = (
    Rule("table", lambda s: s.measure is None, lambda s: {"x": None},
         N_("Tabel ini tidak memuat angka untuk digambar.")),
    Rule("line", lambda s: s.periods > 2 and (s.additive or s.areas <= _LINES), _line,
         N_("Ada {periods} periode: garis menunjukkan perubahannya."),
         lambda s: {"periods": s.periods}),
    Rule("map", lambda s: s.areas > 3 and s.level != "desa_kelurahan",
         lambda s: {"x": s.area, "filter": s.filter},
         N_("Ada angka untuk {areas} wilayah setingkat: peta menunjukkan letaknya."),
         lambda s: {"areas": s.areas}),
    Rule("bar", lambda s: 1 < s.areas <= _BARS, lambda s: {"x": s.area, "filter": s.filter},
         N_("Ada angka untuk {areas} wilayah: batang membandingkannya."),
         lambda s: {"areas": s.areas}),
    Rule("bar", lambda s: s.areas > _BARS,
         lambda s: {"x": s.area, "filter": s.filter, "limit": _TALLEST},
         N_("Ada {areas} wilayah: batang menunjukkan {limit} tertinggi."),
         lambda s: {"areas": s.areas, "limit": _TALLEST}),
    Rule("stacked", lambda s: s.additive and len(s.categories) > 1 and s.categories[0][1] <= _PARTS
         and s.categories[1][1] <= _BARS,
         lambda s: {"x": s.categories[1][0], "series": s.categories[0][0],
                    "filter": s.filter},
         N_("Dua pengelompokan yang dapat dijumlahkan: batang bertumpuk menunjukkan "
            "bagiannya.")),
    Rule("bar", lambda s: bool(s.categories) and s.categories[0][1] <= _BARS,
         lambda s: {"x": s.categories[0][0], "filter": {
             **(s.last if s.periods > 1 else {}),
             **s.one_of_each(s.categories[0][0], *s.last)}},
         N_("Ada angka per kelompok: batang membandingkannya.")),
    Rule("bar", lambda s: bool(s.categories),
         lambda s: {"x": s.categories[0][0], "limit": _TALLEST, "filter": {
             **(s.last if s.periods > 1 else {}),
             **s.one_of_each(s.categories[0][0], *s.last)}},
         N_("Ada {groups} kelompok: batang menunjukkan {limit} tertinggi."),
         lambda s: {"groups": s.categories[0][1], "limit": _TALLEST}),
    Rule("line", lambda s: s.periods == 2 and s.areas <= 1, _line,
         N_("Ada {periods} periode: garis menunjukkan perubahannya."),
         lambda s: {"periods": s.periods}),
    Rule("bar", lambda s: len(s.same_unit) > 1 and s.table.data.num_rows == 1,
         lambda s: {"x": None, "y": list(s.same_unit)},
         N_("Beberapa ukuran bersatuan sama: batang membandingkannya.")),
    Rule("table", lambda s: True, lambda s: {"x": None},
         N_("Tidak ada gambar yang lebih jelas daripada tabelnya.")),
)


def propose(table: TidyTable, unit: str = "") -> dict[str, Any]:
    """Return the chart to draw: ``kind``, ``x``, ``y``, ``series``, ``filter``, ``title``, ``why``.

    ``filter`` (column to value) comes before drawing; what is left with the same ``x`` and
    ``series`` is put together by ``aggregate``: ``sum``, or nothing where it must not be summed.
    """
    shape = _shape(table, unit)
    rule = next(rule for rule in RULES if rule.when(shape))
    drawn = rule.draw(shape)
    why = Message(rule.why, rule.values(shape))
    made: dict[str, Any] = {
        "kind": rule.kind, "x": None, "y": shape.measure.name if shape.measure else None,
        "series": None, "filter": {}, "aggregate": "sum" if shape.additive else None,
        "unit": (unit_of(table, shape.measure, unit) if shape.measure else None),
        "why": {"template": why.template, "values": dict(why.values), "text": why.text()},
    }
    made.update(drawn)
    made["title"] = _title(shape, made)
    return made


def _shape(table: TidyTable, unit: str) -> Shape:
    figures = [column for column in measures(table)
               if np.isfinite(numbers(table, column.name)).any()]
    if not figures:
        return Shape(table, None)
    measure = next((column for column in figures
                    if np.nanmax(numbers(table, column.name)) != np.nanmin(
                        numbers(table, column.name))), figures[0])
    own = unit_of(table, measure, unit)
    private = personal_columns(table)
    name, count, level = _areas(table)
    line = series(table)
    last = _last(table, line) if line else {}
    sizes = [(column.name, len(encoded(table, column.name).labels))
             for column in columns_of(table, Role.DIMENSI, *([] if name else [Role.WILAYAH]))
             if column.type == "string" and column.name not in private]
    categories = sorted(((each, size) for each, size in sizes if 1 < size <= _MOST_LABELS),
                        key=lambda pair: pair[1])
    return Shape(
        table, measure, is_surely_additive(table, measure, own),
        tuple(column.name for column in figures if unit_of(table, column, unit) == own),
        name, count, level, line.columns[0] if line else None,
        len(np.unique(line.at[np.isfinite(line.at)])) if line else 0, last, tuple(categories))


def _areas(table: TidyTable) -> tuple[str | None, int, str]:
    from ckanext.satudata.domain.inspection.area_codes import finest
    from ckanext.satudata.domain.wilayah import LEVELS

    column = finest(table)
    if column is None:
        return None, 0, ""
    levels = [code.code.count(".") for code in column.codes if code.area is not None]
    common = max(set(levels), key=levels.count)
    # Areas of two levels on one map would be counted twice.
    return column.name, levels.count(common), LEVELS[common]


def _last(table: TidyTable, line: Series) -> dict[str, str]:
    at = int(np.nanargmax(line.at))
    return {name: table.text_of(name, at) or "" for name in line.columns}


def _title(shape: Shape, chart: dict[str, Any]) -> str:
    """Return a title in the table's own words: the measure, by what, and when."""
    table, measure = shape.table, shape.measure
    if measure is None:
        return table.title
    said = {column.name: _spoken(column.title or column.name) for column in table.columns}
    name = said[measure.name]
    if measure.name in ("nilai", "jumlah") and table.title not in ("", table.sheet):
        name = _spoken(table.title)
    by = [] if "menurut" in name.lower() else [said[each] for each in (chart["x"], chart["series"])
          if each and each != shape.time and each != shape.area]
    if chart["x"] == shape.area and shape.area and "menurut" not in name.lower():
        by.insert(0, shape.level.replace("_", "/"))
    title = name[:1].upper() + name[1:] + (f" menurut {' dan '.join(by)}" if by else "")
    moment = " ".join(chart["filter"][each] for each in reversed(list(shape.last))
                      if each in chart["filter"])
    chosen = [value[:_LONG] for each, value in chart["filter"].items() if each not in shape.last]
    more = [*chosen, moment] if moment and moment not in title else chosen
    return ", ".join([title, *more])


def _spoken(text: str) -> str:
    """Return a header as one reads it: no underscores, capitals only where they belong."""
    text = " ".join(text.replace("_", " ").split())
    if text.isupper():
        text = " ".join(word if len(word) <= 3 and not set(word) & set("AIUEO") else word.lower()
                        for word in text.split())
    return text
