"""Codes: text of what was typed, with the damage mended that programs do to them.

A code is never a number: ``32.10`` is a kabupaten and not 32.1, and ``0012`` is not 12. What a
spreadsheet or a data frame has made a number of is mended where the other codes of the column
prove it, and asked where they do not.
"""
from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.notes import N_, Change, Choice, Message, Question
from ckanext.satudata.domain.inspection.table import RawColumn, Role
from ckanext.satudata.domain.inspection.values.model import Cells, Reading, Settings
from ckanext.satudata.domain.inspection.values.texts import tidied
from ckanext.satudata.domain.loading.columns import counts_bearers, is_code_name, most_digits

__all__ = ["KEEP", "PAD", "are_counts", "blanks_removed", "code_reading", "nulled"]

PAD, KEEP = "lengkapi", "biarkan"
_MANY = 200_000
#: Rows looked at together; the first of real codes ends the look.
_GLANCE = 50_000
_FLOAT_TAIL = re.compile(r"[.,]0{1,2}$")
_FLOAT = r"^[0-9]+\.0+$"
_PARTS = r"^[0-9]+(?:\.[0-9]+)+$"
_SCIENTIFIC = re.compile(r"^(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})$")
#: Share of the codes of a length that must be the longest for it to be the length of all.
_MOSTLY = 0.8
#: Length from which a shorter code is worth a question.
_ASKED = 5
#: Names whose values have no fixed length, whatever most of them look like.
_LOOSE = re.compile(r"(?:^|_)(?:telp|telepon|hp|wa|rt|rw|no|nomor)(?:_|$)")


def are_counts(column: RawColumn, cells: Cells) -> bool:
    """Tell whether cells below a name of codes can only count those who have one.

    A NIB has 13 digits: below ``umkm_nib``, or ``NIB`` beside ``PIRT``, 1.240 is a number of
    enterprises. Where one value may be such a number, damaged or cut, all are codes.
    """
    most: int | None = None
    for name in {column.name, *column.path[-1:]}:
        if is_code_name(name):
            most = most_digits(name)
            if most is None:
                return False
    if most is None:
        return False
    found = False
    for start in range(0, len(cells.text), _GLANCE):
        for each in pc.unique(cells.text.slice(start, _GLANCE)).to_pylist():
            value = _FLOAT_TAIL.sub("", (each or "").strip())
            if any(map(str.isdigit, value)):
                if not counts_bearers(value, most):
                    return False
                found = True
    return found


