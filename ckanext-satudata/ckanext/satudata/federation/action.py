"""Actions of others that federation must mend or narrow."""
from __future__ import annotations

from typing import Any

import ckan.lib.search as search
import ckan.logic as logic
import ckan.plugins.toolkit as tk
from ckanext.dcat.utils import CONTENT_TYPES

__all__ = [
    "dcat_catalog_search",
    "dcat_catalog_show",
    "dcat_dataset_show",
    "harvest_source_reindex",
]


@logic.auth_audit_exempt
@tk.chained_action
def harvest_source_reindex(next_action: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """Reindex a harvest source so that its next run finds it whole.

    ckanext-harvest 1.6.3 stores the source in CKAN 2.12's index as it was before
    validation, without ``source_type``; whoever reads it next (the second run, the
    source page) dies with ``KeyError``. The index is written once more by CKAN itself.

    :param id: id or name of the harvest source
    :type id: string
    :returns: what ckanext-harvest returns (``True``)
    """
    done = next_action(context, data_dict)
    search.rebuild(
        tk.get_or_bust(data_dict, "id"), defer_commit=bool(context.get("defer_commit"))
    )
    return done


def _only_datasets(data_dict: dict[str, Any]) -> dict[str, Any]:
    """Narrow a search to datasets: a kegiatan or indikator holds no data to list."""
    asked = str(data_dict.get("fq") or "").strip()
    only = "+dataset_type:dataset"
    return {**data_dict, "fq": f"({asked}) {only}" if asked else only}


def _searched(next_action: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """Answer a query the index cannot read as the caller's mistake: anyone may send one."""
    try:
        return next_action(context, _only_datasets(data_dict))
    except search.SearchError:
        raise tk.ValidationError({"fq": [tk._("Pencarian tidak berjalan")]}) from None


def _check_format(data_dict: dict[str, Any]) -> None:
    """Refuse a syntax that has no serializer: ckanext-dcat would die of it (``/catalog.json``)."""
    asked = data_dict.get("format")
    if asked and (not isinstance(asked, str) or asked not in CONTENT_TYPES):
        raise tk.ValidationError({"format": [
            tk._("Format “{format}” tidak ada. Pilih salah satu: {formats}.").format(
                format=str(asked)[:40], formats=", ".join(CONTENT_TYPES))
        ]})


@tk.side_effect_free
@tk.chained_action
def dcat_dataset_show(next_action: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """Return one dataset as RDF; see ckanext-dcat.

    :param id: id or name of the dataset
    :param format: ``ttl``, ``xml`` or ``jsonld``
    :returns: the serialized dataset
    :rtype: string
    :raises ValidationError: there is no such format
    """
    _check_format(data_dict)
    return next_action(context, data_dict)


@tk.side_effect_free
@tk.chained_action
def dcat_catalog_show(next_action: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """Return the catalog as RDF; see ckanext-dcat. Only datasets are listed.

    :param format: ``ttl``, ``xml`` or ``jsonld``
    :param page: number of the page, from 1
    :returns: the serialized page
    :rtype: string
    :raises ValidationError: there is no such format or page
    """
    _check_format(data_dict)
    return _searched(next_action, context, data_dict)


@tk.side_effect_free
@tk.chained_action
def dcat_catalog_search(next_action: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """Return found datasets as RDF; see ckanext-dcat. Only datasets are listed.

    :param q: the search
    :returns: the serialized page
    :rtype: string
    :raises ValidationError: there is no such format
    """
    _check_format(data_dict)
    return _searched(next_action, context, data_dict)
