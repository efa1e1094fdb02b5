"""Every column of a found table gets a type and typed values."""
from __future__ import annotations

import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.families import families_of
from ckanext.satudata.domain.inspection.notes import N_, Change, Message
from ckanext.satudata.domain.inspection.sheet import Kind
from ckanext.satudata.domain.inspection.table import RawTable, Role
from ckanext.satudata.domain.inspection.values import dates, names
from ckanext.satudata.domain.inspection.values.codes import (
    are_counts,
    blanks_removed,
    code_reading,
    nulled,
)
from ckanext.satudata.domain.inspection.values.figures import Figures
from ckanext.satudata.domain.inspection.values.model import (
    Cells,
    Reading,
    Settings,
    cells_of,
    formats_by_column,
)
from ckanext.satudata.domain.inspection.values.numbers import (
    Look,
    figures_of,
    look_at,
    looks_numeric,
    number_reading,
)
from ckanext.satudata.domain.inspection.values.ranges import ranged
from ckanext.satudata.domain.inspection.values.scale import decide
from ckanext.satudata.domain.inspection.values.serials import are_serials
from ckanext.satudata.domain.inspection.values.slips import Slip, slipped
from ckanext.satudata.domain.inspection.values.texts import tidied
from ckanext.satudata.domain.inspection.values.tokens import Tokens, clean, tokens_of

__all__ = ["interpret"]


def interpret(table: RawTable, settings: Settings) -> list[Reading]:
    """Return one reading per column of a table, as long as its rows.

    Columns are judged by all of their cells and beside each other: the same hand wrote them.
    """
    return _Table(table, settings).read()


class _Table:
    """A table being read; what is still open is decided once all columns were looked at."""

    def __init__(self, table: RawTable, settings: Settings) -> None:
        self.table = table
        self.formats = formats_by_column(table.sheet)
        self.alike = families_of(table.columns)
        self.families: dict[str, list[int]] = {}
        for at, column in enumerate(table.columns):
            self.families.setdefault(self.alike.names.get(column.name, column.name), []).append(at)
        self.settings = settings
        self.found: dict[int, Reading] = {}
        self.figures: dict[int, Figures] = {}
        self.looks: dict[int, Look] = {}
        self.percents: dict[int, dict[int, str]] = {}
        self.signs_only: dict[int, tuple[Cells, Tokens, Look]] = {}
        self.open_dates: dict[int, Cells] = {}
        self.slips: dict[int, Slip] = {}

    def read(self) -> list[Reading]:
        for at in range(len(self.table.columns)):
            self._first(at)
        self._dates()
        self._signs_only()
        verdicts = decide(self.table, list(self.figures.values()), self.settings, self.alike)
        for at, figures in self.figures.items():
            reading = number_reading(figures, self.looks[at], verdicts.get(at), self.table,
                                     self.settings, self.percents[at])
            self.found[at] = reading or self._text(figures.cells)
        for at, slip in self.slips.items():
            self.found[at].changes[:0] = slip.changes
            self.found[at].questions[:0] = slip.questions
        return [self.found[at] for at in range(len(self.table.columns))]

    def _first(self, at: int) -> None:
        """Read a column by itself, or put it aside until the others were looked at."""
        column = self.table.columns[at]
        cells = cells_of(self.table.sheet, column, self.table.rows,
                         self.formats.get(column.at, {}))
        forced = self.settings.types.get(column.name)
        code = names.is_code(self.table, column) and not are_counts(column, cells)
        if forced in (None, "integer", "number") and not code:
            cells = self._undated(at, cells)
        if forced == "string" or (at in self.slips and self.slips[at].text):
            self.found[at] = self._text(cells)
        elif forced is None and code:
            self.found[at] = code_reading(cells, self.settings)
        elif not self._as_numbers(at, cells, forced):
            self.found[at] = self._as_other(at, cells, forced)

    def _undated(self, at: int, cells: Cells) -> Cells:
        """Return the cells without the dates that a spreadsheet made of decimals."""
        off = {"tanggal", "angka"} & self.settings.off
        if not off and not names.is_time(self.table.columns[at]):
            slip = slipped(cells, self.table, self.settings)
            if slip is not None:
                self.slips[at] = slip
                return slip.cells
        return cells

    def _as_numbers(self, at: int, cells: Cells, forced: str | None) -> bool:
        if "angka" in self.settings.off or forced in ("date", "datetime", "yearmonth", "boolean"):
            return False
        if self._dated_format(cells) or (forced is None and are_serials(cells)):
            return False
        if cells.kinds is not None and bool(
                ((cells.kinds == Kind.DATE) | (cells.kinds == Kind.BOOL)).sum() * 2
                > (cells.kinds != Kind.EMPTY).sum()):
            return False
        if self._padded_format(cells):
            return False
        words = clean(cells.distinct)
        tokens = tokens_of(words)
        look = look_at(cells, tokens)
        if not look.figure.any():
            signs = bool(look.sign.any()) and "tanda" not in self.settings.off
            empty = not (look.sign.any() or look.null.any())
            if not look.other.any() and (signs or empty):
                self.signs_only[at] = (cells, tokens, look)
                return True
            return False
        if not looks_numeric(cells, tokens, look, forced is not None):
            return False
        if "tanda" in self.settings.off and (look.sign.any() or look.other.any()):
            return False
        self._keep(at, cells, tokens, look)
        return True

    def _keep(self, at: int, cells: Cells, tokens: Tokens, look: Look) -> None:
        self.percents[at] = {row: each for row, each in cells.formats.items() if "%" in each
                             and cells.is_number()[row]}
        self.looks[at] = look
        self.figures[at] = figures_of(at, self.table, cells, tokens, self.percents[at])

    @staticmethod
    def _dated_format(cells: Cells) -> bool:
        formats = cells.formats
        return bool(formats) and dates.shows_dates(list(formats.values()))

    @staticmethod
    def _padded_format(cells: Cells) -> bool:
        formats = list(cells.formats.values())
        return bool(formats) and all(len(each) > 1 and set(each) == {"0"} for each in formats)

    def _as_other(self, at: int, cells: Cells, forced: str | None) -> Reading:
        if self._padded_format(cells):
            return code_reading(cells, self.settings)
        if dates.months_only(cells):
            reading = self._text(cells)
            reading.role_hint = Role.WAKTU
            return reading
        truth = _truth(cells, forced == "boolean")
        if truth is not None:
            return truth
        if "tanggal" not in self.settings.off:
            again = ranged(cells) if forced is None else None
            if again is not None:
                reading = self._text(again[0])
                reading.changes[:0] = [again[1]]
                return reading
            dated = dates.date_reading(cells, self.settings, None)
            if dated is not None:
                if dated.questions:
                    self.open_dates[at] = cells
                return dated
        reading = self._text(cells)
        if names.is_time(self.table.columns[at]):
            reading.role_hint = Role.WAKTU
        elif _zero_led(cells):
            reading.role_hint = Role.KODE
        return reading

    def _dates(self) -> None:
        """Read dates whose order is open as the certain ones beside them are written."""
        certain: set[str] = set()
        for at, reading in self.found.items():
            if at not in self.open_dates and reading.type in ("date", "datetime"):
                certain |= {order for change in reading.changes
                            for order in dates.order_said(change)}
        if len(certain) != 1:
            return
        order = certain.pop()
        for at, cells in self.open_dates.items():
            if self.found[at].questions and self.found[at].questions[0].answer is None:
                again = dates.date_reading(cells, self.settings, order)
                if again is not None:
                    self.found[at] = again

    def _signs_only(self) -> None:
        """A column of signs alone, or of nothing, is one of figures if those beside it are."""
        certain = set(self.figures)
        for at, (cells, tokens, look) in self.signs_only.items():
            column = self.table.columns[at]
            time = any(names.is_moment(part) for part in column.path)
            family = self.families[self.alike.names.get(column.name, column.name)]
            alike = any(other in certain for other in family if other != at) or (
                (time or len(column.path) > 1)
                and any(other in certain for other in (at - 1, at + 1)))
            measure = names.measure_of(self.table, column)
            if not look.sign.any() and not alike and not time:
                self.found[at] = self._text(cells)
            elif not names.is_note(column) and (alike or measure.count or measure.measured or time):
                self._keep(at, cells, tokens, look)
            else:
                self.found[at] = self._text(cells)

    def _text(self, cells: Cells) -> Reading:
        if "spasi" in self.settings.off:
            return Reading("string", nulled(cells.text))
        words = cells.text if cells.index is None or cells.numbers is not None else None
        if words is not None:
            made, moved = tidied(words)
            mask = None if moved is None else moved.to_numpy(zero_copy_only=False)
        else:
            clean_words, moved = tidied(cells.distinct)
            made = cells.spread_arrow(clean_words)
            mask = None if moved is None else cells.spread(moved.to_numpy(zero_copy_only=False))
        changes: list[Change] = []
        if mask is not None:
            filled = mask & ~pc.equal(made, "").to_numpy(zero_copy_only=False)
            if filled.any():
                changes.append(blanks_removed(cells, filled))
        return Reading("string", nulled(made), changes=changes)