class _Column:
    """The distinct codes on their way; every step writes down what it changed."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        encoded = cells.text.dictionary_encode()
        self.index = encoded.indices.to_numpy(zero_copy_only=False)
        self.before: list[str] = encoded.dictionary.to_pylist()
        self.now = list(self.before)
        self.changes: list[Change] = []
        self.questions: list[Question] = []

    def rows(self, at: list[int]) -> np.ndarray:
        mask = np.zeros(len(self.before), dtype=bool)
        mask[at] = True
        return mask[self.index]

    def change(self, mended: dict[int, str], what: str, why: str, *, certain: bool = True,
               **values: Any) -> None:
        if not mended:
            return
        rows = self.rows(list(mended))
        if rows.any():
            first = next(iter(mended))
            self.changes.append(Change("kode", self.cells.where(rows), Message(
                what, {"dari": self.now[first].strip(), "ke": mended[first]}), Message(why, values),
                certain, int(rows.sum())))
        for at, text in mended.items():
            self.now[at] = text


def code_reading(cells: Cells, settings: Settings) -> Reading:
    """Read a column of codes as text, mending what is certain and asking what is not."""
    words, moved = tidied(cells.text)
    if "kode" in settings.off or _sound(words):
        changes: list[Change] = []
        if "spasi" in settings.off:
            words, moved = cells.text, None
        if moved is not None:
            changes.append(blanks_removed(cells, moved.to_numpy(zero_copy_only=False)))
        return Reading("string", nulled(words), role_hint=Role.KODE, changes=changes)
    column = _Column(cells)
    _edges(column, settings)
    formats = cells.formats
    if formats:
        _formats(column, formats)
    _apostrophes(column)
    _inner_blanks(column)
    _scientific(column)
    _floats(column)
    _trailing_zero(column, settings)
    _leading_zero(column, settings)
    _digits_lost(column)
    made = pa.array(column.now, pa.string()).take(pa.array(column.index))
    return Reading("string", nulled(made), role_hint=Role.KODE, changes=column.changes,
                   questions=column.questions)


def _sound(words: pa.Array) -> bool:
    """Tell at once that nothing is damaged: digits only and of one length, or too many to look."""
    if pc.count_distinct(words.slice(0, 5000)).as_py() < 2500 or len(words) < 2 * _MANY:
        return False
    digits = pc.match_substring_regex(words, "^[0-9]*$")
    lengths = pc.count_distinct(pc.utf8_length(words)).as_py()
    return bool(pc.all(digits).as_py()) and lengths <= 1


def nulled(words: pa.Array) -> pa.Array:
    """Return texts with nothing for the empty ones."""
    return pc.if_else(pc.equal(words, ""), None, words)


def blanks_removed(cells: Cells, mask: np.ndarray) -> Change:
    """Return the change that blanks were taken from some rows."""
    return Change("spasi", cells.where(mask), Message(N_("Spasi berlebih dibuang.")),
                  Message(N_("Spasi di tepi dan spasi ganda bukan bagian isi.")),
                  count=int(mask.sum()))


def _edges(column: _Column, settings: Settings) -> None:
    words, moved = tidied(pa.array(column.now, pa.string()))
    if moved is None or "spasi" in settings.off:
        return
    clean = words.to_pylist()
    at = np.flatnonzero(moved.to_numpy(zero_copy_only=False)).tolist()
    rows = column.rows(at)
    if rows.any():
        column.changes.append(blanks_removed(column.cells, rows))
    column.now = clean


def _formats(column: _Column, formats: dict[int, str]) -> None:
    """Write numbers as their format ``000000`` shows them."""
    typed = set(column.index[column.cells.is_number()].tolist())
    shown = set(formats.values())
    if len(shown) == 1 and re.fullmatch(r"[#0]*0\.0+", min(shown)):
        digits = len(min(shown).split(".")[1])
        column.change({
            at: text + "0" * (digits - len(text.partition(".")[2]))
            for at, text in enumerate(column.now) if at in typed
            and re.fullmatch(r"\d+\.\d+", text) and len(text.partition(".")[2]) < digits},
            N_("Nol di belakang ditulis seperti terlihat: {dari} menjadi {ke}."),
            N_("Format sel menampilkan kode dengan jumlah angka tetap."))
        return
    widths = {len(each) for each in shown if re.fullmatch(r"0{2,}", each)}
    if len(widths) != 1:
        return
    width = widths.pop()
    column.change({at: text.zfill(width) for at, text in enumerate(column.now)
                   if at in typed and text.isdigit() and len(text) < width},
                  N_("Nol di depan ditulis seperti terlihat: {dari} menjadi {ke}."),
                  N_("Format sel menampilkan kode dengan jumlah angka tetap."))


def _apostrophes(column: _Column) -> None:
    column.change({at: text[1:].strip() for at, text in enumerate(column.now)
                   if re.match(r"^['’`‘]\d", text)},
                  N_("Tanda petik di depan kode dibuang: {dari} menjadi {ke}."),
                  N_("Petik hanya menandai bahwa kode diketik sebagai teks."))


def _inner_blanks(column: _Column) -> None:
    column.change({at: re.sub(r"\s*([.\-/])\s*", r"\1", text)
                   for at, text in enumerate(column.now)
                   if re.fullmatch(r"\d+(?:\s*[.\-/]\s*\d+)+", text) and " " in text},
                  N_("Spasi di dalam kode dibuang: {dari} menjadi {ke}."),
                  N_("Spasi di sekitar titik bukan bagian kode."))


def _scientific(column: _Column) -> None:
    full: dict[int, str] = {}
    lost: list[int] = []
    for at, text in enumerate(column.now):
        found = _SCIENTIFIC.match(text)
        if not found:
            continue
        digits, power = found[1] + (found[2] or ""), int(found[3])
        if len(digits) == power + 1:
            full[at] = digits
        else:
            lost.append(at)
    column.change(full, N_("Kode ditulis lengkap: {dari} menjadi {ke}."),
                  N_("Semua angkanya masih ada."))
    rows = column.rows(lost)
    if rows.any():
        column.changes.append(Change("kode", column.cells.where(rows), Message(
            N_("Kode {dari} kehilangan angka dan dibiarkan seperti tertulis."),
            {"dari": column.now[lost[0]]}), Message(
                N_("Aplikasi menulisnya sebagai bilangan berpangkat. Ketik ulang kodenya dari "
                   "sumber asli, dengan format sel teks.")), False, int(rows.sum())))


def _floats(column: _Column) -> None:
    floats = {at: text.split(".")[0] for at, text in enumerate(column.now)
              if re.match(_FLOAT, text)}
    if not floats:
        return
    parted = any(re.match(_PARTS, text) and at not in floats
                 for at, text in enumerate(column.now))
    column.change(floats, N_("“.0” di belakang kode dibuang: {dari} menjadi {ke}."),
                  N_("Aplikasi pernah membacanya sebagai angka desimal."), certain=not parted)


def _trailing_zero(column: _Column, settings: Settings) -> None:
    """Give ``32.1`` its zero back where the other codes show two digits behind the dot."""
    by_head: dict[int, list[int]] = {}
    for at, text in enumerate(column.now):
        if re.fullmatch(r"\d+\.\d+", text):
            by_head.setdefault(len(text.split(".")[1]), []).append(at)
    if len(by_head) < 2:
        return
    width = max(by_head)
    full = by_head.pop(width)
    short = [at for each in by_head.values() for at in each]
    if width > 4 or len(full) < 3 or len(full) < len(short):
        return
    mended: dict[int, str] = {}
    for at in short:
        head, tail = column.now[at].split(".")
        mended[at] = f"{head}.{tail.ljust(width, '0')}"
    # 32.01 kept its zero, so 32.1 cannot be it; and a code ending in 0 is nowhere else.
    padded = any(column.now[at].split(".")[1].startswith("0") for at in full)
    ended = any(column.now[at].endswith("0") for at in full)
    _mend_or_ask(column, mended, certain=padded and not ended, settings=settings,
                 what=N_("Nol di belakang kode dikembalikan: {dari} menjadi {ke}."),
                 why=N_("Kode lain di kolom ini punya {lebar} angka di belakang titik; aplikasi "
                        "menghapus nol di belakang desimal."), width=width)


def _leading_zero(column: _Column, settings: Settings) -> None:
    """Give ``12`` its zeros back where all other codes have one length and begin with 0."""
    if _LOOSE.search(column.cells.column.name):
        return
    digits = [at for at, text in enumerate(column.now) if text.isdigit()]
    if len(digits) < 5 or len(digits) < sum(bool(text) for text in column.now):
        return
    count = Counter(len(column.now[at]) for at in digits)
    width = max(count)
    if len(count) < 2 or count[width] < _MOSTLY * len(digits) or count[width] < 4:
        return
    short = [at for at in digits if len(column.now[at]) < width]
    zeros = any(column.now[at].startswith("0") for at in digits if len(column.now[at]) == width)
    if not zeros and width < _ASKED:
        return  # 5 beside 12 is more often a small number than a code that lost its zero
    _mend_or_ask(column, {at: column.now[at].zfill(width) for at in short}, certain=zeros,
                 settings=settings,
                 what=N_("Nol di depan kode dikembalikan: {dari} menjadi {ke}."),
                 why=N_("Kode lain di kolom ini punya {lebar} angka."), width=width)


def _mend_or_ask(column: _Column, mended: dict[int, str], *, certain: bool, settings: Settings,
                 what: str, why: str, width: int) -> None:
    if not mended:
        return
    if certain:
        column.change(mended, what, why, lebar=width)
        return
    name = column.cells.column.name
    answer = settings.answers.get(f"kode:{name}")
    first = next(iter(mended))
    rows = column.rows(list(mended))
    values = {"dari": column.now[first], "ke": mended[first],
              "kolom": column.cells.column.header or name}
    column.questions.append(Question(
        key=f"kode:{name}", step="kode", column=name, cell=column.cells.where(rows),
        count=int(rows.sum()),
        text=Message(N_("Kode {dari} di kolom {kolom}, seharusnya {ke}?"), values),
        choices=[Choice(PAD, Message(N_("Ya, {ke}"), values)),
                 Choice(KEEP, Message(N_("Bukan, memang {dari}"), values))],
        evidence=Message(why, {"lebar": width}), answer=answer if answer in (PAD, KEEP) else None))
    if answer == PAD:
        column.change(mended, what, why, lebar=width)


def _digits_lost(column: _Column) -> None:
    """Say where a workbook kept a long code as a number, which has no room beyond 15 digits."""
    typed = column.cells.is_number()
    if not typed.any():
        return
    numbers = set(column.index[typed].tolist())
    lost = [at for at, text in enumerate(column.now)
            if at in numbers and text.isdigit() and len(text) > 15]
    rows = column.rows(lost) & typed
    if rows.any():
        column.changes.append(Change("kode", column.cells.where(rows), Message(
            N_("Kode {dari} dibiarkan, tetapi angka setelah yang ke-15 tidak dapat dipercaya."),
            {"dari": column.now[lost[0]]}), Message(
                N_("Excel menyimpan paling banyak 15 angka. Ketik ulang sebagai teks.")),
            False, int(rows.sum())))
