"""Decimals that a spreadsheet took for dates: ``1.5`` became 1 May, ``5.50`` May 1950.

A spreadsheet of Indonesian settings knows the comma as its decimal mark and takes a dot between
small numbers for a date. In a column of decimals such a date is none. What was typed is told by
the other figures where they can tell it (a total, digits behind the mark); else it is asked.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.notes import N_, Change, Choice, Message, Question
from ckanext.satudata.domain.inspection.sheet import Kind
from ckanext.satudata.domain.inspection.table import RawTable
from ckanext.satudata.domain.inspection.values.figures import Part, part_of
from ckanext.satudata.domain.inspection.values.model import Cells, Settings, bare_format, cells_of
from ckanext.satudata.domain.inspection.values.tokens import Marks, What, clean, tokens_of

__all__ = ["Slip", "slipped"]

#: Forms of what was typed: ``1.5``, ``1.05``, ``5.50`` for May 1950; and that it was a date.
_SHORT, _LONG, _YEARED, _DATE = "satu_angka", "dua_angka", "bulan_tahun", "tanggal"
#: Whole days since 1900 that are dates of our times: a column of these is one of dates.
_SERIAL = 15_000
#: Other fractions from which their digits tell those of the lost ones; of typed ones, which drop
#: zeros at their end, more.
_TEXTS, _TYPED = 3, 5
_MOST = 300


@dataclass
class Slip:
    """Cells whose dates are figures again, or empty while that is open.

    :ivar text: the officer says that they are dates: the column is text
    """

    cells: Cells
    text: bool = False
    changes: list[Change] = field(default_factory=list[Change])
    questions: list[Question] = field(default_factory=list[Question])


def slipped(cells: Cells, table: RawTable, settings: Settings) -> Slip | None:
    """Return the column with its dates read as decimals, ``None`` if they are none."""
    if cells.kinds is None or not (cells.kinds == Kind.DATE).any():
        return None
    dated = cells.kinds == Kind.DATE
    rows = np.flatnonzero(dated)
    if len(rows) > _MOST:
        return None
    rest = _without(cells, rows)
    part = _figures(rest, dated)
    if part is None:
        return None
    forms = [_forms(cells, int(row)) for row in rows]
    if not all(forms):
        return None
    settled = _by_total(cells, table, part, rows, forms)
    why = Message(N_("Hanya dengan angka ini baris jumlah cocok."))
    certain = settled is not None
    if settled is None:
        settled = _by_digits(part, cells, forms)
        why = Message(N_("Angka lain di kolom ini desimal dengan banyak angka yang sama."))
    if settled is not None:
        return Slip(_filled(rest, rows, settled), changes=[
            _change(cells, rows, settled, why, certain)])
    asked = _question(cells, rows, forms, settings)
    if asked.answer == _DATE:
        return Slip(cells, True, questions=[asked])
    if asked.answer is None:
        return Slip(rest, questions=[asked])
    given = [each.get(asked.answer, next(iter(each.values()))) for each in forms]
    return Slip(_filled(rest, rows, given), questions=[asked], changes=[
        _change(cells, rows, given, Message(N_("Jawaban Anda.")), True)])


def _figures(rest: Cells, dated: np.ndarray) -> Part | None:
    """Return the other figures, if they are what the column holds and some are fractions."""
    tokens = tokens_of(clean(rest.distinct))
    part = part_of(rest, tokens)
    figure = ((rest.spread(tokens.what) == What.FIGURE) | rest.is_number()) & ~dated
    strange = (rest.spread(tokens.what) == What.OTHER) & ~rest.is_number() & ~dated
    if not figure.any() or int(strange.sum()) * 4 > int(figure.sum()):
        return None
    broken = figure & _broken(part)
    if not broken.any() or bool((np.abs(part.literal[broken]) >= _SERIAL).any()):
        return None
    return part


def _broken(part: Part) -> np.ndarray:
    return (part.marks == Marks.DECIMAL) | (part.marks == Marks.OPEN) | (part.marks == Marks.BOTH)


def _forms(cells: Cells, row: int) -> dict[str, float]:
    """Return what may have been typed for a date, by form; nothing where it has a time of day."""
    try:
        when = datetime.fromisoformat(cells.text[row].as_py().strip())
    except ValueError:
        return {}
    if (when.hour, when.minute, when.second, when.microsecond) != (0, 0, 0, 0):
        return {}
    shown = bare_format(cells.formats.get(row, ""))
    short = float(f"{when.day}.{when.month}")
    found = {_SHORT: short}
    if when.month < 10:
        found[_LONG] = float(f"{when.day}.{when.month:02d}")
    if when.day == 1 and "y" in shown and "d" not in shown:
        return {_YEARED: float(f"{when.month}.{when.year % 100:02d}")}
    if when.day == 1 and ("d" not in shown or "y" in shown):
        found[_YEARED] = float(f"{when.month}.{when.year % 100:02d}")
    return found


def _by_total(cells: Cells, table: RawTable, part: Part, rows: np.ndarray,
              forms: Sequence[dict[str, float]]) -> list[float] | None:
    """Return the one value that a total leaves for each date that is alone among its members."""
    told: dict[int, float] = {}
    for total in table.totals:
        body = np.isin(cells.rows, total.members)
        lost = [at for at, row in enumerate(rows) if body[row]]
        below = cells_of(table.sheet, cells.column, np.array([total.row], dtype=np.int64))
        if len(lost) != 1 or not below.is_number().any() or below.numbers is None:
            continue
        left = float(below.numbers[0]) - float(np.nansum(part.literal[body & _known(part, rows)]))
        fits = {value for value in forms[lost[0]].values() if abs(value - left) < 0.005}
        if len(fits) == 1:
            told[lost[0]] = fits.pop()
    return [told[at] for at in range(len(rows))] if len(told) == len(rows) else None


def _known(part: Part, rows: np.ndarray) -> np.ndarray:
    known = ~np.isnan(part.literal)
    known[rows] = False
    return known


def _by_digits(part: Part, cells: Cells, forms: Sequence[dict[str, float]]) -> list[float] | None:
    """Return the values with as many digits behind the mark as all other fractions have."""
    broken = _broken(part)
    typed = cells.is_number()
    texts = part.decimals[broken & ~typed]
    numbers = part.decimals[broken & typed]
    sizes = set(texts.tolist())
    if len(texts) >= _TEXTS and len(sizes) == 1 and not len(numbers):
        digits = sizes.pop()
    elif len(numbers) >= _TYPED and not len(texts) and int(numbers.max()) == 1:
        digits = 1
    else:
        return None
    known = np.abs(part.literal[~np.isnan(part.literal)])
    found: list[float] = []
    for each in forms:
        fits = {value for value in each.values() if _digits(each, value) == digits}
        value = fits.pop() if len(fits) == 1 else None
        if value is None or value > 2 * float(known.max()):
            return None
        found.append(value)
    return found


def _digits(forms: dict[str, float], value: float) -> int:
    """Return how many digits were typed behind the mark of a value."""
    form = next(form for form, each in forms.items() if each == value)
    if form != _SHORT:
        return 2
    return 1 if _LONG in forms else 2


def _without(cells: Cells, rows: np.ndarray) -> Cells:
    """Return the cells with those of some rows empty."""
    return _filled(cells, rows, [float("nan")] * len(rows))


def _filled(cells: Cells, rows: np.ndarray, values: Sequence[float]) -> Cells:
    """Return the cells with a workbook's number in some rows."""
    kinds = np.array(cells.kinds)
    numbers = np.full(len(cells), np.nan) if cells.numbers is None else cells.numbers.copy()
    kinds[rows] = np.where(np.isnan(values), Kind.EMPTY, Kind.NUMBER)
    numbers[rows] = values
    mask = np.zeros(len(cells), dtype=bool)
    mask[rows] = True
    words = pc.if_else(pa.array(mask), "", cells.words)
    return cells.reworded(
        words, kinds=kinds, numbers=numbers,
        formats={row: each for row, each in cells.formats.items() if not mask[row]})


