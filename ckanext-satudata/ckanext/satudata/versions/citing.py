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

__all__ = ["address", "cited", "day", "marked_up", "sentence"]


def address(name: str, number: int, *more: str) -> str:
    """Return the full address of a version, without the language of whoever looks."""
    return "/".join((str(tk.h.url_for(
        "satudata_versions.show", id=name, number=number, qualified=True, locale="default")),
        *more))


def cited(
    producer: str, title: str, name: str, number: int, published_at: dt.datetime
) -> Cited:
    """Return what the citation of a version names.

    :param producer: title of the OPD as it was then
    :param name: name of the dataset, in the address
    """
    government = config.nama_pemerintah()
    return Cited(
        producer=producer, region=government.removeprefix("Pemerintah ").strip() or government,
        title=title, number=number, portal=str(tk.config["ckan.site_title"]),
        released=local(published_at, config.zona_waktu()).date(), url=address(name, number),
        name=name)


def sentence(of: Cited) -> str:
    """Return a citation as plain text."""
    return _pattern().format(**_values(of), title=of.title)


def marked_up(of: Cited) -> Markup:
    """Return a citation with its title in italics, as it is written on a page."""
    return Markup(_pattern().replace("{title}", "<i>{title}</i>")).format(
        **_values(of), title=of.title)


def day(value: dt.date) -> str:
    """Write a day in the reader's language: 3 November 2026."""
    # An action may be called by a command, outside any request.
    code = str((tk.h.lang() if has_request_context() else "") or tk.config["ckan.locale_default"])
    return format_date(value, "d MMMM y", locale="en" if code.startswith("en") else "id")


def _pattern() -> str:
    return tk._("{author} ({year}). {title}, versi {number}. {portal}. Terbit {day}. {url}")


def _values(of: Cited) -> dict[str, Any]:
    return {"author": of.author, "year": of.released.year, "number": of.number,
            "portal": of.portal, "day": day(of.released), "url": of.url}
