"""How much may be asked: nobody's mailbox, nobody's desk and no counter is filled by a machine.

What somebody sent is in PostgreSQL anyway, so it is counted there. The address of a computer is
not: it is kept in Valkey as a keyed digest for an hour and nowhere else (UU 27/2022 art. 27). With
Valkey down the other limits hold.
"""
from __future__ import annotations

import datetime as dt

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.plugins.toolkit import _

from ckanext.satudata.access.request_model import AccessRequest
from ckanext.satudata.shared.computers import mark
from ckanext.satudata.shared.counting import counted

__all__ = [
    "PER_ACCOUNT", "PER_ADDRESS", "PER_COMPUTER", "PER_DATASET", "TooMany", "check_computer",
    "check_rows",
]

_DAY = dt.timedelta(days=1)
#: In 24 hours: of one account, to one e-mail address (each is a mail), for one dataset by people
#: without an account.
PER_ACCOUNT, PER_ADDRESS, PER_DATASET = 10, 3, 50
#: In an hour, from one computer, or from one office behind one connection.
PER_COMPUTER = 20
_HOUR = 3600


class TooMany(tk.ValidationError):
    """Too much was asked within a time; ``error_dict``: ``limit`` and ``message``."""

    def __init__(self, limit: str, message: str) -> None:
        super().__init__({"limit": limit, "message": [message]},
                         error_summary={_("Permohonan akses"): message})


def check_rows(package_id: str, user_id: str | None, email: str, now: dt.datetime) -> None:
    """Count what was asked in the last day; the caller holds the lock of the numbering.

    :raises TooMany: naming what is full and when to come back
    """
    if user_id:
        if _count(now, AccessRequest.user_id == user_id) >= PER_ACCOUNT:
            raise TooMany("akun", _(
                "Anda sudah mengajukan {n} permohonan dalam 24 jam terakhir. Lanjutkan besok.")
                .format(n=PER_ACCOUNT))
        return
    if _count(now, AccessRequest.user_id.is_(None),
              sa.func.lower(AccessRequest.email) == email.lower()) >= PER_ADDRESS:
        raise TooMany("surel", _(
            "Permohonan dengan alamat surel ini sudah mencapai batas hari ini. Periksa kotak "
            "surelnya, atau ajukan lagi besok."))
    if _count(now, AccessRequest.user_id.is_(None),
              AccessRequest.package_id == package_id) >= PER_DATASET:
        raise TooMany("dataset", _(
            "Permohonan atas data ini sedang terlalu banyak. Ajukan lagi besok, atau masuk dengan "
            "akun Anda."))


def check_computer() -> None:
    """Count one more request from this computer; nothing outside of a request of the web.

    :raises TooMany: it sent too many within the hour
    """
    digest = mark()
    if digest and counted(f"akses:{digest}", _HOUR)[0] > PER_COMPUTER:
        raise TooMany("komputer", _(
            "Terlalu banyak permohonan dari jaringan Anda dalam satu jam. Coba lagi nanti."))


def _count(now: dt.datetime, *conditions: sa.ColumnElement[bool]) -> int:
    return model.Session.scalar(
        sa.select(sa.func.count()).select_from(AccessRequest)
        .where(AccessRequest.created_at > now - _DAY, *conditions)) or 0
