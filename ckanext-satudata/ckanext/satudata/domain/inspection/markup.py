"""Streams XML of strangers: no DOCTYPE, no entities, a bounded depth.

Threat: a kilobyte of nested entities is gigabytes of text (billion laughs), an external one reads
the server's own files. No spreadsheet needs either, so a DOCTYPE alone refuses the file.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.parsers import expat

from ckanext.satudata.domain.inspection.bounds import damaged
from ckanext.satudata.domain.inspection.notes import N_, RefusedFile

__all__ = ["Handler", "has_entities", "local", "parse", "refused_doctype"]

_DEPTH = 256


class Handler:
    """What is told of an XML document; names without prefix, attributes too."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Some text; it may come in several parts."""


def refused_doctype() -> RefusedFile:
    """The file defines entities of its own."""
    return RefusedFile("dtd", N_(
        "Berkas XML ini memuat definisi DOCTYPE dan tidak dibuka demi keamanan. Simpan ulang "
        "tabelnya sebagai XLSX atau CSV, lalu unggah lagi."))


def has_entities(head: bytes) -> bool:
    """Tell whether the first bytes of an XML document define entities."""
    head = head.replace(b"\0", b"").upper()
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def parse(pieces: Iterable[bytes], handler: Handler) -> None:
    """Feed a document to a handler.

    :raises RefusedFile: ``dtd``, ``damaged``, ``too_deep``
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEPTH:
            raise RefusedFile("too_deep", N_(
                "Isi berkas ini bersarang lebih dari {limit} tingkat, jadi bukan tabel. Simpan "
                "ulang tabelnya sebagai XLSX atau CSV."), limit=_DEPTH)
        handler.start(local(name), {local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(local(name))

    def doctype(*_: object) -> None:
        raise refused_doctype()

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged(error) from error
    except UnicodeError as error:
        raise damaged(error) from error
