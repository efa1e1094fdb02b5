"""The table of a dataset that has none yet: its areas, its period, and one column of figures."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ckanext.satudata.domain import vocabulary, wilayah
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.intake.template_mark import Field

__all__ = ["rows", "table"]

_LEVELS = ("provinsi", "kabupaten_kota", "kecamatan", "desa_kelurahan")
_SHORT = {"provinsi": "provinsi", "kabupaten_kota": "kabupaten", "kecamatan": "kecamatan",
          "desa_kelurahan": "desa"}
_TITLES = {"provinsi": "provinsi", "kabupaten_kota": "kabupaten/kota", "kecamatan": "kecamatan",
           "desa_kelurahan": "desa/kelurahan"}
_MOST = 20_000
_NAME = 50
_NOT_WORD = re.compile(r"[^a-z0-9]+")
#: A title says before these words what is told.
_BY = re.compile(r"\s+(?:menurut|berdasarkan|per|tiap|setiap|di|pada|tahun)\b.*$", re.IGNORECASE)


def table(order: Mapping[str, Any]) -> tuple[list[Field], list[list[str]]]:
    """Return columns and rows for what the metadata say: ``areas``, ``level``, ``unit``."""
    level = str(order.get("level") or "")
    title = _BY.sub("", str(order.get("title") or "")).strip() or "Jumlah"
    unit = str(order.get("unit") or "")
    units = vocabulary.get("satuan")
    unit = units[unit].label_id if unit in units else unit[:100]
    fields: list[Field] = []
    if level in _LEVELS:
        said = _TITLES[level]
        fields += [
            Field(f"kode_{_SHORT[level]}", "string", "wilayah", f"Kode {said} (Kemendagri)", "",
                  "wilayah"),
            Field(f"nama_{_SHORT[level]}", "string", "wilayah", f"Nama {said}")]
    name = _snake(title)
    taken = {each.name for each in fields} | {"tahun"}
    fields += [Field("tahun", "year", "waktu", "Tahun"),
               Field(f"{name}_angka" if name in taken else name, "number", "ukuran", title[:200],
                     unit)]
    return fields, rows(fields, order)


def rows(fields: Sequence[Field], order: Mapping[str, Any]) -> list[list[str]]:
    """Return a row for each area of the level, as far as the columns ask for areas and years.

    Nothing where there is a further column that would tell rows apart: nobody knows its values.
    """
    level = str(order.get("level") or "")
    year = order.get("year")
    codes = [at for at, each in enumerate(fields) if each.reference == "wilayah"]
    if level not in _LEVELS or not codes:
        return []
    made: list[list[str]] = []
    for area in _areas(order.get("areas") or (), level):
        row = [""] * len(fields)
        chain = {each.level: each for each in (*wilayah.parents(area.code), area)}
        for at, each in enumerate(fields):
            said = next((one for one in reversed(_LEVELS)
                         if _SHORT[one] in each.name or one in each.name), "")
            found = chain.get(said) if said else area
            if each.reference == "wilayah" and found is not None:
                row[at] = found.code
            elif each.role in ("wilayah", "dimensi") and each.name.startswith(
                    "nama") and found is not None:
                row[at] = found.name
            elif each.type == "year" and year:
                row[at] = str(year)
            elif each.role in ("dimensi", "kode", "waktu"):
                return []
        made.append(row)
    return made


def _areas(within: Sequence[str], level: str) -> Iterator[wilayah.Wilayah]:
    """Yield the areas of a level within others, in the order of their codes."""
    count = 0
    waiting = list(dict.fromkeys(within))[:_MOST][::-1]
    while waiting and count < _MOST:
        code = waiting.pop()
        try:
            here = wilayah.get(code)
        except UnknownCodeError:
            continue
        if here.level == level:
            count += 1
            yield here
        elif here.level in _LEVELS and _LEVELS.index(here.level) < _LEVELS.index(level):
            waiting += [each.code for each in reversed(wilayah.children(code))]


def _snake(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = _NOT_WORD.sub("_", plain).strip("_")
    if len(name) > _NAME:
        name = name[:_NAME].rpartition("_")[0] or name[:_NAME]
    return name if name[:1].isalpha() else f"nilai_{name}".rstrip("_")
