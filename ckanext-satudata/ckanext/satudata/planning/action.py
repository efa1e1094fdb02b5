"""API actions over the plan; they only read, and show the same to everybody."""
from __future__ import annotations

from collections import Counter
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.planning.priority import listed
from ckanext.satudata.domain.planning.releases import Standing
from ckanext.satudata.planning import asked, present, source

__all__ = ["satudata_data_prioritas_list", "satudata_jadwal_rilis_list"]


@tk.side_effect_free
def satudata_jadwal_rilis_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return the release schedule: what is published when (Perpres 39/2019 art. 29, 36).

    It holds public datasets that named a day (``jadwal_rilis``): that day, and once it has passed
    also the next by ``frequency``. A next one whose day has passed is late. Who named no day
    promised nothing and stands in none of it.

    :param year: only releases of this year; stands for ``since`` and ``until``.
    :type year: int, optional
    :param since: only releases from this day on (ISO 8601).
    :type since: string, optional
    :param until: only releases up to this day.
    :type until: string, optional
    :param organization: only of this producer, by id or name.
    :type organization: string, optional
    :param urusan: only of this urusan, by code or label.
    :type urusan: string, optional
    :param prioritas: only Data Prioritas of this year, ``*`` for any.
    :type prioritas: string, optional
    :param kriteria: only of this ``kriteria_prioritas``.
    :type kriteria: string, optional
    :param status: ``terlambat``, ``terjadwal``, ``terbit``; several separated by commas.
    :type status: string, optional
    :param limit: at most so many, 0 to 1000 (default 100).
    :type limit: int, optional
    :param offset: skip so many (default 0).
    :type offset: int, optional
    :returns: ``count`` (all that match), ``counts`` (by status) and ``results`` by day: a list of
        ``uid`` (names an edition for ever), ``date``, ``status``, ``days_late``, ``period`` of
        the edition (``start``, ``end``; ``None`` where unknown) and ``dataset``: ``id``,
        ``name``, ``title``, ``url``, ``organization`` (``id``, ``name``, ``title``, or ``None``),
        ``frequency``, ``urusan``, ``prioritas_tahun``, ``kriteria_prioritas``, ``period``,
        ``modified``.
    :rtype: dictionary
    :raises ValidationError: a parameter is none of those there are or out of its bounds.
    """
    tk.check_access("satudata_jadwal_rilis_list", context, data_dict)
    wanted, (limit, offset) = asked.wanted(data_dict), asked.window(data_dict)
    today = asked.today()
    found = [*filter(wanted.takes_release, source.releases(today))]
    counts = Counter(each.standing for each in found)
    return {
        "count": len(found),
        "counts": {each.value: counts[each] for each in Standing},
        "results": [present.release(each, today) for each in found[offset: offset + limit]],
    }


@tk.side_effect_free
def satudata_data_prioritas_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return the public datasets fixed as Data Prioritas (Perpres 39/2019 art. 30-31, 36).

    :param prioritas: only of this year (default: any).
    :type prioritas: string, optional
    :param kriteria: only of this ``kriteria_prioritas``.
    :type kriteria: string, optional
    :param organization: only of this producer, by id or name.
    :type organization: string, optional
    :param urusan: only of this urusan, by code or label.
    :type urusan: string, optional
    :param status: ``terlambat`` (its next edition is late) or ``terbit``.
    :type status: string, optional
    :param limit: at most so many, 0 to 1000 (default 100).
    :type limit: int, optional
    :param offset: skip so many (default 0).
    :type offset: int, optional
    :returns: ``count`` (all that match), ``counts`` (by status) and ``results`` by title: datasets
        as in ``satudata_jadwal_rilis_list`` with ``status`` and ``next`` (the release to come:
        ``date``, ``status``, ``days_late``, ``period``; ``None`` where none was promised).
    :rtype: dictionary
    :raises ValidationError: a parameter is none of those there are or out of its bounds.
    """
    tk.check_access("satudata_data_prioritas_list", context, data_dict)
    wanted, (limit, offset) = asked.wanted(data_dict), asked.window(data_dict)
    today = asked.today()
    found = listed(source.datasets(source.PRIORITY), wanted, today)
    counts = Counter(each.standing for each in found)
    return {
        "count": len(found),
        "counts": {each.value: counts[each] for each in (Standing.LATE, Standing.DONE)},
        "results": [present.priority(each, today) for each in found[offset: offset + limit]],
    }
