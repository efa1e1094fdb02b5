"""Validators of single values: thin CKAN glue over ``domain.metadata_values``.

Each reads its field's label and bound from the scheming field, so that a message can name the
field. They are scheming validators: scheming calls them once with ``(field, schema)`` and CKAN
calls what they return with each value. Which field uses which is in ``schemas/presets.yaml``.
"""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.scheming.validation import scheming_validator

from ckanext.satudata.domain import metadata_values as values
from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.data_induk import list_name
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.metadata_columns import table_schema
from ckanext.satudata.domain.metadata_values import InvalidValueError
from ckanext.satudata.domain.vocabulary import get as get_vocabulary
from ckanext.satudata.shared.data_induk import refusal
from ckanext.satudata.shared.family import subject_of

__all__ = [
    "satudata_bool",
    "satudata_bool_output",
    "satudata_clean",
    "satudata_count",
    "satudata_count_output",
    "satudata_data_induk",
    "satudata_date",
    "satudata_email",
    "satudata_geometry",
    "satudata_iri",
    "satudata_iris",
    "satudata_languages",
    "satudata_lines",
    "satudata_list_output",
    "satudata_period",
    "satudata_phone",
    "satudata_resource_url",
    "satudata_size",
    "satudata_suggest",
    "satudata_table_schema",
    "satudata_tags",
    "satudata_text",
    "satudata_timestamp",
    "satudata_value_domain",
    "satudata_wilayah_code",
    "satudata_wilayah_codes",
    "satudata_year",
    "satudata_years",
]

Field = dict[str, Any]
Key = tuple[Any, ...]
Flat = dict[Key, Any]
Validator = Callable[[Key, Flat, dict[Key, list[str]], Any], None]

#: Where a field names no bound of its own (``maks``).
DEFAULT_MAXIMUM = 2_000


def label_of(field: Field) -> str:
    """Return the field's label in the user's language."""
    label = field.get("label") or field["field_name"]
    if isinstance(label, dict):
        return str(label.get("id") or next(iter(label.values())))
    return str(tk._(label))


def complain(field: Field, error: InvalidValueError) -> str:
    """Return the message of a domain error in the user's language, naming the field."""
    return error.explain(label_of(field), str(tk._(error.message)))


def _converter(convert: Callable[[Field, Any], Any]) -> Callable[[Field, Any], Validator]:
    """Make a scheming validator of a function that returns the value to store or raises."""

    def build(field: Field, schema: Any) -> Validator:
        def validate(key: Key, data: Flat, errors: dict[Key, list[str]], context: Any) -> None:
            try:
                data[key] = convert(field, data[key])
            except InvalidValueError as error:
                errors[key].append(complain(field, error))
                raise tk.StopOnError from None

        return validate

    build.__doc__ = convert.__doc__
    build.__name__ = convert.__name__
    return scheming_validator(build)


def _maximum(field: Field) -> int:
    return int(field.get("maks", DEFAULT_MAXIMUM))


@scheming_validator
def satudata_clean(field: Field, schema: Any) -> Validator:
    """Drop an empty value and skip the rest of the field's validators.

    ``False`` and ``0`` are answers. Stands first in every preset, so that a draft may have gaps.
    """

    def validate(key: Key, data: Flat, errors: dict[Key, list[str]], context: Any) -> None:
        value = data.get(key)
        if value is tk.missing or value is None or value == "" or value == [] or value == {} or (
            isinstance(value, str) and not value.strip()
        ):
            data.pop(key, None)
            raise tk.StopOnError
        if errors.get(key):
            raise tk.StopOnError

    return validate


@_converter
def satudata_text(field: Field, value: Any) -> str:
    """Store a text: trimmed, Unicode NFC, without control characters, within ``maks``."""
    return values.text(value, _maximum(field))


@scheming_validator
def satudata_lines(field: Field, schema: Any) -> Validator:
    """Store a list of texts, from a list, JSON, or a text with one item a line.

    A field of the dataset is stored as JSON text (CKAN's extras are texts); inside a repeating
    group the list itself is stored.
    """

    def validate(key: Key, data: Flat, errors: dict[Key, list[str]], context: Any) -> None:
        try:
            items = values.lines(data[key], _maximum(field))
        except InvalidValueError as error:
            errors[key].append(complain(field, error))
            raise tk.StopOnError from None
        if not items:
            data.pop(key, None)
            raise tk.StopOnError
        put_list(key, data, items)

    return validate


