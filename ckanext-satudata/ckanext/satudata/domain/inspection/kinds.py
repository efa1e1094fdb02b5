"""What a file is, by its content and not by its name.

Ministries' applications export web pages and XML named ``.xls``, people save a log-in page as
``.csv``, and an ``.xls`` is often an ``.xlsx`` in truth.
"""
from __future__ import annotations

import re
from pathlib import Path

from ckanext.satudata.domain.inspection.bounds import Archive
from ckanext.satudata.domain.inspection.limits import Limits
from ckanext.satudata.domain.inspection.markup import has_entities, refused_doctype
from ckanext.satudata.domain.inspection.notes import N_, RefusedFile

__all__ = ["HEAD", "TEXT_KINDS", "kind_of", "utf16"]

HEAD = 64 * 1024
TEXT_KINDS = frozenset(["csv", "tsv", "txt"])

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_PACKED = N_("Berkas ini arsip, bukan tabel. Keluarkan tabel di dalamnya, lalu unggah tabelnya.")
_ARCHIVES = (b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ", b"(\xb5/\xfd")
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*(?:<\?xml[^>]*>\s*(?:<!--.*?-->\s*)*)?"
    rb"<(?:!doctype\s+html|html|head|meta|body|title|style|script|table|thead|tr|div|center|p|h\d|"
    rb"font|b|br|form|span|link|base)\b",
    re.IGNORECASE | re.DOTALL)
_SPREADSHEETML = b"urn:schemas-microsoft-com:office:spreadsheet"
_MULTIPART = re.compile(rb"\s*(?:MIME-Version:|Content-Type:\s*multipart)", re.IGNORECASE)


def kind_of(path: Path, name: str, limits: Limits) -> str:
    """Return what a file is: the name of a module of ``formats``.

    :raises RefusedFile: ``not_a_table`` for what holds no table, saying what it is
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if head.startswith(b"PK"):
        return _zip_kind(path, limits)
    if head.startswith(_OLE):
        return "xls"
    if head.startswith((b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")):
        raise _other(N_("Berkas ini buku kerja Excel versi lama (sebelum 1997), yang tidak dibaca. "
                        "Simpan ulang sebagai XLSX."))
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(_IMAGES) or head[8:12] == b"WEBP" or head[4:12] in (
            b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        return "image"
    if head.startswith(_ARCHIVES):
        raise _other(_PACKED)
    if head.startswith(b"{\\rtf"):
        raise _other(N_("Berkas ini dokumen RTF, yang tidak dibaca. Simpan ulang sebagai DOCX, "
                        "XLSX, atau CSV."))
    if head.startswith(b"ID;P"):
        raise _other(N_("Berkas ini SYLK, yang tidak dibaca. Simpan ulang sebagai XLSX."))
    if head.startswith((b"PAR1", b"ARROW1", b"SQLite format 3\0", b"\x7fELF", b"MZ")):
        raise _other(N_("Berkas ini program atau basis data, yang tidak dibaca. Ekspor tabelnya "
                        "sebagai CSV."))
    return text_kind(head, name)


def text_kind(head: bytes, name: str) -> str:
    """Return what a text is by its first bytes; by its name only where they say nothing.

    :raises RefusedFile: XML that is no spreadsheet, or defines entities
    """
    plain = head.removeprefix(b"\xef\xbb\xbf")
    if utf16(head):
        plain = plain[2:] if head[:2] in (b"\xff\xfe", b"\xfe\xff") else plain
        plain = plain.replace(b"\0", b"")
    start = plain.lstrip()
    if start.startswith(b"<"):
        if _SPREADSHEETML in plain:
            if has_entities(plain[:plain.index(_SPREADSHEETML)]):
                raise refused_doctype()
            return "xml"
        if _HTML.match(start):
            return "html"
        if has_entities(plain[:4096]):
            raise refused_doctype()
        if start.startswith((b"<?xml", b"<!--")):
            raise _other(N_("Berkas ini XML yang bukan lembar kerja. Simpan tabelnya sebagai XLSX "
                            "atau CSV."))
    if _MULTIPART.match(start) and b"multipart/" in start[:4096]:
        return "mhtml"
    suffix = Path(name.lower().removesuffix(".gz")).suffix.lstrip(".")
    if suffix in ("json", "geojson", "jsonl", "ndjson"):
        return "json"
    if suffix not in TEXT_KINDS and start.startswith((b"{", b"[{", b"[[")):
        return "json"
    if start.startswith((b"{", b"[")) and _looks_json(start):
        return "json"
    return suffix if suffix in TEXT_KINDS else "csv"


def utf16(head: bytes) -> str | None:
    """Return the encoding if every second byte of a text is mostly NUL.

    With a mark at its begin ``utf-16``; without one it is told by which half is empty.
    """
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(head) < 4 or b"\0" not in head[:200]:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.4 and even < half * 0.02:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.02:
        return "utf-16-be"
    return None


def _looks_json(start: bytes) -> bool:
    return bool(re.match(rb'(?:\{\s*"[^"]{0,200}"\s*:|\[\s*[\[{])', start))


def _zip_kind(path: Path, limits: Limits) -> str:
    archive = Archive(path, limits)
    if archive.find("xl/workbook.xml"):
        return "xlsx"
    if archive.find("xl/workbook.bin"):
        raise _other(N_("Berkas ini buku kerja biner (XLSB), yang tidak dibaca. Simpan ulang "
                        "sebagai XLSX."))
    if archive.find("word/document.xml"):
        return "docx"
    kind = archive.read("mimetype", 200).strip()
    if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    if kind.startswith(b"application/vnd.oasis.opendocument") or archive.find(
            "ppt/presentation.xml"):
        raise _other(N_("Berkas ini dokumen tanpa lembar kerja. Simpan tabelnya sebagai XLSX, ODS, "
                        "DOCX, atau CSV."))
    if archive.find("content.xml"):
        return "ods"
    raise _other(_PACKED)


def _other(template: str) -> RefusedFile:
    return RefusedFile("not_a_table", template)
