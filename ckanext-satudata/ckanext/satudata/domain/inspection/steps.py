"""The steps of tidying, each of which the officer can switch off. The order is that of the work."""
from __future__ import annotations

from dataclasses import dataclass

from ckanext.satudata.domain.inspection.notes import N_

__all__ = ["CONTINUE", "STEPS", "Step"]

#: Code of the step that puts published periods before new ones.
CONTINUE = "lanjut"


@dataclass(frozen=True)
class Step:
    """A step: its code in a recipe, its name, and what it does, for people."""

    code: str
    label: str
    help: str


STEPS: tuple[Step, ...] = (
    Step("judul", N_("Judul, catatan dan sumber dipindah ke metadata"),
         N_("Baris di atas dan di bawah tabel tidak ikut menjadi data.")),
    Step("kepala", N_("Kepala kolom digabung menjadi satu nama"),
         N_("Kepala beberapa baris dan sel gabungan menjadi satu nama per kolom.")),
    Step("satuan", N_("Satuan diambil dari kepala kolom"),
         N_("“Jumlah (ribu orang)” menjadi kolom jumlah dengan satuan ribu orang.")),
    Step("nomor", N_("Nomor urut dan baris nomor kolom dilewati"),
         N_("1, 2, 3 dan (1) (2) (3) hanya penanda cetak.")),
    Step("kosong", N_("Baris dan kolom kosong dilewati"),
         N_("Baris dan kolom tanpa isi tidak ikut menjadi data.")),
    Step("isi_turun", N_("Sel kosong di bawah sel gabungan diisi"),
         N_("Nama yang hanya tertulis di baris pertama kelompoknya berlaku untuk kelompok itu.")),
    Step("jumlah", N_("Baris dan kolom jumlah disimpan sebagai pemeriksa"),
         N_("Jumlah tidak ikut terbit; dipakai mencocokkan hasil penjumlahan.")),
    Step("tanda", N_("Tanda pada sel diberi arti"),
         N_("“-”, “…”, “NA” dan sejenisnya ditanyakan artinya per kolom.")),
    Step("angka", N_("Angka dibaca menurut penulisan Indonesia"),
         N_("1.234,5 menjadi seribu dua ratus tiga puluh empat koma lima.")),
    Step("tanggal", N_("Tanggal, bulan dan tahun dibaca"),
         N_("“Maret 2026” menjadi 2026-03, “16/10/2022” menjadi 2022-10-16.")),
    Step("kode", N_("Kode yang rusak diperbaiki"),
         N_("“32.0” menjadi 32, “32. 04. 05” menjadi 32.04.05.")),
    Step("panjang", N_("Tahun, bulan atau kelompok di kepala kolom menjadi baris"),
         N_("Satu baris satu angka, dengan kolom yang menyebut tahun atau kelompoknya.")),
    Step("wilayah", N_("Nama wilayah diberi kode wilayah"),
         N_("Kode Kemendagri dicari dari nama dan wilayah di atasnya.")),
    Step(CONTINUE, N_("Periode yang sudah terbit disertakan"),
         N_("Baris periode lama tetap ikut terbit di samping periode baru.")),
    Step("spasi", N_("Spasi berlebih dibuang"),
         N_("Spasi di tepi dan spasi ganda di dalam sel dirapikan.")),
)
