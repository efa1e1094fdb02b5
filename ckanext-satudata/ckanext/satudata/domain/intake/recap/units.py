"""Who is asked: units of a list that was pasted, of a file, or of the kode wilayah."""
from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from ckanext.satudata.domain import metadata_values, wilayah
from ckanext.satudata.domain.inspection.notes import N_, Message
from ckanext.satudata.domain.intake.links import phone as link_phone
from ckanext.satudata.domain.intake.recap.merging import MAX_UNITS
from ckanext.satudata.domain.intake.recap.parts import Unit
from ckanext.satudata.domain.metadata_values import InvalidValueError
from ckanext.satudata.domain.wilayah_search import plain

__all__ = ["LEVELS", "MAX_TEXT", "Problem", "Read", "areas", "check", "phone_of", "read_list"]

#: What can be listed from the kode wilayah of a government.
LEVELS = ("kecamatan", "desa_kelurahan")
#: Characters of a pasted list.
MAX_TEXT = 500_000
_MAX_CODE, _MAX_NAME = 40, 120
_COLUMNS = ("code", "name", "phone", "email")
#: What people write above these columns.
_HEADS = {
    "kode": "code", "kode unit": "code", "id": "code", "npsn": "code", "kode wilayah": "code",
    "nama": "name", "nama unit": "name", "unit": "name", "name": "name",
    "telepon": "phone", "telp": "phone", "no telepon": "phone", "no hp": "phone", "hp": "phone",
    "nomor hp": "phone", "wa": "phone", "no wa": "phone", "nomor wa": "phone",
    "whatsapp": "phone", "phone": "phone",
    "surel": "email", "email": "email", "e mail": "email",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_POWER = re.compile(r"[0-9][.,]?[0-9]*[eE]\+?[0-9]+")


@dataclass(frozen=True)
class Problem:
    """What is wrong in a list; ``line`` counts from 1, 0 where it is about all of it."""

    line: int
    message: Message


@dataclass(frozen=True)
class Read:
    """A list as it was understood.

    :ivar numbered: it had no codes, so units got running numbers
    """

    units: tuple[Unit, ...]
    problems: tuple[Problem, ...] = ()
    numbered: bool = False


def areas(government: str, level: str) -> tuple[Unit, ...]:
    """Return the kecamatan or desa of a government, in the order of their codes.

    :param government: dotted kode wilayah; of a kecamatan the desa are its own
    :raises UnknownCodeError: there is no such code
    """
    found = [wilayah.get(government)]
    while found and found[0].level != level:
        found = [below for each in found for below in wilayah.children(each.code)]
    return tuple(Unit(each.code, each.name) for each in found if each.in_force)


def read_list(text: str, limit: int = MAX_UNITS) -> Read:
    """Read a list of units: kode, nama, telepon, surel; a line each.

    Parted by tabs (pasted from a spreadsheet), semicolons, commas or bars; what stands above the
    columns may be missing, then that is their order. One column alone is names, and units get
    numbers. Codes stay text.
    """
    text = text[:MAX_TEXT + 1]
    if len(text) > MAX_TEXT:
        return Read((), (Problem(0, Message(N_(
            "Daftarnya terlalu panjang, batasnya {limit} huruf."), {"limit": MAX_TEXT})),))
    rows = _rows(text.lstrip("\ufeff"))
    if not rows:
        return Read((), (Problem(0, Message(N_("Daftarnya kosong. Tulis satu unit per baris."))),))
    order, rows = _order(rows)
    numbered = "code" not in order
    digits = max(2, len(str(len(rows))))
    units: list[Unit] = []
    problems: list[Problem] = []
    lines: list[int] = []
    for number, (line, cells) in enumerate(rows, 1):
        said = {column: cells[at] for column, at in order.items() if at < len(cells)}
        if len([each for each in cells if each]) > len(order) and len(cells) > len(_COLUMNS):
            problems.append(Problem(line, Message(N_(
                "Baris ini berisi {count} kolom; yang dibaca kode, nama, telepon, surel."),
                {"count": len(cells)})))
            continue
        unit = Unit(said.get("code", "") or (f"{number:0{digits}d}" if numbered else ""),
                    said.get("name", ""), said.get("phone", ""), said.get("email", ""))
        units.append(unit)
        lines.append(line)
    checked, wrong = check(units, lines, limit)
    return Read(checked, (*problems, *wrong), numbered)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    lines = text.splitlines()
    sample = "\n".join(lines[:50])
    counts = {mark: sample.count(mark) for mark in "\t;,|"}
    mark = "\t" if counts["\t"] else max(counts, key=lambda each: counts[each])
    found: list[tuple[int, list[str]]] = []
    for line, raw in enumerate(lines, 1):
        # Line by line: a quote nobody closes spoils one unit, not the rest of the list.
        try:
            cells = next(csv.reader([raw], delimiter=mark, skipinitialspace=True), [])
        except csv.Error:
            cells = [raw]
        cells = [" ".join(_CONTROL.sub("", each).split()) for each in cells]
        while cells and not cells[-1]:
            cells.pop()
        if any(cells):
            found.append((line, cells))
    return found


def _order(
    rows: list[tuple[int, list[str]]]
) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    """Return which column is which, and the rows below what stands above them."""
    first = [plain(each) for each in rows[0][1]]
    heads: dict[str, int] = {}
    for at, each in enumerate(first):
        column = _HEADS.get(each) or next(
            (_HEADS[word] for word in ("kode", "nama") if each.startswith(f"{word} ")), None)
        if column and column not in heads:
            heads[column] = at
    if "name" in heads or ("code" in heads and len(heads) > 1):
        return heads, rows[1:]
    if max(len(cells) for _, cells in islice(rows, 200)) == 1:
        return {"name": 0}, rows
    return {column: at for at, column in enumerate(_COLUMNS)}, rows


def check(
    units: Sequence[Unit], lines: Sequence[int] = (), limit: int = MAX_UNITS
) -> tuple[tuple[Unit, ...], tuple[Problem, ...]]:
    """Return the units with their numbers normalised, and what is wrong with each.

    :param lines: line of each in its list; their number unless given
    """
    good: list[Unit] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    if len(units) > limit:
        return (), (Problem(0, Message(N_(
            "Daftarnya berisi {count} unit, batasnya {limit}. Bagi menjadi beberapa rekap."),
            {"count": len(units), "limit": limit})),)
    for number, unit in enumerate(units):
        line = lines[number] if lines else number + 1
        phone = phone_of(unit.phone)
        wrong = _wrong(unit, phone)
        if wrong is None and unit.code.casefold() in seen:
            wrong = Message(N_("Kode {code} sudah ada di baris {line}. Satu unit satu baris."),
                            {"code": unit.code, "line": seen[unit.code.casefold()]})
        seen.setdefault(unit.code.casefold(), line)
        if wrong is not None:
            problems.append(Problem(line, wrong))
        else:
            good.append(Unit(unit.code, unit.name, phone or "", unit.email))
    return tuple(good), tuple(problems)


def _wrong(unit: Unit, phone: str | None) -> Message | None:
    if not unit.code:
        return Message(N_("Kodenya kosong. Tulis kode unit, misalnya kode puskesmas."))
    if not unit.name:
        return Message(N_("Nama unit {code} kosong."), {"code": unit.code[:_MAX_CODE]})
    if len(unit.code) > _MAX_CODE or len(unit.name) > _MAX_NAME:
        return Message(N_("Kode paling panjang {code} huruf, nama {name} huruf."),
                       {"code": _MAX_CODE, "name": _MAX_NAME})
    if _CONTROL.search(unit.code + unit.name):
        return Message(N_("Kode atau nama berisi huruf yang tidak terlihat. Ketik ulang."))
    if _POWER.fullmatch(unit.code):
        return Message(N_(
            "Kode {code} rusak oleh lembar sebar. Ubah kolom kode menjadi teks, lalu salin lagi."),
            {"code": unit.code})
    if phone is None:
        return Message(N_("Nomor telepon “{phone}” tidak dikenal. Tulis seperti 081234567890, atau "
                          "kosongkan."), {"phone": unit.phone[:40]})
    if unit.email and not _is_email(unit.email):
        return Message(N_("Alamat surel “{email}” tidak dikenal. Tulis seperti nama@contoh.go.id, "
                          "atau kosongkan."), {"email": unit.email[:80]})
    return None


def phone_of(text: str) -> str | None:
    """Return a telephone number as WhatsApp wants it (``6281234567890``), nothing for nothing.

    :returns: None for what is no number, by the rule of the links
    """
    try:
        return link_phone(text) if text else ""
    except InvalidValueError:
        return None


def _is_email(text: str) -> bool:
    try:
        return bool(metadata_values.email(text))
    except InvalidValueError:
        return False
