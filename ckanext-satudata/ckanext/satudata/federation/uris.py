"""IRIs of datasets that came from elsewhere, made fit to be written."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.federation.terms import iri, segment

__all__ = ["dataset_uri"]


def dataset_uri(dataset_dict: Mapping[str, Any], uri: str) -> str:
    """Return the IRI a dataset has in RDF: the one it came with, else its page.

    A harvested dataset keeps the IRI of its source. One that is no IRI cannot be
    written in Turtle and would take the whole page with it.
    """
    made = str(iri(uri) or "")
    if made.startswith(("http://", "https://")):
        return made
    home = (tk.config.get("ckanext.dcat.base_uri") or tk.config["ckan.site_url"]).rstrip("/")
    return f"{home}/dataset/{segment(dataset_dict.get('id') or '')}"
