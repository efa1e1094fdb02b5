"""A Berita Acara as data: who met, over which data, with which result, on which basis.

The law asks that what fails inspection goes back to the produsen with the result
(Perpres 39/2019 art. 34, 35) and says nothing of paper; the document is how an office
shows that it happened. Its content is frozen when it is issued: from then on it is the
bytes of :func:`canonical`, and :func:`digest` of them is what both sides confirm.
"""
from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any, cast

__all__ = [
    "BASIS",
    "SCHEMA",
    "Attendee",
    "Confirmation",
    "Document",
    "Item",
    "Kind",
    "Note",
    "Party",
    "Result",
    "Severity",
    "canonical",
    "digest",
    "plain_text",
    "result_of",
]

#: Names the shape of the content, so that an old document can be read by newer code.
SCHEMA = "satudata-berita-acara/1"

#: The basis every Berita Acara names; the region's own rule is added by configuration.
BASIS = (
    "Peraturan Presiden Nomor 39 Tahun 2019 tentang Satu Data Indonesia, Pasal 34 dan Pasal 35",
)


class Kind(str, Enum):
    """What the document closes."""

    PEMERIKSAAN = "pemeriksaan"  # the inspection of one or a few datasets
    DESK = "desk"  # one sitting with an OPD over many datasets


class Result(str, Enum):
    """What became of one dataset."""

    DITERIMA = "diterima"
    DIPERBAIKI = "diperbaiki"
    BELUM = "belum"


class Severity(str, Enum):
    """How much a catatan weighs."""

    WAJIB = "wajib"
    SEBAIKNYA = "sebaiknya"
    SARAN = "saran"


#: State of the submission -> result. The document decides nothing: it records what the
#: workflow decided. What the Pembina Data returned is not the produsen's business before
#: the walidata conveys it (art. 35(4)), so it counts as undecided.
_RESULTS: Mapping[str, Result] = {
    "disetujui": Result.DITERIMA,
    "diperiksa_pembina": Result.DITERIMA,
    "terbit": Result.DITERIMA,
    "digantikan": Result.DITERIMA,
    "dikembalikan": Result.DIPERBAIKI,
}


def result_of(state: str) -> Result:
    """Return the result a submission in this state has in a Berita Acara."""
    return _RESULTS.get(state, Result.BELUM)


@dataclass(frozen=True)
class Party:
    """One of the two sides: the walidata or the OPD.

    :param id: id of its CKAN organization; empty for a walidata that has none
    """

    id: str
    name: str


@dataclass(frozen=True)
class Attendee:
    """Somebody who was there; an account on the portal is not needed."""

    name: str
    office: str = ""
    agency: str = ""


@dataclass(frozen=True)
class Note:
    """One catatan pemeriksaan as it stood when the document was issued."""

    severity: Severity
    message: str
    place: str = ""
    how: str = ""
    principle: str = ""


@dataclass(frozen=True)
class Item:
    """One dataset that was discussed.

    :param state: state of its submission in the workflow at that moment
    :param content_hash: of the version discussed, where the workflow knows it
    :param remark: the reason of a return that no catatan says
    """

    submission: str
    package: str
    title: str
    number: int
    state: str
    result: Result
    priority: bool = False
    content_hash: str = ""
    notes: tuple[Note, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class Document:
    """The content of a Berita Acara.

    :param number: empty until it is issued
    :param date: day of the meeting
    :param issued: day the number was given
    :param deadline: until when the OPD hands in again what is to mend
    :param zone: the time zone the days are meant in, one of ``domain.workdays.ZONES``
    :param replaces: number of the refused document this one stands for
    """

    kind: Kind
    government: str
    walidata: Party
    agency: Party
    place: str
    date: dt.date
    deadline: dt.date | None
    zone: str
    items: tuple[Item, ...]
    attendees: tuple[Attendee, ...] = ()
    notes: str = ""
    basis: tuple[str, ...] = BASIS
    prepared_by: str = ""
    number: str = ""
    sequence: int = 0
    issued: dt.date | None = None
    replaces: str = ""

    def having(self, result: Result) -> tuple[Item, ...]:
        """Return the items with this result, in the order they were listed."""
        return tuple(item for item in self.items if item.result is result)

    def to_dict(self) -> dict[str, Any]:
        """Return the content as plain JSON values, schema first."""
        return {"schema": SCHEMA, **_plain(asdict(self))}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Document:
        """Read a content back.

        :raises ValueError: it is of a schema this code does not know
        """
        if data.get("schema") != SCHEMA:
            raise ValueError(f"not a {SCHEMA}: {data.get('schema')!r}")
        return cls(
            kind=Kind(data["kind"]), government=data["government"],
            walidata=Party(**data["walidata"]), agency=Party(**data["agency"]),
            place=data["place"], date=dt.date.fromisoformat(data["date"]),
            deadline=_day(data["deadline"]), zone=data["zone"],
            items=tuple(_item(item) for item in data["items"]),
            attendees=tuple(Attendee(**each) for each in data["attendees"]),
            notes=data["notes"], basis=tuple(data["basis"]), prepared_by=data["prepared_by"],
            number=data["number"], sequence=data["sequence"], issued=_day(data["issued"]),
            replaces=data["replaces"],
        )


@dataclass(frozen=True)
class Confirmation:
    """That a person confirmed the content of this hash for one side.

    :param side: ``walidata`` or ``opd``
    :param at: when, with its zone
    """

    side: str
    user: str
    name: str
    office: str
    agency: str
    at: dt.datetime
    content_hash: str


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the one spelling of a content as bytes: keys sorted, no spaces, UTF-8.

    Whatever stored or sent the content in between (a jsonb column orders keys its own way),
    the same content has the same bytes. There are no floats in it, so no two ways to write
    a number; :meth:`Document.to_dict` has made the text plain.
    """
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of :func:`canonical`, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def plain_text(value: str) -> str:
    """Return text as a document can hold it: NFC, lines by ``\\n``, no control marks.

    Half a surrogate pair, which JSON can carry, has no UTF-8 and becomes U+FFFD.
    """
    text = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = unicodedata.normalize("NFC", "\n".join(text.splitlines()))
    return "".join(
        mark for mark in text.replace("\t", " ")
        if mark == "\n" or unicodedata.category(mark) not in {"Cc", "Cn", "Co"})


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, Mapping):
        pairs = cast("Mapping[str, Any]", value)
        return {key: _plain(each) for key, each in pairs.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in cast("Iterable[Any]", value)]
    return value.isoformat() if isinstance(value, dt.date) else value


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _item(data: Mapping[str, Any]) -> Item:
    rest = {key: value for key, value in data.items() if key not in {"result", "notes"}}
    return Item(**rest, result=Result(data["result"]),
                notes=tuple(_note(note) for note in data["notes"]))


def _note(data: Mapping[str, Any]) -> Note:
    rest = {key: value for key, value in data.items() if key != "severity"}
    return Note(**rest, severity=Severity(data["severity"]))
