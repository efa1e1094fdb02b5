"""What the older reader of the nation keeps of a record, by the way it comes (data.go.id).

Read in the code of ckanext-dcat 1.5.1 and ckanext-harvest 1.5.6, as the national portal's CKAN
2.9.11 runs them, and tried with its converters; by the CKAN way see ``nasional_table``.
"""
from __future__ import annotations

from collections.abc import Mapping

from ckanext.satudata.domain.federation.nasional_table import RESOURCE_ROWS, ROWS

__all__ = ["KEPT", "WAYS", "kept"]

#: The ways of a harvest source there, in the order in which more is kept.
WAYS = ("ckan", "rdf", "pod")

_RDF = frozenset({
    "title", "notes", "urusan", "theme", "jenis_data", "jenis_statistik", "tags", "identifier",
    "alternate_identifier", "id_dds", "kode_dssd", "id_sds", "id_kegiatan_mms", "id_indikator_mms",
    "identitas_rekomendasi", "language", "license_id", "url", "version", "provenance",
    "conforms_to", "documentation", "kode_wilayah", "spatial_coverage", "temporal_coverage",
    "frequency", "issued", "modified", "contact", "publisher", "access_rights",
    "related_resource", "source",
})
_RDF_FILES = frozenset({
    "name", "description", "url", "format", "mimetype", "size", "hash", "license", "rights",
    "status", "language", "conforms_to", "documentation", "issued", "modified",
})
_POD = frozenset({
    "title", "notes", "url", "tags", "issued", "modified", "identifier", "publisher", "creator",
    "language",
})
_POD_FILES = frozenset({"name", "description", "url", "format", "size"})

#: Names that the CKAN way gives to a field of ours.
_CKAN_NAMES = {"tag_string": "tags"}
_CKAN = frozenset(_CKAN_NAMES.get(row.field, row.field) for row in ROWS)
_CKAN_FILES = frozenset(row.field for row in RESOURCE_ROWS) | {"url"}

#: Way -> the fields of a dataset and of a file that arrive.
KEPT: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "ckan": (_CKAN, _CKAN_FILES), "rdf": (_RDF, _RDF_FILES), "pod": (_POD, _POD_FILES),
}


def kept(name: str, of_file: bool = False) -> tuple[str, ...]:
    """Return the ways by which a field reaches the nation, none where it is lost."""
    return tuple(way for way in WAYS if name in KEPT[way][int(of_file)])
