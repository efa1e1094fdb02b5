"""What the schemas (scheming YAML) say about the fields a manifest may use."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.loading.plan import Shape
from ckanext.satudata.domain.versions.fields import RAW

__all__ = ["TYPES", "has_identifier", "shape_of"]

TYPES = ("dataset", "kegiatan", "indikator")

#: Resource fields that are CKAN's own or set by us, never by a manifest.
_OURS = frozenset({
    "url", "upload", "size", "hash", "hash_algorithm", "sha256", "asal_resource_id", "skema", "id",
    *RAW,
})


def shape_of(kind: str) -> Shape | None:
    """Return the shape of a dataset type, None for a type we do not load."""
    schema = tk.h.scheming_get_dataset_schema(kind) if kind in TYPES else None
    if not schema:
        return None
    plain = [field for field in schema["dataset_fields"] if "repeating_subfields" not in field]
    groups = {
        field["field_name"]: frozenset(sub["field_name"] for sub in field["repeating_subfields"])
        for field in schema["dataset_fields"] if "repeating_subfields" in field
    }
    names = {field["field_name"] for field in plain}
    resource = schema.get("resource_fields", [])
    return Shape(
        fields=frozenset(names | {"identifier", "private"}),
        resource_fields=frozenset(field["field_name"] for field in resource) - _OURS,
        lists=frozenset(field["field_name"] for field in plain if _is_list(field)),
        resource_lists=frozenset(field["field_name"] for field in resource if _is_list(field)),
        groups=groups,
    )


def has_identifier(kind: str) -> bool:
    """Tell whether a type's schema keeps an ``identifier``."""
    schema = tk.h.scheming_get_dataset_schema(kind)
    return any(field["field_name"] == "identifier" for field in schema["dataset_fields"])


def _is_list(field: dict[str, Any]) -> bool:
    validators = f"{field.get('validators', '')} {field.get('output_validators', '')}"
    return any(word in validators for word in (
        "list_output", "multiple_choice", "multiple_text", "repeating_text", "_list", "_lines"))
