"""What templates ask of federation."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata import config
from ckanext.satudata.domain.federation.data_package import checksum
from ckanext.satudata.domain.federation.plain import access_level, file_format, size
from ckanext.satudata.domain.federation.schema_org import schema_dataset, script
from ckanext.satudata.domain.federation.terms import as_records
from ckanext.satudata.federation.site import site

__all__ = ["satudata_archive", "satudata_tables", "structured_data"]


def satudata_archive(package: Mapping[str, Any]) -> bool:
    """Tell whether a dataset is offered as one archive: open files of ours, not too large.

    By the sizes CKAN keeps; what is sent is measured again.
    """
    if package.get("type", "dataset") != "dataset" or access_level(package).restricted:
        return False
    sizes = [size(each.get("size")) or 0 for each in as_records(package.get("resources"))
             if each.get("url_type") == "upload"]
    limit = config.arsip_batas()
    return bool(sizes) and (not limit or sum(sizes) <= limit)


def satudata_tables(package: Mapping[str, Any]) -> bool:
    """Tell whether a dataset has a table whose columns Croissant can name."""
    return not access_level(package).restricted and any(
        file_format(each.get("format")) == "CSV" and each.get("skema") and checksum(each)[1]
        for each in as_records(package.get("resources")))


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
