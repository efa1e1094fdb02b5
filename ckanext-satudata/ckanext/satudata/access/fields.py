"""Reading what came in about access: every value is bounded, every refusal says how to mend it."""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata import config
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.access import LONGEST
from ckanext.satudata.shared.reading import MAX_NAME, collect, day, flag, number, text

__all__ = ["MAX_NAME", "MAX_REASON", "collect", "day", "first_day", "flag", "last_day",
           "last_moment", "number", "text", "until"]

MAX_REASON = 2000

def until(data: dict[str, Any], now: dt.datetime) -> dt.datetime:
    """Return the moment after the last day of a permission, which has to be named.

    :raises tk.Invalid: for none, one that is over, or one too far off.
    """
    found = day(data, "until")
    today = first_day(now)
    last = today + LONGEST
    if found is None:
        raise tk.Invalid(_("Tulis tanggal akhir izin; izin tanpa batas tidak diberikan."))
    if found < today:
        raise tk.Invalid(_(
            "Tanggal akhir {tanggal} sudah lewat. Pilih hari ini atau sesudahnya.").format(
                tanggal=found.isoformat()))
    if found > last:
        raise tk.Invalid(_(
            "Izin berlaku paling lama sampai {tanggal}. Pilih tanggal yang lebih awal; izin dapat "
            "diberikan lagi sesudahnya.").format(tanggal=last.isoformat()))
    return last_moment(found)


def last_moment(found: dt.date) -> dt.datetime:
    """Return the moment after a day ends here."""
    return workdays.at(found + dt.timedelta(days=1), dt.time(), config.zona_waktu())


def first_day(moment: dt.datetime) -> dt.date:
    """Return the day here in which a moment lies."""
    return workdays.local(moment, config.zona_waktu()).date()


def last_day(moment: dt.datetime) -> dt.date:
    """Return the last day here before a moment; an end is stored as the moment after."""
    return first_day(moment - dt.timedelta(microseconds=1))
