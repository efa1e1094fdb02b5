"""What the wizard says: periods, days, and where a dataset stands for who sends it."""
from __future__ import annotations

import datetime as dt

import ckan.plugins.toolkit as tk

from ckanext.satudata import config
from ckanext.satudata.domain.inspection.notes import Message
from ckanext.satudata.domain.intake.due import Edition
from ckanext.satudata.domain.intake.periods import Period, named
from ckanext.satudata.domain.workdays import local
from ckanext.satudata.shared import moment

__all__ = ["clock", "due", "period", "said", "today"]


def today() -> dt.date:
    """Return the day it is where this government is."""
    return local(moment.now(), config.zona_waktu()).date()


def clock() -> str:
    """Return the time of day, as a note on what was just saved says it."""
    return f"{local(moment.now(), config.zona_waktu()):%H.%M}"


def said(message: Message) -> str:
    """Return a sentence in the reader's language; values that are msgids are translated too."""
    values = {name: tk._(value) if isinstance(value, str) and name in ("month", "until") else value
              for name, value in message.values.items()}
    return str(tk._(message.template)).format(**values)


def period(value: Period | None) -> str:
    """Return what people call a period, nothing where it is unknown."""
    return said(named(value)) if value is not None else ""


def due(edition: Edition | None, now: dt.date) -> str:
    """Say when an edition is due, and that it is an estimate where nobody promised it."""
    if edition is None or edition.due is None:
        return ""
    day = tk.h.satudata_date(edition.due.isoformat())
    if not edition.promised:
        return str(tk._("Biasanya sekitar {day}").format(day=day))
    late = edition.days_late(now)
    if late:
        return str(tk.ungettext(
            "Lewat {num} hari, dijanjikan {day}", "Lewat {num} hari, dijanjikan {day}",
            late).format(num=tk.h.satudata_number(late), day=day))
    return str(tk._("Dijanjikan {day}").format(day=day))
