"""What the search index knows of a dataset beyond CKAN's own fields.

CKAN copies every extra into a Solr string, which holds one value of at most 32,766 bytes: a list
would be one opaque text and a long one would make the whole dataset unsearchable. So lists become
multi-valued ``vocab_<field>`` facets, and long texts stay only in the full-text ``extras_`` field.
"""
from __future__ import annotations

import json
from typing import Any

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.errors import SatuDataError
from ckanext.satudata.domain.federation.series import code_of
from ckanext.satudata.domain.metadata_derive import as_list

__all__ = ["FACETS", "index_fields"]

#: Lists that become multi-valued facets ``vocab_<field>``.
FACETS = (
    "urusan", "kode_wilayah", "prioritas_tahun", "aplikasi_asal", "kegunaan", "language",
    "id_indikator", "kode_sdgs", "iv_wilayah",
)

#: Solr refuses a longer string; the margin is for safety.
MAX_STRING_BYTES = 32_000

#: Repeating fields dcat reads again after us.
LEFT_TO_DCAT = frozenset({"spatial_coverage"})


def index_fields(document: dict[str, Any]) -> dict[str, Any]:
    """Return the Solr document with our facets, and without strings Solr would refuse."""
    for name in FACETS:
        values = _values(document.get(name))
        if values:
            document[f"vocab_{name}"] = _with_parents(values) if name in AREAS else values
            document[name] = values[0]
    series = code_of(document.get("seri"))
    if series:
        document["vocab_seri"] = [series]
    for key in list(document):
        value = document[key]
        if not isinstance(value, str) or key in ("data_dict", "validated_data_dict"):
            continue
        of_groups = value.startswith('[{"') and key not in LEFT_TO_DCAT
        too_long = (
            key not in TEXT_FIELDS
            and len(value) > MAX_STRING_BYTES // 4
            and len(value.encode()) > MAX_STRING_BYTES
        )
        if (of_groups or too_long) and not key.startswith("extras_"):
            del document[key]
    return document


#: Fields of areas: found by every area above them as well.
AREAS = frozenset({"kode_wilayah", "iv_wilayah"})

#: Fields CKAN's Solr schema declares as tokenised text, which may be long.
TEXT_FIELDS = frozenset({"title", "notes", "author", "maintainer", "url", "text"})


def _values(value: Any) -> list[str]:
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return as_list(value)


def _with_parents(codes: list[str]) -> list[str]:
    found: dict[str, None] = {}
    for code in codes:
        found[code] = None
        try:
            found.update(dict.fromkeys(each.code for each in wilayah.parents(code)))
        except SatuDataError:
            continue
    return list(found)
