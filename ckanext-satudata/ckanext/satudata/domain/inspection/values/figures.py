"""The figures of a column, in every reading its marks allow."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ckanext.satudata.domain.inspection.values.model import Cells
from ckanext.satudata.domain.inspection.values.names import Measure
from ckanext.satudata.domain.inspection.values.tokens import Marks, Tokens

__all__ = ["DECIMAL", "THOUSANDS", "THOUSANDS_ALL", "Figures", "Part", "part_of", "whole"]

#: Figures from which their last digits say something.
_ENOUGH = 5
#: Readings of a mark: decimal; thousands, whole numbers as they are; these too in thousands.
DECIMAL, THOUSANDS, THOUSANDS_ALL = "desimal", "ribuan", "ribuan_semua"


@dataclass
class Part:
    """Figures of some rows; all arrays run along the rows.

    :ivar literal: value if every open mark is decimal; ``nan`` where there is no figure
    :ivar marks: :class:`Marks`, with a workbook's fraction as DECIMAL of the mark ``.``
    :ivar grain: what all thousands with a mark are multiples of (10 or 100, else 1): in a source
        that rounds to hundreds a plain 2 can only be 2,000
    :ivar typed: a workbook's numbers, where their fractions are not what is in question
    """

    literal: np.ndarray
    marks: np.ndarray
    mark: np.ndarray
    decimals: np.ndarray
    grain: int = 1
    typed: np.ndarray | None = None

    def marked(self, mark: str) -> np.ndarray:
        """Return which figures carry a mark that could group thousands: 1.234 to 999.999."""
        size = np.abs(self.literal)
        return (((self.marks == Marks.OPEN) | (self.marks == Marks.DECIMAL))
                & (self.mark == mark) & (self.decimals <= 3) & (self.decimals > 0)
                & (size >= 1) & (size < 1000)
                & (True if self.typed is None else ~self.typed))

    def plain(self) -> np.ndarray:
        """Return which figures are whole and without marks, from 1 to 999."""
        size = np.abs(self.literal)
        return (self.marks == Marks.NONE) & (size > 0) & (size < 1000) & (size == np.floor(size))

    def read(self, mark: str, reading: str) -> np.ndarray:
        """Return the values under a reading of a mark."""
        if reading == DECIMAL:
            return self.literal
        return np.where(self.in_thousands(mark, reading), np.round(self.literal * 1000),
                        self.literal)

    def in_thousands(self, mark: str, reading: str) -> np.ndarray:
        """Return which figures a reading takes for thousands."""
        raised = self.marked(mark)
        if reading == THOUSANDS_ALL:
            return raised | self.plain()
        return raised | (self.plain() & (self.literal % self.grain != 0))

    def doubtful(self) -> np.ndarray:
        """Return the plain figures that the grain says nothing about."""
        return self.plain() & (self.literal % self.grain == 0)


@dataclass
class Figures:
    """A column of figures on its way to one reading.

    :ivar decided: reading of ``mark``; ``None`` while it is open
    :ivar suspect: decimals that may be thousands for all the header says; ``percent``: none may
    :ivar group_marks: marks that surely group thousands; ``decimal_marks``: that surely do not
    :ivar raised: plain figures proved to be thousands that lost all their zeros
    """

    at: int
    cells: Cells
    tokens: Tokens
    body: Part
    totals: Part
    measure: Measure
    mark: str = "."
    decided: str | None = None
    open: bool = False
    lost: bool = False
    suspect: bool = False
    percent: bool = False
    group_marks: set[str] = field(default_factory=set[str])
    decimal_marks: set[str] = field(default_factory=set[str])
    raised: np.ndarray | None = None
    total_typed: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def values(self, reading: str | None = None) -> np.ndarray:
        """Return the values under a reading, the decided one unless another is given."""
        values = self.body.read(self.mark, reading or self.decided or DECIMAL)
        if reading is None and self.raised is not None:
            values = np.where(self.raised, np.round(self.body.literal * 1000), values)
        return values

    def total_values(self, reading: str | None = None) -> np.ndarray:
        return self.totals.read(self.mark, reading or self.decided or DECIMAL)

    def readings(self) -> tuple[str, ...]:
        """Return the readings still possible, the literal one first."""
        if not (self.open or self.lost):
            return (self.decided or DECIMAL,)
        some = self.lost and bool(self.body.plain().any() or self.totals.plain().any())
        return (DECIMAL, THOUSANDS, THOUSANDS_ALL) if some else (DECIMAL, THOUSANDS)


def part_of(cells: Cells, tokens: Tokens) -> Part:
    """Return the figures of some rows as they stand."""
    literal = cells.spread(tokens.literal)
    marks, mark = cells.spread(tokens.marks), cells.spread(tokens.mark)
    decimals = cells.spread(tokens.decimals)
    if cells.numbers is not None:
        typed = cells.is_number()
        literal = np.where(typed, cells.numbers, literal)
        broken = typed & ~whole(literal)
        marks = np.where(typed, np.where(broken, Marks.DECIMAL, Marks.NONE), marks)
        mark = np.where(broken, ".", np.where(typed, "", mark))
        decimals = np.where(typed, 0, decimals)
        if broken.any():
            decimals = decimals.copy()
            decimals[broken] = _decimals(literal[broken])
    return Part(literal, marks, mark, decimals)


def _decimals(values: np.ndarray) -> np.ndarray:
    """Return how many decimals each value is written with; 4 for more than three."""
    found = np.full(len(values), 4, dtype=np.int16)
    for digits in (3, 2, 1):
        raised = values * 10**digits
        near = np.abs(raised - np.round(raised)) <= 1e-9 * np.maximum(np.abs(raised), 1)
        found[near] = digits
    return found


def whole(values: np.ndarray) -> np.ndarray:
    """Return which values are whole numbers; a missing one counts as whole."""
    return np.isnan(values) | (values == np.floor(values))


def settle_marks(found: Figures) -> None:
    """Decide what the marks of a column mean as far as its own figures say it."""
    marks = np.concatenate([found.body.marks, found.totals.marks])
    mark = np.concatenate([found.body.mark, found.totals.mark])
    decimals = np.concatenate([found.body.decimals, found.totals.decimals])
    typed = np.concatenate([found.cells.is_number(), found.total_typed])
    opened = {*mark[marks == Marks.OPEN].tolist()}
    text = ~typed
    if opened and not found.measure.count:
        # What a workbook took for a number says nothing about how people write in its texts.
        found.body.typed, found.totals.typed = found.cells.is_number(), found.total_typed
        marks, mark, decimals = marks[text], mark[text], decimals[text]
    both = marks == Marks.BOTH
    found.decimal_marks = {*mark[(marks == Marks.DECIMAL) | both].tolist()}
    found.group_marks = {*mark[marks == Marks.GROUPED].tolist()}
    found.group_marks |= {"," if each == "." else "." for each in mark[both].tolist()}
    if "," in opened and ("." not in opened or "," in found.group_marks
                          or "." in found.decimal_marks):
        found.mark = ","
    one, other = found.mark, "," if found.mark == "." else "."
    grouped = one in found.group_marks or other in found.decimal_marks
    decimal = one in found.decimal_marks or other in found.group_marks
    here = (mark == one) & ((marks == Marks.DECIMAL) | (marks == Marks.OPEN))
    short = bool(here.any()) and bool((decimals[here] <= 3).all()) and _in_thousands(found, one)
    if one in opened and not grouped and not decimal:
        found.open = True
    elif one in opened and grouped and not decimal:
        found.decided = THOUSANDS
    elif one in found.group_marks and one in found.decimal_marks and short and not both.any():
        # "1.165.322" is text to a workbook and "50.36" a number: the dot grouped thousands.
        found.lost, found.decided = True, None
    elif one in opened and grouped and decimal:
        found.open = True
    elif one in found.decimal_marks and one == "." and short and not found.measure.measured \
            and not found.measure.thousands \
            and (bool((decimals[here] == 3).any()) or _is_strict(found)):
        found.lost = True
    else:
        found.decided = DECIMAL


def set_grains(lost: Sequence[Figures]) -> None:
    """Find what the thousands of each column are multiples of; of few, with those beside them."""
    pooled = _grain(lost)
    for each in lost:
        own = int(each.body.marked(each.mark).sum()) >= _ENOUGH
        each.body.grain = each.totals.grain = _grain([each]) if own else pooled


def _grain(columns: Sequence[Figures]) -> int:
    raised = np.concatenate([np.zeros(0), *(
        np.round(part.literal[part.marked(each.mark)] * 1000)
        for each in columns for part in (each.body, each.totals))])
    if len(raised) < _ENOUGH:
        return 1
    return next((grain for grain in (100, 10) if bool((raised % grain == 0).all())), 1)


def _in_thousands(found: Figures, mark: str) -> bool:
    """Tell whether all figures with a mark are from 1.000 to 999.999, as thousands are."""
    for part in (found.body, found.totals):
        here = (part.mark == mark) & ((part.marks == Marks.DECIMAL) | (part.marks == Marks.OPEN))
        size = np.abs(part.literal[here])
        if not bool(((size >= 1) & (size < 1000)).all()):
            return False
    return True


def _is_strict(found: Figures) -> bool:
    """Tell whether even one decimal is wrong: people and things, but not money."""
    return found.measure.count and not found.measure.money
