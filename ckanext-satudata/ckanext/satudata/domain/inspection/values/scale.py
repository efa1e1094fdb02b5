"""What a mark in the figures of a table means: decimals, or thousands (some of them damaged).

Two cases look alike. In text, ``12.080`` may be twelve thousand or twelve and a bit. In a workbook
that took the thousands dot for a decimal one, ``50.36`` stands for 50,360, beside a true ``686``.
Proof is sought first (totals, parts, the same figure elsewhere), then what the rest of the table
shows; what is left is asked.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ckanext.satudata.domain.inspection.display import written
from ckanext.satudata.domain.inspection.families import Families
from ckanext.satudata.domain.inspection.notes import N_, Choice, Message, Question
from ckanext.satudata.domain.inspection.table import RawTable
from ckanext.satudata.domain.inspection.values import proofs, siblings
from ckanext.satudata.domain.inspection.values.figures import (
    DECIMAL,
    THOUSANDS,
    THOUSANDS_ALL,
    Figures,
    set_grains,
)
from ckanext.satudata.domain.inspection.values.model import Settings, cells_of
from ckanext.satudata.domain.inspection.values.names import Measure, is_year

__all__ = ["Verdict", "decide"]

#: Columns for which parts are sought among their neighbours; the others follow them.
_PROVED = 30
#: Share of figures ending in two zeros, one in a hundred by chance, that shows rounding.
_ROUNDING = 0.04
#: Figures needed before their look alone says anything.
_ENOUGH = 5
_MANY = 10


@dataclass
class Verdict:
    """How a column is read, and why; ``question`` where that is not known."""

    reading: str
    why: Message
    certain: bool = True
    question: Question | None = None
    by_parts: bool = False


def decide(table: RawTable, figures: Sequence[Figures], settings: Settings,
           alike: Families) -> dict[int, Verdict]:
    """Decide the reading of every column whose marks leave it open, by place in ``table``.

    Columns of one family are decided together, with all that any of them shows.
    """
    kin = siblings.kin_of(figures, alike)
    found: dict[int, Verdict] = {}
    waiting = _waiting(figures, kin)
    if not waiting:
        return found
    set_grains([each for each in waiting if each.lost])
    members = proofs.members_of(table)
    known = proofs.written_elsewhere(table, settings.others)
    parts = _partings(table, figures) if len(known) else []
    for number, each in enumerate(waiting):
        verdict = _proof(each, figures if number < _PROVED else (), members, known, parts)
        if verdict is not None:
            found[each.at] = verdict
    for each in waiting:
        if each.at in found:
            each.decided = found[each.at].reading
    rest = [each for each in waiting if each.at not in found]
    for each in rest:
        verdict = _by_family(each, kin[each.at], found) or _by_siblings(
            each, figures, found, settings)
        if verdict is not None:
            found[each.at], each.decided = verdict, verdict.reading
    for group in _groups([each for each in rest if each.at not in found], kin):
        found.update(_together(group, figures, found, table, settings))
    for each in waiting:
        verdict = found[each.at]
        if each.lost and _keeps_decimals(verdict):
            del found[each.at]
        each.decided = verdict.reading
    for each in waiting:
        verdict = found.get(each.at)
        if verdict is None or not verdict.by_parts or not each.lost:
            continue
        raised, told = proofs.whole_thousands(each, figures)
        each.raised = raised if raised.any() else None
        if _rounded(each, 3):
            verdict.certain = not (each.body.doubtful() & ~raised & ~told).any()
    return found


def _waiting(figures: Sequence[Figures], kin: Mapping[int, siblings.Kin]) -> list[Figures]:
    """Return the columns whose marks are in question, by what they or their family show."""
    for each in figures:
        if not each.lost and not (
                each.decided == DECIMAL and each.mark == "." and not each.percent):
            continue
        if not each.measure.count:
            each.suspect = kin[each.at].suspected
            size = None if each.lost else siblings.by_size(each, kin[each.at])
            if (each.suspect and each.body.marked(each.mark).any()) or (
                    size is not None and size[0] == THOUSANDS):
                each.lost, each.decided = True, None
    return [each for each in figures if each.open or each.lost]


def _groups(rest: Sequence[Figures], kin: Mapping[int, siblings.Kin]) -> list[list[Figures]]:
    """Part the columns into those that get one answer: one kind of measure, one hand.

    What is typed and what is text in one family goes together, but not for counts, whose text is
    beyond doubt.
    """
    groups: dict[tuple[object, ...], list[Figures]] = {}
    mixed = {id(kin[each.at]) for each in rest if each.lost and not each.measure.count}
    for each in rest:
        lost = each.lost or id(kin[each.at]) in mixed
        doubted = kin[each.at].suspected if lost and not each.measure.count else False
        kind = (lost, each.measure.count, each.measure.share, each.measure.measured, doubted,
                each.mark)
        groups.setdefault(kind, []).append(each)
    # What counts shows how the marks of the others are meant.
    return sorted(groups.values(), key=lambda group: not group[0].measure.count)


def _by_family(each: Figures, kin: siblings.Kin, found: Mapping[int, Verdict],
               ) -> Verdict | None:
    """Decide a column by those of its family that are beyond doubt."""
    known = [other for other in kin.members if other.at in found]
    told = {other.decided for other in known}
    if len(told) == 1 and (reading := told.pop()) is not None:
        sure = all(found[other.at].certain for other in known)
        return Verdict(reading if reading in each.readings() else THOUSANDS,
                       Message(N_("Kolom lain dari ukuran yang sama terbukti ditulis begitu.")),
                       certain=sure and not (each.lost and _rounded(each)))
    size = siblings.by_size(each, kin)
    if size is not None:
        return Verdict(*size)
    if kin.nothing_lost:
        return Verdict(DECIMAL, Message(""))
    if not each.measure.count and kin.truly_decimal:
        return Verdict(DECIMAL, Message(N_("Kolom lain dari ukuran yang sama menulis desimal.")))
    return None


def _partings(table: RawTable, figures: Sequence[Figures]) -> list[np.ndarray]:
    """Return the columns that part the rows into a few groups, as a group number per row."""
    measured = {each.at for each in figures if each.open or each.lost}
    found: list[np.ndarray] = []
    for at, column in enumerate(table.columns[:30]):
        if at in measured:
            continue
        encoded = cells_of(table.sheet, column, table.rows).text.dictionary_encode()
        if 2 <= len(encoded.dictionary) <= min(60, len(table.rows) // 2):
            found.append(encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64))
    return found[:5]


def _keeps_decimals(verdict: Verdict) -> bool:
    """Tell whether nothing is worth saying: plain decimals that were under no real suspicion."""
    return verdict.reading == DECIMAL and verdict.question is None


def _proof(each: Figures, figures: Sequence[Figures], members: Sequence[np.ndarray],
           known: np.ndarray, parts: Sequence[np.ndarray]) -> Verdict | None:
    reading = proofs.by_totals(each, members)
    if reading is not None:
        return Verdict(reading, Message(N_("Hanya dengan bacaan ini baris jumlah cocok.")))
    reading = proofs.by_parts(each, figures)
    if reading is not None:
        return Verdict(reading, Message(N_("Hanya dengan bacaan ini rincian dan jumlahnya cocok "
                                           "di setiap baris.")),
                       by_parts=True)
    if each.mark in each.group_marks and each.lost:
        return Verdict(THOUSANDS, Message(N_("Kolom ini juga menulis angka dengan dua titik, "
                                             "seperti 1.165.322: titik memisah ribuan.")),
                       certain=not _rounded(each))
    if len(known):
        reading = proofs.sums_elsewhere(each, known, parts)
        if reading is not None:
            return Verdict(reading, Message(N_("Hanya dengan bacaan ini jumlahnya sama dengan "
                                               "angka di tabel lain berkas ini.")))
        hits = proofs.elsewhere(each, known)
        if hits:
            return Verdict(THOUSANDS, Message(N_("{jumlah} angka yang sama tertulis lengkap di "
                                                 "tabel lain berkas ini."), {"jumlah": hits}))
    return None


def _rounded(each: Figures, enough: int = _MANY) -> bool:
    """Tell whether whole numbers may be thousands that lost all three zeros.

    Among figures whose last digits fall by chance one in a hundred ends in two zeros; where more
    do, the source rounds, and a plain ``600`` may be 600,000.
    """
    if not each.body.doubtful().any():
        return False
    marked = each.body.marked(each.mark)
    return each.body.grain > 1 or int(marked.sum()) < enough or bool(
        (each.body.decimals[marked] <= 1).mean() > _ROUNDING)


def _by_siblings(each: Figures, figures: Sequence[Figures], found: dict[int, Verdict],
                 settings: Settings) -> Verdict | None:
    alike = [other for other in figures if other is not each and other.at in found
             and other.lost == each.lost and other.mark == each.mark
             and not (each.measure.measured and not other.measure.measured)]
    readings = {other.decided for other in alike}
    if len(readings) == 1 and (each.open or each.measure.count):
        reading = readings.pop() or DECIMAL
        if reading not in each.readings():
            reading = THOUSANDS
        return Verdict(reading, Message(N_("Kolom lain di tabel ini terbukti ditulis begitu.")),
                       certain=all(found[other.at].certain for other in alike))
    if not each.open:
        return None
    other_mark = "," if each.mark == "." else "."
    written_so = [other for other in figures if other is not each and not other.lost
                  and not other.measure.coordinate and other.cells.numbers is None]
    if any(each.mark in other.group_marks or other_mark in other.decimal_marks
           for other in written_so) and each.mark not in {
               mark for other in written_so for mark in other.decimal_marks}:
        return Verdict(THOUSANDS, Message(N_("Kolom lain di tabel ini memakai “{tanda}” sebagai "
                                             "pemisah ribuan."), {"tanda": each.mark}))
    if each.mark == "," and not any("," in other.group_marks for other in figures) and any(
            "," in other.decimal_marks for other in written_so):
        return Verdict(DECIMAL, Message(N_("Kolom lain di tabel ini memakai koma sebagai tanda "
                                           "desimal.")))
    if settings.delimiter == ";":
        reading = THOUSANDS if each.mark == "." else DECIMAL
        return Verdict(reading, Message(N_("Berkas ini dipisah titik koma, jadi koma adalah "
                                           "tanda desimal.")))
    return None


def _together(group: list[Figures], figures: Sequence[Figures], found: Mapping[int, Verdict],
              table: RawTable, settings: Settings) -> dict[int, Verdict]:
    """Decide columns of one kind by what they show together, or ask about them together."""
    first = group[0]
    answer = _answer(group, settings)
    opened, lost = [one for one in group if one.open], [one for one in group if not one.open]
    verdict = _by_look(opened) or _like_counts(opened, figures, found) if opened else None
    if lost and (verdict is None or not opened):
        verdict = _lost(lost)
    if verdict is not None:
        return {each.at: verdict for each in group}
    asked = _question(group, figures, table, answer)
    reading = answer or DECIMAL
    why = Message(N_("Jawaban Anda.")) if answer else Message(N_("Belum dijawab."))
    made = {each.at: Verdict(reading if reading in each.readings() else
                             (THOUSANDS if reading == THOUSANDS_ALL else reading), why)
            for each in group}
    made[first.at].question = asked
    return made


def _answer(group: Sequence[Figures], settings: Settings) -> str | None:
    for each in group:
        answer = settings.answers.get(f"skala:{each.cells.column.name}")
        if answer in (DECIMAL, THOUSANDS, THOUSANDS_ALL):
            return answer
    return None


def _by_look(group: Sequence[Figures]) -> Verdict | None:
    """Decide figures that all have exactly three digits behind the mark."""
    first = group[0]
    measure = first.measure
    if all(is_year(each.cells.column) for each in group):
        return Verdict(THOUSANDS, Message(N_("Tahun ditulis dengan titik ribuan.")))
    if measure.coordinate:
        return Verdict(DECIMAL, Message(N_("Koordinat ditulis dengan desimal.")))
    if measure.share and all(float(np.nanmax(np.abs(each.body.literal))) <= 100
                             for each in group):
        return Verdict(DECIMAL, Message(N_("Persentase ribuan tidak mungkin.")))
    if measure.thousands:
        return None
    if measure.count:
        return Verdict(THOUSANDS, _no_fraction(measure))
    marked = sum(int(each.body.marked(each.mark).sum()) for each in group)
    plain = sum(int(each.body.plain().sum()) for each in group)
    if marked >= _ENOUGH and plain:
        # With fixed decimals a plain 686 would be 686.000, with free ones some would be shorter.
        return Verdict(THOUSANDS, Message(N_("Setiap tanda diikuti tepat tiga angka, dan angka di "
                                             "bawah seribu ditulis tanpa tanda.")), certain=False)
    return None


def _like_counts(group: Sequence[Figures], figures: Sequence[Figures],
                 found: Mapping[int, Verdict]) -> Verdict | None:
    """Read a text's open mark as the counts beside it write thousands.

    Not where thousandths are measured as a rule (metres of a kilometre, kilograms of a ton).
    """
    if any(each.measure.share or each.measure.fine for each in group) or sum(
            int(each.body.marked(each.mark).sum()) for each in group) < _MANY:
        return None
    mark = group[0].mark
    counts = [other for other in figures if other.open and other.mark == mark
              and other.measure.count and other.cells.numbers is None
              and (other.at in found and found[other.at].reading == THOUSANDS)]
    if not counts or any(each.cells.numbers is not None for each in group):
        return None
    return Verdict(THOUSANDS, Message(N_("Kolom lain di tabel ini memakai “{tanda}” sebagai "
                                         "pemisah ribuan."), {"tanda": mark}), certain=False)


def _no_fraction(measure: Measure) -> Message:
    if measure.money:
        return Message(N_("Rupiah tidak ditulis sampai tiga desimal."))
    return Message(N_("Yang dihitung tidak mungkin pecahan."))


def _lost(group: Sequence[Figures]) -> Verdict | None:
    """Decide workbook fractions with at most three decimals, in a column that counts."""
    first = group[0]
    if not first.measure.count:
        return None if first.suspect else Verdict(DECIMAL, Message(""))
    decimals = [each.body.decimals[each.body.marked(each.mark)] for each in group]
    if not any(bool((each == 3).any()) for each in decimals):
        return None  # half a person is wrong, but 50.4 may be a mean or thousands by intent
    if not any(each.body.doubtful().any() for each in group):
        return Verdict(THOUSANDS, Message(N_("Yang dihitung tidak mungkin pecahan: titik ribuan "
                                             "terbaca sebagai desimal.")))
    if not any(_rounded(each) for each in group):
        return Verdict(THOUSANDS, Message(N_(
            "Yang dihitung tidak mungkin pecahan. Tidak ada angka yang berakhir 00, jadi angka "
            "tanpa titik dibaca apa adanya.")), certain=False)
    return None


def _question(group: Sequence[Figures], figures: Sequence[Figures], table: RawTable,
              answer: str | None) -> Question:
    # Of columns that become one, the first may hold no marked figure itself.
    each = next((one for one in group if one.body.marked(one.mark).any()), group[0])
    column = each.cells.column
    marked = each.body.marked(each.mark)
    rows = np.flatnonzero(marked) if marked.any() else np.arange(len(marked))
    # The figure that lost most shows best what is meant.
    row = int(rows[np.argmin(each.body.decimals[rows])])
    shown = _as_typed(each, row)
    literal = float(each.body.literal[row])
    raised = written(literal * 1000)
    header = column.header or column.name
    count = sum(int(one.body.marked(one.mark).sum()) for one in group)
    values = {"contoh": shown, "dibaca": raised, "kolom": header}
    plain = np.flatnonzero(each.body.doubtful()) if each.lost else rows[:0]
    choices = [Choice(THOUSANDS, Message(N_("Ya, {dibaca}"), values),
                      Message(N_("{jumlah} sel dibaca begitu."), {"jumlah": count}))]
    if len(plain):
        whole = float(each.body.literal[plain[0]])
        choices[0] = Choice(THOUSANDS, Message(N_("Ya, {dibaca}"), values), Message(
            N_("Angka tanpa titik tetap: {bulat} adalah {bulat}."),
            {"bulat": written(whole)}))
        choices.append(Choice(THOUSANDS_ALL, Message(N_("Ya, dan angka tanpa titik juga ribuan")),
                              Message(N_("{bulat} dibaca {ribu}."), {
                                  "bulat": written(whole),
                                  "ribu": written(whole * 1000)})))
    choices.append(Choice(DECIMAL, Message(N_("Bukan, memang {desimal}"),
                                           {"desimal": written(literal)})))
    text = Message(N_("“{contoh}” di kolom {kolom}, maksudnya {dibaca}?"), values)
    if each.open:
        # "2.400" may mean 2.400 as an Indonesian writes it: the digits alone are beyond doubt.
        values = {**values, "bulat": f"{literal * 1000:.0f}", "desimal": written(literal)}
        text = Message(N_("“{contoh}” di kolom {kolom} berarti {bulat} atau {desimal}?"), values)
        choices = [
            Choice(THOUSANDS, Message(N_("{bulat} (tandanya memisah ribuan)"), values),
                   choices[0].note),
            Choice(DECIMAL, Message(N_("{desimal} (tandanya desimal)"), values))]
    mask = np.zeros(len(marked), dtype=bool)
    mask[rows] = True
    return Question(
        key=f"skala:{column.name}", step="angka", column=column.name, cell=each.cells.where(mask),
        count=count, text=text, choices=choices,
        evidence=_evidence(each, figures, table), answer=answer)


def _evidence(each: Figures, figures: Sequence[Figures], table: RawTable) -> Message:
    if each.measure.count:
        found = proofs.example_sum(each, figures, THOUSANDS)
        if found is not None:
            by_at = {one.at: one for one in figures}
            values = {at: written(by_at[at].values(THOUSANDS)[found.row])
                      for at in (*found.parts, found.whole)}
            names = {at: table.columns[at].path[-1] if table.columns[at].path
                     else table.columns[at].name for at in values}
            one, other = found.parts
            return Message(N_("{satu} {a} + {dua} {b} = {c}."), {
                "satu": names[one], "a": values[one], "dua": names[other], "b": values[other],
                "c": values[found.whole]})
    if each.suspect:
        return Message(N_("Excel membaca titik ribuan sebagai desimal: angka di bawah seribu tetap "
                          "bulat, yang lain menjadi pecahan dengan tiga desimal."))
    if each.lost:
        return Message(N_("Yang dihitung tidak mungkin pecahan, dan Excel menghapus nol di "
                          "belakang titik."))
    if {".", ","} <= each.decimal_marks | {each.mark}:
        return Message(N_("Titik dan koma sama-sama dipakai sebagai desimal di kolom ini."))
    return Message(N_("Setiap “{tanda}” di kolom ini diikuti tepat tiga angka: bisa ribuan, bisa "
                      "desimal."), {"tanda": each.mark})


def _as_typed(each: Figures, row: int) -> str:
    return each.cells.text[row].as_py().strip()
