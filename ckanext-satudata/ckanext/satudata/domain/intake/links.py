"""Tautan setor: who makes a link to hand in by, how long it lives, and what it lets through.

Whoever has the link hands in for one dataset and sees nothing else, so the link is the key. It is
kept nowhere: it is made again from the portal's secret and the link's id, and only its hash is
stored. A portal whose secret changed still knows a link that comes (by the hash), but can show it
to nobody again.
"""
from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import re
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import quote

from ckanext.satudata.domain import metadata_values as values
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.mail_text import one_line
from ckanext.satudata.domain.metadata_values import N_, InvalidValueError
from ckanext.satudata.domain.roles import Actor, Permission, Subject, may

__all__ = [
    "DEFAULT_DAYS",
    "DEFAULT_MEGABYTES",
    "FORGET_SENDERS",
    "LABELS",
    "MAX_DAYS",
    "MAX_FILES",
    "MEGABYTE",
    "REFUSALS",
    "STATE_LABELS",
    "Asked",
    "LinkState",
    "Refusal",
    "Standing",
    "end_of",
    "extended",
    "hash_of",
    "is_preview",
    "last_day",
    "mail_url",
    "may_make",
    "new_id",
    "new_receipt",
    "parse",
    "parse_days",
    "parse_sender",
    "phone",
    "refusal",
    "state_of",
    "token_of",
    "wa_url",
]

T = TypeVar("T")

#: A link lives so many days unless told otherwise, and no longer than that from any day on.
DEFAULT_DAYS, MAX_DAYS = 14, 90
#: How many files one link takes in its whole life, those thrown away too.
MAX_FILES = 50
MEGABYTE = 1_000_000
DEFAULT_MEGABYTES = 10
#: After that nobody needs to know any more who sent a file, or got a link (UU 27/2022 art. 16).
FORGET_SENDERS = dt.timedelta(days=180)
_MAX_LABEL = 120
_PURPOSE = b"satudata tautan setor\x00"
#: 256 bits in base64url, without its filling.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
#: Programs that look at a link before anybody does, to draw a preview.
_PREVIEW = re.compile(r"whatsapp|facebookexternalhit|telegrambot|twitterbot|slackbot|preview|bot\b",
                      re.IGNORECASE)


class LinkState(str, Enum):
    """Where a link stands."""

    BERLAKU = "berlaku"
    TERPAKAI = "terpakai"
    BERAKHIR = "berakhir"
    DICABUT = "dicabut"


STATE_LABELS: Mapping[LinkState, str] = MappingProxyType({
    LinkState.BERLAKU: N_("Berlaku"), LinkState.TERPAKAI: N_("Sudah dipakai"),
    LinkState.BERAKHIR: N_("Berakhir"), LinkState.DICABUT: N_("Dicabut"),
})


class Refusal(str, Enum):
    """Why a link lets nothing through."""

    TIDAK_DIKENAL = "tidak_dikenal"
    BERAKHIR = "berakhir"
    DICABUT = "dicabut"
    SUDAH_DIPAKAI = "sudah_dipakai"


REFUSALS: Mapping[Refusal, str] = MappingProxyType({
    Refusal.TIDAK_DIKENAL: N_("Tautan ini tidak dikenal."),
    Refusal.BERAKHIR: N_("Masa berlaku tautan ini sudah berakhir."),
    Refusal.DICABUT: N_("Tautan ini sudah dicabut."),
    Refusal.SUDAH_DIPAKAI: N_("Tautan ini sudah dipakai."),
})


@dataclass(frozen=True)
class Standing:
    """What decides where a link stands.

    :param expires_at: the moment after its last day
    :param received: how many files came by it, in its whole life
    :param kept: how many of them nobody threw away
    """

    expires_at: dt.datetime
    revoked: bool = False
    single: bool = False
    received: int = 0
    kept: int = 0


@dataclass(frozen=True)
class Asked:
    """What somebody asks of a new link.

    :param phone: digits with the country's code in front, as ``wa.me`` takes it
    """

    label: str
    expires_at: dt.datetime
    single: bool
    max_bytes: int
    phone: str
    email: str


