"""What counts as use of data: who looked at a dataset's page, who took its files.

After the Code of Practice for Research Data Usage Metrics (Project COUNTER, release 1), which says
how repositories count so that figures can be compared: robots and prefetching are left out, what
one person asks for again within 30 seconds counts once, programs are kept apart from people. BPS
asks for such figures as evidence of access to data (EPSS, indicators 20401 to 20403).

Nothing is kept of who it was: a count is a day, what was used, the way it went, and a number.
"""
from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from counter_robots import (  # pyright: ignore[reportMissingTypeStubs]
    is_machine,  # pyright: ignore[reportUnknownVariableType]
    is_robot,  # pyright: ignore[reportUnknownVariableType]
)

__all__ = [
    "DOUBLE_CLICK", "HEADERS", "Asked", "Channel", "Counted", "Key", "LeftOut", "Measure", "Sum",
    "What", "judge", "last_months",
]

#: Within which the same of the same person counts once; each time anew (Code of Practice, 7).
DOUBLE_CLICK = dt.timedelta(seconds=30)
#: Headers of a request that are looked at, in lower case.
HEADERS = ("sec-purpose", "purpose", "x-purpose", "x-moz", "sec-fetch-dest", "sec-fetch-mode",
           "sec-fetch-site")
#: Bytes of a part below which it is a look at what a file is: players and link checkers do so.
_PROBE = 1024
#: Characters of a User-Agent that are looked at; longer ones are made to be a burden.
_LONGEST = 400


class Measure(str, Enum):
    """What is counted."""

    DILIHAT = "dilihat"  # the page of a dataset was looked at
    UNDUHAN = "unduhan"  # a file or rows of a table were taken


class Channel(str, Enum):
    """The way it was used."""

    PERAMBAN = "peramban"  # a person with a browser
    PROGRAM = "program"  # a script or an application that fetches the file by its address
    API = "api"  # rows asked of the datastore
    PANEN = "panen"  # another catalog that copies files: kept apart, in no sum


class What(str, Enum):
    """What a request was for."""

    HALAMAN = "halaman"
    BERKAS = "berkas"
    TAUTAN = "tautan"  # a file that lies elsewhere, to which the portal leads
    TABEL = "tabel"


class LeftOut(str, Enum):
    """Why a request does not count."""

    METHOD = "method"  # HEAD asks whether it is there
    STATUS = "status"  # refused, gone, or the reader has it already (304)
    PART = "part"  # the rest of a download that was counted when it began
    PREFETCH = "prefetch"  # nobody has asked for it yet
    PIECE = "piece"  # a page shows it: a preview, an image
    ROBOT = "robot"
    PROGRAM = "program"  # reads a page made for people


@dataclass(frozen=True)
class Asked:
    """A request and how it was answered, as far as the rule asks.

    :param headers: those of :data:`HEADERS` that came, names in lower case
    :param content_range: of the answer, where it is a part
    """

    what: What
    method: str = "GET"
    status: int = 200
    user_agent: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    content_range: str = ""


def judge(asked: Asked) -> Channel | LeftOut:
    """Say under which channel a request counts, or why it does not."""
    if asked.method != "GET" and not (asked.what is What.TABEL and asked.method == "POST"):
        return LeftOut.METHOD
    wrong = _answer(asked)
    if wrong is not None:
        return wrong
    purpose = " ".join(asked.headers.get(each, "") for each in HEADERS[:4]).lower()
    if "prefetch" in purpose or "prerender" in purpose or "preview" in purpose:
        return LeftOut.PREFETCH
    kind = _kind(asked.user_agent[:_LONGEST])
    if kind is None:
        return LeftOut.ROBOT
    if asked.what is What.HALAMAN:
        if kind is not Channel.PERAMBAN:
            return LeftOut.PROGRAM
        return LeftOut.PIECE if _within(asked.headers) is not None else kind
    within = _within(asked.headers)
    if within is LeftOut.PIECE:
        return within
    if kind is Channel.PANEN:
        return kind
    return Channel.API if asked.what is What.TABEL else within or kind


