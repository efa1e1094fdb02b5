"""A sheet seen for its layout: which cells are filled, which look like numbers.

``filled`` is exact for every row. Whether a cell looks like a number is worked out for all of a
small sheet and for the head and foot of a large one, where the layout is decided.
"""
from __future__ import annotations

import re
from functools import cached_property

import numpy as np

from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.arrow import pc, whole
from ckanext.satudata.domain.inspection.sheet import Kind, Sheet, Span

__all__ = ["ARTEFACT", "Grid", "looks_numeric"]

#: Cells up to which everything is looked at.
_SMALL = 400_000
_HEAD, _FOOT = 400, 200
_NUMBER = re.compile(
    r"[\s(+\-−–]*(?:rp\.?|idr|usd|\$)?\s*[-+]?\d[\d.,\s\u00a0]*(?:e[+-]?\d+)?\s*"
    r"(?:%|,-|\))?\s*(?:\*{1,3}\)?|[xre]\)?|\d\))?", re.IGNORECASE)
ARTEFACT = re.compile(r"unnamed:? ?\d+(_level_\d+)?", re.IGNORECASE)
#: Letters of a cell that matter for what it is; what looks at it may take the square of them.
_LONGEST = 2_000
_SIGN = frozenset({"-", "–", "—", "…", "...", "..", "na", "n/a", "n.a",
                   "n.a.", "x", "*", "tad", "nihil", "t.a.d", "t.a.d.", "--", "r", "e"})


def looks_numeric(text: str) -> bool:
    """Tell whether a text is a figure as people write one; a code with blanks is not."""
    return _NUMBER.fullmatch(text) is not None and any(letter.isdigit() for letter in text)


class Grid:
    """Features of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.n_rows, self.n_columns = sheet.n_rows, sheet.n_columns
        self.filled = np.zeros((self.n_rows, self.n_columns), dtype=bool)
        for at, column in enumerate(sheet.columns):
            filled = pc.not_equal(pc.utf8_trim_whitespace(column.text), "")
            self.filled[:, at] = np.asarray(whole(filled))
        for row in range(min(self.n_rows, 12)):
            for at in np.flatnonzero(self.filled[row]):
                # What pandas writes where a header was blank.
                if ARTEFACT.fullmatch(sheet.columns[at].text[row].as_py().strip()):
                    self.filled[row, at] = False
        #: Hidden columns that nothing heads: the numbers of an application, not data.
        self.hidden = frozenset(at for at in sheet.hidden_columns if not self._headed(at))
        for at in self.hidden:
            if at < self.n_columns:
                self.filled[:, at] = False
        self._text: dict[int, list[str]] = {}
        self.merged_at = {(span.top, span.left): span for span in sheet.merged}

    def _headed(self, at: int) -> bool:
        """Tell whether a hidden column has a text in the row that heads the others."""
        shown = [each for each in range(self.n_columns)
                 if each not in self.sheet.hidden_columns]
        words = [sum(bool(self.filled[row, each]) and not looks_numeric(
            self.sheet.columns[each].text[row].as_py().strip()) for each in shown)
            for row in range(min(self.n_rows, 15))]
        if at >= self.n_columns or not words or not max(words):
            return False
        head = words.index(max(words))
        text = self.sheet.columns[at].text[head].as_py().strip()
        return bool(text) and not looks_numeric(text)

    @cached_property
    def counts(self) -> np.ndarray:
        """Filled cells per row."""
        return self.filled.sum(axis=1)

    @cached_property
    def is_small(self) -> bool:
        return self.n_rows * max(self.n_columns, 1) <= _SMALL

    def looked_at(self, row: int) -> bool:
        """Tell whether a row is near enough to an end to be judged by its cells."""
        return self.is_small or row < _HEAD or row >= self.n_rows - _FOOT

    def texts(self, row: int) -> list[str]:
        """Return the texts of a row; those of hidden columns are empty."""
        found = self._text.get(row)
        if found is None:
            start = row - row % 64
            stop = min(start + 64, self.n_rows)
            columns = [
                [""] * (stop - start) if at in self.hidden
                else [text[:_LONGEST] for text in
                      column.text.slice(start, stop - start).to_pylist()]
                for at, column in enumerate(self.sheet.columns)]
            for each in range(start, stop):
                self._text[each] = [column[each - start] for column in columns]
            found = self._text[row]
        return found

    def text(self, row: int, column: int) -> str:
        return self.texts(row)[column]

    def at(self, row: int) -> list[int]:
        """Return the columns filled in a row."""
        return np.flatnonzero(self.filled[row]).tolist()

    def is_number(self, row: int, column: int) -> bool:
        """Tell whether a cell is a number, or a text that looks like one."""
        kinds = self.sheet.columns[column].kinds
        if kinds is not None and kinds[row] in (Kind.NUMBER, Kind.DATE):
            return True
        return looks_numeric(self.text(row, column).strip())

    def is_sign(self, row: int, column: int) -> bool:
        """Tell whether a cell holds nothing but a sign that stands for a figure."""
        return self.text(row, column).strip().lower() in _SIGN

    def is_period(self, row: int, column: int) -> bool:
        """Tell whether a cell is a year or a date, which may head a column as well."""
        kinds = self.sheet.columns[column].kinds
        if kinds is not None and kinds[row] == Kind.DATE:
            return True
        text = self.text(row, column)
        return words.year_of(text) is not None or is_date_text(text)

    def merged(self, row: int, column: int) -> Span | None:
        """Return the merged block that begins at a cell."""
        return self.merged_at.get((row, column))


_DATE = re.compile(
    r"\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}.*")


def is_date_text(text: str) -> bool:
    """Tell whether a text is one day, as people write it."""
    return _DATE.fullmatch(text.strip()) is not None
