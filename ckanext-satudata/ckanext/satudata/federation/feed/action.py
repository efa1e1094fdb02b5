"""ckanext-dcat's actions that read the catalog, answered from the feed."""
from __future__ import annotations

from typing import Any

import ckan.lib.search as search
import ckan.plugins.toolkit as tk
from ckanext.dcat.exceptions import RDFProfileException

from ckanext.satudata.domain.federation.joined import plain_page
from ckanext.satudata.federation.feed import catalog, settling
from ckanext.satudata.federation.feed.reading import settled

__all__ = ["check_format", "dcat_catalog_search", "dcat_catalog_show", "dcat_dataset_show"]

Data = dict[str, Any]


def check_format(asked: Any) -> str:
    """Return the syntax that is asked for; RDF/XML unless one is.

    :raises ValidationError: there is no such syntax
    """
    if not asked:
        return "xml"
    return catalog.known(str(asked))


def _page(data_dict: Data) -> str:
    what = catalog.asked(check_format(data_dict.get("format")), data_dict)
    try:
        with settled(beside=True) as reading:
            return plain_page(catalog.answer(reading, what).parts()).decode()
    except settling.UnsettledError:
        raise tk.ValidationError({"message": [tk._(
            "Katalog sedang diperbarui. Coba lagi beberapa detik lagi.")]}) from None
    except search.SearchError:
        raise tk.ValidationError({"fq": [tk._("Pencarian tidak berjalan")]}) from None
    except RDFProfileException as error:
        raise tk.ValidationError({"profiles": [str(error)]}) from None


@tk.side_effect_free
@tk.chained_action
def dcat_dataset_show(next_action: Any, context: Any, data_dict: Data) -> Any:
    """Return one dataset as RDF; see ckanext-dcat.

    :param id: id or name of the dataset
    :param format: ``ttl``, ``xml``, ``jsonld`` or ``nt``
    :returns: the serialized dataset
    :rtype: string
    :raises ValidationError: there is no such format
    """
    check_format(data_dict.get("format"))
    return next_action(context, data_dict)


@tk.side_effect_free
@tk.chained_action
def dcat_catalog_show(next_action: Any, context: Any, data_dict: Data) -> str:
    """Return a page of the catalog as RDF; see ckanext-dcat. Only datasets are listed.

    :param format: ``ttl``, ``xml``, ``jsonld`` or ``nt``
    :param page: number of the page, from 1
    :param after: slot behind which the page begins; instead of a number
    :param modified_since: only what changed since (ISO 8601)
    :param q: a search
    :param fq: filters of the search
    :param profiles: RDF profiles instead of the configured ones
    :returns: the serialized page
    :rtype: string
    :raises ValidationError: there is no such format or page
    """
    tk.check_access("dcat_catalog_show", context, data_dict)
    return _page(data_dict)


@tk.side_effect_free
@tk.chained_action
def dcat_catalog_search(next_action: Any, context: Any, data_dict: Data) -> str:
    """Return found datasets as RDF; see ckanext-dcat. Only datasets are listed.

    :param q: the search; the other parameters are those of ``dcat_catalog_show``
    :returns: the serialized page
    :rtype: string
    :raises ValidationError: there is no such format
    """
    tk.check_access("dcat_catalog_search", context, data_dict)
    return _page(data_dict)
