"""What callers send, checked and bounded before anything is decided."""
from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata import config
from ckanext.satudata.domain import metadata_values as values
from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.decision import MAX_NOTE
from ckanext.satudata.domain.metadata import PRINCIPLES, SEVERITIES
from ckanext.satudata.domain.workdays import local
from ckanext.satudata.shared import moment

__all__ = ["checklist", "finding", "findings", "flag", "identifier", "letter", "note", "number",
           "one_of", "text"]

MAX_FINDINGS = 200
MAX_ITEMS = 200


def text(data: Mapping[str, Any], name: str, limit: int, needed: bool = False) -> str:
    """Return a text of at most ``limit`` characters, without control characters."""
    value = data.get(name)
    if value is None or value == "":
        if needed:
            raise tk.ValidationError({name: [tk._("Isian ini wajib.")]})
        return ""
    if not isinstance(value, str):
        raise tk.ValidationError({name: [tk._(
            "Kirim satu teks, bukan daftar, angka, atau objek.")]})
    if len(value) > limit:
        raise tk.ValidationError({name: [tk._(
            "Teks terlalu panjang: {length} huruf, paling banyak {limit}. Ringkas dahulu.").format(
                length=len(value), limit=limit)]})
    value = value.replace("\r\n", "\n")
    if values.has_control_character(value.replace("\n", " ").replace("\t", " ")):
        raise tk.ValidationError({name: [tk._(
            "Teks memuat tanda kendali yang tidak terlihat. Ketik ulang teksnya.")]})
    return value.strip()


def identifier(data: Mapping[str, Any], name: str = "id") -> str:
    """Return an id or name."""
    return text(data, name, 200, needed=True)


def note(data: Mapping[str, Any]) -> str:
    """Return the note (or ``reason``, its other name)."""
    return text(data, "note", MAX_NOTE) or text(data, "reason", MAX_NOTE)


def number(data: Mapping[str, Any], name: str, default: int | None = None,
           lowest: int = 0, highest: int = 2**31 - 1) -> int | None:
    """Return a whole number within bounds; texts of digits count, as forms send them."""
    value = data.get(name)
    if value is None or value == "":
        return default
    if isinstance(value, str) and value.isdecimal() and len(value) < 12:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
        raise tk.ValidationError({name: [tk._(
            "Tulis bilangan bulat dari {lowest} sampai {highest}.").format(
                lowest=lowest, highest=highest)]})
    return value


def flag(data: Mapping[str, Any], name: str) -> bool | None:
    """Return a yes or no, ``None`` where nothing was said."""
    value = data.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, (bool, str, int)):
        raise tk.ValidationError({name: [tk._("Jawab ya (true) atau tidak (false).")]})
    try:
        return tk.asbool(value)
    except ValueError:
        raise tk.ValidationError({name: [tk._("Jawab ya (true) atau tidak (false).")]}) from None


def one_of(data: Mapping[str, Any], name: str, known: Any, needed: bool = False) -> str:
    """Return one of the known codes, or an empty text."""
    value = text(data, name, 100, needed)
    if value and value not in known:
        raise tk.ValidationError({name: [tk._(
            "“{value}” tidak dikenal. Pakai salah satu dari {known}.").format(
                value=value, known=", ".join(sorted(known)))]})
    return value


def letter(data: Mapping[str, Any]) -> dict[str, str]:
    """Return number and date of the surat pengantar, as far as given."""
    value = data.get("letter")
    if isinstance(value, str) and value and len(value) < 5000:  # as multipart sends it
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = [value]
    if value in (None, "", {}):
        return {}
    if not isinstance(value, dict) or set(value) - {"nomor", "tanggal"}:
        raise tk.ValidationError({"letter": [tk._(
            "Kirim nomor dan tanggal surat pengantar; berkasnya sebagai “letter_upload”.")]})
    found = {name: text(value, name, 200) for name in ("nomor", "tanggal")}
    if found["tanggal"]:
        try:
            found["tanggal"] = values.iso_date(found["tanggal"])
        except values.InvalidValueError as error:
            raise tk.ValidationError({"letter": [error.explain(
                tk._("Tanggal surat"), tk._(error.message))]}) from None
        if found["tanggal"] > local(moment.now(), config.zona_waktu()).date().isoformat():
            raise tk.ValidationError({"letter": [tk._(
                "Tanggal surat belum tiba. Periksa lagi tanggal di suratnya.")]})
    return {name: each for name, each in found.items() if each}


