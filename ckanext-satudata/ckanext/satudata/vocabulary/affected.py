"""Which datasets say which code: the effect of a change, before it is made.

Fields are those that name the list in their schema (``vocabulary:``), of datasets, kegiatan and
indikator, of their files, of what repeats in them, and of instansi. Counted is what is stored, in
drafts and working copies too; what was deleted is left out.
"""
from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

__all__ = ["KINDS", "User", "count", "users"]

#: How users of a code are told apart.
KINDS = ("terbit", "belum_terbit", "kegiatan", "indikator", "instansi")
#: The licence of a dataset is a column of CKAN's own.
_LICENCES = "lisensi"


@dataclass(frozen=True)
class User:
    """A package or organization that says a code."""

    id: str
    name: str
    title: str
    type: str
    kind: str


@dataclass(frozen=True)
class _Field:
    name: str
    holder: str  # package, resource or group
    within: str = ""


def users(name: str, codes: Collection[str] | None = None) -> dict[str, dict[str, User]]:
    """Return who says each code of a list, by code and id.

    :param codes: only these
    """
    wanted = None if codes is None else frozenset(codes)
    found: dict[str, dict[str, User]] = defaultdict(dict)
    if wanted is not None and not wanted:
        return found
    for field in _fields(name):
        for row in model.Session.execute(_asked(field)):
            said = set(_said(row.value, field.within))
            for code in said if wanted is None else said & wanted:
                found[code][row.id] = User(row.id, row.name, row.title or row.name, row.type,
                                           _kind(row))
    return found


def count(name: str, codes: Collection[str]) -> dict[str, dict[str, int]]:
    """Return how many of each kind say each of the codes; ``semua`` is their sum."""
    found = users(name, codes)
    counted: dict[str, dict[str, int]] = {}
    for code in codes:
        kinds = [each.kind for each in found.get(code, {}).values()]
        counted[code] = {kind: kinds.count(kind) for kind in KINDS} | {"semua": len(kinds)}
    return counted


def _kind(row: Any) -> str:
    if row.type in ("kegiatan", "indikator"):
        return row.type
    if row.is_group:
        return "instansi"
    return "belum_terbit" if row.hidden else "terbit"


def _fields(name: str) -> list[_Field]:
    found: dict[_Field, None] = {}
    for schema in tk.h.scheming_dataset_schemas().values():
        for key, holder in (("dataset_fields", "package"), ("resource_fields", "resource")):
            _collect(schema.get(key), holder, name, found)
    for schema in tk.h.scheming_organization_schemas().values():
        _collect(schema.get("fields"), "group", name, found)
    if name == _LICENCES:
        found[_Field("license_id", "package")] = None
    return list(found)


def _collect(fields: Any, holder: str, name: str, found: dict[_Field, None]) -> None:
    for field in fields or ():
        if field.get("vocabulary") == name:
            found[_Field(field["field_name"], holder)] = None
        for below in field.get("repeating_subfields") or ():
            if below.get("vocabulary") == name:
                found[_Field(field["field_name"], holder, below["field_name"])] = None


def _asked(field: _Field) -> Any:
    package, resource, group = model.Package, model.Resource, model.Group
    if field.holder == "group":
        value = group.extras[field.name].astext
        return sa.select(
            group.id, group.name, group.title, group.type, sa.true().label("is_group"),
            sa.false().label("hidden"), value.label("value"),
        ).where(group.state == "active", value.is_not(None))
    told = sa.select(
        package.id, package.name, package.title, package.type, sa.false().label("is_group"),
        sa.or_(package.private, package.state != "active").label("hidden"))
    if field.holder == "resource":
        # CKAN keeps a resource's own fields as text, a package's as JSONB.
        value = sa.cast(sa.func.nullif(sa.type_coerce(
            resource.__table__.columns.extras, sa.Text), ""), JSONB)[field.name].astext
        told = told.join(resource, resource.package_id == package.id).where(
            resource.state == "active")
    elif field.name in package.__table__.columns:
        value = package.__table__.columns[field.name]
    else:
        value = package.extras[field.name].astext
    return told.add_columns(value.label("value")).where(
        value.is_not(None), package.state != "deleted",
        # What other plugins keep as datasets (sources of harvesters) has fields of its own.
        package.type.in_(tuple(tk.h.scheming_dataset_schemas())))


def _said(value: Any, within: str) -> Iterator[str]:
    """Return the codes of a stored value: one, a list as JSON, or a field of what repeats."""
    if not isinstance(value, str):
        return
    if value[:1] != "[":
        if not within:
            yield value
        return
    try:
        items = json.loads(value)
    except ValueError:
        return
    for each in items if isinstance(items, list) else ():
        held = each.get(within) if within and isinstance(each, dict) else each
        yield from (one for one in (held if isinstance(held, list) else [held])
                    if isinstance(one, str))
