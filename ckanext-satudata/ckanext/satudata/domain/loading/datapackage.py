"""Read a frictionless ``datapackage.json`` (version 1 or 2) into a :class:`Plan`.

The package is one dataset, its resources are the files. Any field of ours may
stand at the top or under ``satudata``; the standard's own terms are mapped.
"""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.manifest import ShapeOf, title_from
from ckanext.satudata.domain.loading.paths import inside
from ckanext.satudata.domain.loading.plan import DatasetPlan, FilePlan, Plan, Shape, identifier_for
from ckanext.satudata.domain.loading.problems import N_, LoadError, Place, Problem
from ckanext.satudata.domain.loading.shapes import is_list, is_object

__all__ = ["read_datapackage"]

#: Terms of the standard whose name is ours too but whose meaning or shape differs.
_STANDARD = frozenset({
    "$schema", "name", "title", "description", "keywords", "licenses", "contributors",
    "sources", "resources", "profile", "created", "image", "homepage", "id", "organization",
    "type",
})
#: Licences of the standard's examples (opendefinition ids) in the ids of CKAN.
_LICENSES = {
    "cc-by-4.0": "cc-by", "cc-by-sa-4.0": "cc-by-sa", "cc0-1.0": "cc-zero",
    "odc-by-1.0": "odc-by", "odbl-1.0": "odc-odbl", "odc-pddl-1.0": "odc-pddl",
}


def read_datapackage(
    path: Path, shape_of: ShapeOf, limits: Limits, organization: str | None = None
) -> Plan:
    """Read a data package.

    :raises LoadError: if it is no data package.
    """
    place = Place(path.name)
    content = _load(path, limits, place)
    if not is_object(content) or not is_list(resources := content.get("resources")):
        raise LoadError(place, N_("bukan datapackage.json: tidak ada daftar resources."))
    kind = content.get("type")
    kind = kind if isinstance(kind, str) else "dataset"
    shape = shape_of(kind)
    if shape is None:
        raise LoadError(Place(path.name, column="type"), N_(
            "tipe {type} tidak dikenal. Gunakan dataset, kegiatan, atau indikator."), type=kind)
    plan = Plan()
    own = content.get("organization")
    organization = own if isinstance(own, str) and own else organization
    fields = _fields(content, shape)
    identifier = next((str(content[key]) for key in ("identifier", "id") if content.get(key)), None)
    identifier = identifier or identifier_for(str(content.get("name") or path.name), organization)
    fields.pop("identifier", None)
    fields.setdefault("title", title_from(str(content.get("name") or path.parent.name)))
    files: list[FilePlan] = []
    for number, entry in enumerate(resources, 1):
        try:
            files.append(_file(path.parent, path.name, number, entry, shape, limits))
        except LoadError as error:
            plan.problems.append(error.problem)
    if plan.problems:
        plan.problems.append(Problem(place, N_(
            "dataset ini tidak dimuat karena berkas di atas tidak dapat dipakai.")))
        return plan
    plan.datasets.append(DatasetPlan(identifier, kind, organization, fields, files, place))
    return plan


def _load(path: Path, limits: Limits, place: Place) -> Any:
    size = path.stat().st_size
    if size > limits.manifest_bytes:
        raise LoadError(place, N_("manifes berukuran {size} MB, batasnya {limit} MB."),
                        size=size // 1_000_000, limit=limits.manifest_bytes // 1_000_000)
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise LoadError(place, N_("isi berkas bukan JSON yang benar ({error})."),
                        error=str(error)[:200]) from error


def _fields(content: dict[str, Any], shape: Shape) -> dict[str, Any]:
    extra = content.get("satudata")
    given = {name: value for name, value in content.items() if name not in _STANDARD}
    given.update(extra if is_object(extra) else {})
    fields = {
        name: value for name, value in given.items()
        if value not in (None, "", []) and (name in shape.fields or name in shape.groups)
    }
    for ours, theirs in (("title", "title"), ("name", "name"), ("notes", "description"),
                         ("url", "homepage"), ("version", "version")):
        if isinstance(content.get(theirs), str) and content[theirs] and ours in shape.fields:
            fields.setdefault(ours, content[theirs])
    keywords = content.get("keywords")
    if is_list(keywords) and keywords:
        fields.setdefault("tag_string", ",".join(str(word).replace(",", " ") for word in keywords))
    licenses = content.get("licenses")
    if is_list(licenses) and licenses and is_object(first := licenses[0]):
        name = str(first.get("name") or "")
        if name and "license_id" in shape.fields:
            fields.setdefault("license_id", _LICENSES.get(name.lower(), name))
    return fields


def _file(root: Path, manifest: str, number: int, entry: Any, shape: Shape,
          limits: Limits) -> FilePlan:
    place = Place(manifest, column=f"resources[{number - 1}].path")
    described: dict[str, Any] = entry if is_object(entry) else {}
    name = described.get("path")
    if is_list(name) and len(name) == 1:
        name = name[0]
    if not isinstance(name, str) or not name:
        raise LoadError(place, N_(
            "setiap berkas harus punya satu path. Data di dalam JSON dan path berganda tidak "
            "dibaca."))
    path = inside(root, name, place, limits)
    fields: dict[str, Any] = {
        key: value for key, value in described.items()
        if key in shape.resource_fields and key not in ("url", "name") and isinstance(value, str)
    }
    title = described.get("title") or described.get("name")
    if isinstance(title, str) and title:
        fields["name"] = title
    schema = described.get("schema")
    if isinstance(schema, str):
        schema_path = inside(
            root, schema, Place(manifest, column=f"resources[{number - 1}].schema"), limits
        )
        schema = _load(schema_path, limits, Place(schema))
    declared = schema if is_object(schema) and is_list(schema.get("fields")) else None
    return FilePlan(path, name, Place(name), fields, declared)
