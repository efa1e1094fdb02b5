"""The tables of a block of columns: where each body begins and ends, and what is outside of it."""
from __future__ import annotations

import numpy as np

from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.grid import Grid
from ckanext.satudata.domain.inspection.heads import SAMPLE, Heads
from ckanext.satudata.domain.inspection.region import Region

__all__ = ["Bodies"]


class Bodies(Heads):
    """Finds the tables in a block of columns."""

    def __init__(self, grid: Grid, left: int, right: int, short: bool = False) -> None:
        super().__init__(grid, left, right)
        self.short = short

    # -- tables ----------------------------------------------------------------------

    def find(self, top: int, bottom: int) -> list[Region]:
        regions: list[Region] = []
        if bottom - top < 80 and self._is_form(
                [int(row) for row in np.flatnonzero(self.counts[top:bottom + 1] >= 2) + top]):
            return []
        start = top
        while start <= bottom:
            first = self._first_data(start, bottom)
            if first is None:
                break
            region = self._region(start, first, bottom)
            regions.append(region)
            start = region.bottom + 1
        if not regions:
            region = self._list_of_texts(top, bottom)
            if region is not None:
                regions.append(region)
        self._give_notes(regions, top, bottom)
        return regions

    def placed(self, heads: list[int], first: int, bottom: int, old: Region) -> Region:
        """Follow a body whose beginning is known."""
        region = Region(self.left, self.right, heads, [first], list(old.titles), list(old.notes))
        self._walk(region, first, bottom)
        self._trim_foot(region)
        taken = {*region.header, *region.body}
        region.titles = [row for row in region.titles if row not in taken]
        region.notes = [row for row in region.notes if row not in taken]
        return region

    def _first_data(self, start: int, bottom: int) -> int | None:
        """Return the first row of figures as wide as the rows that follow it."""
        for row in np.flatnonzero(self.counts[start:bottom + 1] >= 2) + start:
            row = int(row)
            if not self.grid.looked_at(row):
                return None
            if not self.is_data(row) or self.is_note(row):
                continue
            following = self.counts[row:row + SAMPLE]
            blank = np.flatnonzero(following == 0)
            block = following[:int(blank[0])] if len(blank) else following
            wide = 0.4 * float(np.median(block))
            if self.counts[row] >= wide or len(block) <= 2:
                if self._is_pair(row) and len(block) <= 1:
                    continue
                return row
            # A group's own row may be short, right below a header as wide as the table.
            if row > start and self.counts[row - 1] >= wide and not self.is_data(row - 1) and (
                    not self._is_pair(row)):
                return row
        return None

    def _is_pair(self, row: int) -> bool:
        """Tell whether a row is ``Nama: | isi``, as in the head of a form."""
        texts = [text.strip() for text in self.texts(row)]
        return len(texts) <= 3 and (texts[0].endswith(":") or any(
            text.startswith(":") for text in texts[1:]))

    def _region(self, start: int, first: int, bottom: int) -> Region:
        header, numbering = self.header(start, first)
        section = first - 1
        named = False
        if section > start and self.counts[section - 1] >= 2 and not self.is_data(section - 1) and (
                self.counts[section] == 1 if not header else self.numbers_a_group(section)
                and self.counts[section - 1] > self.counts[section]):
            # The name of the first group stands between the header and its rows.
            header, numbering = self.header(start, section)
            named = bool(header)
        region = Region(self.left, self.right, header, [first], numbering=numbering)
        self._walk(region, first, bottom)
        if named:
            region.body.insert(0, section)
            if self.counts[section] == 1:
                region.sections.insert(0, section)
        self._trim_foot(region)
        self._trim_sides(region)
        return region

    def _list_of_texts(self, top: int, bottom: int) -> Region | None:
        """Return a table without any figure: its widest early row is the header."""
        rows = [int(row) for row in np.flatnonzero(self.counts[top:bottom + 1] >= 2) + top]
        if len(rows) < 2:
            return None
        widest = int(self.counts[rows].max())
        head = next((row for row in rows if self.counts[row] >= 0.8 * widest), None)
        if head is None or head == rows[-1] or self._is_form(rows):
            return None
        first = next(row for row in rows if row > head)
        region = Region(self.left, self.right, [head], [first])
        self._walk(region, first, bottom)
        self._trim_foot(region)
        self._trim_sides(region)
        return region

    def _is_form(self, rows: list[int]) -> bool:
        """Tell whether most rows are ``Nama: | isi`` pairs, as on a sheet of metadata."""
        pairs = sum(
            any(text.strip().startswith(":") or text.strip().endswith(":")
                for text in self.texts(row)) for row in rows[:SAMPLE])
        if not rows:
            return False
        labels = sum(words.plain(self.texts(row)[0]).strip(" :") in words.FORM for row in rows)
        return pairs * 2 >= len(rows[:SAMPLE]) or (pairs * 4 >= len(rows) and (
            float(np.median(self.counts[rows])) <= 2)) or (
            not (self.short and labels < 2) and len(rows) < 12
            and float(np.median(self.counts[rows])) <= 2
            and not any(self.grid.is_number(row, at) for row in rows for at in self.cells(row))
            and int(self.counts[rows].max()) < 3)

    # -- body ------------------------------------------------------------------------

    def _walk(self, region: Region, first: int, bottom: int) -> None:
        """Follow the body down from its first row."""
        figures = self._figure_columns(first)
        body: list[int] = [first]
        row = first + 1
        plain_rows = self.counts >= 2
        while row <= bottom:
            if not self.grid.looked_at(row) and plain_rows[row]:
                # Deep inside a large sheet only rows of an odd shape are looked at.
                odd = np.flatnonzero(~plain_rows[row:bottom + 1])
                stop = row + int(odd[0]) if len(odd) else bottom + 1
                stop = min(stop, max(self.grid.n_rows - 200, row + 1))
                body.extend(range(row, stop))
                row = stop
                continue
            if self.counts[row] == 0:
                after = self.next_filled(row, bottom)
                if after is None or not self._resumes(after, figures, bottom, region):
                    break
                region.blanks += after - row
                row = after
                continue
            if self._again_header(row, region):
                if self._titled_anew(row, body):
                    break
                region.repeated.append(row)
                row += 1
                continue
            if self._begins_table(row, figures, bottom):
                break
            if self.counts[row] == 1 and self.is_note(row) and self._more(
                    row + 1, figures, bottom):
                # A remark between rows of the table: it names no group.
                region.notes.append(row)
                row += 1
                continue
            if self.counts[row] == 1 and not self._single(row, region, figures, body, bottom):
                break
            if self.counts[row] >= 2 and self.is_note(row) and not self._more(
                    row + 1, figures, bottom):
                break
            body.append(row)
            row += 1
        region.body = body

    def _figure_columns(self, first: int) -> set[int]:
        """Return the columns that hold figures in the first rows of the body."""
        rows = [row for row in range(first, min(first + 12, self.grid.n_rows))
                if self.counts[row] >= 2]
        found: dict[int, int] = {}
        for row in rows:
            for at in self.cells(row):
                if self.grid.is_number(row, at) or self.grid.is_sign(row, at):
                    found[at] = found.get(at, 0) + 1
        return set(found)

    def _fits(self, row: int, figures: set[int]) -> bool:
        """Tell whether a row has its figures where the body has them."""
        mine = {at for at in self.cells(row)
                if self.grid.is_number(row, at) or self.grid.is_sign(row, at)}
        if not figures:
            return self.counts[row] >= 2
        return bool(mine) and len(mine & figures) * 2 >= len(mine) and (
            len(mine) * 3 >= len(figures) or len(figures) <= 2)

    def _resumes(self, row: int, figures: set[int], bottom: int, region: Region) -> bool:
        """Tell whether the same table goes on at a row after a blank one."""
        here: int | None = row
        for _ in range(3):
            if here is None or self.is_note(here):
                return False
            if self._is_sum_below(here, figures):
                return True
            if self.counts[here] >= 2:
                if not figures:
                    return not self._text_header(here, region)
                return self._fits(here, figures) and self.is_data(here)
            here = self.next_filled(here + 1, bottom)
        return False

    def _is_sum_below(self, row: int, figures: set[int]) -> bool:
        """Tell whether a row after a blank one is the sum of the table: ``TOTAL``, and figures."""
        cells = self.cells(row)
        numbers = [at for at in cells if self.grid.is_number(row, at)]
        return bool(numbers) and set(numbers) <= figures and words.is_total(
            self.grid.text(row, cells[0]))

    def _text_header(self, row: int, region: Region) -> bool:
        """In a table of texts: tell whether a row after a blank begins something else."""
        return abs(int(self.counts[row]) - int(self.counts[region.body[0]])) > 1

    def _more(self, row: int, figures: set[int], bottom: int) -> bool:
        """Tell whether rows of the same shape follow before the next blank row."""
        while row <= bottom and self.counts[row]:
            if self.counts[row] >= 2 and self._fits(row, figures) and self.is_data(row):
                return True
            if self.counts[row] >= 2 and not figures and not self.is_note(row):
                return True
            row += 1
        return False

    def _again_header(self, row: int, region: Region) -> bool:
        if not region.header or not self.grid.looked_at(row):
            return False
        count = int(self.counts[row])
        if count >= 2 and any(self._say_the_same(row, head) for head in region.header):
            return True
        return count >= 3 and bool(region.numbering) and words.is_numbering(self.texts(row))

    def _say_the_same(self, row: int, other: int) -> bool:
        """Tell whether two rows hold the same words; most differ in the first."""
        return self.counts[row] == self.counts[other] and all(
            words.plain(mine) == words.plain(theirs)
            for mine, theirs in zip(self.texts(row), self.texts(other), strict=True))

    def _titled_anew(self, row: int, body: list[int]) -> bool:
        """Tell whether a repeated header has a title of its own right above: a new table."""
        if self.counts[row - 1] == 0:
            return True
        if self.counts[row - 1] == 1 and body and body[-1] == row - 1:
            body.pop()
            return True
        return False

    def _begins_table(self, row: int, figures: set[int], bottom: int) -> bool:
        """Tell whether a row of texts in the body is the header of another table."""
        if not figures or self.counts[row] < 2 or not self.grid.looked_at(row):
            return False
        cells = self.cells(row)
        over = [at for at in cells if at in figures]
        heads = [at for at in over if not self.grid.is_number(row, at)
                 and not self.grid.is_sign(row, at)]
        if len(heads) < 2 or len(heads) < 0.6 * len(figures) or len(heads) < len(over):
            return False
        below = self.next_filled(row + 1, bottom)
        return below is not None and (self.is_data(below) or self.counts[below] >= 2)

    def _single(
        self, row: int, region: Region, figures: set[int], body: list[int], bottom: int
    ) -> bool:
        """Judge a row with one cell inside the body: does the table go on with it?"""
        column = self.cells(row)[0]
        text = self.grid.text(row, column).strip()
        after = self.next_filled(row + 1, bottom)
        goes_on = after is not None and self._more(row + 1, figures, bottom)
        if goes_on and after is not None and self._begins_table(after, figures, bottom):
            return False
        if goes_on and after is not None and self._again_header(after, region):
            return False
        if goes_on:
            if not self.grid.is_number(row, column) or self._year_of_block(row, column, after):
                region.sections.append(row)
            return True
        # The last rows: a name whose figures are all missing, or a line below the table.
        return (not self.is_note(row) and len(text) <= 40 and row == body[-1] + 1
                and column == self.cells(body[-1])[0] and not self.grid.is_number(row, column)
                and self.counts[body[-1]] >= 2 and len(figures) <= 3)

    def _year_of_block(self, row: int, column: int, after: int | None) -> bool:
        """Tell whether a year alone in its row heads the rows below, which are no years."""
        return (after is not None and words.year_of(self.grid.text(row, column)) is not None
                and not self.grid.is_number(after, self.cells(after)[0]))

    # -- foot and sides --------------------------------------------------------------

    def _trim_foot(self, region: Region) -> None:
        """Give rows at the end of the body that are no data to the notes."""
        while len(region.body) > 1 and (
                self.is_note(region.body[-1]) or region.body[-1] in region.sections):
            row = region.body.pop()
            if row in region.sections:
                region.sections.remove(row)

    def _trim_sides(self, region: Region) -> None:
        """Leave out columns at the sides that are blank, or only hold remarks beside the table."""
        rows = [*region.header, *region.body]
        if len(rows) > 5_000:
            rows = [*rows[:2_500], *rows[-2_500:]]
            used = np.flatnonzero(self.filled[region.top:region.bottom + 1].any(axis=0))
        else:
            used = np.flatnonzero(self.filled[rows].any(axis=0))
        if not len(used):
            return
        region.left, region.right = self.left + int(used[0]), self.left + int(used[-1])
        heads = region.header or region.body[:1]
        head_right = max((at for row in heads for at in self.cells(row)), default=region.right)
        for span in self.grid.sheet.merged:
            if span.top in heads and self.grid.filled[span.top, span.left]:
                head_right = max(head_right, span.right)
        if region.header and head_right < region.right:
            beside = self.filled[region.body][:, head_right + 1 - self.left:]
            # Unnamed columns right of the header: remarks if few cells have something.
            if float(beside.any(axis=1).mean()) < 0.5 and len(region.body) > 3:
                region.right = head_right

    def _give_notes(self, regions: list[Region], top: int, bottom: int) -> None:
        """Share out the rows outside of tables: titles of the next one, notes of the last."""
        taken: set[int] = set()
        for region in regions:
            taken.update(region.header, region.body, region.numbering, region.repeated,
                         region.notes)
        before: Region | None = None
        for number, region in enumerate(regions):
            start = top if before is None else before.bottom + 1
            loose = [row for row in range(start, region.top)
                     if self.counts[row] and row not in taken]
            if before is None:
                region.titles = loose
            else:
                notes = [row for row in loose if self.says_note(row)]
                last = max(notes, default=-1)
                before.notes += [row for row in loose if row <= last]
                region.titles = [row for row in loose if row > last]
            before = region
            if number == len(regions) - 1:
                region.notes += [int(row) for row in range(region.bottom + 1, bottom + 1)
                                 if self.counts[row] and row not in taken][:200]