def _zero_led(cells: Cells) -> bool:
    head = cells.distinct.slice(0, 10_000)
    return bool(pc.any(pc.match_substring_regex(head, r"^0\d+$")).as_py()) and bool(
        pc.all(pc.match_substring_regex(head, r"^\d*$")).as_py())


_YES = frozenset(["true", "ya", "y", "yes", "benar", "ada", "1", "v", "✓", "√", "✔"])
_NO = frozenset(["false", "tidak", "t", "tdk", "no", "n", "salah", "tidak ada", "0", "x", "✗"])


def _truth(cells: Cells, wanted: bool) -> Reading | None:
    """Read a column of nothing but TRUE and FALSE; other words only where the officer says so."""
    if len(cells.distinct) > 12 or (cells.is_number().any() and not wanted):
        return None
    encoded = cells.text.dictionary_encode()
    words = [word.strip().casefold() for word in encoded.dictionary.to_pylist()]
    yes, no = (_YES, _NO) if wanted else (frozenset(["true"]), frozenset(["false"]))
    if not (yes | no) & set(words) or not set(words) <= yes | no | {""}:
        return None
    made = pa.array([None if not word else word in yes for word in words], pa.bool_())
    changes: list[Change] = []
    if not set(words) <= {"true", "false", ""}:
        filled = ~pc.equal(cells.text, "").to_numpy(zero_copy_only=False)
        changes.append(Change("angka", cells.where(filled), Message(
            N_("Ya dan tidak ditulis sebagai benar dan salah.")),
            Message(N_("Jenis kolom menurut pilihan Anda.")), count=int(filled.sum())))
    return Reading("boolean", made.take(encoded.indices), changes=changes)
