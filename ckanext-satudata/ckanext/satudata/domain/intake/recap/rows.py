"""Rows of a recap: which of two tables of a unit counts, and what two units both sent."""
from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.notes import N_, Message, Severity
from ckanext.satudata.domain.intake.recap.parts import Remark, Sheet, Unit, named

__all__ = ["both_sent", "current", "sent_the_same"]

#: Of all keys: more than these in two units means that units share what the key says (months,
#: sexes), so nothing is doubtful.
_SHARED_BY_NATURE = 0.2
#: Fewer figures may be equal by chance.
_FEW = 3
#: Keys told of one by one.
_TOLD = 20


def current(sheets: Sequence[Sheet]) -> tuple[list[Sheet], list[Remark]]:
    """Return of each unit the tables that count: its newest, or several whose rows differ.

    Two tables count both where no row of one has the key of a row of the other: January in one
    file and February in the next. Otherwise the newer replaces the older.
    """
    kept: set[int] = set()
    remarks: list[Remark] = []
    for several in _by_unit(sheets).values():
        newest = sorted(several, key=lambda at: (sheets[at].part.at, at), reverse=True)
        chosen: list[int] = []
        for at in newest:
            older, taken = sheets[at], [sheets[each] for each in chosen]
            if all(_are_apart(older, each) for each in taken):
                chosen.append(at)
                if taken:
                    remarks.append(_both(older, taken[0]))
            else:
                remarks.append(_replaced(older, next(
                    each for each in taken if not _are_apart(older, each))))
        kept.update(chosen)
    return [sheets[at] for at in sorted(kept)], remarks


def _by_unit(sheets: Sequence[Sheet]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, sheet in enumerate(sheets):
        found.setdefault(sheet.unit.code, []).append(at)
    return found


def _are_apart(one: Sheet, other: Sheet) -> bool:
    shared = [name for name in one.dimensions if name in other.dimensions]
    if not shared:
        return False
    return not _keys(one, shared) & _keys(other, shared)


def _keys(sheet: Sheet, names: Sequence[str]) -> set[tuple[str | None, ...]]:
    return set(zip(*(sheet.data.column(name).to_pylist() for name in names), strict=True))


def _both(older: Sheet, newer: Sheet) -> Remark:
    return Remark("two-files", Severity.SARAN, Message(N_(
        "{unit} mengirim dua berkas dengan baris yang berbeda: “{older}” dan “{newer}”. Keduanya "
        "digabung."), _values(older, newer)), None, (older.unit.code,))


def _replaced(older: Sheet, newer: Sheet) -> Remark:
    shared = [name for name in older.dimensions if name in newer.dimensions]
    lost = len(_keys(older, shared) - _keys(newer, shared)) if shared else 0
    return Remark(
        "older-file", Severity.SEBAIKNYA if lost else Severity.SARAN, Message(N_(
            "{unit} mengirim dua berkas; yang terbaru dipakai: “{newer}”. {lost} baris hanya ada "
            "di “{older}” dan tidak ikut.") if lost else N_(
            "{unit} mengirim dua berkas; yang terbaru dipakai: “{newer}”, bukan “{older}”."),
            {**_values(older, newer), "lost": lost}),
        Message(N_("Kalau baris itu masih berlaku, minta satu berkas yang lengkap."))
        if lost else None, (older.unit.code,))


def _values(older: Sheet, newer: Sheet) -> dict[str, object]:
    return {"unit": older.unit.name, "older": older.part.filename[:80],
            "newer": newer.part.filename[:80]}


# ----------------------------------------------------------------------------- between units
def both_sent(
    rows: pa.Table, dimensions: Sequence[str], owner: Sequence[int], units: Sequence[Unit]
) -> Iterable[Remark]:
    """Tell of rows about one thing (a school, a desa) that two units both sent.

    Only where that is the exception: months and sexes are in everybody's table.

    :param rows: all of them, text
    :param owner: of each row, the place of its unit in ``units``
    """
    if not dimensions or not rows.num_rows:
        return
    columns = [pc.fill_null(rows.column(name), "") for name in dimensions]
    keys = pd.Series(pc.binary_join_element_wise(*columns, "\x1f").to_pandas())
    frame = pd.DataFrame({"key": keys, "unit": list(owner)}).drop_duplicates()
    counts: Any = frame["key"].value_counts()
    shared: Any = counts[counts > 1]
    if shared.empty or len(shared) > _SHARED_BY_NATURE * len(counts):
        return
    several = frame[frame["key"].isin(shared.index)]
    for number, (key, those) in enumerate(several.groupby("key", sort=True)["unit"]):
        if number == _TOLD:
            yield Remark("key-shared", Severity.SEBAIKNYA, Message(N_(
                "{count} baris lain juga dikirim lebih dari satu unit."),
                {"count": len(shared) - _TOLD}))
            return
        who = [units[at] for at in those]
        yield Remark("key-shared", Severity.SEBAIKNYA, Message(N_(
            "Baris “{key}” dikirim lebih dari satu unit: {units}. Jumlahnya akan terhitung dua "
            "kali."), {"key": ", ".join(filter(None, str(key).split("\x1f")))[:120],
                       "units": named(who)}),
            Message(N_("Tanyakan siapa yang mencatatnya; yang lain mengirim perbaikan.")),
            tuple(unit.code for unit in who))


def sent_the_same(sheets: Sequence[Sheet]) -> Iterable[Remark]:
    """Tell of units whose tables are the same in every figure: a file copied and not filled in."""
    found: dict[str, list[Unit]] = {}
    for sheet in sheets:
        digest = _digest(sheet)
        if digest:
            units = found.setdefault(digest, [])
            if sheet.unit not in units:
                units.append(sheet.unit)
    for units in found.values():
        if len(units) > 1:
            yield Remark("same-figures", Severity.SEBAIKNYA, Message(N_(
                "Angka dari {units} persis sama di setiap sel."), {"units": named(units)}),
                Message(N_("Pastikan berkasnya bukan salinan milik unit lain.")),
                tuple(unit.code for unit in units))


def _digest(sheet: Sheet) -> str:
    figures = [sheet.data.column(name).to_pylist() for name in sorted(sheet.figures)]
    told = [value for column in figures for value in column if value not in (None, "0")]
    if len(told) < _FEW or len(set(told)) < 2:
        return ""
    made = hashlib.sha256()
    for name in sorted(sheet.fields):
        made.update(repr((name, sheet.data.column(name).to_pylist())).encode())
    return made.hexdigest()
