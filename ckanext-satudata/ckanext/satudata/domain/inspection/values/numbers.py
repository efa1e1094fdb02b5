"""Columns of figures: what was written becomes integers and numbers, and every step is listed."""
from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.formats.grid import FORMAT_CELLS, FORMAT_ROWS
from ckanext.satudata.domain.inspection.notes import N_, Change, Message, Question
from ckanext.satudata.domain.inspection.sheet import Kind
from ckanext.satudata.domain.inspection.table import RawTable, Role
from ckanext.satudata.domain.inspection.values import signs
from ckanext.satudata.domain.inspection.values.figures import (
    DECIMAL,
    Figures,
    part_of,
    settle_marks,
    whole,
)
from ckanext.satudata.domain.inspection.values.model import Cells, Reading, Settings, cells_of
from ckanext.satudata.domain.inspection.values.names import (
    is_amount,
    is_note,
    is_number_name,
    is_time,
    is_year,
    measure_of,
)
from ckanext.satudata.domain.inspection.values.scale import Verdict
from ckanext.satudata.domain.inspection.values.tokens import (
    Marks,
    Tokens,
    What,
    is_known_unit,
    tokens_of,
)

__all__ = ["figures_of", "looks_numeric", "number_reading"]

#: Share of the filled cells that must be figures for the rest to be asked about as signs.
_MOSTLY = 0.8
#: The same under a header of free text or of numbers of rows, which may be "91-D".
_NEARLY = 0.98
#: Different unknown words among figures asked about one by one; more of them at once.
_STRANGE = 5
#: Letters of a word that are shown; a longer one is a sentence.
_LONG = 40
#: What is taken off figures without a doubt.
_SURE = ("satuan", "garis", "tulisan")
_YEARS = (1800, 2200)


@dataclass
class Look:
    """What is in a column: rows by kind of word."""

    figure: np.ndarray
    sign: np.ndarray
    other: np.ndarray
    null: np.ndarray
    error: np.ndarray
    strange: list[str] = field(default_factory=list[str])


def look_at(cells: Cells, tokens: Tokens) -> Look:
    """Sort the rows of a column."""
    what = cells.spread(tokens.what)
    figure = (what == What.FIGURE) | cells.is_number()
    strange = np.flatnonzero(tokens.what == What.OTHER)
    words: list[str] = []
    if 0 < len(strange) <= _STRANGE:
        words = tokens.words.take(pa.array(strange)).to_pylist()
    return Look(figure, what == What.SIGN, what == What.OTHER, what == What.NULL,
                what == What.ERROR, words)


def looks_numeric(cells: Cells, tokens: Tokens, look: Look, forced: bool) -> bool:
    """Tell whether a column is one of figures: nearly all of its cells are, signs apart."""
    figures, other = int(look.figure.sum()), int(look.other.sum())
    if not figures or tokens.too_long.any():
        return False
    if forced:
        return _one_unit(tokens) is not None
    if tokens.zero_led.any():
        return False
    unit = _one_unit(tokens)
    if unit is None or (unit and not is_known_unit(unit) and not is_amount(cells.column)):
        return False  # 12 Ulu and 13 Ulu are names
    if other == 0:
        return True
    share = figures / (figures + other)
    if is_note(cells.column) or is_number_name(cells.column):
        return share >= _NEARLY and not any(len(word) > _LONG for word in look.strange)
    return share >= _MOSTLY


def _one_unit(tokens: Tokens) -> str | None:
    """Return the unit written in the cells, empty for none, ``None`` where they differ."""
    units = {found.unit for found, at in tokens.taken()
             if found.what is What.FIGURE and found.unit and len(at)}
    folded = {unit.casefold().rstrip(".") for unit in units}
    if len(folded) > 1:
        return None
    return units.pop() if units else ""


def figures_of(at: int, table: RawTable, cells: Cells, tokens: Tokens,
               percents: dict[int, str]) -> Figures:
    """Return the figures of a column with what its own marks say."""
    column = table.columns[at]
    rows = np.array([total.row for total in table.totals], dtype=np.int64)
    total_cells = cells_of(table.sheet, column, rows)
    found = Figures(at, cells, tokens, part_of(cells, tokens),
                    part_of(total_cells, tokens_of(total_cells.distinct)),
                    measure_of(table, column), total_typed=total_cells.is_number())
    if percents:
        found.decided, found.percent = DECIMAL, True
        return found
    settle_marks(found)
    return found


