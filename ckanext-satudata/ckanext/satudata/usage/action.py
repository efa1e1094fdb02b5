"""API actions of use: how often data was looked at and taken."""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.reading import collect, day, is_name, number, text
from ckanext.satudata.usage import present, reading
from ckanext.satudata.usage.reading import GROUPS, Wanted

__all__ = ["satudata_usage_list", "satudata_usage_show"]

Data = dict[str, Any]
_MOST, _FURTHEST = 1000, 1_000_000


@tk.side_effect_free
def satudata_usage_show(context: Any, data_dict: Data) -> Data:
    """Say how often one dataset was looked at and its files taken, by month, file and version.

    Counted as the Code of Practice for Research Data Usage Metrics says: without robots, the same
    of one person within 30 seconds once, nobody who works on the data. Figures are of a minute ago.

    :param id: name or id of the dataset.
    :type id: string
    :param since: first day, ``YYYY-MM-DD`` (default: since it is counted).
    :type since: string, optional
    :param until: last day.
    :type until: string, optional

    :returns: ``id``, ``name``, ``title``, ``since`` and ``until`` (the days the figures are of),
        ``views`` (its page looked at), ``downloads`` (files, by people and programs), ``queries``
        (requests of rows by the API), ``harvests`` (copies by other catalogs, in no other figure);
        ``months``, ``files`` and ``versions`` with the same figures of each.
    :rtype: dictionary

    :raises ckan.logic.NotFound: there is no such dataset.
    :raises ckan.logic.NotAuthorized: it is not public, or restricted and not of your work.
    :raises ckan.logic.ValidationError: a day is none.
    """
    data = dict(data_dict or {})
    named = data.get("id")
    package = model.Package.get(named) if is_name(named) else None
    if package is None:
        raise tk.ObjectNotFound(_("Dataset tidak ditemukan."))
    tk.check_access("satudata_usage_show", context, {"id": package.id})
    wrong: dict[str, list[str]] = {}
    since, until = _period(data, wrong)
    if wrong:
        raise tk.ValidationError(wrong)
    return present.of_package(package, since, until)


@tk.side_effect_free
def satudata_usage_list(context: Any, data_dict: Data) -> Data:
    """List how often data was used: per dataset, organization, month or file.

    Everybody reads the figures of public, open data; an organization also those of its restricted
    and withdrawn data, the walidata and who oversees those of all, purged data among them.

    :param group: ``dataset`` (default), ``organization``, ``organization_month``, or ``file`` (each
        file and version).
    :type group: string, optional
    :param id: name or id of one dataset.
    :type id: string, optional
    :param organization: name or id of one organization.
    :type organization: string, optional
    :param since: first day, ``YYYY-MM-DD``.
    :type since: string, optional
    :param until: last day.
    :type until: string, optional
    :param limit: at most so many, 0 to 1000 (default 100).
    :type limit: int, optional
    :param offset: skip so many (default 0).
    :type offset: int, optional

    :returns: ``count`` of lines, ``total`` (the figures of all lines), ``since`` (first day of
        counting) and ``results``, each with ``views``, ``downloads``, ``queries`` and ``harvests``
        as in ``satudata_usage_show`` and what it is of: ``organization`` and ``dataset`` (``id,
        name, title``; none where it is no more), ``month``, ``resource_id``, ``resource_name``,
        ``version`` (0: outside of any version).
    :rtype: dictionary

    :raises ckan.logic.ValidationError: a parameter is out of its bounds, or names nothing.
    """
    tk.check_access("satudata_usage_list", context, data_dict)
    data = dict(data_dict or {})
    wrong: dict[str, list[str]] = {}
    group = collect(wrong, "group", lambda: text(data, "group")) or "dataset"
    if group not in GROUPS:
        wrong["group"] = [_("Pilih salah satu: {names}.").format(names=", ".join(GROUPS))]
    since, until = _period(data, wrong)
    limit = collect(wrong, "limit", lambda: number(data, "limit", 100, _MOST))
    offset = collect(wrong, "offset", lambda: number(data, "offset", 0, _FURTHEST))
    organization = _id(wrong, data, "organization", model.Group, _("Instansi tidak ditemukan."))
    package = _id(wrong, data, "id", model.Package, _("Dataset tidak ditemukan."))
    if wrong:
        raise tk.ValidationError(wrong)
    count, total, rows = reading.listed(
        actor_of_context(context), Wanted(group, since, until, organization, package),
        limit or 0, offset or 0)
    return {"count": count, "total": total, "since": reading.first_day().isoformat(),
            "results": present.lines(rows)}


def _period(
    data: Data, wrong: dict[str, list[str]]
) -> tuple[dt.date | None, dt.date | None]:
    since = collect(wrong, "since", lambda: day(data, "since"))
    until = collect(wrong, "until", lambda: day(data, "until"))
    if since and until and since > until:
        wrong["until"] = [_("Hari terakhir lebih awal daripada hari pertama. Tukar keduanya.")]
    return since, until


def _id(wrong: dict[str, list[str]], data: Data, name: str, kind: Any, missing: str) -> str:
    """Return the id of what is named. What is hidden leads to no lines, as what was never used."""
    written = collect(wrong, name, lambda: text(data, name))
    if not written:
        return ""
    found = kind.get(written)
    if found is None:
        if kind is model.Group:
            wrong[name] = [missing]
        return "-"
    return str(found.id)
