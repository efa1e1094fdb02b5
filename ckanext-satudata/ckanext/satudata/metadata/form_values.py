"""What a form says of each field, in the same words whether it is stored or was just sent.

Mirrors the snippets of ``templates/scheming/form_snippets``: a field nobody touched must read the
same on both sides. Where it does not, a person is asked once too often; nothing is lost.
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.metadata_derive import empty
from ckanext.satudata.domain.metadata_merge import Kind, Shown
from ckanext.satudata.metadata.helpers import (
    RESOURCE_OWN,
    satudata_form_list,
    satudata_form_value,
)
from ckanext.satudata.metadata.sections import HIDDEN
from ckanext.satudata.shared import portal_facts as facts

__all__ = ["EXTRAS", "fields_of", "items_of", "readable", "sent", "stored"]

Field = dict[str, Any]

#: What other clients keep in a dataset; the form carries it along.
EXTRAS: Field = {
    "field_name": "extras", "form_snippet": HIDDEN,
    "repeating_subfields": [{"field_name": "key"}, {"field_name": "value"}],
}
_TEXT = "satudata_text.html"
#: Snippets whose field is a list of lines.
_LINES = frozenset({"satudata_lines.html"})


def fields_of(fields: Iterable[Field], data: Mapping[str, Any] | None = None) -> dict[str, Field]:
    """Return the fields a form sends back, by name.

    :param data: a resource, of which the form carries what no field shows as well
    """
    fields = list(fields)
    found = {each["field_name"]: each for each in fields
             if each.get("form_snippet", "") is not None}
    if data is None:
        found["extras"] = EXTRAS
    else:
        found["url_type"] = {"field_name": "url_type", "form_snippet": HIDDEN}
        known = found.keys() | {each["field_name"] for each in fields} | RESOURCE_OWN
        for name, value in data.items():
            if name not in known and not empty(value) and not isinstance(value, (dict, list)):
                found[name] = {"field_name": name, "form_snippet": HIDDEN}
    return found


def stored(fields: Mapping[str, Field], data: Mapping[str, Any]) -> dict[str, Shown]:
    """Return what the form of a stored dataset or resource says."""
    return {name: _shown(field, _value(name, data), raw=False) for name, field in fields.items()}


def sent(fields: Mapping[str, Field], data: Mapping[str, Any]) -> dict[str, Shown]:
    """Return what came from a form, the rows of groups gathered."""
    return {name: _shown(field, _sent(name, data), raw=True) for name, field in fields.items()}


def _sent(name: str, data: Mapping[str, Any]) -> Any:
    return _value(name, data) if name == "url" else data.get(name)


def _value(name: str, data: Mapping[str, Any]) -> Any:
    if name == "tag_string":
        tags = data.get("tags") or []
        return ", ".join(each["name"] for each in tags) or data.get("tag_string")
    if name == "url" and data.get("url_type") == "upload":
        return str(data.get("url") or "").rsplit("/", 1)[-1]  # CKAN makes an address of the name
    return data.get(name)


def items_of(field: Field, value: Any) -> list[Any]:
    """Return the items of a list as they are stored or were sent, those of :func:`stored`."""
    return [each for each in _items(field, value) if _text(field, each, raw=True)]


def _items(field: Field, value: Any) -> list[Any]:
    if field["field_name"] == "tag_string":
        return [each for each in re.split(r"[,;\n]", _joined(value)) if each.strip()]
    if "repeating_subfields" in field:
        return value if isinstance(value, list) else []
    return satudata_form_list(value)


def _shown(field: Field, value: Any, *, raw: bool) -> Shown:
    kind = _kind(field)
    raw = raw or field.get("form_snippet") == HIDDEN  # sent as it is stored
    if kind is Kind.WHOLE:
        text = _plain(field, value, raw=raw)
        return Shown(kind, (text,) if text else ())
    return Shown(kind, tuple(_text(field, each, raw=raw) for each in items_of(field, value)))


def _kind(field: Field) -> Kind:
    snippet = field.get("form_snippet") or _TEXT
    if field["field_name"] == "tag_string" or snippet == "satudata_codes.html":
        return Kind.SET
    if snippet in _LINES or (
            snippet == "satudata_wilayah.html" and "list" in (field.get("preset") or "")):
        return Kind.ROWS
    if "repeating_subfields" in field:
        return Kind.WHOLE if field.get("repeating_once") else Kind.ROWS
    return Kind.WHOLE


def _plain(field: Field, value: Any, *, raw: bool) -> str:
    """Return the text of a field that is one value."""
    if "repeating_subfields" in field:
        return "\n".join(_text(field, each, raw=raw) for each in items_of(field, value))
    if value is None or value is tk.missing:
        return ""
    snippet = field.get("form_snippet") or _TEXT
    if snippet == "satudata_bool.html":
        return str(value).lower()
    if snippet == "satudata_wilayah.html":
        return "\n".join(_code(each) for each in satudata_form_list(value))
    if snippet == HIDDEN:
        listed = value if isinstance(value, (list, tuple)) else [value]
        return "\n".join(_carried(each) for each in listed if not empty(each)).strip()
    if raw:
        return _carried(value).replace("\r\n", "\n").strip()
    return satudata_form_value(field, {field["field_name"]: value}).replace("\r\n", "\n").strip()


def _text(field: Field, item: Any, *, raw: bool) -> str:
    """Return the text of one item of a list."""
    if isinstance(item, Mapping):
        parts = {each["field_name"]: each for each in field.get("repeating_subfields") or []}
        said = {
            str(name): _plain(parts[name], value, raw=raw) for name, value in item.items()
            if name in parts
        }
        said = {name: text for name, text in said.items() if text}
        return json.dumps(said, sort_keys=True, ensure_ascii=False) if said else ""
    if field.get("form_snippet") == "satudata_wilayah.html":
        return _code(str(item))
    return str(item).strip()


def _joined(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _code(line: str) -> str:
    """Return the code of ``36.04 (Kabupaten Serang)``."""
    return line.split(" (", 1)[0].strip()


def _carried(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def readable(field: Field, value: Any) -> list[str]:
    """Return what a field holds for reading, one line an item."""
    if "repeating_subfields" in field:
        return [_row(field, each) for each in items_of(field, value)]
    if empty(value):
        return []
    if field.get("choices") or field.get("choices_helper"):
        names = {each["value"]: str(tk.h.scheming_language_text(each["label"]))
                 for each in tk.h.scheming_field_choices(field) or []}
        return [names.get(each, each) for each in satudata_form_list(value)]
    if field["field_name"] == "tag_string":
        return [", ".join(items_of(field, value))]
    if field["field_name"] == "owner_org":
        agency = facts.agency(value)
        return [agency.title if agency is not None else str(value)]
    if field.get("form_snippet") == "satudata_bool.html":
        return [tk._("Ya") if str(value).lower() == "true" else tk._("Tidak")]
    return satudata_form_value(field, {field["field_name"]: value}).split("\n")


def _row(field: Field, row: Any) -> str:
    parts = []
    for each in field["repeating_subfields"]:
        lines = readable(each, row.get(each["field_name"])) if isinstance(row, Mapping) else []
        if lines:
            parts.append(f"{tk.h.scheming_language_text(each['label'])}: {' '.join(lines)}")
    return "; ".join(parts)
