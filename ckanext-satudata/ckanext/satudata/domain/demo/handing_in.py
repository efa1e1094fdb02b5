"""What units and villages of the demo hand in: a recap under way, links, and a messy sheet.

Puskesmas are named after kecamatan, and where there are fewer, after desa. Every figure is
generated. What is wrong in a sheet is what is wrong in such sheets: more than 100 percent, a dash
that may mean nothing counted or nothing there.
"""
from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ckanext.satudata.domain.demo import masters
from ckanext.satudata.domain.demo.region import Region
from ckanext.satudata.domain.demo.tables import Table
from ckanext.satudata.domain.demo.writing import write

__all__ = ["LATE", "LINKS", "MESSY", "RECAP", "REMINDED", "SENT", "WAITING", "WRONG", "Link",
           "Messy", "Quarter", "Recap", "messy", "puskesmas", "quarter", "report",
           "village_report"]

#: How many puskesmas are asked, how many of them sent, and what of that waits or must be mended.
UNITS, SENT, WAITING = masters.PUSKESMAS, 25, 3
#: By the number of a unit (from 0): what is wrong in its report. They come last of those who sent.
WRONG: Mapping[int, str] = {23: "jkn", 24: "strip"}
#: Days ago that the reminder of some who have not sent went out.
REMINDED = (2, 3)
_MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
           "Oktober", "November", "Desember")
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Recap:
    """A recap from units.

    :ivar dataset: key of the dataset it is for; ``by`` makes it, ``accepts`` takes what came
    :ivar started: days ago; ``due``: days from now
    """

    dataset: str
    by: str
    accepts: str
    started: int
    due: int


@dataclass(frozen=True)
class Link:
    """A link to hand in by.

    :ivar who: what it is called, with ``{desa}`` and ``{kecamatan}``
    :ivar made: days ago, for ``days`` days; ``revoked``: days ago, 0 if it never was
    :ivar sender: who handed in by it, as they wrote it; empty if nobody did
    """

    dataset: str
    by: str
    who: str
    made: int
    days: int
    revoked: int = 0
    sender: str = ""


@dataclass(frozen=True)
class Messy:
    """A sheet made for printing that was handed in on the pages; what it asks is still open."""

    dataset: str
    by: str
    days: int


@dataclass(frozen=True)
class Quarter:
    """The last quarter that is over."""

    year: int
    number: int

    @property
    def title(self) -> str:
        """As a sentence names it."""
        return f"triwulan {_ROMAN[self.number - 1]} {self.year}"

    @property
    def months(self) -> Sequence[str]:
        """The names of its months."""
        return _MONTHS[3 * self.number - 3:3 * self.number]


RECAP = Recap("kunjungan-puskesmas", "walidata-pendukung", "produsen-dinas-kesehatan", 12, 6)
#: Days ago on which the report of a unit came, by its number; nobody has sent today.
LATE = tuple(10 - number // 4 for number in range(SENT))
#: The one in force comes first.
LINKS = (
    Link("dana-desa", "walidata", "Petugas data Desa {desa} (contoh)", 4, 30,
         sender="Ibu Contoh, kaur perencanaan Desa {desa}"),
    Link("dana-desa", "walidata", "Petugas data Kecamatan {kecamatan} (contoh)", 30, 7),
    Link("produksi-padi", "walidata-2", "Penyuluh Kecamatan {kecamatan} (contoh)", 20, 60,
         revoked=15),
)
MESSY = Messy("sekolah", "produsen-dinas-pendidikan-kebudayaan", 1)


def quarter(now: dt.date) -> Quarter:
    """Return the last quarter that is over."""
    number = (now.month - 1) // 3
    return Quarter(now.year, number) if number else Quarter(now.year - 1, 4)


def puskesmas(region: Region) -> list[dict[str, str]]:
    """Return the units of the recap as ``satudata_recap_create`` takes them."""
    return [{"code": code, "name": name} for code, name, _area in masters.puskesmas(region)]


def report(number: int, region: Region, asked: Quarter) -> bytes:
    """Return what a puskesmas sends: a small table of the months.

    :param number: of the unit, from 0
    """
    rows = ["Bulan;Kunjungan rawat jalan;Kunjungan peserta JKN;Persentase peserta JKN"]
    figures = random.Random(f"{region.code}:{number}:{asked}")
    for at, month in enumerate(asked.months):
        visits = figures.randint(900, 3_900)
        insured = round(visits * figures.uniform(0.55, 0.85))
        if at == 1 and WRONG.get(number) == "jkn":
            insured = visits + 214
        told = "-" if at == 2 and WRONG.get(number) == "strip" else str(insured)
        share = f"{100 * insured / visits:.1f}".replace(".", ",")
        rows.append(f"{month};{visits};{told};{share}")
    return ("\n".join(rows) + "\n").encode()


def village_report(region: Region, desa: str, now: dt.date) -> bytes:
    """Return what a village sends by its link, with a title above it and a sum below."""
    figures = random.Random(f"{region.code}:{desa}")
    fields = ("Penyelenggaraan pemerintahan desa", "Pelaksanaan pembangunan desa",
              "Pembinaan kemasyarakatan", "Pemberdayaan masyarakat")
    rows = [(each, figures.randint(40, 380) * 1_000_000) for each in fields]
    done = [(each, planned, round(planned * figures.uniform(0.5, 0.95), -3))
            for each, planned in rows]
    lines = [f"DANA DESA {desa.upper()} TAHUN {now.year} (DATA CONTOH)", "",
             "Bidang;Anggaran (Rp);Realisasi (Rp)",
             *(f"{each};{planned};{spent:.0f}" for each, planned, spent in done),
             f"Jumlah;{sum(row[1] for row in done)};{sum(row[2] for row in done):.0f}"]
    return ("\n".join(lines) + "\n").encode()


def messy(region: Region, now: dt.date) -> bytes:
    """Return a workbook as it is made for printing: titles, numbering, a dash, a sum, a source."""
    figures = random.Random(f"{region.code}:sekolah")
    rows: list[list[str | int | float]] = [
        [f"MENURUT KECAMATAN DAN JENJANG TAHUN {now.year}"], [],
        ["No", "Kecamatan", "PAUD", "SD/MI", "SMP/MTs", "SMA/SMK/MA"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"]]
    total = [0] * 4
    for number, area in enumerate(region.kecamatan, 1):
        counts = [figures.randint(12, 40), figures.randint(14, 36), figures.randint(4, 14),
                  figures.randint(2, 9)]
        dashed = number in (3, 11)
        if dashed:
            counts[3] = 0
        total = [a + b for a, b in zip(total, counts, strict=True)]
        rows.append([number, area.name, *counts[:3], "-" if dashed else counts[3]])
    rows.append(["JUMLAH", "", *total])
    rows.append([f"Sumber: Dinas Pendidikan {region.name} (data contoh)"])
    return write(Table([{"name": f"JUMLAH SEKOLAH DI {region.name.upper()}"}], rows), "xlsx")