def number_reading(found: Figures, look: Look, verdict: Verdict | None, table: RawTable,
                   settings: Settings, percents: dict[int, str]) -> Reading | None:
    """Make a column of figures its typed values, with all changes and questions.

    :returns: nothing where the officer answered that a word in it makes it a column of text
    """
    cells, tokens = found.cells, found.tokens
    column = cells.column
    values = found.values().copy()
    changes: list[Change] = []
    questions: list[Question] = []
    unit = _one_unit(tokens) or None
    if percents:
        unit = "persen"
        changes.append(_percent(cells, values, percents))
    changes.extend(_notation(found, verdict))
    if verdict is not None and verdict.question is not None:
        questions.append(verdict.question)
    changes.extend(_taken_off(found, unit))
    changes.extend(_nothing(cells, look))
    status, asked, answered = _signs(found, table, settings, values)
    if asked is None:
        return None
    questions.extend(asked)
    changes.extend(answered)
    kind, array, more = _typed(found, values)
    changes.extend(more)
    role: Role | None = Role.UKURAN
    if kind == "integer" and is_year(column) and _are_years(values):
        kind, role = "year", Role.WAKTU
    elif kind == "integer" and is_time(column) and _are_periods(values):
        role = Role.WAKTU
    elif is_number_name(column) or found.measure.coordinate:
        role = None
    if kind == "integer" and (percents or settings.types.get(column.name) == "number"):
        kind, array = "number", pc.cast(array, pa.float64())
    return Reading(kind, array, status, unit, role, changes, questions)


def _are_years(values: np.ndarray) -> bool:
    known = values[~np.isnan(values)]
    return len(known) > 0 and bool(((known >= _YEARS[0]) & (known <= _YEARS[1])).all())


def _are_periods(values: np.ndarray) -> bool:
    known = values[~np.isnan(values)]
    return len(known) > 0 and bool(((known >= 1) & (known <= 53)).all())


def _percent(cells: Cells, values: np.ndarray, percents: dict[int, str]) -> Change:
    shown = np.zeros(len(values), dtype=bool)
    shown[list(percents)] = True
    if len(cells.formats) and all("%" in each for each in cells.formats.values()):
        # Formats are known for the first rows only; the rest of the column goes with them.
        shown |= _beyond_formats(cells)
    shown &= cells.is_number()
    values[shown] = np.round(values[shown] * 100, 10)
    mixed = bool((cells.is_number() & ~shown).any())
    return Change("angka", cells.where(shown),
                  Message(N_("Angka persen ditulis seperti terlihat.")),
                  Message(N_("Sel berformat persen: 0,253 tampil 25,3%.")),
                  certain=not mixed, count=int(shown.sum()))


def _beyond_formats(cells: Cells) -> np.ndarray:
    """Return the rows of a large sheet whose number formats were not kept."""
    kept = cells.sheet.formats
    last = max(row for row, _ in kept) if len(kept) >= FORMAT_CELLS else FORMAT_ROWS - 1
    return cells.rows > last