_NAMES = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")


def _shown(cells: Cells, row: int) -> str:
    when = datetime.fromisoformat(cells.text[row].as_py().strip())
    return f"{when.day} {_NAMES[when.month - 1]} {when.year}"


def _written(value: float, form: str) -> str:
    text = f"{value:.2f}" if form in (_LONG, _YEARED) else f"{value:g}"
    return text.replace(".", ",")


def _change(cells: Cells, rows: np.ndarray, values: Sequence[float], why: Message,
            certain: bool) -> Change:
    mask = np.zeros(len(cells), dtype=bool)
    mask[rows] = True
    return Change("tanggal", cells.where(mask), Message(
        N_("Tanggal buatan Excel menjadi desimal lagi: {dari} menjadi {ke}."),
        {"dari": _shown(cells, int(rows[0])), "ke": f"{values[0]:g}".replace(".", ",")}),
        why, certain, len(rows))


def _question(cells: Cells, rows: np.ndarray, forms: Sequence[dict[str, float]],
              settings: Settings) -> Question:
    # The date that could be most shows best what is asked.
    at = max(range(len(rows)), key=lambda number: len(forms[number]))
    column = cells.column
    values = {"contoh": _shown(cells, int(rows[at])), "kolom": column.header or column.name}
    choices = [Choice(form, Message("{nilai}", {"nilai": _written(value, form)}))
               for form, value in forms[at].items()]
    choices.append(Choice(_DATE, Message(N_("Memang tanggal")),
                          Message(N_("Seluruh kolom tetap seperti tertulis."))))
    mask = np.zeros(len(cells), dtype=bool)
    mask[rows] = True
    key = f"tanggal:{column.name}"
    answer = settings.answers.get(key)
    return Question(
        key=key, step="tanggal", column=column.name, cell=cells.where(mask), count=len(rows),
        text=Message(N_("Tanggal “{contoh}” di kolom angka {kolom}, angka berapa?"), values),
        choices=choices, evidence=Message(N_(
            "Excel mengubah angka seperti 1.5 menjadi tanggal 1 Mei.")),
        answer=answer if any(each.code == answer for each in choices) else None)
