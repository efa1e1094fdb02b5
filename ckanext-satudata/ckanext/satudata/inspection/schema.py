"""What callers send, checked and bounded before anything is done."""
from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.inspection.steps import STEPS
from ckanext.satudata.domain.loading.shapes import is_list, is_object
from ckanext.satudata.domain.metadata_values import has_control_character

__all__ = ["flag", "recipe", "text"]

MAX_TABLES, MAX_ENTRIES, MAX_TEXT = 50, 2_000, 300
#: Letters of all corrections as JSON: every change is kept, and handed to each inspection.
MAX_SIZE = 300_000
_STEPS = frozenset(each.code for each in STEPS)
_TYPES = frozenset({
    "string", "integer", "number", "boolean", "date", "datetime", "year", "yearmonth"})
_NAME = re.compile(r"[^\W\d][\w]{0,119}")
_RANGE = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}:[A-Z]{1,3}[1-9][0-9]{0,6}")
_PARTS = frozenset({"fingerprint", "off", "answers", "names", "types", "units", "range",
                    "header_rows", "long", "skip", "drop"})


def text(data: Mapping[str, Any], name: str) -> str:
    """Return an id or name, empty where none was sent."""
    value = data.get(name)
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or len(value) > 200:
        raise tk.ValidationError({name: [tk._(
            "Kirim satu teks, bukan daftar, angka, atau objek.")]})
    return value


def flag(data: Mapping[str, Any], name: str) -> bool:
    """Return a yes or no; no unless said."""
    try:
        return tk.asbool(data.get(name) or False)
    except ValueError:
        raise tk.ValidationError({name: [tk._("Jawab ya (true) atau tidak (false).")]}) from None


def recipe(value: Any) -> dict[str, Any]:
    """Return corrections as they are kept, or say which part is not one.

    Strict: what is not known is refused rather than kept unread, for it is played back on next
    year's file.
    """
    if not is_object(value) or set(value) - {"version", "tables"} or value.get("version", 1) != 1:
        raise _wrong("recipe", tk._(
            "Kirim objek dengan “version” 1 dan “tables”, daftar koreksi per tabel."))
    tables = value.get("tables", [])
    if not is_list(tables) or len(tables) > MAX_TABLES:
        raise _wrong("tables", tk._("Paling banyak {limit} tabel.").format(limit=MAX_TABLES))
    made = [_table(each, number) for number, each in enumerate(tables, 1)]
    seen = [each["fingerprint"] for each in made]
    if len(set(seen)) != len(seen):
        raise _wrong("tables", tk._("Satu susunan tabel hanya punya satu koreksi."))
    if len(json.dumps(made)) > MAX_SIZE:
        raise _wrong("tables", tk._("Koreksinya terlalu banyak, batasnya {limit} huruf.").format(
            limit=MAX_SIZE))
    return {"version": 1, "tables": made}


def _wrong(name: str, why: str) -> tk.ValidationError:
    return tk.ValidationError({name: [why]})


def _table(value: Any, number: int) -> dict[str, Any]:
    if not is_object(value) or set(value) - _PARTS:
        raise _wrong("tables", tk._("Tabel {number}: bagian yang dikenal {known}.").format(
            number=number, known=", ".join(sorted(_PARTS))))
    place = f"tables.{number}."
    rows = value.get("header_rows")
    if rows is not None and (not isinstance(rows, int) or isinstance(rows, bool)
                             or not 0 <= rows <= 20):
        raise _wrong(f"{place}header_rows", tk._("Tulis bilangan bulat dari 0 sampai 20."))
    area = value.get("range")
    if area is not None and not (isinstance(area, str) and _RANGE.fullmatch(area)):
        raise _wrong(f"{place}range", tk._("Tulis seperti B5:E26."))
    long = value.get("long")
    if long not in (None, True, False):
        raise _wrong(f"{place}long", tk._("Jawab ya (true) atau tidak (false)."))
    skip = value.get("skip", False)
    if not isinstance(skip, bool):
        raise _wrong(f"{place}skip", tk._("Jawab ya (true) atau tidak (false)."))
    return {
        "fingerprint": _text(value.get("fingerprint"), f"{place}fingerprint"),
        "off": _off(value.get("off"), f"{place}off"),
        "answers": _pairs(value.get("answers"), f"{place}answers", _is_text, _is_text),
        "names": _pairs(value.get("names"), f"{place}names", _is_text, _is_name),
        "types": _pairs(value.get("types"), f"{place}types", _is_text, _TYPES.__contains__),
        "units": _pairs(value.get("units"), f"{place}units", _is_text, _is_text),
        "range": area, "header_rows": rows, "long": long, "skip": skip,
        "drop": _names(value.get("drop"), f"{place}drop"),
    }


def _text(value: Any, place: str) -> str:
    if not _is_text(value):
        raise _wrong(place, tk._("Isian ini wajib, paling banyak {limit} huruf.").format(
            limit=MAX_TEXT))
    return value


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_TEXT and not has_control_character(
        value)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(_NAME.fullmatch(value)) and value.isascii()


def _off(value: Any, place: str) -> list[str]:
    value = [] if value is None else value
    if not is_list(value) or any(not isinstance(each, str) or each not in _STEPS
                                 for each in value):
        raise _wrong(place, tk._("Langkah yang dikenal: {known}.").format(
            known=", ".join(sorted(_STEPS))))
    return sorted(set(value))


def _names(value: Any, place: str) -> list[str]:
    value = [] if value is None else value
    if not is_list(value) or len(value) > MAX_ENTRIES or not all(map(_is_text, value)):
        raise _wrong(place, tk._("Kirim daftar nama kolom, paling banyak {limit}.").format(
            limit=MAX_ENTRIES))
    return sorted(set(value))


def _pairs(
    value: Any, place: str, key: Callable[[Any], bool], entry: Callable[[Any], bool]
) -> dict[str, str]:
    value = {} if value is None else value
    if not is_object(value) or len(value) > MAX_ENTRIES:
        raise _wrong(place, tk._("Kirim objek dengan paling banyak {limit} isian.").format(
            limit=MAX_ENTRIES))
    for name, each in value.items():
        if not key(name) or not isinstance(each, str) or not entry(each):
            raise _wrong(place, tk._("Isian “{name}” tidak dikenal atau tidak boleh.").format(
                name=str(name)[:80]))
    return dict(value)
