"""Stand-in until the vocabulary room lands."""
import json
from typing import Any
import ckan.plugins.toolkit as tk
from ckanext.satudata.domain import vocabulary, wilayah

def satudata_vocabulary(name: str) -> Any:
    def validate(value: Any) -> Any:
        if value in vocabulary.get(name): return value
        raise tk.Invalid(f"Kode “{value}” tidak ada")
    return validate

def satudata_vocabulary_list(name: str) -> Any:
    def validate(value: Any) -> Any:
        if isinstance(value, str): value = json.loads(value) if value.startswith("[") else [value]
        for v in value:
            if v not in vocabulary.get(name): raise tk.Invalid(f"Kode “{v}” tidak ada")
        return json.dumps(value)
    return validate

def satudata_kode_wilayah(value: Any) -> Any:
    if not wilayah.exists(value): raise tk.Invalid("kode wilayah")
    return value

def satudata_vocabulary_choices(field: Any) -> Any:
    return [{"value": c.code, "label": c.label("id")} for c in vocabulary.get(field["vocabulary"])]
