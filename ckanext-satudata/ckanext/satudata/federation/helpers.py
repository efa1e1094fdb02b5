"""What templates ask of federation."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.federation.schema_org import schema_dataset, script
from ckanext.satudata.federation.site import site

__all__ = ["structured_data"]


@tk.chained_helper
def structured_data(
    next_helper: Any, dataset_dict: dict[str, Any], profiles: list[str] | None = None
) -> str:
    """Return a dataset as schema.org for its page; see ckanext-dcat, whose other profiles stay.

    Nothing is said of what is not public: the page is then only for those who work on it.
    """
    if profiles or dataset_dict.get("type", "dataset") != "dataset":
        return next_helper(dataset_dict, profiles)
    if dataset_dict.get("private") or dataset_dict.get("state") != "active":
        return "{}"
    return script(schema_dataset(dataset_dict, site()))
