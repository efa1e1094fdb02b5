"""A client that writes a whole dataset says which version it read."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

__all__ = ["check_version"]

#: The parameter, as in the actions of the workflow.
EXPECTED = "expected_version"

_SUBMISSIONS = sa.table(
    "satudata_submission", sa.column("content_id"), sa.column("version"), sa.column("number"),
    sa.column("created"), sa.column("id"))


def check_version(data: dict[str, Any], package_id: str | None) -> None:
    """Refuse a write that names another version than there is; take the name out of the data.

    ``package_update`` and ``resource_update`` replace all that is there, so a client that read
    before somebody else wrote would undo that. Under the lock of the version, as the caller holds.

    :raises ValidationError: 409 with ``conflict: version`` and the ``version`` there is now
    """
    asked = data.pop(EXPECTED, None)
    if asked is None or package_id is None:
        return
    if isinstance(asked, bool) or not str(asked).isdecimal() or len(str(asked)) > 9:
        raise tk.ValidationError({EXPECTED: [tk._(
            "Tulis nomor versi, seperti yang diberikan satudata_submission_show.")]})
    columns = _SUBMISSIONS.c
    now = model.Session.scalar(
        sa.select(columns.version).where(columns.content_id == package_id)
        .order_by(columns.number.desc(), columns.created.desc(), columns.id.desc()).limit(1))
    if now is not None and now != int(asked):
        message = tk._(
            "Dataset ini sudah diubah orang lain: versinya {now}, Anda membaca versi {asked}. "
            "Baca lagi, gabungkan perubahan Anda, lalu kirim dengan versi itu.").format(
                now=now, asked=int(asked))
        raise tk.ValidationError(
            {"conflict": "version", "version": now, "message": [message]},
            error_summary={tk._("Versi"): message})
