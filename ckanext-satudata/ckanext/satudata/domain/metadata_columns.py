"""The data dictionary of a file: a Frictionless Table Schema whose columns carry SDI keys.

Each column may say ``konsep``, ``satuan``, ``ukuran``, ``kode_referensi`` (a vocabulary of this
portal, ``wilayah``, or an IRI), ``data_induk`` (short name of the Data Induk its codes are of) and
``ms_var`` (name of the BPS MS-Var variable). Perpres 39/2019 article 9 asks for consistent
structure; this is where it is written down.
"""
from __future__ import annotations

import json
import re
from typing import Any, cast

from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.metadata_values import (
    N_,
    InvalidValueError,
    has_control_character,
    iri,
    leaves,
    text,
)
from ckanext.satudata.domain.vocabulary import get

__all__ = ["COLUMN_KEYS", "LIST_NAME", "MAX_COLUMNS", "columns", "table_schema"]

#: Our own keys of a column, beside those of Table Schema.
COLUMN_KEYS = ("konsep", "satuan", "ukuran", "kode_referensi", "data_induk", "ms_var")

#: Name of a Data Induk as it stands in addresses; see ``data_induk``.
LIST_NAME = re.compile(r"(?=.{2,40}\Z)[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

#: Excel's own limit is 16,384; a published table with more than this is not one table.
MAX_COLUMNS = 2_000


def table_schema(value: Any, maximum: int = 500_000) -> dict[str, Any]:
    """Return a checked Table Schema from a JSON text or an object.

    Frictionless is the judge of the standard; our keys are checked here. A text is never taken
    as a path or an address, so that nothing is opened or fetched.

    :raises InvalidValueError: naming the column and what to mend.
    """
    descriptor = _parse(value, maximum)
    fields: Any = descriptor.get("fields")
    if not isinstance(fields, list) or not fields:
        raise InvalidValueError(
            N_("“{label}” belum memuat kolom. Tulis daftar “fields” berisi paling sedikit "
               "satu kolom.")
        )
    items = cast("list[Any]", fields)
    if len(items) > MAX_COLUMNS:
        raise InvalidValueError(
            N_("“{label}” memuat {length} kolom. Paling banyak {maximum}."),
            length=len(items),
            maximum=MAX_COLUMNS,
        )
    seen: set[str] = set()
    for position, field in enumerate(items, start=1):
        name = _column(position, field)
        if name in seen:
            raise InvalidValueError(
                N_("Kolom “{name}” tertulis dua kali di “{label}”. Beri nama yang berbeda."),
                name=name,
            )
        seen.add(name)
    _standard(descriptor)
    return descriptor


def columns(value: Any) -> list[dict[str, Any]]:
    """Return the columns of a stored schema, or none where it is missing or not one."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return []
    fields: Any = cast("dict[str, Any]", value).get("fields") if isinstance(value, dict) else None
    if not isinstance(fields, list):
        return []
    return [
        cast("dict[str, Any]", item) for item in cast("list[Any]", fields) if isinstance(item, dict)
    ]


def _parse(value: Any, maximum: int) -> dict[str, Any]:
    written = value if isinstance(value, str) else None
    if written is None:
        try:
            written = json.dumps(value)
        except (TypeError, ValueError, RecursionError):
            written = ""
    if len(written) > maximum:
        raise InvalidValueError(
            N_("“{label}” terlalu panjang: {length} karakter. Ringkas sampai {maximum} karakter."),
            length=len(written),
            maximum=maximum,
        )
    try:
        parsed: Any = json.loads(written)
        # NaN and 1e999 pass json.loads, and then no browser could read the dataset.
        json.dumps(parsed, allow_nan=False)
    except (ValueError, RecursionError) as error:
        place = (
            f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else "1:1"
        )
        raise InvalidValueError(
            N_("“{label}” bukan JSON yang utuh (baris:kolom {place}). Periksa tanda kurung, "
               "koma dan kutip."),
            place=place,
        ) from None
    if not isinstance(parsed, dict):
        raise InvalidValueError(
            N_("“{label}” harus satu objek JSON dengan “fields”. Contoh {example}."),
            example='{"fields": [{"name": "tahun", "type": "year"}]}',
        )
    for leaf in leaves(parsed):
        if isinstance(leaf, str) and has_control_character(leaf):
            text(leaf, maximum)
    return cast("dict[str, Any]", parsed)


def _column(position: int, field: Any) -> str:
    if not isinstance(field, dict):
        raise InvalidValueError(
            N_("Kolom ke-{position} di “{label}” harus objek JSON dengan “name”."),
            position=position,
        )
    column = cast("dict[str, Any]", field)
    name: Any = column.get("name")
    if not isinstance(name, str) or not name.strip():
        raise InvalidValueError(
            N_("Kolom ke-{position} di “{label}” belum bernama. Isi “name” seperti di kepala "
               "tabel."),
            position=position,
        )
    for key, item in column.items():
        if isinstance(item, str):
            text(item, 10_000)
        elif key in COLUMN_KEYS and item is not None:
            raise InvalidValueError(
                N_("“{key}” pada kolom “{name}” di “{label}” harus berupa teks."),
                key=key, name=name,
            )
    reference: Any = column.get("kode_referensi")
    if isinstance(reference, str) and reference and reference != "wilayah":
        _reference(reference, name)
    master: Any = column.get("data_induk")
    if isinstance(master, str) and master and not LIST_NAME.fullmatch(master):
        raise InvalidValueError(
            N_("“{master}” pada kolom “{name}” di “{label}” bukan nama Data Induk. Pakai nama dari "
               "halaman Data Induk, contoh puskesmas."), master=master[:60], name=name[:60])
    return name


def _reference(reference: str, name: str) -> None:
    if ":" in reference:
        iri(reference)
        return
    try:
        get(reference)
    except UnknownCodeError:
        raise InvalidValueError(
            N_(
                "Kode referensi “{reference}” pada kolom “{name}” di “{label}” tidak ada. "
                "Pakai nama dari halaman Kode referensi, contoh wilayah."
            ),
            reference=reference[:60],
            name=name[:60],
        ) from None


def _standard(descriptor: dict[str, Any]) -> None:
    # Frictionless takes most of a second to import; only who sends a schema pays for it.
    from frictionless import FrictionlessException, Schema

    # Only what the standard knows is judged: $schema would name a profile to fetch.
    judged = {
        key: descriptor[key]
        for key in ("fields", "missingValues", "primaryKey", "foreignKeys")
        if key in descriptor
    }
    try:
        Schema.from_descriptor(judged)
    except FrictionlessException as error:
        notes = [reason.note for reason in error.reasons] or [error.error.note]
        raise InvalidValueError(
            N_("“{label}” belum mengikuti Table Schema: {reason}. Periksa jenis dan sifat "
               "kolomnya."),
            reason=notes[0][:200],
        ) from None
    except (TypeError, ValueError, AttributeError, KeyError, RecursionError):
        raise InvalidValueError(
            N_("“{label}” belum mengikuti Table Schema. Periksa jenis dan sifat kolomnya.")
        ) from None
