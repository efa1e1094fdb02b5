"""Which columns a recap has, of which type and unit, and what each unit's table lacks of them."""
from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckanext.satudata.domain.inspection.notes import N_, Message, Severity
from ckanext.satudata.domain.intake.recap.parts import NUMBERS, Remark, Sheet, Unit, named
from ckanext.satudata.domain.wilayah_search import plain

__all__ = ["Plan", "meant", "plan", "take_out_units"]

#: Names this alike are one name with a slip.
_ALIKE = 0.8
#: Columns that one sentence names.
_NAMES = 8


@dataclass(frozen=True)
class Plan:
    """The columns of a recap.

    :ivar fields: each as in a Table Schema, ``type`` what most units say
    """

    fields: tuple[Mapping[str, Any], ...]
    remarks: tuple[Remark, ...] = field(default=())


def plan(
    sheets: Sequence[Sheet], expected: Sequence[Mapping[str, Any]], kind: str
) -> Plan:
    """Choose the columns: those expected, and those that two or more units have.

    Order is that of what is expected, then of the first table that has a column; a column of
    status stands behind its figure.

    :param expected: fields of the dataset's last Table Schema, names canonical; none for a new one
    """
    holders: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        for name in sheet.fields:
            holders.setdefault(name, []).append(sheet)
    wanted = {str(each["name"]): each for each in expected}
    units = {name: {sheet.unit.code for sheet in held} for name, held in holders.items()}
    senders = {sheet.unit.code for sheet in sheets}
    kept = [*wanted, *(name for name in holders if name not in wanted and (
        len(units[name]) > 1 or (len(senders) == 1 and not wanted) or _of_kept(name, wanted, units)
    ))]
    kept = _with_status_behind(kept)
    remarks = [
        *_left_out(holders, kept), *_lacking(sheets, kept, kind),
        *_units_of_measure(holders, wanted, kept)]
    return Plan(tuple(_field(name, holders.get(name, []), wanted.get(name)) for name in kept),
                tuple(remarks))


def _of_kept(
    name: str, wanted: Mapping[str, Any], units: Mapping[str, set[str]]
) -> bool:
    """Tell whether a column only explains another that is kept: what the tidying made of signs."""
    figure = name.removeprefix("status_")
    return figure != name and (figure in wanted or len(units.get(figure, ())) > 1)


def _with_status_behind(names: list[str]) -> list[str]:
    status = {name for name in names if name.removeprefix("status_") != name
              and name.removeprefix("status_") in names}
    made: list[str] = []
    for name in names:
        if name not in status:
            made += [name, *([f"status_{name}"] if f"status_{name}" in status else [])]
    return made


def _field(name: str, held: Sequence[Sheet], wanted: Mapping[str, Any] | None) -> dict[str, Any]:
    said = [sheet.fields[name] for sheet in held]
    made: dict[str, Any] = {"name": name, "type": (wanted or {}).get("type") or meant(held, name)}
    if wanted and made["type"] == "integer" and meant(held, name) == "number":
        made["type"] = "number"  # a half where there were wholes: no figure is cut
    for key in ("title", "satuan", "kode_referensi"):
        value = (wanted or {}).get(key) or _most(each.get(key) for each in said)
        if value:
            made[key] = value
    return made


def meant(held: Sequence[Sheet], name: str) -> str:
    """Return the type most units mean by a column; an empty column means none.

    Figures go before text where as many say one as the other: a word among figures is told.
    """
    said = Counter(str(sheet.fields[name].get("type", "string")) for sheet in held
                   if sheet.data.column(name).null_count < sheet.data.num_rows)
    if not said:
        return _most(str(sheet.fields[name].get("type", "string")) for sheet in held) or "string"
    numbers = sum(said[kind] for kind in NUMBERS)
    best, count = max(said.items(), key=lambda each: (each[1], each[0] != "string"))
    if numbers < count or (numbers == count and best not in NUMBERS and best != "string"):
        return best
    if said["number"]:
        return "number"
    return "integer" if said["integer"] else "year"


def _most(values: Iterable[Any]) -> Any:
    said = Counter(value for value in values if value)
    return said.most_common(1)[0][0] if said else None


# -------------------------------------------------------------------------------- what is told
def _lacking(
    sheets: Sequence[Sheet], kept: Sequence[str], kind: str
) -> Iterable[Remark]:
    for name in kept:
        if name.startswith("status_"):
            continue
        without = _distinct(sheet.unit for sheet in sheets if name not in sheet.fields)
        if not without:
            continue
        everybody = len(without) == len({sheet.unit.code for sheet in sheets})
        yield Remark("column-missing", Severity.SEBAIKNYA, Message(N_(
            "Tidak satu pun {kind} mengirim kolom {column}. Kolomnya dibiarkan kosong, bukan nol.")
            if everybody else N_(
            "{count} {kind} tidak mengirim kolom {column}: {units}. Selnya dibiarkan kosong, bukan "
            "nol."), {"kind": kind, "column": name, "count": len(without),
                      "units": named(without)}),
            Message(N_("Minta kiriman yang memuat kolom itu, lalu gabung lagi.")),
            tuple(unit.code for unit in without))


