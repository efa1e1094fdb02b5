"""What a link says when it is sent, and the words of its days."""
from __future__ import annotations

import datetime as dt

import ckan.model as model
import ckan.plugins.toolkit as tk
from babel.dates import format_date
from ckan.plugins.toolkit import _
from flask import has_request_context

from ckanext.satudata import config
from ckanext.satudata.domain.intake import links as law
from ckanext.satudata.domain.mail_text import one_line
from ckanext.satudata.links.model import UploadLink

__all__ = ["message", "organization_of", "subject", "title_of", "until"]


def until(link: UploadLink) -> str:
    """Return the last day of a link, ISO 8601."""
    return law.last_day(link.expires_at, config.zona_waktu()).isoformat()


def title_of(package_id: str) -> str:
    """Return the title of a dataset as one line."""
    package = model.Session.get(model.Package, package_id)
    return one_line((package.title or package.name) if package is not None else "", 200)


def organization_of(package_id: str) -> model.Group | None:
    """Return the organization that produces a dataset."""
    package = model.Session.get(model.Package, package_id)
    return model.Session.get(model.Group, package.owner_org) if (
        package is not None and package.owner_org) else None


def subject(title: str) -> str:
    """Return the subject of a mail that brings a link."""
    return _("Kirim data: {judul}").format(judul=title)


def message(label: str, title: str, organization: str, last: str, url: str) -> str:
    """Return the message that brings a link.

    :param last: its last day, ISO 8601
    """
    # Outside a request nothing is translated, so the words around this are Indonesian.
    english = has_request_context() and str(tk.h.lang()).startswith("en")
    day = format_date(dt.date.fromisoformat(last), "d MMMM y", "en" if english else "id")
    lines = [_("Yth. {nama},").format(nama=label)] if label else []
    lines.append(_(
        "Mohon kirim data “{judul}” ({instansi}) paling lambat {tanggal} lewat tautan ini. Tidak "
        "perlu akun, cukup dari HP:").format(
            judul=title, instansi=organization, tanggal=day) if organization else _(
        "Mohon kirim data “{judul}” paling lambat {tanggal} lewat tautan ini. Tidak perlu akun, "
        "cukup dari HP:").format(judul=title, tanggal=day))
    lines += [url, _("Tautan ini khusus untuk Anda. Jangan diteruskan.")]
    return "\n".join(lines)
