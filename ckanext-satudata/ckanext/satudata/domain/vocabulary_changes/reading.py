"""From bytes to rows: what somebody uploads or another portal gives, whatever its form.

One seam for all of them: bytes, what they are said to be, and where they came from. What is read is
not judged here (:mod:`.proposing` does), only bounded.
"""
from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ckanext.satudata.domain.inspection import child
from ckanext.satudata.domain.inspection.limits import MB
from ckanext.satudata.domain.inspection.notes import N_, RefusedFile
from ckanext.satudata.domain.vocabulary_changes import reading_csv, reading_json, reading_skos
from ckanext.satudata.domain.vocabulary_changes.given import Given
from ckanext.satudata.domain.vocabulary_changes.proposing import GivenRow

__all__ = ["MOST_BYTES", "Given", "form_of", "read", "read_safely"]

#: A full list of 20,000 codes as CSV has some 4 MB.
MOST_BYTES = 10 * MB
#: Triples cost more than lines.
_MOST_RDF = 6 * MB
_BOUNDS = child.Bounds(memory_bytes=1024 * MB, seconds=30, wall_seconds=40, answer_bytes=64 * MB)
_HERE = "ckanext.satudata.domain.vocabulary_changes.reading:in_child"

#: Forms by media type and by the end of a name.
_FORMS: Mapping[str, str] = {
    "text/csv": "csv", "application/csv": "csv", "text/tab-separated-values": "csv",
    "application/json": "json", "application/ld+json": "json-ld", "text/turtle": "turtle",
    "application/rdf+xml": "xml", "application/n-triples": "nt",
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".json": "json", ".jsonld": "json-ld",
    ".ttl": "turtle", ".rdf": "xml", ".xml": "xml", ".nt": "nt",
}


def form_of(content: bytes, media_type: str = "", address: str = "") -> str:
    """Return the form of bytes: csv, json, json-ld, turtle, xml or nt.

    Its media type counts, then the end of its name, then how it begins.

    :raises RefusedFile: it is none of them
    """
    name = address.partition("?")[0].lower()
    kind = media_type.partition(";")[0].strip().lower()
    form = _FORMS.get(kind) or next(
        (form for end, form in _FORMS.items() if end[0] == "." and name.endswith(end)), "")
    head = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:2] == b"PK" or head[:4] == b"\xd0\xcf\x11\xe0":
        raise RefusedFile("workbook", N_(
            "Ini buku kerja Excel. Di Excel pilih Simpan Sebagai, lalu CSV UTF-8."))
    if head[:9].lower() in (b"<!doctype", b"<html") or head[:5].lower() == b"<html":
        raise RefusedFile("page", N_(
            "Ini halaman web, bukan daftar kode. Unduh bentuk CSV, JSON atau RDF-nya."))
    if form:
        return form
    if head[:1] in (b"{", b"["):
        return "json"
    if head[:1] == b"<" and (b"<rdf:" in head or head[:5] == b"<?xml"):
        return "xml"
    if head[:7].lower() in (b"@prefix", b"prefix ") or head[:5].lower() == b"@base":
        return "turtle"
    return "csv"


def read(content: bytes, media_type: str = "", address: str = "") -> Given:
    """Return the rows of a file.

    :param address: its name, or where it was fetched
    :raises RefusedFile: it cannot be read, and how to mend it
    """
    if len(content) > MOST_BYTES:
        raise RefusedFile("too_large", N_(
            "Berkas ini {besar} MB, paling banyak {batas} MB. Satu berkas untuk satu daftar."),
            besar=-(-len(content) // MB), batas=MOST_BYTES // MB)
    if not content.strip():
        raise RefusedFile("empty", N_("Berkas ini kosong. Pilih berkas daftar kode."))
    form = form_of(content, media_type, address)
    if form == "csv":
        return reading_csv.read(content)
    if form == "json":
        return reading_json.read(content)
    if len(content) > _MOST_RDF:
        raise RefusedFile("too_large", N_(
            "Berkas ini {besar} MB, paling banyak {batas} MB. Satu berkas untuk satu daftar."),
            besar=-(-len(content) // MB), batas=_MOST_RDF // MB)
    return reading_skos.read(content, form)


def read_safely(content: bytes, media_type: str = "", address: str = "") -> Given:
    """Return :func:`read` of a stranger's file: in a child, bounded in memory and time.

    :raises RefusedFile: also when it takes too much
    """
    if len(content) > MOST_BYTES:
        return read(content)
    said: Any = child.run(_HERE, {
        "content": base64.b64encode(content).decode(), "media_type": media_type,
        "address": address}, _BOUNDS, ready=True)
    return Given([GivenRow(each["place"], each["values"], each["origin"])
                  for each in said.pop("rows")], **said)


def in_child(order: Mapping[str, Any]) -> dict[str, Any]:
    """Read in the child; see :func:`read_safely`."""
    return asdict(read(
        base64.b64decode(order["content"]), order["media_type"], order["address"]))
