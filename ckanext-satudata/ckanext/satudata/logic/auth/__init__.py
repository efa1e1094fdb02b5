"""Auth functions of all rooms. What is not in ``__all__`` is not registered."""
from __future__ import annotations

from ckanext.satudata.metadata.auth import satudata_completeness_show, satudata_dataset_copy
from ckanext.satudata.vocabulary.auth import satudata_vocabulary_show, satudata_wilayah_search

__all__: list[str] = [
    "satudata_completeness_show",
    "satudata_dataset_copy",
    "satudata_vocabulary_show",
    "satudata_wilayah_search",
]
