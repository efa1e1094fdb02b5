"""Whose an upload is: an account's that may write data here, or a link's."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.shared import moment
from ckanext.satudata.uploads import limits
from ckanext.satudata.uploads.model import Upload
from ckanext.satudata.uploads.protocol import Refused, spoken

__all__ = ["Owner", "is_theirs", "owner"]

_LINK = sa.table("satudata_upload_link", sa.column("id"), sa.column("expires_at"),
                 sa.column("revoked_at"))


@dataclass(frozen=True)
class Owner:
    """Who begins an upload.

    :param name: ``user:<id>``, or ``tautan:<id of the link>``
    :param largest: bytes of their largest file
    """

    name: str
    largest: int


def owner(metadata: Mapping[str, str]) -> Owner:
    """Return who begins an upload: the link it names, else the account.

    :raises Refused: 403; neither, or one that hands in nothing here
    """
    if token := metadata.get("tautan"):
        return _of_link(token)
    if not tk.current_user.is_authenticated:
        raise Refused(403, tk._(
            "Masuk dulu untuk mengunggah, atau buka tautan kirim data yang Anda terima."))
    try:
        tk.check_access("package_create", {"user": tk.current_user.name,
                                           "auth_user_obj": tk.current_user}, {})
    except tk.NotAuthorized:
        raise Refused(403, tk._("Akun Anda belum boleh mengirim data. Minta admin instansi Anda "
                                "menambahkan Anda sebagai editor.")) from None
    return Owner(f"user:{tk.current_user.id}", limits.largest())


def _of_link(token: str) -> Owner:
    try:
        link: dict[str, Any] = tk.get_action("satudata_upload_link_check")(
            {"ignore_auth": True}, {"token": token})
    except tk.ValidationError as error:  # asked too often
        wait = str(error.error_dict.get("retry_after") or 60)
        raise Refused(429, spoken(error), Retry_After=wait) from error
    except tk.NotAuthorized as error:
        raise Refused(403, error.message or tk._(
            "Tautan ini tidak berlaku. Minta tautan baru kepada pengirimnya.")) from error
    return Owner(f"tautan:{link['link_id']}", limits.largest(link["max_bytes"]))


def is_theirs(upload: Upload) -> bool:
    """Tell whether who asks may go on with an upload.

    Of a link whoever knows the address of the upload may, which nobody can guess, as long as the
    link stands: who hands in by one has no account.
    """
    kind, _colon, identifier = upload.owner.partition(":")
    if kind == "user":
        return tk.current_user.is_authenticated and tk.current_user.id == identifier
    return model.Session.scalar(
        sa.select(sa.func.count()).select_from(_LINK).where(
            _LINK.c.id == identifier, _LINK.c.revoked_at.is_(None),
            _LINK.c.expires_at > moment.now())) == 1
