"""API actions of all rooms. What is not in ``__all__`` is not registered."""
from __future__ import annotations

from ckanext.satudata.vocabulary.action import satudata_vocabulary_show, satudata_wilayah_search

__all__: list[str] = [
    "satudata_vocabulary_show",
    "satudata_wilayah_search",
]
