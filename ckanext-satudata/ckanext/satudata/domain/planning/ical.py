"""The release schedule as a calendar people subscribe to: iCalendar (RFC 5545, RFC 7986).

Writing, folding and escaping are the library's. What is ours: nothing in the calendar depends on
the moment it is asked for, so that the same schedule is the same bytes.
"""
from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vDuration, vText, vUri

__all__ = ["About", "Entry", "calendar", "host_of"]

#: How often readers shall ask again.
_AGAIN = timedelta(hours=12)
#: Longest title or text that is written; programs cut or refuse longer ones.
_LONGEST = 10_000


@dataclass(frozen=True)
class About:
    """What the calendar says of itself.

    :ivar host: what makes UIDs unique in the world
    :ivar language: of names and texts, e.g. ``id``
    """

    name: str
    description: str
    address: str
    host: str
    language: str
    zone: str


@dataclass(frozen=True)
class Entry:
    """One all-day event.

    :ivar uid: names it for ever within this portal
    :ivar modified: when what it says last changed, aware
    :ivar late: the day has passed without what was promised
    """

    uid: str
    day: date
    summary: str
    description: str
    address: str
    categories: tuple[str, ...]
    modified: datetime
    late: bool = False


def calendar(about: About, entries: Iterable[Entry]) -> bytes:
    """Return the calendar, lines folded at 75 octets and ended by CRLF."""
    made: Any = Calendar()  # the library leaves the types of what is added open
    made.add("prodid", f"-//ckanext-satudata//Jadwal rilis {_line(about.host)}//ID")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", _line(about.name))
    made.add("x-wr-calname", vText(_line(about.name)))
    made.add("description", _line(about.description))
    made.add("x-wr-caldesc", vText(_line(about.description)))
    made.add("x-wr-timezone", about.zone)
    made.add("url", vUri(about.address))
    made.add("source", vUri(about.address), parameters={"value": "URI"})
    made.add("refresh-interval", vDuration(_AGAIN), parameters={"value": "DURATION"})
    made.add("x-published-ttl", vDuration(_AGAIN))
    for each in entries:
        made.add_component(_event(each, about))
    return made.to_ical()


def _event(entry: Entry, about: About) -> Any:
    event: Any = Event()
    event.add("uid", f"{_line(entry.uid)}@{about.host}")
    stamp = entry.modified.astimezone(timezone.utc).replace(microsecond=0)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", _line(entry.summary), parameters={"language": about.language})
    if entry.description:
        event.add("description", _text(entry.description))
    event.add("url", vUri(entry.address))
    categories = [_line(each) for each in entry.categories if _line(each)]
    if categories:
        event.add("categories", categories)
    event.add("transp", "TRANSPARENT")
    event.add("status", "TENTATIVE" if entry.late else "CONFIRMED")
    return event


def _line(given: str) -> str:
    """Return a text on one line, without what no calendar may hold."""
    return " ".join(_text(given).split())


def _text(given: str) -> str:
    kept = "".join(each for each in given[:_LONGEST]
                   if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cs"))
    return kept.strip()


def host_of(address: str) -> str:
    """Return the host of the portal, which makes its UIDs unique in the world."""
    return urlsplit(address).hostname or "localhost"
