"""The files of one dataset, prepared before anything is written."""
from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.loading import sandbox
from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.plan import FilePlan
from ckanext.satudata.domain.loading.problems import N_, LoadError
from ckanext.satudata.domain.loading.reading import format_of

__all__ = ["Prepared", "columns", "digest", "prepare", "same"]

_CHUNK = 1024 * 1024


@dataclass
class Prepared:
    """A file with its hash, what was read of it and the resource it goes to."""

    plan: FilePlan
    sha256: str
    resource: dict[str, Any]
    existing: dict[str, Any] | None
    reading: sandbox.Reading | None = None

    @property
    def new_content(self) -> bool:
        """True if the bytes are not those the resource has."""
        return self.existing is None or self.existing.get("sha256") != self.sha256


def digest(plan: FilePlan) -> str:
    """Return the SHA-256 of a file.

    :raises LoadError: if it has vanished since the manifest was read.
    """
    found = hashlib.sha256()
    try:
        with plan.path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                found.update(chunk)
    except OSError as error:
        raise LoadError(plan.place, N_("berkas tidak dapat dibuka lagi ({error})."),
                        error=error.strerror or str(error)) from error
    return found.hexdigest()


def prepare(
    plan: FilePlan, existing: dict[str, Any] | None, filled_from: str | None,
    folder: Path, limits: Limits, ours: bool = False,
) -> Prepared:
    """Hash a file, and read its table unless the datastore holds it already.

    :param ours: this process wrote the file itself
    :param filled_from: hash of the content the datastore table holds, if any.
    :raises LoadError: if the file cannot be read.
    """
    sha256 = digest(plan)
    resource = dict(existing or {})
    resource.update(plan.fields)
    resource.setdefault("name", Path(plan.name).name)
    if not plan.fields.get("format"):
        resource["format"] = resource.get("format") or format_of(plan.name) or "BIN"
    prepared = Prepared(plan, sha256, resource, existing)
    if filled_from == sha256 and not prepared.new_content and not _schema_changed(prepared):
        return prepared
    target = folder / f"{sha256[:24]}.csv"
    prepared.reading = sandbox.read_file(
        plan.path, plan.name, target, limits, _declared_types(plan), ours)
    resource["skema"] = _table_schema(prepared)
    resource["datastore_active"] = prepared.reading.is_table
    return prepared


def columns(prepared: Prepared) -> list[dict[str, Any]]:
    """Return the datastore's columns with label and notes for the data dictionary."""
    assert prepared.reading is not None
    described = {entry["name"]: entry for entry in _declared(prepared.plan)}
    result = []
    for field, identifier in zip(prepared.reading.fields, prepared.reading.ids, strict=True):
        own = described.get(field["name"], {})
        notes = [str(own[key]) for key in ("description", "definisi", "konsep") if own.get(key)]
        info = {"label": str(own.get("title") or field["name"])}
        if notes:
            info["notes"] = notes[0]
        result.append({"id": identifier, "type": field["type"], "info": info})
    return result


def _declared(plan: FilePlan) -> list[dict[str, Any]]:
    fields = (plan.declared or {}).get("fields") or []
    return [entry for entry in fields if isinstance(entry, dict) and entry.get("name")]


def _declared_types(plan: FilePlan) -> dict[str, str]:
    return {str(entry["name"]): str(entry.get("type") or "any") for entry in _declared(plan)}


def _table_schema(prepared: Prepared) -> str:
    """Return the Table Schema as JSON text: what was found, enriched by what was declared."""
    assert prepared.reading is not None
    if not prepared.reading.is_table:
        return ""
    declared = {str(entry["name"]): entry for entry in _declared(prepared.plan)}
    fields = []
    for field in prepared.reading.fields:
        own = {key: value for key, value in declared.get(field["name"], {}).items()
               if key not in ("name", "type")}
        fields.append({**own, **field})
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    for key in ("primaryKey", "foreignKeys"):
        if value := (prepared.plan.declared or {}).get(key):
            schema[key] = value
    return json.dumps(schema, ensure_ascii=False)


def _schema_changed(prepared: Prepared) -> bool:
    """Tell whether the declared schema says something the stored one does not."""
    if not prepared.plan.declared or prepared.existing is None:
        return False
    stored = prepared.existing.get("skema") or {}
    if isinstance(stored, str):
        try:
            stored = json.loads(stored)
        except ValueError:
            return True
    by_name = {entry.get("name"): entry for entry in stored.get("fields", [])}
    return any(
        not same(by_name.get(entry["name"], {}).get(key), value)
        for entry in _declared(prepared.plan) for key, value in entry.items() if key != "type"
    )


def same(stored: Any, wanted: Any) -> bool:
    """Tell whether a stored value is what is wanted, whatever form it was written in."""
    return _plain(stored) == _plain(wanted)


def _plain(value: Any) -> Any:
    if value is None or value == "" or value == [] or value == {}:
        return None
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if _plain(item) is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bool | int | float):
        return str(value).lower()
    text = str(value).strip()
    if text[:1] in "[{":
        try:
            return _plain(json.loads(text))
        except ValueError:
            return text
    return text
