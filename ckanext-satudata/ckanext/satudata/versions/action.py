"""API actions of versions: what was published when and why, and the dataset as it was then."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.versions import citation
from ckanext.satudata.versions import citing, reading, words
from ckanext.satudata.versions.schema import number as bounded
from ckanext.satudata.versions.schema import text
from ckanext.satudata.versions.show import content, describe_many

__all__ = ["satudata_citation_show", "satudata_version_list", "satudata_version_show"]

MAX_LISTED = 100


@tk.side_effect_free
def satudata_version_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the versions of a dataset, kegiatan or indikator that were published, newest first.

    One that was withdrawn is listed only for those who may read it while it is not public.

    :param id: id or name of the dataset.
    :type id: string
    :param limit: at most 100, 20 unless given.
    :type limit: integer, optional
    :param offset: how many to leave out.
    :type offset: integer, optional
    :returns: ``count`` and ``results``: ``number``, ``title``, ``kind`` (rilis_baru, perbaikan,
        perubahan_metadata) and ``kind_label``, ``reason``, ``published_at``, ``ended_at`` (when
        another took its place), ``replaced_by`` (its number), ``state`` (terbit, digantikan,
        ditarik), ``current``, ``changes`` against the version before (``fields`` by name,
        ``files`` added, removed, changed), ``files`` (``resource_id``, ``name``, ``filename``,
        ``format``, ``size`` in bytes, ``sha256``, ``restricted``, ``url``: stable; ``url`` and
        ``sha256`` are null where you may not open it), ``citation``, ``url`` of its page, and
        ``submission`` for those who may read it. Times are ISO 8601 in UTC.
    :rtype: dictionary
    :raises NotAuthorized: the dataset is not for you.
    """
    package = reading.dataset_of(context, text(data_dict, "id"))
    tk.check_access("satudata_version_list", context, {"id": package.id})
    limit = bounded(data_dict, "limit", 20, 0, MAX_LISTED)
    offset = bounded(data_dict, "offset", 0, 0, 1_000_000)
    found = reading.rows(context, package)
    return {"count": len(found), "results": describe_many(
        context, package, found[offset:offset + limit], found)}


@tk.side_effect_free
def satudata_version_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show a dataset as one of its versions said it.

    :param id: id or name of the dataset.
    :type id: string
    :param number: number of the version.
    :type number: integer
    :returns: as in ``satudata_version_list``, and ``content``: the dataset as ``package_show``
        gave it then, with the stable addresses of that version's files; addresses of files you
        may not open and names of records that are not public now are left out.
    :rtype: dictionary
    :raises ObjectNotFound: there is no such version, or it was withdrawn.
    :raises NotAuthorized: the dataset is not for you.
    """
    package = reading.dataset_of(context, text(data_dict, "id"))
    tk.check_access("satudata_version_show", context, {"id": package.id})
    number = bounded(data_dict, "number", None, 1, 2**31 - 1)
    family = reading.rows(context, package)
    row = reading.find(family, number)
    if row is None:
        raise tk.ObjectNotFound(tk._("Versi ini tidak ada, atau sudah ditarik."))
    shown = describe_many(context, package, [row], family)[0]
    return {**shown, "content": content(shown, row.version, reading.content_of(row.version))}


@tk.side_effect_free
def satudata_citation_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show how a dataset, kegiatan or indikator is cited: a version of it, or as it is now.

    Data whose versions are not kept, such as those of other portals, are cited by the day they
    last changed.

    :param id: id or name of the dataset.
    :type id: string
    :param number: number of the version; the one everybody sees now unless given.
    :type number: integer, optional
    :returns: ``text`` (a sentence in the language of the reader), ``bibtex``, ``ris`` and ``csl``
        (one item of CSL-JSON); ``key``, ``number`` (null where no versions are kept), ``released``
        (ISO 8601 day in the zone of the government) and ``url``. The formats name the day of
        reading, too.
    :rtype: dictionary
    :raises ObjectNotFound: there is no such version, or it was withdrawn.
    :raises NotAuthorized: the dataset is not for you.
    """
    package = reading.dataset_of(context, text(data_dict, "id"))
    tk.check_access("satudata_citation_show", context, {"id": package.id})
    number = bounded(data_dict, "number", 0, 1, 2**31 - 1)
    if number:
        row = reading.one(context, package, number)
        if row is None:
            raise tk.ObjectNotFound(tk._("Versi ini tidak ada, atau sudah ditarik."))
    else:
        row = next((each for each in reading.rows(context, package) if each.current), None)
    if row is not None:
        of = citing.cited(
            row.producer, row.title, package.name, row.number, row.version.published_at)
    else:
        owner = model.Group.get(package.owner_org) if package.owner_org else None
        of = citing.cited(
            owner.title or owner.name if owner is not None else "",
            package.title or package.name, package.name, None,
            words.moment(package.metadata_modified))
    read = replace(of, accessed=citing.today())
    return {
        "text": citing.sentence(of), "bibtex": citation.bibtex(read), "ris": citation.ris(read),
        "csl": citation.csl_item(read), "key": of.key, "number": of.number,
        "released": of.released.isoformat(), "url": of.url}
