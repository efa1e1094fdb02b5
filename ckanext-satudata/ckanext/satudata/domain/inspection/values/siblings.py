"""What the columns of one measure say together about the marks in their figures.

The measure of a year, a sex or a group is written by one hand and of one size: what one column
proves holds for the others, and figures a thousand times smaller than those beside them lost a
mark that grouped thousands.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ckanext.satudata.domain.inspection.families import Families
from ckanext.satudata.domain.inspection.notes import N_, Message
from ckanext.satudata.domain.inspection.values.figures import DECIMAL, THOUSANDS, Figures
from ckanext.satudata.domain.inspection.values.tokens import Marks

__all__ = ["Kin", "by_size", "kin_of"]

#: Marked figures from which three decimals nearly throughout look like thousands.
_ENOUGH = 5
#: Share with three decimals: nine of ten thousands end in another digit than 0.
_FULL, _SOME = 0.7, 0.5
#: A whole number beside them is so much larger, where it was never divided.
_LARGER = 10
#: Rows to compare, the share that must agree, and how far figures of one size lie apart.
_ROWS, _AGREE, _NEAR = 3, 0.8, 0.7
_SURE = 5
_NEIGHBOURS = 6


@dataclass(eq=False)
class Kin:
    """The columns of a family that are one kind of measure: counts, sizes, shares or unsaid."""

    members: list[Figures]
    alike: Families

    @cached_property
    def nothing_lost(self) -> bool:
        """Tell whether no figure is in question: only a mean below them has decimals."""
        return not any(each.body.marked(each.mark).any() for each in self.members)

    @cached_property
    def truly_decimal(self) -> bool:
        """Tell whether some decimals can be nothing else: ``0.5``, ``1200.75``, ``3.1416``."""
        return any(bool((_fractions(each) & ~_could_group(each)).any()) for each in self.members)

    @cached_property
    def suspected(self) -> bool:
        """Tell whether decimals of a workbook may be thousands, whatever the header says.

        A fraction is a whole number once in a thousand: a plain ``310`` beside ``2.638`` was never
        divided. Where the header says nothing at all, people parted by sex are enough, and so are
        three decimals nearly throughout.
        """
        measure = self.members[0].measure
        if measure.coordinate or measure.thousands or self.truly_decimal:
            return False
        here = [_could_group(each) for each in self.members]
        marked = np.concatenate([each.body.literal[rows] for each, rows in zip(
            self.members, here, strict=True)])
        digits = np.concatenate([each.body.decimals[rows] for each, rows in zip(
            self.members, here, strict=True)])
        whole = np.abs(np.concatenate([each.body.literal[each.body.marks == Marks.NONE]
                                       for each in self.members]))
        whole = whole[whole > 0]
        if not (digits == 3).any() or bool((whole >= 1000).any()):
            return False
        full = float((digits == 3).mean())
        if any(each.open for each in self.members):
            return full >= _SOME  # what is typed is asked about with what is text
        if len(whole) and full >= _SOME and np.median(whole) >= _LARGER * np.median(
                np.abs(marked)):
            return True
        if measure.measured:
            return False
        if any("jenis_kelamin" in self.alike.dims.get(each.cells.column.name, ())
               for each in self.members):
            return True
        return len(marked) >= _ENOUGH and full >= _FULL


def kin_of(figures: Sequence[Figures], alike: Families) -> dict[int, Kin]:
    """Return per column the columns of its family that are the same kind of measure, and itself."""
    groups: dict[tuple[str, bool, bool, bool], Kin] = {}
    found: dict[int, Kin] = {}
    for each in figures:
        name = each.cells.column.name
        measure = each.measure
        key = (alike.names.get(name, f"\n{name}"), measure.count, measure.measured, measure.share)
        found[each.at] = groups.setdefault(key, Kin([], alike))
        found[each.at].members.append(each)
    return found


def by_size(each: Figures, kin: Kin) -> tuple[str, Message, bool] | None:
    """Return the reading under which figures are as large as those beside them, and if it is sure.

    Only along times and sexes: figures of other groups may be of any size.
    """
    here = _could_group(each)
    if each.cells.column.name not in kin.alike.dims or not here.any():
        return None
    clear = [other for other in kin.members if other is not each and not other.open
             and not other.lost and other.decided != THOUSANDS]
    for other in sorted(clear, key=lambda other: abs(other.at - each.at))[:_NEIGHBOURS]:
        mine, theirs = np.abs(each.body.literal), np.abs(other.values())
        rows = here & ~np.isnan(theirs) & (theirs > 0) & ~_could_group(other)
        if int(rows.sum()) < _ROWS:
            continue
        apart = np.log10(theirs[rows] / mine[rows])
        for reading, power in ((THOUSANDS, 3), (DECIMAL, 0)):
            if float((np.abs(apart - power) < _NEAR).mean()) >= _AGREE:
                header = other.cells.column.header or other.cells.column.name
                return reading, Message(
                    N_("Hanya dengan bacaan ini angkanya sebesar angka kolom {kolom} di baris "
                       "yang sama."), {"kolom": header}), (
                    int(rows.sum()) >= _SURE and not each.measure.measured
                    and not each.body.doubtful().any())
    return None


def _fractions(each: Figures) -> np.ndarray:
    body = each.body
    return (body.marks == Marks.DECIMAL) | (body.marks == Marks.OPEN) | (body.marks == Marks.BOTH)


def _could_group(each: Figures) -> np.ndarray:
    """Return which figures carry a dot (or the open mark) that could have grouped thousands."""
    body = each.body
    size = np.abs(body.literal)
    return (((body.marks == Marks.DECIMAL) | (body.marks == Marks.OPEN)) & (body.mark == each.mark)
            & (body.decimals > 0) & (body.decimals <= 3) & (size >= 1) & (size < 1000))
