"""API actions of recaps from units."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.intake.links import may_make
from ckanext.satudata.recap import board, joining, schema, service, store
from ckanext.satudata.recap.model import Recap
from ckanext.satudata.shared import reading
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.family import subject_of

__all__ = [
    "satudata_recap_accept",
    "satudata_recap_close",
    "satudata_recap_create",
    "satudata_recap_list",
    "satudata_recap_merge",
    "satudata_recap_remind",
    "satudata_recap_show",
    "satudata_recap_update",
]

Data = dict[str, Any]


def satudata_recap_create(context: Any, data_dict: Data) -> Data:
    """Ask many units for data of one dataset: a link to hand in by for each of them.

    What they send waits; accepted, ``satudata_recap_merge`` makes one table of it. All links are
    made, or none.

    :param id: id or name of the dataset.
    :type id: string
    :param title: what is asked for, at most 200 characters.
    :type title: string
    :param unit_kind: what the units are, in the singular: puskesmas, sekolah, kecamatan, desa ...
    :type unit_kind: string
    :param units: at most 2,000, each with ``code`` (text), ``name``, and ``phone`` and ``email``
        where they are known.
    :type units: list of dictionaries, optional
    :param list: instead: the same as text, a line each (kode, nama, telepon, surel), parted by
        tab, semicolon, comma or bar.
    :type list: string, optional
    :param areas: instead: kecamatan or desa_kelurahan, all of this government.
    :type areas: string, optional
    :param due_at: the last day, within a year.
    :type due_at: string, optional
    :returns: as ``satudata_recap_show``.
    :rtype: dictionary
    :raises NotAuthorized: links for this data are not yours to make.
    :raises ValidationError: by field; of a list with the lines that are wrong.
    """
    tk.check_access("satudata_recap_create", context, data_dict)
    found = subject_of(schema.needed(data_dict))
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset tidak ditemukan."))
    row = service.create(
        found[0], schema.asked(data_dict), actor_of_context(context).id or None, context)
    return board.full(row, True)


@tk.side_effect_free
def satudata_recap_list(context: Any, data_dict: Data) -> list[Data]:
    """List the recaps of a dataset, newest first.

    :param id: id or name of the dataset, or of its working copy.
    :type id: string
    :returns: of each ``id``, ``package_id``, ``title``, ``unit_kind``, ``due_at`` and ``until``
        (its last day), ``created_by``, ``created_at``, ``closed_at``, ``merged_at``,
        ``intake_id`` (the setoran it became), ``total`` (units) and ``missing`` (that have not
        sent).
    :rtype: list of dictionaries
    :raises NotAuthorized: there is no such dataset, or it is not yours to know of.
    """
    tk.check_access("satudata_recap_list", context, data_dict)
    found = subject_of(schema.needed(data_dict))
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset tidak ditemukan."))
    return board.short(store.of_package(found[0]))


@tk.side_effect_free
def satudata_recap_show(context: Any, data_dict: Data) -> Data:
    """Show the board of a recap: where each unit stands; who has not sent comes first.

    :param id: id of the recap.
    :type id: string
    :returns: as one of ``satudata_recap_list``, with ``headline``, ``counts`` (belum, perbaiki,
        menunggu, dibaca, diterima), ``ready`` (can be accepted at once), ``new_since_merge``, and
        ``units``: ``code``, ``name``, ``stand`` and ``stand_label``, ``opened_at``,
        ``reminded_at``, ``ready``, ``sent`` (setoran, newest first); for who may make links also
        ``phone``, ``email``, ``url``, ``message`` (a reminder), ``wa_url``, ``mail_url``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not for you.
    """
    tk.check_access("satudata_recap_show", context, data_dict)
    row = store.find(schema.needed(data_dict))
    return board.full(row, _manages(context, row))


def satudata_recap_update(context: Any, data_dict: Data) -> Data:
    """Change title or last day of a recap, or ask further units. Who was asked stays asked.

    :param id: id of the recap.
    :type id: string
    :param title: at most 200 characters.
    :type title: string, optional
    :param due_at: the last day, within a year.
    :type due_at: string, optional
    :param units: further units, or ``list`` or ``areas``, as in ``satudata_recap_create``; those
        with a code that is there already change nothing.
    :type units: list of dictionaries, optional
    :returns: as ``satudata_recap_show``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not yours to change.
    :raises ValidationError: by field; 409, it is closed.
    """
    tk.check_access("satudata_recap_update", context, data_dict)
    row = service.update(schema.needed(data_dict), *schema.changes(data_dict),
                         actor_of_context(context).id or None, context)
    return board.full(row, True)


def satudata_recap_accept(context: Any, data_dict: Data) -> Data:
    """Accept what units sent: all that was read and nothing is in the way of, or of those named.

    :param id: id of the recap.
    :type id: string
    :param units: codes of units; what they sent is accepted also where something is to be mended.
    :type units: list of strings, optional
    :returns: as ``satudata_recap_show``, with ``accepted`` and ``refused`` (names of units).
    :rtype: dictionary
    :raises NotAuthorized: there is none, or its dataset is not yours to write.
    """
    tk.check_access("satudata_recap_accept", context, data_dict)
    row = store.find(schema.needed(data_dict))
    accepted, refused = service.accept(row, schema.codes(data_dict), context)
    return {**board.full(row, _manages(context, row)), "accepted": accepted, "refused": refused}


def satudata_recap_remind(context: Any, data_dict: Data) -> Data:
    """Remind units that have not sent: by mail where an address and a mail server are.

    :param id: id of the recap.
    :type id: string
    :param units: codes of units, also of those that must mend; all that have not sent, but those
        reminded within 12 hours, unless given.
    :type units: list of strings, optional
    :returns: ``mailed`` (how many), ``by_phone`` and ``by_hand``: units to write to yourself, as in
        ``satudata_recap_show``; ``wa_url`` opens WhatsApp with the message.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not yours to manage.
    :raises ValidationError: 409, it is closed.
    """
    tk.check_access("satudata_recap_remind", context, data_dict)
    row = store.find(schema.needed(data_dict))
    return service.remind(row, schema.codes(data_dict), actor_of_context(context).id or None)


def satudata_recap_merge(context: Any, data_dict: Data) -> Data:
    """Make one table of all accepted setoran and take it into the draft of the dataset.

    Each row knows its unit; units that sent nothing have no rows, never zeros. The next time, with
    further units, it takes the place of the file before. ``cakupan_pelaporan`` of the dataset says
    how many units of how many are in it.

    :param id: id of the recap.
    :type id: string
    :param dry_run: only tell what it would be.
    :type dry_run: boolean, optional
    :returns: ``headline``, ``rows``, ``columns`` (of the Table Schema), ``first`` (rows),
        ``received`` of ``total``, ``missing``, ``waiting`` (nobody accepted it yet), ``empty`` and
        ``unread`` (units), ``remarks`` (``code``, ``severity``, ``text``, ``how``, ``units``),
        ``stops`` (remarks that must be mended); and ``intake_id`` and ``content_id`` where it was
        done.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or its dataset is not yours to write.
    :raises ValidationError: nothing can be merged; 409, the version under way is being inspected,
        or somebody merges this recap now.
    """
    tk.check_access("satudata_recap_merge", context, data_dict)
    row = store.find(schema.needed(data_dict))
    try:
        dry = reading.flag(data_dict, "dry_run")
    except tk.Invalid as error:
        raise tk.ValidationError({"dry_run": [error.error]}) from None
    return joining.preview(row) if dry else joining.join(
        row, context, actor_of_context(context).id or None)


def satudata_recap_close(context: Any, data_dict: Data) -> Data:
    """Close a recap: its links open nothing any more; what came stays.

    :param id: id of the recap.
    :type id: string
    :returns: as ``satudata_recap_show``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not yours to manage.
    :raises ValidationError: 409, it is closed.
    """
    tk.check_access("satudata_recap_close", context, data_dict)
    row = service.close(
        schema.needed(data_dict), actor_of_context(context).id or None, context)
    return board.full(row, True)


def _manages(context: Any, row: Recap) -> bool:
    if context.get("ignore_auth"):
        return True
    found = subject_of(row.package_id)
    return found is not None and may_make(actor_of_context(context), found[1])