def put_list(key: Key, data: Flat, items: list[str]) -> None:
    """Store a list where `key` is: as JSON text, or as a list inside a repeating group."""
    in_group = len(key) == 3 and key[0] != "resources"
    data[key] = items if in_group else json.dumps(items, ensure_ascii=False)


def get_list(key: Key, data: Flat) -> list[str]:
    """Return the list that :func:`put_list` stored."""
    value = data[key]
    return list(value) if isinstance(value, list) else list(json.loads(value))


def _each(convert: Callable[[Field, str], str]) -> Callable[[Field, Any], Validator]:
    """Make a scheming validator that checks each item of a list after ``satudata_lines``."""

    def build(field: Field, schema: Any) -> Validator:
        def validate(key: Key, data: Flat, errors: dict[Key, list[str]], context: Any) -> None:
            result: list[str] = []
            for item in get_list(key, data):
                try:
                    result.append(convert(field, item))
                except InvalidValueError as error:
                    errors[key].append(complain(field, error))
            if errors[key]:
                raise tk.StopOnError
            put_list(key, data, list(dict.fromkeys(result)))

        return validate

    build.__doc__ = convert.__doc__
    build.__name__ = convert.__name__
    return scheming_validator(build)


@_each
def satudata_iris(field: Field, item: str) -> str:
    """Refuse an item that is not an absolute IRI."""
    return values.iri(item, _maximum(field))


@_each
def satudata_languages(field: Field, item: str) -> str:
    """Refuse an item that is neither a language tag nor an IRI."""
    return values.language(item)


@_each
def satudata_years(field: Field, item: str) -> str:
    """Refuse an item that is not a year."""
    return values.year(item)


@_each
def satudata_value_domain(field: Field, item: str) -> str:
    """Refuse a line that is not ``kode = arti``."""
    return values.value_domain(item)


@_each
def satudata_wilayah_codes(field: Field, item: str) -> str:
    """Read each item as :func:`satudata_wilayah_code` does."""
    return area_code(item)


@_converter
def satudata_wilayah_code(field: Field, value: Any) -> str:
    """Take the code out of "36.04 (Kabupaten Serang)", or find it by an unmistakable name.

    What is left is judged by ``satudata_kode_wilayah``, which stands after this.
    """
    return area_code(values.text(value, _maximum(field)))


def area_code(written: str) -> str:
    """Return the kode wilayah a person means, or the text as it was."""
    code = written.split("(")[0].strip()
    if not code or code[0].isdigit():
        return code or written
    found = wilayah.search(written, limit=2)
    return found[0].code if len(found) == 1 else written


@_converter
def satudata_date(field: Field, value: Any) -> str:
    """Store a date as ISO 8601; 31-12-2026 and 31 Desember 2026 are read too."""
    return values.iso_date(value)


@_converter
def satudata_timestamp(field: Field, value: Any) -> str:
    """Store a date or a date with time as ISO 8601."""
    return values.timestamp(value)


@_converter
def satudata_period(field: Field, value: Any) -> str:
    """Store a year, month or day with the precision that was written."""
    return values.period(value)


@_converter
def satudata_year(field: Field, value: Any) -> str:
    """Store a year of four digits."""
    return values.year(value)


@_converter
def satudata_count(field: Field, value: Any) -> int:
    """Store a whole number of zero or more."""
    return values.count(value)


@_converter
def satudata_size(field: Field, value: Any) -> int:
    """Store a size in bytes; what another portal wrote as ``20480.0`` is read too."""
    if isinstance(value, str) and value.strip().endswith(".0"):
        value = value.strip()[:-2]
    return values.count(value, 2**62)


def satudata_count_output(value: Any) -> Any:
    """Return a stored number as a number."""
    return int(value) if isinstance(value, str) and value.isdigit() else value


@_converter
def satudata_bool(field: Field, value: Any) -> bool:
    """Store yes or no."""
    return values.truth(value)


def satudata_bool_output(value: Any) -> Any:
    """Return stored yes or no as a boolean."""
    return (
        {"true": True, "false": False}.get(value.lower(), value)
        if isinstance(value, str)
        else value
    )


