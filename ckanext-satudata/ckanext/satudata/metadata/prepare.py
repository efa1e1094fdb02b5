"""What happens to a whole dataset before and after its fields are validated.

CKAN hands validators a flat dict: ``("title",)``, ``("resources", 0, "url")``,
``("contact", 0, "name")``. ``satudata_prepare`` runs before the fields (scheming's
``before_validators``) and ``satudata_finish`` after them.
"""
from __future__ import annotations

import json
import math
from typing import Any
from urllib.parse import unquote, urlsplit

import ckan.plugins.toolkit as tk
from ckanext.scheming.validation import scheming_validator

from ckanext.satudata.domain import metadata_values as values
from ckanext.satudata.domain.access import level_of
from ckanext.satudata.domain.metadata_derive import empty, fill
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.metadata.validators import Flat, Key, Validator, label_of
from ckanext.satudata.shared import portal_facts as facts

__all__ = ["satudata_finish", "satudata_prepare", "satudata_prepare_organization"]

#: Extras that say another portal published the record: nothing of ours is then filled in.
HARVEST_MARKS = frozenset(
    {"guid", "harvest_object_id", "harvest_source_id", "source_catalog_homepage"}
)

#: Stands for a tag of the form while the fields are validated.
_OF_THE_FORM = "satudata-dari-formulir"

#: What makes a dataset a Data Induk of the portal that published it.
_OF_A_PORTAL = ("data_induk", "kunci_induk", "nama_induk")

#: Fields whose old value is needed to know whether a derived one may follow.
_DATASET_COLUMNS = ("title", "notes", "license_id", "owner_org")


def _fields(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        field["field_name"]: field for field in schema.get("dataset_fields") or schema["fields"]
    }


@scheming_validator
def satudata_prepare(field: Any, schema: dict[str, Any]) -> Validator:
    """Refuse what cannot be stored, name files, fill what can be derived."""
    fields = _fields(schema)
    composites = {name for name, each in fields.items() if "repeating_subfields" in each}
    kind = schema["dataset_type"]

    def validate(key: Key, data: Flat, errors: dict[Key, list[str]], context: Any) -> None:
        _refuse_unstorable(data, errors, fields)
        _refuse_long_groups(data, errors, fields, composites)
        _refuse_strange_shapes(data, errors, fields)
        _take_keywords_once(data)
        _name_resources(data)
        harvested = bool(context.get("satudata_harvest")) or _is_harvested(data)
        if harvested:  # addresses of the other portal's rows, not of ours
            for name in _OF_A_PORTAL:
                data.pop((name,), None)
        _fill(data, kind, fields, composites, harvested, context)

    return validate


@scheming_validator
def satudata_prepare_organization(field: Any, schema: dict[str, Any]) -> Validator:
    """Refuse in an organization what cannot be stored."""
    fields = _fields(schema)

    def validate(key: Key, data: Flat, errors: dict[Key, list[str]], context: Any) -> None:
        _refuse_unstorable(data, errors, fields)

    return validate


@scheming_validator
def satudata_finish(field: Any, schema: dict[str, Any]) -> Validator:
    """Close periods, compare their ends, and leave no empty repeating group."""
    fields = _fields(schema)
    composites = {name for name, each in fields.items() if "repeating_subfields" in each}

    def validate(key: Key, data: Flat, errors: dict[Key, list[str]], context: Any) -> None:
        _drop_keywords_of_the_form(data)
        _close_periods(data, errors, fields)
        if not any(errors.values()):
            _close_ranks(data, composites)

    return validate


def _take_keywords_once(data: Flat) -> None:
    """Leave only the text of the keywords where CKAN's form sent it as tags too.

    The form's own splitting knows no semicolon and refuses signs that ``satudata_tags`` drops.
    """
    written = data.get(("tag_string",))
    if not isinstance(written, str):
        return
    names = [key for key in data if len(key) == 3 and key[0] == "tags" and key[2] == "name"]
    if {data[key] for key in names} == {part.strip() for part in written.split(",")} - {""}:
        for key in names:
            # Judged already, so that a key stands here; _drop_keywords_of_the_form takes it away.
            data[key] = _OF_THE_FORM


def _drop_keywords_of_the_form(data: Flat) -> None:
    places = {
        key[:2] for key, value in data.items() if key[0] == "tags" and value == _OF_THE_FORM
    }
    for key in [key for key in data if key[:2] in places]:
        del data[key]


def _refuse_unstorable(data: Flat, errors: dict[Key, list[str]], fields: dict[str, Any]) -> None:
    """Refuse what no store, page or document after this can hold, wherever it hides."""
    for key, value in list(data.items()):
        try:
            for leaf in values.leaves(value):
                if isinstance(leaf, float) and not math.isfinite(leaf):
                    # JSON of Python lets NaN through.
                    raise values.InvalidValueError(N_("NaN bukan angka. Kosongkan isian ini."))
                if isinstance(leaf, str) and values.has_control_character(leaf):
                    values.text(leaf, len(leaf) + 1)
        except values.InvalidValueError as error:
            field = fields.get(key[0]) if len(key) == 1 else None
            name = label_of(field) if field else str(key[-1])
            errors.setdefault(key, []).append(error.explain(name, str(tk._(error.message))))
            if _is_cores(key):
                data[key] = ""
            elif not isinstance(value, str):
                data[key] = None