LABELS: Mapping[str, str] = MappingProxyType({
    "label": N_("Untuk siapa"),
    "expires_at": N_("Berlaku sampai"),
    "days": N_("Berlaku berapa hari"),
    "single": N_("Satu berkas saja"),
    "max_mb": N_("Ukuran berkas paling besar"),
    "phone": N_("Nomor WhatsApp"),
    "email": N_("Surel"),
    "name": N_("Nama Anda"),
    "contact": N_("Nomor telepon"),
    "unit_code": N_("Kode unit"),
    "unit_name": N_("Nama unit"),
})


# ----------------------------------------------------------------------------------------- rules
def may_make(actor: Actor, subject: Subject) -> bool:
    """Tell whether somebody may make, show and take back links for this data.

    The walidata for all, its helper for the OPD they help, and whoever is admin of the OPD: a link
    lets people hand in whom nobody gave an account.
    """
    return may(actor, Permission.BUAT_TAUTAN, subject) or (
        bool(subject.organization) and subject.organization in actor.admin_of)


def state_of(link: Standing, now: dt.datetime) -> LinkState:
    """Tell where a link stands at a moment.

    One for a single file is used as long as nobody threw that file away: who is told to mend it
    sends it again by the same link.
    """
    if link.revoked:
        return LinkState.DICABUT
    if link.received >= MAX_FILES or (link.single and link.kept):
        return LinkState.TERPAKAI
    return LinkState.BERLAKU if now < link.expires_at else LinkState.BERAKHIR


def refusal(link: Standing, now: dt.datetime, mends: bool = False) -> Refusal | None:
    """Tell why a link takes no file now; ``None`` where it takes one.

    :param mends: the file takes the place of one that came by this link and still waits
    """
    if link.revoked:
        return Refusal.DICABUT
    if now >= link.expires_at:
        return Refusal.BERAKHIR
    if link.received >= MAX_FILES or (link.single and link.kept and not mends):
        return Refusal.SUDAH_DIPAKAI
    return None