def findings(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the catatan that came with a transition."""
    value = data.get("findings")
    if value in (None, "", []):
        return []
    if not isinstance(value, list) or len(value) > MAX_FINDINGS:
        raise tk.ValidationError({"findings": [tk._(
            "Kirim daftar catatan, paling banyak {limit}.").format(limit=MAX_FINDINGS)]})
    return [finding(each) for each in value]


def finding(data: Any) -> dict[str, Any]:
    """Return one catatan pemeriksaan."""
    if not isinstance(data, dict):
        raise tk.ValidationError({"findings": [tk._("Setiap catatan berupa objek.")]})
    return {
        "principle": one_of(data, "principle", PRINCIPLES, needed=True),
        "severity": one_of(data, "severity", SEVERITIES, needed=True),
        "code": one_of(data, "code", {each.code for each in vocabulary.get("alasan_periksa")}),
        "message": text(data, "message", 2000, needed=True),
        "how": text(data, "how", 2000),
        "place": _place(data.get("place")),
        "proposed": _proposed(data.get("proposed")),
    }


def _place(value: Any) -> dict[str, Any]:
    if value in (None, "", {}):
        return {}
    if not isinstance(value, dict) or set(value) - {"field", "resource", "column", "row"}:
        raise tk.ValidationError({"place": [tk._(
            "Tempat catatan: nama isian (field), atau berkas (resource), kolom (column), dan baris "
            "(row).")]})
    found: dict[str, Any] = {
        name: text(value, name, 300) for name in ("field", "resource", "column")}
    found["row"] = number(value, "row", None, 1, 2**31 - 1)
    return {name: each for name, each in found.items() if each not in ("", None)}


def _proposed(value: Any) -> dict[str, Any] | None:
    if value in (None, "", {}):
        return None
    if not isinstance(value, dict) or set(value) - {"field", "value"}:
        raise tk.ValidationError({"proposed": [tk._(
            "Usulan memuat nama isian (field) dan nilainya (value).")]})
    field = one_of(value, "field", _fields(), needed=True)
    given = value.get("value")
    if isinstance(given, list) and len(given) <= 100 and all(
            isinstance(each, str) and len(each) <= 1000 for each in given):
        return {"field": field, "value": given}
    return {"field": field, "value": text(value, "value", 20_000, needed=True)}


def _fields() -> set[str]:
    """Return what a dataset says of its data; its address, its OPD and its files are not that."""
    schemas = tk.h.scheming_dataset_schemas() or {}
    return {
        field["field_name"] for schema in schemas.values() for field in schema["dataset_fields"]
    } - {"identifier", "name", "owner_org", "private"}


def checklist(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result for each principle with its reasons."""
    value = data.get("checklist")
    if not isinstance(value, dict) or set(value) - set(PRINCIPLES):
        raise tk.ValidationError({"checklist": [tk._(
            "Kirim hasil per prinsip: {known}.").format(known=", ".join(PRINCIPLES))]})
    results = {each.code for each in vocabulary.get("hasil_periksa")}
    reasons = {each.code for each in vocabulary.get("alasan_periksa")}
    found: dict[str, Any] = {}
    for principle, each in value.items():
        if not isinstance(each, dict):
            raise tk.ValidationError({"checklist": [tk._("Setiap prinsip berupa objek.")]})
        chosen = each.get("alasan") or []
        if isinstance(chosen, str):
            chosen = [chosen]
        if not isinstance(chosen, list) or any(
                not isinstance(code, str) or code not in reasons for code in chosen[:50]):
            raise tk.ValidationError({"checklist": [tk._(
                "Alasan tidak dikenal. Pakai kode dari kosakata alasan_periksa.")]})
        found[principle] = {
            "hasil": one_of(each, "hasil", results),
            "alasan": list(dict.fromkeys(chosen[:50])),
            "catatan": text(each, "catatan", 2000),
        }
    return found
