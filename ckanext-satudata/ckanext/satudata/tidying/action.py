"""API actions that make clean tables of raw files, and raw files of clean tables."""
from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.shared import blobs, left_out
from ckanext.satudata.shared.asking import acting
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.family import lock_family
from ckanext.satudata.shared.raw_files import finish, raw_of
from ckanext.satudata.tidying import making, schema, store
from ckanext.satudata.tidying.following import public_of

__all__ = ["satudata_tidy_accept", "satudata_tidy_update"]

Data = dict[str, Any]


def satudata_tidy_accept(context: Any, data_dict: Data) -> Data:
    """Take a raw file into a draft as its clean tables, one file for each; for the portal's rooms.

    The file itself is taken where it holds no table. While it is not read, it waits in the draft
    and becomes its tables as soon as it is. It is an edit of whoever accepts it.

    :param content_id: id of the package that holds the draft.
    :type content_id: string
    :param sha256: of the bytes, which are stored; ``filename``: as handed in.
    :type sha256: string
    :param filename: name of the raw file.
    :type filename: string
    :param replaces: id of the file of the draft, or of the published one, whose place it takes.
    :type replaces: string, optional
    :param intake: as ``satudata_intake_show`` gives it.
    :type intake: dictionary, optional
    :returns: ``resources``: ids of the files of the draft it became.
    :rtype: dictionary
    :raises NotAuthorized: a client asked for it, or the data is not theirs to write.
    :raises ValidationError: 409; the version is not its producer's to write now.
    """
    tk.check_access("satudata_tidy_accept", context, data_dict)
    deferred = bool(context.get("defer_commit"))
    if not (deferred or context.get("ignore_auth")):  # who names a hash may read any file
        raise tk.NotAuthorized(tk._(
            "Tindakan ini hanya dijalankan oleh kode portal sendiri. Pakai "
            "satudata_intake_accept."))
    content_id = schema.text(data_dict, "content_id")
    sha256, filename = schema.sha256(data_dict), schema.text(data_dict, "filename")
    public = public_of(content_id)
    if public is None or not blobs.exists(sha256):
        raise tk.ObjectNotFound(tk._("Dataset tidak ditemukan."))
    with nullcontext() if deferred else unit_of_work():
        left_out.forget(content_id, sha256)
        draft = _held(public, content_id)
        made = making.put_in(draft, (sha256, filename), store.read_of(public, sha256),
                             schema.text(data_dict, "replaces", needed=False) or None)
        draft.write(acting(context))
    if not deferred:
        finish(content_id)
    return {"resources": made}


def satudata_tidy_update(context: Any, data_dict: Data) -> Data:
    """Choose what of a file of a draft is published: its clean tables, or the file as it came.

    :param resource_id: id of the file.
    :type resource_id: string
    :param tidy: its clean tables (true), or the raw file as it is (false), which everybody may
        read then.
    :type tidy: boolean
    :returns: ``resources``: ids of the files of the draft it is now.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not yours to write.
    :raises ValidationError: 409, the version is not its producer's to write now; else it is no
        uploaded file, or has no table.
    """
    tk.check_access("satudata_tidy_update", context, data_dict)
    identifier, tidy = schema.text(data_dict, "resource_id"), schema.flag(data_dict, "tidy")
    resource = model.Session.get(model.Resource, identifier)
    public = public_of(resource.package_id) if resource is not None else None
    if resource is None or public is None:
        raise tk.ObjectNotFound(tk._("Berkas tidak ditemukan."))
    content_id = resource.package_id
    with unit_of_work():
        draft = _held(public, content_id)
        shown = draft.find(identifier)
        if shown is None:
            raise tk.ObjectNotFound(tk._("Berkas tidak ditemukan."))
        raw = raw_of(shown)
        if tidy and raw is None:
            made = making.put_in(draft, _plain(shown), _tables_of(public, shown), identifier)
        elif raw is not None and not tidy:
            made = [making.put_back(draft, shown, raw)]
        else:
            made = [identifier]
        draft.write(acting(context))
    finish(content_id)
    return {"resources": made}


def _held(public: str, content_id: str) -> making.Draft:
    """Return a draft as it is now, nobody else writing it until the commit."""
    lock_family(public)
    model.Session.flush()
    model.Session.expire_all()  # what was looked at before the lock may be old
    return making.Draft(making.shown(content_id), making.published(public, content_id))


def _plain(shown: Data) -> tuple[str, str]:
    """Return hash and name of a file that somebody uploaded.

    :raises ValidationError: it is none
    """
    if shown.get("url_type") != "upload" or not shown.get("sha256"):
        raise tk.ValidationError({"resource_id": [tk._(
            "Hanya berkas yang diunggah ke portal yang bisa dijadikan tabel rapi.")]})
    return str(shown["sha256"]), making.filename_of(shown)


def _tables_of(public: str, shown: Data) -> store.Read | None:
    """Return how a file was read.

    :raises ValidationError: there is no table in it
    """
    read = store.read_of(public, str(shown["sha256"]))
    if read is not None and not read.tables:
        raise tk.ValidationError({"resource_id": [tk._(
            "Tidak ada tabel yang terbaca di berkas ini, jadi berkas aslinya yang dipakai.")]})
    return read


