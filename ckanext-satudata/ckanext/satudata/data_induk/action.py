"""API actions over the Data Induk of the portal."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.data_induk import finding, present, rows
from ckanext.satudata.data_induk.finding import Induk, Missing
from ckanext.satudata.data_induk.retired import retired
from ckanext.satudata.shared import reading

__all__ = ["satudata_data_induk_list", "satudata_data_induk_show"]

_MOST = 1000
_MAX_OFFSET = 1_000_000
_MAX_QUERY = 200


@tk.side_effect_free
def satudata_data_induk_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return all Data Induk of the portal: the lists whose codes other data refer to.

    :returns: ``count`` and ``results``, by title: ``name`` (as in its address), ``title``,
        ``note``, ``uri``, ``dataset`` and ``dataset_id``, ``resource_id`` and ``file`` of its
        table, ``key`` and ``label`` (its columns of codes and names), ``columns`` (of its Table
        Schema), ``owner``, ``owner_name``, ``modified`` (ISO 8601, UTC), ``rows`` (how many;
        nothing while the table cannot be read).
    :rtype: dictionary
    """
    tk.check_access("satudata_data_induk_list", context, data_dict)
    found = [{**present.listed(each), "rows": rows.size(each)} for each in finding.every()]
    return {"count": len(found), "results": found}


@tk.side_effect_free
def satudata_data_induk_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return rows of one Data Induk, by code, or the row of one code.

    :param name: of the Data Induk, as in its address, e.g. ``puskesmas``.
    :type name: string
    :param code: return the row of this code.
    :type code: string, optional
    :param q: only rows that hold all these words, or words that begin so; at most 200 characters.
    :type q: string, optional
    :param limit: at most so many rows, 0 to 1000 (default 100).
    :type limit: int, optional
    :param offset: skip so many (default 0).
    :type offset: int, optional
    :returns: the Data Induk as ``satudata_data_induk_list`` gives it without ``rows``, with
        ``count`` (all that match) and ``results``: ``code``, ``name``, ``uri``, ``values`` (the
        cells by column). For a ``code`` that is no more: ``retired``, the row as it was with
        ``last_version`` and ``until`` (the day it ended), and no ``results``.
    :rtype: dictionary
    :raises NotFound: there is no such Data Induk or code, or the table is being replaced (503).
    :raises NotAuthorized: its rows are not open to everybody.
    """
    tk.check_access("satudata_data_induk_show", context, data_dict)
    try:
        name = reading.text(data_dict, "name", need=_("Isi nama Data Induk."))
        code = reading.text(data_dict, "code", 100)
        query = reading.text(data_dict, "q", _MAX_QUERY)
        limit = reading.number(data_dict, "limit", rows.PAGE, _MOST)
        offset = reading.number(data_dict, "offset", 0, _MAX_OFFSET)
    except tk.Invalid as error:
        raise tk.ValidationError({"message": [error.error]}) from None
    of = _found(name)
    if code:
        return {**present.listed(of), **_one(of, code)}
    page = rows.page(of, query, offset, limit)
    return {**present.listed(of), "count": page.count,
            "results": [present.row(of, each) for each in page.rows]}


def _found(name: str) -> Induk:
    of = finding.find(name)
    if of is Missing.CLOSED:
        raise tk.NotAuthorized(_("Baris Data Induk “{name}” tidak terbuka untuk umum.").format(
            name=name[:60]))
    if isinstance(of, Missing):
        raise tk.ObjectNotFound(_("Tidak ada Data Induk bernama “{name}”.").format(name=name[:60]))
    return of


def _one(of: Induk, code: str) -> dict[str, Any]:
    found = rows.one(of, code)
    if found is not None:
        return {"count": 1, "results": [present.row(of, found)]}
    gone = retired(of).get(code)
    if gone is None:
        raise tk.ObjectNotFound(_("Kode “{code}” tidak ada di “{title}”.").format(
            code=code[:60], title=of.title))
    return {"count": 0, "results": [], "retired": present.gone(of, gone)}