def _notation(found: Figures, verdict: Verdict | None) -> list[Change]:
    body, cells, changes = found.body, found.cells, list[Change]()
    raised = None
    if found.decided is not None and found.decided != DECIMAL:
        raised = body.in_thousands(found.mark, found.decided)
    certain = verdict.certain if verdict is not None else True
    why = verdict.why if verdict is not None else Message(
        N_("Begitulah tanda itu dipakai di seluruh kolom."))
    if raised is not None and raised.any():
        lost = found.lost
        what = (N_("Titik ribuan yang terbaca sebagai desimal dikembalikan: {dari} menjadi {ke}.")
                if lost else N_("“{tanda}” dibaca sebagai pemisah ribuan: {dari} menjadi {ke}."))
        row = int(np.flatnonzero(raised)[0])
        changes.append(Change("angka", cells.where(raised), Message(what, {
            "tanda": found.mark, "dari": cells.text[row].as_py().strip(),
            "ke": f"{found.values()[row]:.0f}"}), why, certain, int(raised.sum())))
    if found.raised is not None:
        row = int(np.flatnonzero(found.raised)[0])
        changes.append(Change("angka", cells.where(found.raised), Message(
            N_("Ribuan yang kehilangan semua nolnya dikembalikan: {dari} menjadi {ke}."),
            {"dari": cells.text[row].as_py().strip(), "ke": f"{found.values()[row]:.0f}"}),
            Message(N_("Hanya begitu rincian dan jumlah di baris itu cocok.")),
            count=int(found.raised.sum())))
    grouped = (body.marks == Marks.GROUPED) | (body.marks == Marks.BOTH)
    comma = (body.mark == ",") & ((body.marks == Marks.DECIMAL) | (body.marks == Marks.OPEN))
    if raised is not None:
        comma &= ~raised
    if verdict is not None and verdict.question is not None and verdict.question.answer is None:
        comma &= body.marks != Marks.OPEN
    here = grouped | comma
    if here.any():
        row = int(np.flatnonzero(here)[0])
        hands = {".", ","} == set(body.mark[here | (
            (body.marks == Marks.DECIMAL) & ~cells.is_number())].tolist()) and not grouped.any()
        changes.append(Change("angka", cells.where(here), Message(
            N_("Tanda ribuan dan desimal dibaca menurut penulisannya: {dari} menjadi {ke}."),
            {"dari": cells.text[row].as_py().strip(), "ke": f"{found.values()[row]:.15g}"}),
            why if raised is None else Message(N_("Begitulah tanda itu dipakai di seluruh kolom.")),
            certain=not hands, count=int(here.sum())))
    return changes


def _taken_off(figures: Figures, unit: str | None) -> list[Change]:
    cells, tokens = figures.cells, figures.tokens
    off: dict[str, list[np.ndarray]] = {}
    for odd, at in tokens.taken():
        if odd.what is not What.FIGURE:
            continue
        if odd.money or odd.unit:
            off.setdefault("satuan", []).append(at)
        if odd.dash:
            off.setdefault("garis" if len(odd.dash) > 1 or odd.money else "minus", []).append(at)
        if odd.note:
            off.setdefault("catatan", []).append(at)
        if odd.negative:
            off.setdefault("negatif", []).append(at)
        if not (odd.money or odd.unit or odd.dash or odd.note or odd.negative or odd.suffix):
            off.setdefault("tulisan", []).append(at)
    texts = {
        "tulisan": (N_("Angka ditulis baku: {dari} menjadi {ke}."),
                    N_("Spasi, petik dan tanda minus cetak bukan bagian angka.")),
        "satuan": (N_("Satuan “{satuan}” dipindah dari sel ke keterangan kolom."),
                   N_("Satuan sama di semua sel yang menulisnya.")),
        "garis": (N_("“,-” di belakang angka dibuang."),
                  N_("Begitulah rupiah tanpa sen ditulis.")),
        "minus": (N_("“-” di belakang angka dibuang."),
                  N_("Di belakang rupiah garis itu berarti tanpa sen. Periksa bila maksudnya "
                     "negatif.")),
        "catatan": (N_("Tanda catatan kaki dibuang dari angka."),
                    N_("Angka kecil di belakang angka menunjuk catatan, bukan nilainya.")),
        "negatif": (N_("Angka dalam kurung dibaca negatif."),
                    N_("Begitulah angka negatif ditulis dalam laporan keuangan.")),
    }
    changes: list[Change] = []
    for kind, places in off.items():
        mask = _rows(cells, np.concatenate(places))
        what, why = texts[kind]
        if not mask.any():
            continue
        row = int(np.flatnonzero(mask)[0])
        values = {"satuan": unit or "Rp", "dari": _first(cells, mask),
                  "ke": f"{figures.values()[row]:.15g}"}
        changes.append(Change("angka", cells.where(mask), Message(what, values), Message(why),
                              certain=kind in _SURE, count=int(mask.sum())))
    return changes


def _rows(cells: Cells, places: np.ndarray) -> np.ndarray:
    by_word = np.zeros(len(cells.distinct), dtype=bool)
    by_word[places] = True
    return cells.spread(by_word)


