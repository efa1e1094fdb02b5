"""Datastore tables by alias: one that hides answers as one that does not exist.

An alias is a name a person chose. CKAN says "not authorized" with the resource's id for a hidden
one and "not found" for none, so that guessing tells both.
"""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

__all__ = ["datastore_info", "datastore_search", "datastore_search_sql"]

Data = dict[str, Any]


@tk.chained_action
@tk.side_effect_free
def datastore_search(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Search a table; see CKAN. An alias of a table you may not read is not found.

    :returns: the records
    :rtype: dictionary
    :raises NotFound: nothing you may read has this alias
    """
    return _by_alias(next_action, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def datastore_info(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Describe a table; see CKAN. An alias of a table you may not read is not found.

    :returns: its fields and figures
    :rtype: dictionary
    :raises NotFound: nothing you may read has this alias
    """
    return _by_alias(next_action, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def datastore_search_sql(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Query tables by SQL; see CKAN. What is wrong with a query is said without names of columns.

    PostgreSQL checks the columns before anybody asked for the right to read the table, and its
    messages name columns that exist.

    :returns: the records
    :rtype: dictionary
    """
    try:
        return next_action(context, data_dict)
    except tk.ObjectNotFound as error:  # a table that is no resource, named in the message
        raise tk.NotAuthorized(_SQL_REFUSED) from error
    except tk.ValidationError as error:
        info = error.error_dict.get("info") if isinstance(error.error_dict, dict) else None
        if isinstance(info, dict) and "orig" in info:
            raise tk.ValidationError({"query": [tk._(
                "SQL tidak dapat dijalankan. Periksa ejaan tabel dan kolom; kolom yang ada "
                "diberitahukan datastore_info.")]}) from error
        raise


_SQL_REFUSED = "Not authorized to read resource."


def _by_alias(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Answer with the same words, whether there is no such table or it is not theirs to read."""
    named = data_dict.get("resource_id") or data_dict.get("id")
    try:
        return next_action(context, data_dict)
    except (tk.NotAuthorized, tk.ObjectNotFound) as error:
        if isinstance(named, str) and (
                isinstance(error, tk.ObjectNotFound) or not model.is_id(named)):
            raise tk.ObjectNotFound(
                tk._("Tabel “{name}” tidak ditemukan.").format(name=named[:100])) from None
        raise