@_converter
def satudata_email(field: Field, value: Any) -> str:
    """Store an e-mail address."""
    return values.email(value)


@_converter
def satudata_phone(field: Field, value: Any) -> str:
    """Store a phone number."""
    return values.phone(value)


@_converter
def satudata_iri(field: Field, value: Any) -> str:
    """Store an absolute IRI."""
    return values.iri(value, _maximum(field))


@_converter
def satudata_geometry(field: Field, value: Any) -> str:
    """Store a GeoJSON geometry."""
    return values.geometry(value, _maximum(field))


@_converter
def satudata_table_schema(field: Field, value: Any) -> str:
    """Store a Frictionless Table Schema whose columns carry our keys, as JSON text."""
    return json.dumps(table_schema(value, _maximum(field)), ensure_ascii=False)


@_converter
def satudata_suggest(field: Field, value: Any) -> str:
    """Store the code a text means in the field's vocabulary, or the text itself.

    Free text is allowed (an OPD may count what no list has); the completeness rules say so.
    """
    try:
        found = get_vocabulary(field["vocabulary"]).match(value)
    except UnknownCodeError:
        found = None
    return found.code if found else value


def satudata_list_output(value: Any) -> Any:
    """Return a stored list as a list."""
    if isinstance(value, str):
        try:
            parsed = json.loads(value)
        except ValueError:
            return [value]
        return parsed if isinstance(parsed, list) else [value]
    return value


@scheming_validator
def satudata_resource_url(field: Field, schema: Any) -> Validator:
    """Refuse an address that a browser would run or that names a file of the server."""

    def validate(key: Key, data: Flat, errors: dict[Key, list[str]], context: Any) -> None:
        value = data.get(key)
        if not isinstance(value, str) or not value:
            return
        try:
            data[key] = values.text(value, _maximum(field))
            scheme = data[key].split(":", 1)[0].lower() if ":" in data[key] else ""
            # An upload's url is its file name until CKAN makes an address of it.
            if scheme in ("javascript", "data", "vbscript", "file", "blob", "about"):
                values.iri(data[key])
        except InvalidValueError as error:
            errors[key].append(complain(field, error))
            raise tk.StopOnError from None

    return validate


@scheming_validator
def satudata_tags(field: Field, schema: Any) -> Validator:
    """Take commas, semicolons and line breaks between keywords, and drop signs CKAN refuses.

    CKAN allows letters, digits, ``-_.`` and blanks in a tag, at most 100 characters.
    """

    def validate(key: Key, data: Flat, errors: dict[Key, list[str]], context: Any) -> None:
        value = data.get(key)
        if value is tk.missing or value is None:
            return
        try:
            if isinstance(value, list):
                value = ",".join(values.lines(value, 100))
            written = values.text(value, _maximum(field))
        except InvalidValueError as error:
            errors[key].append(complain(field, error))
            raise tk.StopOnError from None
        parts = written.replace(";", ",").replace("\n", ",").split(",")
        tags = [
            " ".join("".join(c if c.isalnum() or c in "-_. " else " " for c in part).split())
            for part in parts
        ]
        for tag in tags:
            if len(tag) == 1:
                errors[key].append(
                    tk._(
                        "Kata kunci “{tag}” terlalu pendek. Tulis dua huruf atau lebih, atau hapus."
                    ).format(tag=tag)
                )
        if errors[key]:
            raise tk.StopOnError
        data[key] = ",".join(tag[:100] for tag in tags if tag)

    return validate


@scheming_validator
def satudata_data_induk(field: Field, schema: Any) -> Validator:
    """Store the name of a Data Induk: fit for an address, free, and the same as once published."""

    def validate(key: Key, data: Flat, errors: dict[Key, list[str]], context: Any) -> None:
        try:
            name = data[key] = list_name(data[key])
        except InvalidValueError as error:
            errors[key].append(complain(field, error))
            raise tk.StopOnError from None
        if context.get("satudata_door"):  # a working copy says what its dataset says
            return
        package = context.get("package")
        family = subject_of(package.id) if package is not None else None
        said = refusal(name, family[0] if family else "")
        if said:
            errors[key].append(said)
            raise tk.StopOnError

    return validate