def _refuse_long_groups(
    data: Flat, errors: dict[Key, list[str]], fields: dict[str, Any], composites: set[str]
) -> None:
    told: set[Any] = set()
    for key in data:
        if (
            len(key) == 3
            and key[0] in composites
            and key[1] >= values.MAX_ITEMS
            and key[0] not in told
        ):
            told.add(key[0])
            # Said at the first group too many: CKAN cannot hold an error of the field itself
            # beside those of its groups.
            errors.setdefault(key, []).append(
                tk._("“{label}” memuat lebih dari {maximum} isian. Bagi menjadi beberapa "
                     "data.").format(
                    label=label_of(fields[key[0]]), maximum=values.MAX_ITEMS
                )
            )


def _is_harvested(data: Flat) -> bool:
    """Tell whether the extras say that another portal published this record."""
    return any(
        len(key) == 3 and key[0] == "extras" and key[2] == "key" and value in HARVEST_MARKS
        for key, value in data.items()
    )


def _is_cores(key: Key) -> bool:
    """Tell whether CKAN's own code takes this value for a text before any validator has seen it."""
    return key == ("owner_org",) or (
        len(key) == 3 and (key[0], key[2]) in (("resources", "url"), ("extras", "key"))
    )


def _refuse_strange_shapes(
    data: Flat, errors: dict[Key, list[str]], fields: dict[str, Any]
) -> None:
    """Refuse a list, number or object where CKAN itself would fail on anything but a text."""
    for key, value in list(data.items()):
        if not _is_cores(key) or value is None or value is tk.missing or isinstance(value, str):
            continue
        label = label_of(fields[key[0]]) if key[0] in fields else str(key[-1])
        errors.setdefault(key, []).append(
            tk._("“{label}” harus berupa teks, bukan daftar atau objek. Kirim satu teks.").format(
                label=label
            )
        )
        data[key] = ""


def _name_resources(data: Flat) -> None:
    """Name a resource after its file where nobody named it.

    Not after the address of a restricted one that lies elsewhere, for the end of it may be all
    that is secret.
    """
    level = data.get(("access_rights",))
    restricted = isinstance(level, str) and level_of(level).restricted
    for key in [key for key in data if len(key) == 3 and key[0] == "resources" and key[2] == "url"]:
        name_key = ("resources", key[1], "name")
        if not empty(None if data.get(name_key) is tk.missing else data.get(name_key)):
            continue
        url = data[key]
        if isinstance(url, str) and url and not (restricted and "://" in url):
            path = urlsplit(url).path if "://" in url else url
            name = unquote(path.rstrip("/").rsplit("/", 1)[-1]).strip()
            if name and not values.has_control_character(name):
                data[name_key] = name[:300]
                kind_key = ("resources", key[1], "jenis_berkas")
                if data.get(kind_key) is tk.missing:
                    data[kind_key] = "data"


def _typed(data: Flat, fields: dict[str, Any], composites: set[str]) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for key, value in data.items():
        if value is tk.missing:
            continue
        if len(key) == 1 and key[0] in fields:
            typed[key[0]] = _listed(value)
        elif len(key) == 3 and key[0] in composites:
            groups = typed.setdefault(key[0], [])
            while len(groups) <= key[1]:
                groups.append({})
            groups[key[1]][key[2]] = value
    return typed


def _listed(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("["):
        try:
            parsed = json.loads(value)
        except (ValueError, RecursionError):
            return value
        return parsed if isinstance(parsed, list) else value
    return value


def _previous(package: Any, fields: dict[str, Any]) -> dict[str, Any]:
    stored = {
        name: _listed(value) for name, value in (package.extras or {}).items() if name in fields
    }
    for name in _DATASET_COLUMNS:
        stored[name] = getattr(package, name, None)
    return stored


def _fill(
    data: Flat,
    kind: str,
    fields: dict[str, Any],
    composites: set[str],
    harvested: bool,
    context: Any,
) -> None:
    typed = _typed(data, fields, composites)
    package = context.get("package")
    previous = _previous(package, fields) if package is not None else None
    agency = facts.agency(typed.get("owner_org"))
    previous_agency = agency
    if previous and agency and previous["owner_org"] not in (agency.id, agency.name):
        previous_agency = facts.agency(previous["owner_org"])
    installation = None if harvested else facts.installation()
    changes = fill(typed, kind, agency, installation, previous, previous_agency)
    for name, value in changes.items():
        if name not in fields:
            continue
        if name in composites:
            for key in [key for key in data if key[0] == name]:
                del data[key]
            for index, group in enumerate(value):
                for part, item in group.items():
                    data[(name, index, part)] = item
        else:
            data[(name,)] = value


def _close_periods(data: Flat, errors: dict[Key, list[str]], fields: dict[str, Any]) -> None:
    starts = [
        key for key in data if len(key) == 3 and key[0] == "temporal_coverage" and key[2] == "start"
    ]
    for key in starts:
        start, end_key = data[key], ("temporal_coverage", key[1], "end")
        end = data.get(end_key)
        if not isinstance(start, str) or errors.get(key) or errors.get(end_key):
            continue
        if not isinstance(end, str):
            data[end_key] = start
        elif values.period_end(end) < start[:10]:
            errors.setdefault(end_key, []).append(
                tk._(
                    "Periode “{label}” berakhir ({end}) sebelum dimulai ({start}). Tukar atau "
                    "betulkan salah satunya."
                ).format(label=label_of(fields["temporal_coverage"]), start=start, end=end)
            )


def _close_ranks(data: Flat, composites: set[str]) -> None:
    """Renumber repeating groups without the empty ones, which forms send for unused rows."""
    for name in composites:
        keys = [key for key in data if len(key) == 3 and key[0] == name]
        used = sorted({key[1] for key in keys if not empty(data[key])})
        if used == list(range(len(used))) and len(used) == len({key[1] for key in keys}):
            continue
        moved = {(name, used.index(key[1]), key[2]): data[key] for key in keys if key[1] in used}
        for key in keys:
            del data[key]
        data.update(moved)
