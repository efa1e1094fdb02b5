"""Datasets as ``package_show`` gives them, for what is read without RDF."""

from __future__ import annotations

from typing import Any

from federation_samples import FULL, HOSTILE, IRIS
from hypothesis import strategies as st

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.mapping import DATASET, DISTRIBUTION

FILE = "0c3f9a52-7a58-4e55-93c4-6f1b7a2d9e10"
OWNER = "7d5c2c0a-3a7e-4f0e-8b1f-2f6f6f0f1a22"

#: Every field of a dataset and of its first file, as anybody gets to see it.
SHOWN: dict[str, Any] = FULL | {
    "owner_org": OWNER,
    "organization": {"id": OWNER, "name": "dinkes", "title": "Dinas Kesehatan"},
    "private": False,
    "state": "active",
    "metadata_created": "2026-03-01T01:02:03.000004",
    "metadata_modified": "2026-03-16T02:30:00.123456",
    "resources": [
        FULL["resources"][0] | {
            "id": FILE,
            "url_type": "upload",
            "datastore_active": True,
            "created": "2026-03-01T01:02:03.000004",
            "last_modified": "2026-03-15T00:00:00",
            "sha256": "aa" * 32,
        },
    ],
}

_WORDS = st.text(max_size=60) | st.sampled_from(HOSTILE) | st.sampled_from(IRIS)
_SCALARS = _WORDS | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False)
_DAYS = st.dates().map(str) | st.sampled_from(["2025", "2025-06", "2025-13", "kemarin"])
_GEOMETRIES = st.sampled_from([
    '{"type": "Point", "coordinates": [106, -6]}',
    '{"type": "Point", "coordinates": [1060, -6]}',
    '{"type": "Point", "coordinates": []}',
    '{"type": "LineString", "coordinates": [[106, -6], [107, -6]]}',
    '{"type": "Polygon", "coordinates": [[[106, -6], [107, -6], [107, -7, 12], [106, -6]]]}',
    '{"type": "FeatureCollection", "features": [{"geometry": {"coordinates": [106.5, -6.5]}}]}',
    '{"type": "Point", "coordinates": [NaN, 1e999]}',
    '{"type": "Point", "coordinates": [' + "9" * 400 + ', 1]}',
    "POINT (106 -6)",
    "[" * 3000,
])
_PARTS = ("name", "email", "url", "uri", "identifier", "text", "nomor", "tahun", "satuan")
_RECORDS = st.lists(st.fixed_dictionaries({}, optional={
    **dict.fromkeys(_PARTS, _SCALARS),
    **dict.fromkeys(("start", "end", "tanggal"), _DAYS | _WORDS),
    **dict.fromkeys(("geom", "bbox", "centroid"), _GEOMETRIES | _SCALARS),
}), max_size=3)
_KEYS = st.sampled_from([
    "satuan", "lain", "terbit_date", "publishing_status", "harvest_object_id", "title", "spatial",
    "accessRights", "access_rights", "theme", "jenis", "views_total", "resources", "kunci ü", "",
    "Hasil_Pemeriksaan_SKDN", "extras_x", "minx", "guid", "prioritas_tahun",
])


def _field(vocabulary_name: str) -> st.SearchStrategy[Any]:
    codes = _SCALARS
    if vocabulary_name and vocabulary_name != "wilayah":
        codes |= st.sampled_from([each.code for each in vocabulary.get(vocabulary_name)])
    return codes | st.lists(codes, max_size=4) | _RECORDS


_FILES = st.lists(st.fixed_dictionaries(
    {"id": st.uuids().map(str) | st.text(max_size=12)},
    optional={row.name: _field(row.vocabulary) for row in DISTRIBUTION} | {
        "size": _SCALARS, "created": _DAYS | _WORDS, "last_modified": _DAYS | _WORDS,
        "url_type": _WORDS, "datastore_active": st.booleans(), "download_url": _WORDS,
    },
), max_size=2)

#: Datasets that hold any of the fields with any value, also ones no form of ours lets in.
RECORDS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"id": st.uuids().map(str), "name": st.text(max_size=120), "title": _SCALARS},
    optional={row.name: _field(row.vocabulary) for row in DATASET if row.name != "title"} | {
        "tags": st.lists(st.fixed_dictionaries({"name": _SCALARS}) | _WORDS, max_size=4),
        "extras": st.lists(
            st.fixed_dictionaries({"key": _KEYS, "value": _SCALARS | _RECORDS}), max_size=4),
        "organization": st.none() | st.fixed_dictionaries({"title": _SCALARS, "name": _WORDS}),
        "owner_org": _SCALARS,
        "publishing_status": _WORDS,
        "metadata_created": _DAYS | _WORDS,
        "metadata_modified": _DAYS | _WORDS,
        "resources": _FILES,
    },
)
