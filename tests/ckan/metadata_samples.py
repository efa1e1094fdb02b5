"""A value for every field of the metadata, and what must come back of it."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.tests import helpers

from ckanext.satudata.domain import vocabulary

Data = dict[str, Any]
TYPES = ("dataset", "kegiatan", "indikator")


def call(action: str, user: Data, **data: Any) -> Any:
    """Call an action as a user, with his rights only."""
    return helpers.call_action(action, {"user": user["name"], "ignore_auth": False}, **data)


def schema_fields(kind: str) -> list[Data]:
    """Return the fields of a dataset or organization type."""
    if kind == "organization":
        return tk.h.scheming_get_organization_schema(kind)["fields"]
    return tk.h.scheming_get_dataset_schema(kind)["dataset_fields"]


#: What is sent for each preset, and what must come back.
SAMPLES: dict[str, tuple[Any, Any]] = {
    "satudata_text": ("Teks é", "Teks é"),
    "satudata_long": ("Baris satu\r\nbaris dua", "Baris satu\nbaris dua"),
    "satudata_hidden": ("Teks", "Teks"),
    "satudata_lines": ("satu\ndua", ["satu", "dua"]),
    "satudata_iris": (["https://a.id/x"], ["https://a.id/x"]),
    "satudata_iri": ("https://a.id/x", "https://a.id/x"),
    "satudata_suggest": ("Kunjungan", "kunjungan"),
    "satudata_wilayah": ("36.04 (Kabupaten Serang)", "36.04"),
    "satudata_wilayah_list": ("36.04 (Kabupaten Serang)\n36.04.05", ["36.04", "36.04.05"]),
    "satudata_date": ("31-12-2026", "2026-12-31"),
    "satudata_period_start": ("Maret 2025", "2025-03"),
    "satudata_years": ("2025\n2026", ["2025", "2026"]),
    "satudata_year": (2025, "2025"),
    "satudata_count": ("1.234", 1234),
    "satudata_bool": ("Ya", True),
    "satudata_email": ("mailto:a@serangkab.go.id", "a@serangkab.go.id"),
    "satudata_phone": ("(0254) 200123", "(0254) 200123"),
    "satudata_table_schema": (
        {"fields": [{"name": "a", "type": "string", "satuan": "orang"}]},
    ) * 2,
}
#: Fields whose own validators ask for something else than their preset.
OWN: dict[str, tuple[Any, Any]] = {
    "language": ("id\nen", ["id", "en"]),
    "issued": ("2025-01-02T03:04:05+07:00", "2025-01-02T03:04:05+07:00"),
    "modified": ("2025", "2025"),
    "geom": ({"type": "Point", "coordinates": [106.1, -6.1]},
             '{"type": "Point", "coordinates": [106.1, -6.1]}'),
    "bbox": ('{"type": "Polygon", "coordinates": []}',) * 2,
    "centroid": ('{"type": "Point", "coordinates": [1, 2]}',) * 2,
    "klasifikasi_isian": ("1=L\n2 = P", ["1 = L", "2 = P"]),
    "license_id": ("odc-by", "odc-by"),
    "format": ("csv", "CSV"),
    "mimetype": ("text/csv", "text/csv"),
    "size": ("20480", 20480),
    "url": ("https://a.id/x.csv", "https://a.id/x.csv"),
    "version": ("2025.2", "2025.2"),
    "data_induk": ("puskesmas", "puskesmas"),
    "image_url": ("https://a.id/x.png", "https://a.id/x.png"),
}
SKIPPED = {"title", "name", "owner_org", "tag_string", "induk", "sha256", "asal_resource_id",
           "mentah_sha256", "mentah_nama", "mentah_tabel"}


def sample(field: Data) -> tuple[Any, Any]:
    """Return what is sent for a field and what must come back."""
    name = field["field_name"]
    if name in OWN:
        return OWN[name]
    if field.get("preset") in ("satudata_code", "satudata_codes"):
        codes = [concept.code for concept in vocabulary.get(field["vocabulary"])]
        value = codes[:2] if field["preset"] == "satudata_codes" else codes[-1]
        return value, value
    if "repeating_subfields" in field:
        parts = {sub["field_name"]: sample(sub) for sub in field["repeating_subfields"]}
        return [{k: v[0] for k, v in parts.items()}], [{k: v[1] for k, v in parts.items()}]
    return SAMPLES[field["preset"]]
