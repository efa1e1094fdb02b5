"""The points a dataset has for its metadata."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain import metadata_values as values
from ckanext.satudata.federation.quality.judging import is_public, judge
from ckanext.satudata.federation.quality.present import listed, shown
from ckanext.satudata.federation.quality.standing import standings
from ckanext.satudata.shared.language import default_language

__all__ = ["satudata_mqa_list", "satudata_mqa_show"]

Data = dict[str, Any]


@tk.side_effect_free
def satudata_mqa_show(context: Any, data_dict: Data) -> Data:
    """Judge the metadata of a dataset by the method of data.europa.eu (MQA, 405 points).

    Points of files count by the share of files that have them. A draft is judged as if it were
    published. Whether an address elsewhere answers is not asked; its points are ``unknown``.

    :param id: id or name of the dataset
    :type id: string
    :returns: ``total``, ``possible`` (405) and ``unknown`` points, ``rating`` (``excellent`` from
        351, ``good`` from 221, ``sufficient`` from 121, else ``bad``), ``best_file`` (points by
        the best file alone, as the software of data.europa.eu counts), ``dimensions``,
        ``metrics`` with why points are ``missed``, ``advice`` (most points first; ``kind`` is
        ``tambah``, ``batas`` for what rightly cannot be had, or ``tunggu``), ``faults`` against
        DCAT-AP
    :rtype: dictionary
    :raises ObjectNotFound: no such dataset
    :raises NotAuthorized: the dataset may not be read
    :raises ValidationError: it is no dataset, but a kegiatan or indikator
    """
    try:
        identifier = values.text(tk.get_or_bust(data_dict, "id"), 200)
    except values.InvalidValueError as error:
        raise tk.ValidationError({"id": [error.explain("id", tk._(error.message))]}) from None
    tk.check_access("satudata_mqa_show", context, {"id": identifier})
    with default_language():  # as harvesters read it: CKAN puts ours into addresses of files
        record = tk.get_action("package_show")({**context, "use_cache": False}, {"id": identifier})
    if record.get("type") != "dataset":
        raise tk.ValidationError({"id": [tk._("Hanya dataset yang dinilai.")]})
    return {"id": record["id"], "name": record["name"], "title": record.get("title") or "",
            "public": is_public(record), **shown(record, judge(record))}


@tk.side_effect_free
def satudata_mqa_list(context: Any, data_dict: Data) -> Data:
    """Return the points of all public datasets of this portal, by the OPD that makes them.

    Points are remembered until what harvesters read of a dataset changes. Where many are to be
    judged anew, an answer holds those that were ready in its time, and the next goes on.

    :returns: ``average`` (0 to 405, of those judged), ``best_file`` (the same by each dataset's
        best file alone), ``possible``, ``judged`` and ``waiting`` counts, ``unknown`` and
        ``barred`` (closed data rightly cannot have them) points on average, ``dimensions`` with
        their average, ``organizations`` (lowest average first) and ``lowest``, the twenty datasets
        to which most can be added
    :rtype: dictionary
    :raises NotAuthorized: the asker does not watch over all data
    """
    tk.check_access("satudata_mqa_list", context, {})
    return listed(standings())
