"""The schemas as the tests read them, and a table schema that is good."""
from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"

#: Presets of ours by name.
PRESETS = {
    each["preset_name"]: each["values"]
    for each in yaml.safe_load((SCHEMAS / "presets.yaml").read_text("utf-8"))["presets"]
}


@cache
def load(name: str) -> dict[str, Any]:
    """Return a schema as its file states it."""
    return yaml.safe_load((SCHEMAS / f"{name}.yaml").read_text("utf-8"))


def fields(name: str) -> list[dict[str, Any]]:
    """Return the fields of a schema, then those of its files."""
    schema = load(name)
    return [
        *(schema.get("dataset_fields") or schema["fields"]),
        *(schema.get("resource_fields") or []),
    ]


#: A table schema with our own keys, beyond reproach.
GOOD = {"fields": [{"name": "kode", "type": "string", "kode_referensi": "wilayah"},
                   {"name": "jumlah", "type": "integer", "satuan": "orang"}]}
