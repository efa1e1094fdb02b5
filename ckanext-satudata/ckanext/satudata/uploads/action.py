"""API actions of uploads."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.uploads import store

__all__ = ["satudata_upload_claim"]


def satudata_upload_claim(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take a whole upload over, once; for code of the portal.

    Its bytes are nobody's if the caller's transaction does not refer to them before it commits.
    Commits nothing: where that transaction fails, the upload is there as before.

    :param id: of the upload.
    :type id: string
    :param owner: whose it must be: ``user:<id>`` or ``tautan:<id of the link>``.
    :type owner: string
    :returns: ``filename``, ``size`` in bytes, ``sha256`` of the stored bytes.
    :rtype: dictionary
    :raises NotAuthorized: called through the API.
    :raises ValidationError: by ``upload_id``: there is none of this owner (any more), it is not
        whole, or the storage does not take it.
    """
    tk.check_access("satudata_upload_claim", context, data_dict)
    if not context.get("ignore_auth"):  # CKAN asks no auth function of a sysadmin
        raise tk.NotAuthorized(tk._("Unggahan diambil oleh portal saat berkas dikirim."))
    identifier, owner = data_dict.get("id"), data_dict.get("owner")
    gone = tk.ValidationError({"upload_id": [tk._(
        "Unggahan ini tidak ada lagi: sudah dipakai, dibatalkan, atau lebih dari 7 hari. Unggah "
        "berkasnya lagi.")]})
    if not isinstance(identifier, str) or len(identifier) > 100 or "\x00" in identifier:
        raise gone
    try:
        row = store.held(identifier)
    except tk.ObjectNotFound:
        raise gone from None
    if row.owner != owner:
        raise gone
    if row.received != row.size:
        raise tk.ValidationError({"upload_id": [tk._(
            "Unggahan belum lengkap: {received} dari {size} tersimpan. Lanjutkan unggahannya, lalu "
            "kirim lagi.").format(received=tk.h.satudata_size(row.received) or "0 B",
                                  size=tk.h.satudata_size(row.size))]})
    taken = {"filename": row.filename, "size": row.size, "sha256": store.settle(row)}
    model.Session.delete(row)
    model.Session.flush()
    return taken
