"""A small inspected file, as the reader, the tidying and the checks would leave it."""
from __future__ import annotations

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.notes import (
    Change,
    Choice,
    Finding,
    Message,
    Principle,
    Question,
    Severity,
)
from ckanext.satudata.domain.inspection.report import Inspected, Tally
from ckanext.satudata.domain.inspection.sheet import Column, Kind, RawFile, Sheet, Span
from ckanext.satudata.domain.inspection.table import Role, TidyColumn, TidyTable, TotalRow

EVIL = '=HYPERLINK("http://x","klik")<script>alert(1)</script>'
GRID = [
    ["REKAP KUNJUNGAN PUSKESMAS", "", "", ""],
    ["", "", "", ""],
    ["NO", "KECAMATAN", "KUNJUNGAN (orang)", "NIK PETUGAS"],
    ["(1)", "(2)", "(3)", "(4)"],
    ["1", "Kramatwatu", "50.36", "3604050101800003"],
    ["2", "Lb. Wangi", "-", "3604050202810011"],
    ["3", EVIL, "18019", "3604050303820002"],
    ["", "JUMLAH", "1165322", ""],
    ["Sumber: Dinas Kesehatan", "", "", ""],
]


def sheet(grid: list[list[str]], name: str = "Rekap", typed: bool = True) -> Sheet:
    columns: list[Column] = []
    for values in zip(*grid, strict=True):
        kinds, numbers = [], []
        for text in values:
            plain = text.replace(".", "", 1)
            number = typed and plain.isdigit() and len(text) < 12
            kinds.append(Kind.NUMBER if number else Kind.TEXT if text else Kind.EMPTY)
            numbers.append(float(text) if number else float("nan"))
        columns.append(Column(
            pa.chunked_array([pa.array(values, pa.string())]),
            np.array(kinds, np.uint8) if typed else None, np.array(numbers) if typed else None))
    return Sheet(name, columns, merged=[Span(0, 0, 0, 3)] if typed else [])


def raw_file(kind: str = "xlsx", name: str = "rekap.xlsx") -> RawFile:
    return RawFile(name, kind, [sheet(GRID), sheet([["kosong", "sekali"]], "Sheet2")])


def finding(severity: Severity, column: str | None, row: int | None, cell: str | None,
            value: str | None = None, code: str = "contoh", text: str = "Ada yang salah: {value}.",
            **more: object) -> Finding:
    return Finding(
        code, Principle.STANDAR_DATA, severity, Message(text, {"value": value or ""}),
        Message("Tulis yang benar."), sheet="Rekap", column=column, row=row, cell=cell, value=value,
        field_position={"kecamatan": 1, "kunjungan": 2, "nik_petugas": 3}.get(column or ""),
        **more)  # type: ignore[arg-type]


def table() -> TidyTable:
    return TidyTable(
        sheet="Rekap", title="Rekap kunjungan puskesmas", span=Span(2, 0, 7, 3),
        columns=[
            TidyColumn("kecamatan", "string", Role.WILAYAH, "Kecamatan", source_header="KECAMATAN"),
            TidyColumn("kunjungan", "integer", Role.UKURAN, "Kunjungan", unit="orang",
                       source_header="KUNJUNGAN (orang)"),
            TidyColumn("nik_petugas", "string", Role.KODE, "NIK", source_header="NIK PETUGAS"),
        ],
        data=pa.table({"kecamatan": ["Kramatwatu", "Lb. Wangi", EVIL],
                       "kunjungan": pa.array([50360, None, 18019], pa.int64()),
                       "nik_petugas": [row[3] for row in GRID[4:7]]}),
        rows=np.array([4, 5, 6]),
        cells={name: np.full(3, at) for name, at in
               (("kecamatan", 1), ("kunjungan", 2), ("nik_petugas", 3))},
        fingerprint="f00d", about={"judul": "REKAP KUNJUNGAN PUSKESMAS",
                                   "sumber": "Dinas Kesehatan"},
        totals={"kunjungan": [(TotalRow(7, "JUMLAH", np.array([4, 5, 6])), 1165322.0)]},
        changes=[Change("nomor", "A4:D4", Message("Baris nomor kolom dilewati."),
                        Message("(1) (2) (3) hanya penanda cetak.")),
                 Change("angka", "C5", Message("“50.36” dibaca 50.360."),
                        Message("Sama dengan jumlah L dan P."), certain=False)],
        questions=[Question("tanda:kunjungan:-", "tanda", "kunjungan", "C6", 1,
                            Message("Tanda “{sign}” di kolom kunjungan, artinya apa?",
                                    {"sign": "-"}),
                            [Choice("nol", Message("Tidak ada atau nol"), Message("Dibaca 0")),
                             Choice("tidak_tersedia", Message("Tidak tersedia"))])])


def inspected() -> Inspected:
    return Inspected(
        table(),
        findings=[
            finding(Severity.WAJIB, "nik_petugas", 1, "D5", "3604••••••••••••", "personal-data",
                    "Kolom berisi NIK."),
            finding(Severity.SEBAIKNYA, "kecamatan", 3, "B7", EVIL),
            finding(Severity.SARAN, None, None, None, text="Kolom tanpa satuan."),
        ],
        tallies=[
            Tally("personal-data", Principle.STANDAR_DATA, Severity.WAJIB, 3, 3),
            Tally("contoh", Principle.STANDAR_DATA, Severity.SEBAIKNYA, 1, 1),
            Tally("satuan", Principle.METADATA, Severity.SARAN, 1, 3),
            Tally("kode", Principle.KODE_REFERENSI, Severity.WAJIB, 0, 0),
        ],
        masked={"nik_petugas": "nik"})
