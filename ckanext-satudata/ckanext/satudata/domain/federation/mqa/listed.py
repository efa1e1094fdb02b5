"""The lists the method looks things up in: file types, licences and access rights of the EU, IANA.

Facts with their sources in ``reference/SOURCE.md``. Which file types are free of an owner and
which a machine can read is a list of data.europa.eu of its own, not part of the EU's.
"""
from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rdflib import Literal
from rdflib.term import Node

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.lists import FORMATS
from ckanext.satudata.domain.federation.terms import EU

__all__ = ["file_type", "format_code", "is_access_right", "is_file_type", "is_free", "is_licence",
           "is_media_type", "is_readable"]

_TABLE = Path(vocabulary.__file__).parents[1] / "reference" / "mqa_daftar.csv"
_IANA = "iana.org/assignments/media-types/"


@dataclass(frozen=True)
class _Lists:
    file_types: frozenset[str]
    free: frozenset[str]
    readable: frozenset[str]
    licences: frozenset[str]
    licence_texts: frozenset[str]
    access_rights: frozenset[str]
    media_types: frozenset[str]


@cache
def _lists() -> _Lists:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    def codes(name: str, mark: str = "kode") -> frozenset[str]:
        return frozenset(row["kode"] for row in rows if row["daftar"] == name and row[mark])

    return _Lists(
        file_types=codes("file-type"), free=codes("file-type", "tidak_berpemilik"),
        readable=codes("file-type", "terbaca_mesin"), licences=codes("licence"),
        licence_texts=frozenset(
            _bare(each) for row in rows if row["daftar"] == "licence"
            for each in row["alamat"].split("|") if each),
        access_rights=codes("access-right"),
        media_types=frozenset(each.lower() for each in codes("media-type")),
    )


def _bare(address: str) -> str:
    """Return an address without what its owners change: scheme, ``www``, the last slash."""
    return address.partition("://")[2].removeprefix("www.").rstrip("/").lower()


def _code(node: Node, name: str) -> str:
    """Return the code of an entry of an EU list, empty for any other node."""
    start = f"{EU}{name}/"
    return str(node)[len(start):] if str(node).startswith(start) else ""


def is_file_type(node: Node) -> bool:
    """Tell whether a format is an entry of the EU list of file types."""
    return _code(node, "file-type") in _lists().file_types


def is_media_type(node: Node) -> bool:
    """Tell whether a media type is given by its address at IANA, and is registered there."""
    if isinstance(node, Literal):
        return False
    return _bare(str(node)).removeprefix(_IANA) in _lists().media_types


def is_licence(node: Node) -> bool:
    """Tell whether a licence is of the EU list, by its code or by the address of its text."""
    return (_code(node, "licence") in _lists().licences
            or (not isinstance(node, Literal) and _bare(str(node)) in _lists().licence_texts))


def is_access_right(node: Node) -> bool:
    """Tell whether an access right is an entry of the EU list."""
    return _code(node, "access-right") in _lists().access_rights


def file_type(said: str) -> str:
    """Return the EU code of a file type said in words or as a media type, empty if unknown."""
    known = FORMATS.get(said.strip().lower())
    if known is not None:
        return known.eu
    name = said.strip().lower().partition(_IANA)[2] or said.strip().lower()
    return _by_media_type().get(name) or (
        said.strip().upper() if said.strip().upper() in _lists().file_types else "")


@cache
def _by_media_type() -> dict[str, str]:
    return {each.media_type: each.eu for each in FORMATS.values() if each.media_type}


def is_free(code: str) -> bool:
    """Tell whether a file type (EU code) has no owner."""
    return code in _lists().free


def is_readable(code: str) -> bool:
    """Tell whether a machine can read a file type (EU code)."""
    return code in _lists().readable


def format_code(node: Node) -> str:
    """Return the EU code of a format that is an entry of the EU list, empty if it is none."""
    code = _code(node, "file-type")
    return code if code in _lists().file_types else ""
