"""Citations in the words of the reader and of this government."""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.plugins.toolkit as tk
from babel.dates import format_date
from flask import has_request_context
from markupsafe import Markup

from ckanext.satudata import config
from ckanext.satudata.domain.versions.citation import Cited
from ckanext.satudata.domain.workdays import local

__all__ = ["address", "cited", "day", "marked_up", "sentence", "today"]


def address(name: str, number: int, *more: str) -> str:
    """Return the full address of a version, without the language of whoever looks."""
    return "/".join((str(tk.h.url_for(
        "satudata_versions.show", id=name, number=number, qualified=True, locale="default")),
        *more))


def cited(
    producer: str, title: str, name: str, number: int | None, published_at: dt.datetime
) -> Cited:
    """Return what the citation of a version names.

    :param producer: title of the OPD as it was then
    :param name: name of the dataset, in the address
    :param number: None where no versions are kept; then the address is that of the dataset
    """
    government = config.nama_pemerintah()
    return Cited(
        producer=producer, region=government.removeprefix("Pemerintah ").strip() or government,
        title=title, number=number, portal=str(tk.config["ckan.site_title"]),
        released=local(published_at, config.zona_waktu()).date(),
        url=address(name, number) if number is not None else str(tk.h.url_for(
            "dataset.read", id=name, qualified=True, locale="default")),
        name=name, publisher=government)


def today() -> dt.date:
    """Return the day on which somebody reads, in the zone of the government."""
    return local(dt.datetime.now(dt.timezone.utc), config.zona_waktu()).date()


def sentence(of: Cited) -> str:
    """Return a citation as plain text."""
    return _pattern(of).format(**_values(of), title=of.title)


def marked_up(of: Cited) -> Markup:
    """Return a citation with its title in italics, as it is written on a page."""
    return Markup(_pattern(of).replace("{title}", "<i>{title}</i>")).format(
        **_values(of), title=of.title)


def day(value: dt.date) -> str:
    """Write a day in the reader's language: 3 November 2026."""
    # An action may be called by a command, outside any request.
    code = str((tk.h.lang() if has_request_context() else "") or tk.config["ckan.locale_default"])
    return format_date(value, "d MMMM y", locale="en" if code.startswith("en") else "id")


def _pattern(of: Cited) -> str:
    text = (
        tk._("{author} ({year}). {title}. {portal}. Diperbarui {day}. {url}")
        if of.number is None else
        tk._("{author} ({year}). {title}, versi {number}. {portal}. Terbit {day}. {url}"))
    if of.accessed:
        text += " " + tk._("(diakses {accessed})")
    return str(text)


def _values(of: Cited) -> dict[str, Any]:
    return {"author": of.author, "year": of.released.year, "number": of.number,
            "portal": of.portal, "day": day(of.released), "url": of.url,
            "accessed": day(of.accessed) if of.accessed else ""}