def _answer(asked: Asked) -> LeftOut | None:
    if asked.what is What.TAUTAN:
        return None if asked.status in (301, 302, 303, 307, 308) else LeftOut.STATUS
    if asked.status == 206 and asked.what is What.BERKAS:
        found = re.fullmatch(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19}|\*)", asked.content_range)
        if found is None:
            return LeftOut.PART
        first, last = int(found[1]), int(found[2])
        total = int(found[3]) if found[3] != "*" else _PROBE
        return None if first == 0 and last + 1 >= min(total, _PROBE) else LeftOut.PART
    return None if asked.status == 200 else LeftOut.STATUS


def _within(headers: Mapping[str, str]) -> Channel | LeftOut | None:
    """Say what it is where a page fetches something by itself; ``None`` where a person goes there.

    Browsers tell so since 2019 to 2023 (Fetch Metadata), over HTTPS; of others nothing is known.
    """
    destination = headers.get("sec-fetch-dest", "")
    if not destination or destination == "document" or headers.get("sec-fetch-mode") == "navigate":
        # A frame is opened by navigating, too; it is a page within a page.
        return LeftOut.PIECE if destination in ("iframe", "frame", "embed", "object") else None
    if destination == "empty" and headers.get("sec-fetch-site") == "cross-site":
        return Channel.PROGRAM  # somebody else's application draws from us
    return LeftOut.PIECE


#: Software of catalogs, which copies what another one lists.
_CATALOG = re.compile(
    r"\bckan(?!api)|udata|piveau|geonetwork|opendatasoft|socrata|harvest|satudata", re.IGNORECASE)
#: What says of itself that nobody reads along, though it is made with a library of programs.
_PLAIN_ROBOT = re.compile(r"bot\b|crawl|spider|check|monitor|uptime|scan", re.IGNORECASE)


@lru_cache(maxsize=1024)
def _kind(user_agent: str) -> Channel | None:
    """Return what fetches by its User-Agent; ``None`` for a robot, or what does not say.

    The lists are COUNTER's own, which call every library of programs a robot as well.
    """
    if not user_agent.strip():
        return None
    if _CATALOG.search(user_agent):
        return Channel.PANEN
    if is_machine(user_agent):
        return None if _PLAIN_ROBOT.search(user_agent) else Channel.PROGRAM
    if is_robot(user_agent):
        return None
    return Channel.PERAMBAN if user_agent.startswith(("Mozilla/", "Opera/")) else Channel.PROGRAM


@dataclass(frozen=True, order=True)
class Key:
    """What one number stands for.

    :param day: in the zone of the portal
    :param resource: id of the file; empty for the page of the dataset
    :param version: number of the published version that was used, 0 where there is none
    """

    day: dt.date
    package: str
    resource: str
    version: int
    measure: Measure
    channel: Channel

    def written(self) -> str:
        """Write it as one text."""
        return json.dumps([self.day.isoformat(), self.package, self.resource, self.version,
                           self.measure.value, self.channel.value], separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Key:
        """Read what was written.

        :raises ValueError: it is something else
        """
        found = json.loads(text)
        try:
            day, package, resource, version, measure, channel = found
            return cls(dt.date.fromisoformat(day), str(package), str(resource), int(version),
                       Measure(measure), Channel(channel))
        except TypeError as error:
            raise ValueError(text[:100]) from error


@dataclass(frozen=True)
class Counted:
    """A number of uses.

    :param month: first day of the month
    """

    month: dt.date
    resource: str
    version: int
    measure: Measure
    channel: Channel
    count: int


@dataclass
class Sum:
    """What people read: looked at, downloaded, asked by API; and copied by catalogs, apart.

    An application that asks a table every ten minutes would be most of all downloads, so
    requests of rows have a figure of their own.
    """

    views: int = 0
    downloads: int = 0
    queries: int = 0
    harvests: int = 0

    def add(self, measure: Measure, channel: Channel, count: int) -> None:
        """Add uses to the figure they belong to."""
        if channel is Channel.PANEN:
            self.harvests += count
        elif measure is Measure.DILIHAT:
            self.views += count
        elif channel is Channel.API:
            self.queries += count
        else:
            self.downloads += count

    def as_dict(self) -> dict[str, int]:
        """Return the figures by name."""
        return {"views": self.views, "downloads": self.downloads, "queries": self.queries,
                "harvests": self.harvests}


def last_months(today: dt.date, number: int) -> list[dt.date]:
    """Return the first days of the latest months, oldest first, this one among them."""
    at = today.year * 12 + today.month - 1
    return [dt.date(each // 12, each % 12 + 1, 1) for each in range(at - number + 1, at + 1)]
