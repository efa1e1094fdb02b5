"""Days, months and small numbers in the words of an Indonesian office.

A Berita Acara writes its day out in words, so that no digit can be added to it.
"""
from __future__ import annotations

import datetime as dt

from ckanext.satudata.domain.workdays import ZONES

__all__ = ["clock", "long_date", "month", "spell", "weekday"]

_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus",
           "September", "Oktober", "November", "Desember")
_UNITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan",
          "sepuluh", "sebelas")


def spell(number: int) -> str:
    """Write a whole number from 0 to 9999 in words ("dua ribu dua puluh enam").

    :raises ValueError: it is outside of that
    """
    if not 0 <= number <= 9999:
        raise ValueError(f"{number} is not between 0 and 9999")
    return _spell(number) or _UNITS[0]


def _spell(number: int) -> str:
    if number == 0:
        return ""
    if number < 12:
        return _UNITS[number]
    if number < 20:
        return f"{_UNITS[number - 10]} belas"
    for size, one, word in ((1000, "seribu", "ribu"), (100, "seratus", "ratus"), (10, "", "puluh")):
        if number >= size:
            many, rest = divmod(number, size)
            head = one if many == 1 else f"{_spell(many)} {word}"
            return f"{head} {_spell(rest)}".strip()
    raise AssertionError(number)


def weekday(day: dt.date) -> str:
    """Name the day of the week ("Selasa")."""
    return _DAYS[day.weekday()]


def long_date(day: dt.date) -> str:
    """Write a day as "17 November 2026"."""
    return f"{day.day} {month(day)} {day.year}"


def month(day: dt.date) -> str:
    """Name the month ("November")."""
    return _MONTHS[day.month - 1]


def clock(moment: dt.datetime, zone: str) -> str:
    """Write a moment as people of that zone read it ("21 November 2026 pukul 10.32 WIB").

    :param zone: one of :data:`ckanext.satudata.domain.workdays.ZONES`
    """
    local = moment.astimezone(ZONES[zone])
    return f"{long_date(local.date())} pukul {local:%H.%M} {local.tzname()}"
