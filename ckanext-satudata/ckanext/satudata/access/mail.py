"""Letters to people without an account. Each carries a personal link that is stored nowhere.

The link is made up as the letter is written, and only its digest is kept, on a connection of its
own: were it in the transaction of the message, a process that dies after sending would have sent a
link to nowhere. A link too many opens nothing more than the others.

The first letter goes to an address nobody has proven: nothing typed into the form stands in it, or
the form would mail a stranger's words to a stranger in the government's name.
"""
from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.plugins.toolkit import _

from ckanext.satudata.access import request_show, request_store
from ckanext.satudata.access.request_model import AccessRequest, AccessToken
from ckanext.satudata.access.requests import MAIL
from ckanext.satudata.access.words import day, day_of
from ckanext.satudata.domain.mail_text import one_line, plain
from ckanext.satudata.domain.requests import ANSWERED, OPEN, PROOF_DAYS, State
from ckanext.satudata.shared import mail, moment, outbox
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.language import default_language

__all__ = ["send_letter"]

#: In which states a letter about a step is still news.
_NEWS = {
    "ajukan": frozenset({State.MENUNGGU_BUKTI}),
    "buktikan": OPEN, "perpanjang": OPEN,
    "kabulkan": ANSWERED, "kabulkan_sebagian": ANSWERED, "tolak": ANSWERED,
    "izin_berakhir": ANSWERED, "cabut_izin": ANSWERED,
}


@outbox.handles(MAIL)
def send_letter(payload: dict[str, Any]) -> None:
    """Mail one step to whoever asked without an account.

    :raises Exception: as :func:`ckanext.satudata.shared.mail.deliver_to`
    """
    event = model.Session.get(Event, int(payload["event_id"]))
    row = request_store.find(str(event.data.get("request"))) if event is not None else None
    if event is None or row is None or row.user_id is not None or not row.email:
        return
    if row.status not in _NEWS.get(event.transition or "", ()) or not mail.is_set_up():
        return
    with default_language():
        letter = _letter(event, row, _minted(row.id))
        proven = row.received_at is not None
        mail.deliver_to(row.name if proven else "", row.email, f"{MAIL}:{event.id}", letter,
                        event.at)


def _minted(request_id: str) -> str:
    """Make up a personal link and keep its digest; 256 bits, which nobody guesses."""
    token = secrets.token_urlsafe(32)
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.insert(AccessToken).values(
            sha256=hashlib.sha256(token.encode()).hexdigest(), request_id=request_id,
            created_at=moment.now()))
    return token


def _letter(event: Event, row: AccessRequest, token: str) -> tuple[str, str, str]:
    """Return subject, text and HTML."""
    title = one_line(row.title, 150)
    headline, lines, button = _WORDS[event.transition or ""](event, row, title)
    values = {
        "headline": headline, "lines": lines, "link_label": button,
        "number": row.number, "title": title,
        "details": _details(event, row) if event.transition in (
            "kabulkan", "kabulkan_sebagian", "tolak") else [],
        "note": plain(event.note, 2000) if event.transition in ("perpanjang", "cabut_izin") else "",
        "objection": request_show.objection(row) if row.status in ANSWERED and event.transition in (
            "kabulkan", "kabulkan_sebagian", "tolak") else "",
        "url": tk.url_for("satudata_access_requests.follow", token=token, qualified=True),
        "stranger": event.transition == "ajukan",
        "site_title": tk.config["ckan.site_title"],
    }
    return (headline, tk.render("satudata/emails/access.txt", values),
            tk.render("satudata/emails/access.html", values))


def _details(event: Event, row: AccessRequest) -> list[tuple[str, list[str]]]:
    """Return what an answer names, in the order of UU 14/2008 art. 22(7)."""
    given = row.answer
    opened = set(given.get("files") or [])
    found: list[tuple[str, list[str]]] = []
    if opened:
        found.append((_("Berkas yang dibuka"), [
            one_line(each["name"], 150) or _("Tanpa nama") for each in row.files
            if each["id"] in opened]))
        found.append((_("Dibuka sampai"), [_last(row)]))
    if given.get("conditions"):
        found.append((_("Syarat"), plain(given["conditions"], 2000).splitlines()))
    if given.get("grounds"):
        found.append((_("Dasar berkas yang tidak dibuka") if opened else _("Dasar penolakan"), [
            f"UU 14/2008. {request_show.ground_label(each)}" for each in given["grounds"]]))
    if given.get("reason"):
        found.append((_("Alasan"), plain(given["reason"], 2000).splitlines()))
    return found


def _last(row: AccessRequest) -> str:
    return day(dt.date.fromisoformat(row.answer["until"]))


_WORDS: dict[str, Any] = {
    "ajukan": lambda event, row, title: (
        _("Buktikan alamat surel Anda: permohonan {number}").format(number=row.number),
        [_("Seseorang meminta berkas data “{title}” dengan alamat surel ini.").format(title=title),
         _("Bila itu Anda, buka tautan di bawah dan tekan “Ini alamat saya” dalam {n} hari. Baru "
           "setelah itu permohonan sampai ke PPID.").format(n=PROOF_DAYS)],
        _("Buka permohonan")),
    "buktikan": lambda event, row, title: (
        _("Permohonan {number} diterima").format(number=row.number),
        [_("Permohonan Anda atas “{title}” sampai ke PPID. Jawabannya datang paling lambat {day}.")
         .format(title=title, day=day_of(row.due_at)),
         _("Simpan surel ini: tautan di bawah menunjukkan sampai di mana permohonan Anda.")],
        _("Ikuti permohonan")),
    "perpanjang": lambda event, row, title: (
        _("Waktu diperpanjang: permohonan {number}").format(number=row.number),
        [_("PPID memerlukan waktu lebih untuk menjawab permohonan Anda atas “{title}”. Jawabannya "
           "datang paling lambat {day} (UU 14/2008 pasal 22 ayat (8)).").format(
               title=title, day=day_of(row.due_at))],
        _("Ikuti permohonan")),
    "kabulkan": lambda event, row, title: (
        _("Dikabulkan: permohonan {number}").format(number=row.number),
        [_("PPID mengabulkan permohonan Anda atas “{title}”. Berkasnya dapat diunduh lewat tautan "
           "di bawah; jangan teruskan tautan itu kepada orang lain.").format(title=title)],
        _("Unduh berkas")),
    "kabulkan_sebagian": lambda event, row, title: (
        _("Dikabulkan sebagian: permohonan {number}").format(number=row.number),
        [_("PPID mengabulkan sebagian permohonan Anda atas “{title}”. Berkas yang dibuka dapat "
           "diunduh lewat tautan di bawah; jangan teruskan tautan itu kepada orang lain.").format(
               title=title)],
        _("Unduh berkas")),
    "tolak": lambda event, row, title: (
        _("Ditolak: permohonan {number}").format(number=row.number),
        [_("PPID menolak permohonan Anda atas “{title}”, dengan dasar dan alasan di bawah.").format(
            title=title)],
        _("Baca jawaban")),
    "izin_berakhir": lambda event, row, title: (
        _("Akses Anda segera berakhir: {title}").format(title=title),
        [_("Berkas “{title}” dapat Anda unduh sampai {day}. Bila masih perlu sesudahnya, ajukan "
           "permohonan baru.").format(title=title, day=_last(row))],
        _("Unduh berkas")),
    "cabut_izin": lambda event, row, title: (
        _("Akses Anda dicabut: {title}").format(title=title),
        [_("PPID mencabut akses Anda atas “{title}”. Berkasnya tidak dapat diunduh lagi.").format(
            title=title)],
        _("Baca keterangannya")),
}
