"""The points a dataset has for its metadata."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.federation.quality.judging import is_public, judge
from ckanext.satudata.federation.quality.present import shown

__all__ = ["satudata_mqa_show"]

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
    identifier = tk.get_or_bust(data_dict, "id")
    if not isinstance(identifier, str) or len(identifier) > 200:
        raise tk.ValidationError({"id": [tk._("Isi dengan id atau nama dataset.")]})
    tk.check_access("satudata_mqa_show", context, {"id": identifier})
    record = tk.get_action("package_show")(context, {"id": identifier})
    if record.get("type") != "dataset":
        raise tk.ValidationError({"id": [tk._("Hanya dataset yang dinilai.")]})
    return {"id": record["id"], "name": record["name"], "title": record.get("title") or "",
            "public": is_public(record), **shown(record, judge(record))}
