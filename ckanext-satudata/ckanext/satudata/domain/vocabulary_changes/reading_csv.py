"""Reads a list of codes written as CSV: our own form, and what spreadsheets make of it.

Columns by name in any order; ``,`` ``;`` tab or ``|`` between them; UTF-8 with or without its mark,
UTF-16 with it, else the code page of Windows.
"""
from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping

from ckanext.satudata.domain.folding import fold
from ckanext.satudata.domain.inspection.notes import N_, RefusedFile
from ckanext.satudata.domain.vocabulary_changes.given import Given, bounded
from ckanext.satudata.domain.vocabulary_changes.proposing import GivenRow
from ckanext.satudata.domain.vocabulary_changes.rules import MOST_CODES

__all__ = ["read"]

_NAMES: Mapping[str, tuple[str, ...]] = {
    "kode": ("code", "id", "notation code", "kode referensi"),
    "label_id": ("label", "nama", "nama indonesia", "label indonesia", "uraian", "name", "nama id"),
    "label_en": ("nama inggris", "label inggris", "english", "nama en", "label english"),
    "keterangan": ("catatan", "note", "deskripsi", "definisi", "description", "definition"),
    "iri": ("padanan", "uri padanan", "exactmatch", "same as"),
    "induk": ("parent", "kode induk", "broader"),
    "berlaku_sejak": ("valid from", "mulai berlaku", "berlaku mulai", "tanggal mulai"),
    "berlaku_sampai": ("valid to", "berakhir", "tanggal akhir", "valid until"),
    "notasi": ("lambang", "notation", "simbol", "symbol"),
    "alias": ("tulisan lain", "aliases", "altlabel", "sinonim", "synonyms"),
    "pengganti": ("successor", "kode pengganti", "replaced by"),
}
_COLUMN = {name: column for column, names in _NAMES.items()
           for name in (column.replace("_", " "), *names)}
_MOST_COLUMNS = 100
_MOST_LINE = 100_000
_MOST_CELL = 20_000
#: UTF-8 that was read as a code page of Windows.
_MANGLED = re.compile("[ÂÃâ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def read(content: bytes) -> Given:
    """Return the rows of a CSV file.

    :raises RefusedFile: it has no column of codes, or no end
    """
    text = _decoded(content)
    separator, text = _separator(text)
    lines = _lines(text, separator)
    header = next((cells for _, cells in lines if any(each.strip() for each in cells)),
                  list[str]())
    columns = [_COLUMN.get(_header(each), "") for each in header[:_MOST_COLUMNS]]
    if "kode" not in columns:
        raise RefusedFile("no_code_column", N_(
            "Kolom “kode” tidak ditemukan. Baris pertama harus berisi nama kolom, misalnya "
            "kode,label_id,label_en. Yang terbaca: {kolom}."),
            kolom=", ".join(each.strip()[:30] or "…" for each in header[:8])[:200])
    twice = next((each for each in columns if each and columns.count(each) > 1), "")
    if twice:
        raise RefusedFile("column_twice", N_(
            "Kolom “{kolom}” ada dua kali. Hapus salah satunya."), kolom=twice)
    rows: list[GivenRow] = []
    for number, cells in lines:
        if any(each.strip() for each in cells):
            rows.append(GivenRow(number, {
                name: cell for name, cell in zip(columns, cells, strict=False) if name}))
            if len(rows) > MOST_CODES:
                break
    ignored = [each.strip()[:40] for each, name in zip(header, columns, strict=False)
               if not name and each.strip()]
    return Given(bounded(rows), "csv", ignored=ignored)


def _header(text: str) -> str:
    return fold(text.replace("_", " ").replace("-", " ").strip(" \ufeff\"'*:"))


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise _mixed(1) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise _mixed(line) from None
    if _MANGLED.search(text):
        raise _mixed(line)
    return text


def _mixed(line: int) -> RefusedFile:
    return RefusedFile("encoding", N_(
        "Huruf pada baris {baris} tidak terbaca: berkas ini bukan UTF-8, atau campuran. Di Excel "
        "pilih Simpan Sebagai, lalu CSV UTF-8."), baris=line)


def _separator(text: str) -> tuple[str, str]:
    """Return what stands between columns, and the text without a line that only says so."""
    first, _, rest = text.partition("\n")
    if re.fullmatch(r"sep=.\r?", first.strip("\ufeff")[:6]):
        return first.strip("\ufeff")[4], "\n" + rest
    head = next((line for line in text[:_MOST_LINE].splitlines() if line.strip()), "")
    found = max(",;\t|", key=head.count)
    return found, text


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the line each row begins on, and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        before = reader.line_num
        try:
            cells = next(reader)
            if max(map(len, cells), default=0) > _MOST_CELL:
                raise csv.Error
        except StopIteration:
            return
        except csv.Error:
            raise RefusedFile("broken_csv", N_(
                "Baris {baris} tidak selesai: periksa tanda kutip di baris itu."),
                baris=before + 1) from None
        yield before + 1, cells
