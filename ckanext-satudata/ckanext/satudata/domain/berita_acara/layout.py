"""The words and tables of a Berita Acara, once for the page and once for the PDF.

The document speaks Indonesian whatever the reader's language: it is an act of an
Indonesian office. Page and PDF both draw these blocks, so they cannot say two things.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ckanext.satudata.domain.berita_acara import words
from ckanext.satudata.domain.berita_acara.document import (
    Confirmation,
    Document,
    Item,
    Kind,
    Note,
    Result,
    Severity,
)

__all__ = ["Cell", "Column", "Grid", "Head", "Heading", "Numbered", "Signature", "Text", "blocks",
           "head", "signatures"]

_TITLES = {
    Kind.PEMERIKSAAN: "Berita Acara Pemeriksaan Data",
    Kind.DESK: "Berita Acara Desk Data",
}
_DONE = {Kind.PEMERIKSAAN: "pemeriksaan data", Kind.DESK: "desk data"}
_SEVERITIES = {
    Severity.WAJIB: "Wajib diperbaiki",
    Severity.SEBAIKNYA: "Sebaiknya diperbaiki",
    Severity.SARAN: "Saran",
}
_STATES = {
    "draf": "Masih disusun produsen data",
    "diajukan": "Menunggu pemeriksaan",
    "diperiksa_walidata": "Sedang diperiksa walidata",
    "dikembalikan": "Dikembalikan kepada produsen data",
    "diperiksa_pembina": "Diterima walidata, diteruskan kepada Pembina Data",
    "dikembalikan_pembina": "Menunggu tindak lanjut walidata",
    "disetujui": "Disetujui",
    "terbit": "Disetujui dan terbit",
    "digantikan": "Pernah terbit, sudah ada versi berikutnya",
    "ditarik": "Ditarik dari portal",
    "dibatalkan": "Pengajuan dibatalkan",
}


@dataclass(frozen=True)
class Head:
    """Letterhead and title."""

    government: str
    walidata: str
    title: str
    number: str


@dataclass(frozen=True)
class Heading:
    """A section's heading."""

    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Numbered:
    """A numbered list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """A table cell: its text, below an emphasised first line where there is one."""

    text: str
    strong: str = ""


@dataclass(frozen=True)
class Column:
    """A table column.

    :param share: part of the table's width, in hundredths
    """

    title: str
    share: int


@dataclass(frozen=True)
class Grid:
    """A table."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Signature:
    """One side's place at the end.

    :param name: empty while this side has not confirmed
    :param pending: what stands there instead
    """

    side: str
    title: str
    agency: str
    name: str = ""
    office: str = ""
    at: str = ""
    pending: str = "Menunggu konfirmasi"


Block = Heading | Text | Numbered | Grid


def head(document: Document, refused: bool = False) -> Head:
    """Return the letterhead; the number reads "belum bernomor" in a draft.

    :param refused: the document is void, and says so wherever its number stands
    """
    number = f"Nomor {document.number}" if document.number else "Konsep, belum bernomor"
    return Head(document.government, document.walidata.name, _TITLES[document.kind],
                f"{number} (ditolak, tidak berlaku)" if refused else number)


def blocks(document: Document) -> tuple[Block, ...]:
    """Return the body from the opening sentence to the closing one, without signatures."""
    return (
        Text(_opening(document)),
        *_replaced(document),
        Heading("Dasar"),
        Numbered(document.basis),
        *_attendance(document),
        Heading("Hasil"),
        Text(_summary(document)),
        *_accepted(document),
        *_to_mend(document),
        *_undecided(document),
        *_notes(document),
        Heading("Penutup"),
        *(Text(text) for text in _closing(document)),
    )


def signatures(
    document: Document, confirmations: Sequence[Confirmation], refused: bool = False
) -> tuple[Signature, Signature]:
    """Return both sides' places, walidata first, with who confirmed and when."""
    by_side = {each.side: each for each in confirmations}
    pending = "Tidak dikonfirmasi" if refused else Signature.pending
    places = (
        Signature("walidata", "Pihak walidata", document.walidata.name, pending=pending),
        Signature("opd", "Pihak produsen data", document.agency.name, pending=pending),
    )
    first, second = (_signed(place, by_side.get(place.side), document) for place in places)
    return first, second


def _signed(place: Signature, given: Confirmation | None, document: Document) -> Signature:
    if given is None:
        return place
    return Signature(place.side, place.title, given.agency, given.name, given.office,
                     words.clock(given.at, document.zone))


def _opening(document: Document) -> str:
    day = document.date
    return (
        f"Pada hari {words.weekday(day)}, tanggal {words.spell(day.day)} bulan "
        f"{words.month(day)} tahun {words.spell(day.year)} ({words.long_date(day)}), bertempat di "
        f"{document.place}, telah dilaksanakan {_DONE[document.kind]} atas data yang dihasilkan "
        f"{document.agency.name} sebagai Produsen Data, oleh {document.walidata.name} sebagai "
        f"Walidata {document.government}."
    )


