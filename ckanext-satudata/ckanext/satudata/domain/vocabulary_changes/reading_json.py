"""Reads a list of codes written as our JSON: of the API action, or of the address of a list."""
from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from ckanext.satudata.domain.inspection.notes import N_, RefusedFile
from ckanext.satudata.domain.vocabulary_changes import reading_skos
from ckanext.satudata.domain.vocabulary_changes.given import Given, bounded
from ckanext.satudata.domain.vocabulary_changes.proposing import GivenRow

__all__ = ["NAMES", "read", "row_values"]

#: What the API calls the columns.
NAMES: Mapping[str, str] = {
    "code": "kode", "label_id": "label_id", "label_en": "label_en", "note": "keterangan",
    "iri": "iri", "parent": "induk", "valid_from": "berlaku_sejak", "valid_to": "berlaku_sampai",
    "notation": "notasi", "aliases": "alias", "successor": "pengganti",
}


def read(content: bytes) -> Given:
    """Return the rows of what ``satudata_vocabulary_show`` or ``/kode-referensi/<list>.json`` says.

    :raises RefusedFile: it says no codes
    """
    try:
        said: Any = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise RefusedFile("broken_json", N_(
            "Berkas ini bukan JSON yang benar. Unduh lagi dari portal asalnya.")) from None
    if isinstance(said, list) or (isinstance(said, dict) and (
            "@context" in said or "@graph" in said)):
        return reading_skos.read(content, "json-ld")
    if isinstance(said, dict):
        whole = cast("dict[str, Any]", said)
        said = whole["result"] if isinstance(whole.get("result"), dict) else whole
    rows: Any = cast("dict[str, Any]", said).get("results") if isinstance(said, dict) else None
    if not isinstance(rows, list) or not all(
            isinstance(each, dict) and "code" in each for each in cast("list[Any]", rows)):
        raise RefusedFile("no_codes", N_(
            "JSON ini tidak memuat daftar kode. Ambil dari alamat daftarnya, misalnya "
            "/kode-referensi/satuan.json."))
    about = cast("dict[str, Any]", said)
    codes = cast("list[dict[str, Any]]", rows)
    count = about.get("count")
    if isinstance(count, int) and count > len(codes):
        raise RefusedFile("cut", N_(
            "JSON ini hanya memuat {ada} dari {semua} kode. Ambil semuanya dahulu."),
            ada=len(codes), semua=count)
    return Given(
        bounded([GivenRow(number, row_values(each), _text(each.get("uri")))
                 for number, each in enumerate(codes, 1)]),
        "json", _text(about.get("uri"))[:500], _text(about.get("title_id"))[:200],
        _text(about.get("title_en"))[:200])


def row_values(said: Mapping[str, Any]) -> dict[str, str]:
    """Return one code as the API says it, by our columns; their own names are understood too."""
    return {column: _text(said[key]) for name, column in NAMES.items()
            for key in (column, name) if key in said}


def _text(given: Any) -> str:
    if given is None:
        return ""
    if isinstance(given, list):
        return "|".join(_text(each) for each in cast("list[Any]", given)[:100])
    return str(given) if isinstance(given, (str, int, float)) else ""
