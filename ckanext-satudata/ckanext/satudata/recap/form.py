"""The form of a new recap: what was typed, and the units as they were understood."""
from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.intake.recap.parts import Unit
from ckanext.satudata.domain.intake.recap.units import MAX_TEXT
from ckanext.satudata.recap import schema

__all__ = ["KINDS", "asked", "blank", "found", "problems", "typed", "written"]

Data = dict[str, Any]
#: What units mostly are; another word can be typed.
KINDS = ("puskesmas", "sekolah", "kecamatan", "desa")
_SOURCES = ("daftar", "kecamatan", "desa_kelurahan", "rekap")


def blank(package: Mapping[str, Any]) -> Data:
    """Return the form nobody typed into."""
    return {"title": str(package.get("title") or "")[:schema.MAX_TITLE], "unit_kind": "",
            "due_at": "", "source": "daftar", "list": "", "recap": ""}


def typed(sent: Mapping[str, str], file: Any) -> Data:
    """Return what was typed, bounded; a file of a list takes the place of the text."""
    data = {name: sent.get(name, "")[:most].strip() for name, most in (
        ("title", 300), ("unit_kind", 100), ("due_at", 20), ("source", 20), ("recap", 40))}
    data["list"] = sent.get("list", "")[:MAX_TEXT + 1].replace("\x00", "")
    if data["source"] not in _SOURCES:
        data["source"] = "daftar"
    if file is not None and file.filename:
        data["list"] = _text(file.stream.read(MAX_TEXT + 1))
    if data["source"] in ("kecamatan", "desa_kelurahan") and not data["unit_kind"]:
        data["unit_kind"] = "desa" if data["source"] == "desa_kelurahan" else "kecamatan"
    return data


def _text(content: bytes) -> str:
    """Return the text of a list; a workbook reads as nothing that makes sense and is told so."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    return ""


def asked(data: Data) -> Data:
    """Return the form as the action takes it."""
    units = {"areas": data["source"]} if data["source"] in ("kecamatan", "desa_kelurahan") else {
        "list": data["list"]}
    return {"title": data["title"], "unit_kind": data["unit_kind"],
            "due_at": data["due_at"] or None, **units}


def problems(data: Data) -> Mapping[str, Any]:
    """Return what is wrong with the form, by field."""
    try:
        schema.asked(asked(data))
    except tk.ValidationError as error:
        return error.error_dict
    return {}


def found(data: Data) -> Sequence[Unit]:
    """Return the units of a form that has nothing wrong."""
    return schema.units_of(asked(data))


def written(rows: Iterable[Sequence[str]]) -> str:
    """Return units as a list that is read back as it is."""
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";", lineterminator="\n")
    writer.writerow(["kode", "nama", "telepon", "surel"])
    writer.writerows(rows)
    return made.getvalue()
