"""API actions of all rooms. What is not in ``__all__`` is not registered."""
from __future__ import annotations

from ckanext.satudata.federation.action import (
    dcat_catalog_search,
    dcat_catalog_show,
    dcat_dataset_show,
    harvest_source_reindex,
)
from ckanext.satudata.metadata.action import satudata_completeness_show, satudata_dataset_copy
from ckanext.satudata.metadata.rows import package_create, package_update
from ckanext.satudata.vocabulary.action import satudata_vocabulary_show, satudata_wilayah_search

__all__: list[str] = [
    "dcat_catalog_search",
    "dcat_catalog_show",
    "dcat_dataset_show",
    "harvest_source_reindex",
    "package_create",
    "package_update",
    "satudata_completeness_show",
    "satudata_dataset_copy",
    "satudata_vocabulary_show",
    "satudata_wilayah_search",
]