def _replaced(document: Document) -> tuple[Block, ...]:
    if not document.replaces:
        return ()
    return (Text(f"Berita Acara ini menggantikan Berita Acara nomor {document.replaces}, yang "
                 "ditolak salah satu pihak."),)


def _attendance(document: Document) -> tuple[Block, ...]:
    if not document.attendees:
        return ()
    rows = tuple(
        (Cell(str(order)), Cell(each.name), Cell(each.office or "-"), Cell(each.agency or "-"))
        for order, each in enumerate(document.attendees, 1))
    columns = (Column("No.", 7), Column("Nama", 33), Column("Jabatan", 28), Column("Instansi", 32))
    return Heading("Hadir"), Grid(columns, rows)


def _summary(document: Document) -> str:
    count = {result: len(document.having(result)) for result in Result}
    return (
        f"Dari {len(document.items)} data yang dibahas, {count[Result.DITERIMA]} diterima, "
        f"{count[Result.DIPERBAIKI]} perlu diperbaiki, dan {count[Result.BELUM]} belum diputuskan."
    )


def _letter(document: Document, result: Result) -> str:
    """Return the letter of a part: those that are there count from A, without a gap."""
    there = [each for each in (Result.DITERIMA, Result.DIPERBAIKI, Result.BELUM)
             if document.having(each)]
    return "ABC"[there.index(result)]


def _accepted(document: Document) -> tuple[Block, ...]:
    items = document.having(Result.DITERIMA)
    if not items:
        return ()
    rows = tuple((Cell(str(order)), _title(item), Cell(_STATES.get(item.state, item.state)))
                 for order, item in enumerate(items, 1))
    return Heading(f"{_letter(document, Result.DITERIMA)}. Diterima"), Grid(
        (Column("No.", 7), Column("Data", 58), Column("Keterangan", 35)), rows)


def _to_mend(document: Document) -> tuple[Block, ...]:
    items = document.having(Result.DIPERBAIKI)
    if not items:
        return ()
    deadline = words.long_date(document.deadline) if document.deadline else "-"
    rows: list[tuple[Cell, ...]] = []
    for order, item in enumerate(items, 1):
        first, *others = [_note(each) for each in item.notes] or [
            Cell(item.remark or "Alasan pengembalian tercatat di lini masa pengajuan.")]
        rows.append((Cell(str(order)), _title(item), first, Cell(deadline)))
        # A row a catatan: a dataset with forty of them still breaks over pages.
        rows.extend((Cell(""), Cell(""), each, Cell("")) for each in others)
    return Heading(f"{_letter(document, Result.DIPERBAIKI)}. Perlu diperbaiki"), Grid(
        (Column("No.", 7), Column("Data", 32), Column("Catatan pemeriksaan", 44),
         Column("Tenggat", 17)), tuple(rows))


def _undecided(document: Document) -> tuple[Block, ...]:
    items = document.having(Result.BELUM)
    if not items:
        return ()
    rows: list[tuple[Cell, ...]] = []
    for order, item in enumerate(items, 1):
        rows.append((Cell(str(order)), _title(item), Cell(_STATES.get(item.state, item.state))))
        rows.extend((Cell(""), Cell(""), _note(each)) for each in item.notes)
    return Heading(f"{_letter(document, Result.BELUM)}. Belum diputuskan"), Grid(
        (Column("No.", 7), Column("Data", 48), Column("Keterangan", 45)), tuple(rows))


def _notes(document: Document) -> tuple[Block, ...]:
    lines = [line.strip() for line in document.notes.split("\n") if line.strip()]
    return (Heading("Catatan lain"), *(Text(line) for line in lines)) if lines else ()


def _closing(document: Document) -> tuple[str, ...]:
    last = (
        "Demikian Berita Acara ini dibuat untuk dipergunakan sebagaimana mestinya. Kedua pihak "
        "mengonfirmasinya di portal Satu Data dengan akun masing-masing."
    )
    if not document.having(Result.DIPERBAIKI):
        return (last,)
    until = (f" paling lambat {words.weekday(document.deadline)}, "
             f"{words.long_date(document.deadline)}" if document.deadline else "")
    part = _letter(document, Result.DIPERBAIKI)
    return (f"{document.agency.name} memperbaiki data pada bagian {part} sesuai catatan "
            f"pemeriksaan dan mengirimnya kembali untuk diperiksa di portal{until}.", last)


def _title(item: Item) -> Cell:
    about = f"Versi {item.number}"
    return Cell(f"{about}, Data Prioritas" if item.priority else about, strong=item.title)


def _note(note: Note) -> Cell:
    parts = [f"{note.place}: {note.message}" if note.place else note.message]
    if note.how:
        parts.append(f"Perbaikan: {note.how}")
    return Cell("\n".join(parts), strong=_SEVERITIES[note.severity])