def _nothing(cells: Cells, look: Look) -> list[Change]:
    changes: list[Change] = []
    if look.null.any():
        changes.append(Change("tanda", cells.where(look.null), Message(
            N_("“{tanda}” dikosongkan."), {"tanda": _first(cells, look.null)}),
            Message(N_("Begitulah aplikasi menulis sel tanpa isi.")), count=int(look.null.sum())))
    error = look.error
    if cells.kinds is not None:
        error = error | (cells.kinds == Kind.ERROR)
    if error.any():
        changes.append(Change("angka", cells.where(error), Message(
            N_("Galat rumus “{tanda}” dikosongkan."), {"tanda": _first(cells, error)}),
            Message(N_("Rumusnya tidak menghasilkan angka. Periksa berkas asli.")),
            certain=False, count=int(error.sum())))
    return changes


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG].rstrip()}…"


def _first(cells: Cells, mask: np.ndarray) -> str:
    return cells.text[int(np.flatnonzero(mask)[0])].as_py().strip()


def _signs(found: Figures, table: RawTable, settings: Settings,
           values: np.ndarray) -> tuple[pa.Array | None, list[Question] | None, list[Change]]:
    """Ask about every sign; fill in what was answered. No list of questions: it is text."""
    cells, tokens = found.cells, found.tokens
    places: dict[tuple[str, bool, bool], list[int]] = {}
    for at, odd in tokens.odd.items():
        if odd.what is What.SIGN:
            places.setdefault((odd.sign, False, True), []).append(at)
        elif odd.suffix:
            places.setdefault((odd.suffix, True, True), []).append(at)
    strange = np.flatnonzero(tokens.what == What.OTHER).tolist()
    if len(strange) > _STRANGE:
        places["lain", False, False] = strange
        strange = []
    for at in strange:
        word = " ".join(tokens.words[at].as_py().split())
        places.setdefault((_cut(word), False, False), []).append(at)
    notes = "\n".join(table.about.get(key, "") for key in ("catatan", "sumber"))
    masks = {key: _rows(cells, np.array(at)) for key, at in places.items()}
    zero = values == 0
    if zero.any() and signs.legend_line("0", "0", notes):
        masks["0", False, True] = zero & (found.body.marks == Marks.NONE)
    questions: list[Question] = []
    changes: list[Change] = []
    codes = np.full(len(values), signs.NORMAL, dtype=object)
    some = False
    column = cells.column
    for (sign, suffix, known), mask in masks.items():
        shown = sign if suffix else _cut(_first(cells, mask))
        if sign == "lain":
            shown += ", …"
        key = f"tanda:{column.name}:{sign}"
        asked = signs.question(
            column.name, column.header or column.name, sign, shown, cells.where(mask),
            int(mask.sum()), suffix=suffix, known=known, notes=notes,
            zeros=int(zero.sum()) if known and sign != "0" else 0, answer=settings.answers.get(key))
        questions.append(asked)
        if asked.answer == signs.TEXT:
            return None, None, []
        codes[mask] = asked.answer
        if asked.answer is None:
            continue
        some = True
        if not suffix:
            values[mask] = 0.0 if asked.answer == "nol" else np.nan
        changes.append(Change("tanda", cells.where(mask), Message(
            N_("Tanda “{tanda}” diberi status {status}."),
            {"tanda": shown, "status": asked.answer}),
            Message(N_("Jawaban Anda.")), count=int(mask.sum())))
    return (pa.array(codes, pa.string()) if some else None), questions, changes


def _typed(found: Figures, values: np.ndarray) -> tuple[str, pa.Array, list[Change]]:
    missing = np.isnan(values)
    if not whole(values).all() or bool((np.abs(values[~missing]) > 2**53).any()):
        return "number", pa.array(values, pa.float64(), mask=missing), []
    exact = np.where(missing, 0, values).astype(np.int64)
    changes: list[Change] = []
    trailing = (found.body.marks == Marks.DECIMAL) & ~found.cells.is_number() & ~missing
    if found.decided == DECIMAL and trailing.any():
        changes.append(Change("angka", found.cells.where(trailing), Message(
            N_("Angka bulat ditulis tanpa desimal: {dari} menjadi {ke}."),
            {"dari": _first(found.cells, trailing),
             "ke": int(exact[int(np.flatnonzero(trailing)[0])])}),
            Message(N_("Tidak ada angka di kolom ini yang berpecahan.")),
            count=int(trailing.sum())))
    return "integer", pc.cast(pa.array(exact, pa.int64(), mask=missing), pa.int64()), changes