def end_of(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Return the moment after a day ends in a zone."""
    return workdays.at(day + dt.timedelta(days=1), dt.time(), zone)


def last_day(moment: dt.datetime, zone: dt.tzinfo) -> dt.date:
    """Return the last day before a moment: what "berlaku sampai" names."""
    return workdays.local(moment - dt.timedelta(microseconds=1), zone).date()


def extended(
    expires_at: dt.datetime, days: int, now: dt.datetime, zone: dt.tzinfo
) -> dt.datetime:
    """Return the new end of a link: days more, from today on where it is over.

    :raises InvalidValueError: that is further off than a link may live
    """
    today = workdays.local(now, zone).date()
    found = max(last_day(expires_at, zone), today) + dt.timedelta(days=days)
    return end_of(_bounded(found, today), zone)


# ----------------------------------------------------------------------------------------- token
def new_id() -> str:
    """Return the id of a new link: 128 random bits, written as a UUID."""
    return str(uuid.UUID(bytes=secrets.token_bytes(16)))


def new_receipt() -> str:
    """Return what lets a sender see their own file again: 256 random bits."""
    return secrets.token_urlsafe(32)


def token_of(secret: str, identifier: str) -> str:
    """Return the token of a link: HMAC-SHA256 under the portal's secret, as base64url."""
    made = hmac.new(secret.encode(), _PURPOSE + identifier.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def hash_of(token: str) -> str:
    """Return the hash by which a token (or a receipt) is known; empty for what cannot be one."""
    return hashlib.sha256(token.encode()).hexdigest() if _TOKEN.fullmatch(token) else ""


# ----------------------------------------------------------------------------------------- input
def parse(
    data: Mapping[str, Any], now: dt.datetime, zone: dt.tzinfo, most: int
) -> tuple[Asked | None, dict[str, InvalidValueError]]:
    """Read a new link from a form or a call of the API.

    :param most: how large a file the storage takes, in bytes
    :returns: the link, or ``None`` and what is wrong, by field
    """
    errors: dict[str, InvalidValueError] = {}
    today = workdays.local(now, zone).date()

    def read(name: str, reader: Callable[[Any], T], otherwise: T) -> T:
        value = data.get(name)
        if value is None or value == "":
            return otherwise
        try:
            return reader(value)
        except InvalidValueError as error:
            errors[name] = error
            return otherwise

    label = read("label", _label, "")
    last = today + dt.timedelta(days=read("days", parse_days, DEFAULT_DAYS))
    last = read("expires_at", lambda value: _bounded(
        dt.date.fromisoformat(values.iso_date(value)), today), last)
    single = read("single", values.truth, False)
    size = read("max_mb", lambda value: _size(value, most),
                min(DEFAULT_MEGABYTES * MEGABYTE, most))
    number, email = read("phone", phone, ""), read("email", values.email, "")
    return (None, errors) if errors else (
        Asked(label, end_of(last, zone), single, size, number, email), {})


def parse_days(value: Any) -> int:
    """Return for how many days a link is made or extended.

    :raises InvalidValueError: none, or more than it may live
    """
    found = values.count(value)
    if not 1 <= found <= MAX_DAYS:
        raise InvalidValueError(
            N_("“{label}” harus 1 sampai {most} hari. Ganti angkanya."), most=MAX_DAYS)
    return found


def parse_sender(
    data: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, InvalidValueError]]:
    """Read name and phone number of a sender; both may stay empty."""
    found: dict[str, str] = {}
    errors: dict[str, InvalidValueError] = {}
    for name, reader in (("name", _label), ("contact", values.phone)):
        value = data.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        try:
            found[name] = reader(value)
        except InvalidValueError as error:
            errors[name] = error
    return found, errors


def phone(value: Any) -> str:
    """Return a phone number as ``wa.me`` takes it: ``0812-3456-7890`` is ``6281234567890``.

    :raises InvalidValueError: it is no number of a phone
    """
    written = values.phone(value)
    digits = re.sub(r"\D", "", written)
    if digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = "62" + digits[1:]
    elif digits.startswith("8") and not written.startswith("+"):
        digits = "62" + digits
    if digits.startswith("620"):
        digits = "62" + digits[3:]
    if not 9 <= len(digits) <= 15:
        raise InvalidValueError(N_(
            "Nomor “{value}” di “{label}” tidak lengkap. Tulis seperti 0812-3456-7890."),
            value=written)
    return digits


def _label(value: Any) -> str:
    return one_line(values.text(value, _MAX_LABEL), _MAX_LABEL)


def _bounded(last: dt.date, today: dt.date) -> dt.date:
    latest = today + dt.timedelta(days=MAX_DAYS)
    if not today <= last <= latest:
        raise InvalidValueError(N_(
            "“{label}” harus hari ini atau sesudahnya, paling lambat {latest}. Ganti tanggalnya."),
            latest=latest.strftime("%d-%m-%Y"))
    return last


def _size(value: Any, most: int) -> int:
    found = values.count(value, 10**6) * MEGABYTE
    if not MEGABYTE <= found <= max(most, MEGABYTE):
        raise InvalidValueError(N_(
            "“{label}” harus 1 sampai {most} MB; lebih besar tidak disimpan portal ini."),
            most=max(most // MEGABYTE, 1))
    return found


# ----------------------------------------------------------------------------------------- sending
def wa_url(number: str, message: str) -> str:
    """Return the address that opens WhatsApp with a message ready to send.

    :param number: as :func:`phone` gives it; without one WhatsApp asks whom to send it to
    """
    return f"https://wa.me/{number}?text={quote(message, safe='')}"


def mail_url(address: str, subject: str, message: str) -> str:
    """Return the address that opens a mail ready to send (RFC 6068)."""
    body = message.replace("\n", "\r\n")
    return (f"mailto:{quote(address, safe='@')}?subject={quote(subject, safe='')}"
            f"&body={quote(body, safe='')}")


def is_preview(agent: str) -> bool:
    """Tell whether a program looks, and not a person: a messenger draws its preview of a link."""
    return bool(_PREVIEW.search(agent[:500]))
