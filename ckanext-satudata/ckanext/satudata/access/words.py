"""Days in words, in the language of the request, or Indonesian where there is none."""
from __future__ import annotations

import datetime as dt

import ckan.plugins.toolkit as tk
from babel.dates import format_date
from flask import has_request_context

from ckanext.satudata import config
from ckanext.satudata.domain.workdays import local

__all__ = ["day", "day_of"]


def day(found: dt.date) -> str:
    """Write a day: 24 November 2026."""
    # Outside a request nothing is translated, so the words around this are Indonesian.
    language = str(tk.h.lang()) if has_request_context() else "id"
    return format_date(found, "d MMMM y", "en" if language.startswith("en") else "id")


def day_of(moment: dt.datetime | None) -> str:
    """Write the day here in which a moment lies; nothing for none."""
    return "" if moment is None else day(local(moment, config.zona_waktu()).date())