def _left_out(holders: Mapping[str, Sequence[Sheet]], kept: Sequence[str]) -> Iterable[Remark]:
    """Tell what only one unit sent, a sentence a unit, and what it may have meant."""
    of_unit: dict[str, list[str]] = {}
    units: dict[str, Unit] = {}
    for name, held in holders.items():
        if name not in kept:
            of_unit.setdefault(held[0].unit.code, []).append(name)
            units[held[0].unit.code] = held[0].unit
    for code, names in of_unit.items():
        own = {name for name, held in holders.items()
               if any(sheet.unit.code == code for sheet in held)}
        free = [name for name in kept if name not in own]
        alike = {name: difflib.get_close_matches(name, free, 1, _ALIKE) for name in names[:_NAMES]}
        meant = [f"{name} → {found[0]}" for name, found in alike.items() if found]
        values = {"columns": _listed(names), "unit": units[code].name, "meant": ", ".join(meant)}
        yield Remark("column-extra", Severity.SEBAIKNYA, Message(N_(
            "Kolom {columns} hanya dikirim {unit}, jadi tidak ikut digabung."), values),
            Message(N_("Mungkin maksudnya: {meant}. Minta {unit} mengganti kepala kolomnya, lalu "
                       "gabung lagi.") if meant else N_(
                "Kalau kolom itu perlu, minta juga dari yang lain."), values), (code,))


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMES
    return ", ".join(names[:_NAMES]) + (f" (+{more})" if more > 0 else "")


def _units_of_measure(
    holders: Mapping[str, Sequence[Sheet]], wanted: Mapping[str, Mapping[str, Any]],
    kept: Sequence[str],
) -> Iterable[Remark]:
    for name in kept:
        held = holders.get(name, [])
        usual = (wanted.get(name, {}).get("satuan")
                 or _most(sheet.fields[name].get("satuan") for sheet in held))
        others: dict[str, list[Sheet]] = {}
        for sheet in held:
            unit = sheet.fields[name].get("satuan")
            if unit and plain(str(unit)) != plain(str(usual)):
                others.setdefault(str(unit), []).append(sheet)
        for unit, those in others.items():
            yield Remark("unit-mixed", Severity.WAJIB, Message(N_(
                "Satuan kolom {column} dari {units} “{unit}”, dari yang lain “{usual}”. Angkanya "
                "tidak kami ubah."), {
                    "column": name, "units": named(_distinct(each.unit for each in those)),
                    "unit": unit, "usual": usual}),
                Message(N_("Minta kiriman dengan satuan “{usual}”, lalu gabung lagi."),
                        {"usual": usual}),
                tuple(_codes(those)))


def _distinct(units: Iterable[Unit]) -> list[Unit]:
    return list({unit.code: unit for unit in units}.values())


def _codes(sheets: Iterable[Sheet]) -> list[str]:
    return [unit.code for unit in _distinct(sheet.unit for sheet in sheets)]


# ------------------------------------------------------------- a table's own column of the unit
def take_out_units(sheet: Sheet, kind: str, kind_words: str) -> list[Remark]:
    """Take out the columns in which a table names its own unit; tell where it names another.

    Whose link a table came by is known; what is written in it is checked against that.

    :param kind: as names of columns have it (``puskesmas``)
    """
    remarks: list[Remark] = []
    for name, right in ((f"kode_{kind}", sheet.unit.code), (f"nama_{kind}", sheet.unit.name),
                        (kind, sheet.unit.name)):
        if name not in sheet.fields:
            continue
        column = sheet.data.column(name).to_pylist()
        wrong = [(row, text) for row, text in enumerate(column, 1)
                 if text is not None and not _same(text, sheet.unit, kind)]
        if wrong:
            remarks.append(Remark("other-unit", Severity.WAJIB, Message(N_(
                "Berkas {unit} menulis “{value}” di kolom {column}, baris {row}. Seharusnya "
                "“{right}”. {count} baris seperti itu; semuanya dicatat sebagai milik {unit}."), {
                    "unit": sheet.unit.name, "value": wrong[0][1][:80], "column": name,
                    "row": wrong[0][0], "right": right, "count": len(wrong)}),
                Message(N_("Pastikan {unit} tidak mengirim berkas {kind} lain."), {
                    "unit": sheet.unit.name, "kind": kind_words}), (sheet.unit.code,)))
        sheet.data = sheet.data.drop_columns([name])
        del sheet.fields[name]
    return remarks


def _same(text: str, unit: Unit, kind: str) -> bool:
    said = plain(text)
    names = {plain(unit.code), plain(unit.name)}
    word = plain(kind.replace("_", " "))
    return said in names or said.removeprefix(word).strip() in {
        each.removeprefix(word).strip() for each in names}
