"""A notice in words, in the language of whoever reads it now."""
from __future__ import annotations

import datetime as dt

import ckan.model as model
import ckan.plugins.toolkit as tk
from babel.dates import format_date
from flask import has_request_context

from ckanext.satudata import config
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.mail_text import one_line
from ckanext.satudata.domain.notices import Telling
from ckanext.satudata.notices.reading import Story

__all__ = [
    "day",
    "deadline",
    "headline",
    "moment",
    "organization_title",
    "sentence",
    "submission_url",
]


def headline(telling: Telling, story: Story) -> str:
    """Return the line of the list and subject of the mail."""
    return tk._(telling.headline).format(judul=_title(story))


def sentence(telling: Telling, story: Story) -> str:
    """Return what happened and what to do."""
    release = ""
    if story.release_at is not None:
        release = " " + tk._("Terbit dengan sendirinya {waktu}.").format(
            waktu=moment(story.release_at))
    return tk._(telling.text).format(
        judul=_title(story), instansi=organization_title(story.organization), rilis=release)


def deadline(story: Story) -> str:
    """Return until when it must be done ("24 November 2026"), or an empty string."""
    return "" if story.due_at is None else day(story.due_at)


def day(when: dt.datetime) -> str:
    """Return the local day of a moment ("24 November 2026")."""
    # Outside a request nothing is translated, so the words around this are Indonesian.
    language = tk.h.lang() if has_request_context() else "id"
    here = workdays.local(when, config.zona_waktu()).date()
    return format_date(here, "d MMMM y", "en" if str(language).startswith("en") else "id")


def moment(when: dt.datetime) -> str:
    """Return a moment as the installation's clock shows it ("1 Desember 2026, 08.00 WIB")."""
    here = workdays.local(when, config.zona_waktu())
    return f"{day(when)}, {here:%H.%M} {here.tzname()}"


def organization_title(identifier: str) -> str:
    """Return the name of an organization as people read it."""
    found = model.Group.get(identifier) if identifier else None
    return one_line(found.title or found.name, 200) if found is not None else tk._("instansinya")


def submission_url(identifier: str) -> str:
    """Return the absolute address of a submission's page."""
    return tk.h.url_for(f"/pengajuan/{identifier}", qualified=True)


def _title(story: Story) -> str:
    return one_line(story.title, 200) or tk._("Tanpa judul")
