"""What each transition asks of a person: words, fields, and how its form is read.

A transition without an entry asks nothing: its button acts. What is asked stands in a dialog of
the submission page and, without JavaScript, on a page of its own.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.workflow import WITH_PEMBINA, State
from ckanext.satudata.workflow.service import rules

__all__ = ["FORMS", "MAX_TYPED", "Form", "form_of", "message", "pembina_due", "read"]

#: Longest text taken from an input here; the actions judge what they get.
MAX_TYPED = 20_000


@dataclass(frozen=True)
class Form:
    """The form of a transition.

    :param explain: what will happen, said before it does
    :param fields: ``version``, ``note``, ``release``, ``inspector``, ``letter``
    :param note: label of the note; ``required`` says whether it must be filled
    """

    explain: str
    fields: tuple[str, ...] = ()
    note: str = N_("Pesan (boleh kosong)")
    required: bool = False
    danger: bool = False


FORMS: Mapping[tuple[str, str], Form] = MappingProxyType({
    ("ajukan", ""): Form(
        N_("Walidata memeriksa data ini menurut empat prinsip. Isinya tidak dapat diubah sampai "
           "pemeriksaan selesai."), ("letter", "note"),
        N_("Pesan untuk pemeriksa (boleh kosong)")),
    ("setujui", "prioritas"): Form(
        N_("Data ini dinyatakan memenuhi empat prinsip. Karena Data Prioritas, Pembina Data "
           "memeriksanya sekali lagi sebelum terbit."), ("note",)),
    ("setujui", "diperiksa_walidata"): Form(
        N_("Data ini dinyatakan memenuhi empat prinsip."), ("release", "note")),
    ("setujui", "diperiksa_pembina"): Form(
        N_("Data ini dinyatakan lolos pemeriksaan Pembina Data."), ("note",)),
    ("kembalikan", "diperiksa_walidata"): Form(
        N_("Catatan yang masih terbuka dikirim bersama pengembalian ini."), ("note",),
        N_("Alasan atau pesan untuk {instansi}")),
    ("kembalikan", "diperiksa_pembina"): Form(
        N_("Walidata menerima catatan Anda dan meneruskannya ke {instansi}."), ("note",),
        N_("Alasan atau pesan untuk Walidata")),
    ("kembalikan", "dikembalikan_pembina"): Form(
        N_("Hasil pemeriksaan Pembina Data disampaikan kepada {instansi}."), ("note",),
        N_("Pesan untuk {instansi} (boleh kosong)")),
    ("alihkan", ""): Form(
        N_("Petugas yang Anda pilih melanjutkan pemeriksaan. Catatan yang sudah ada tetap."),
        ("inspector", "note")),
    ("minta_periksa_ulang", ""): Form(
        N_("Pembina Data memeriksa sekali lagi; {instansi} ikut membaca alasannya."), ("note",),
        N_("Alasan"), required=True),
    ("terbitkan", ""): Form(
        N_("Begitu diterbitkan, data ini terlihat oleh semua orang."), ("note",)),
    ("jadwalkan", ""): Form(
        N_("Data terbit dengan sendirinya pada waktu itu."), ("release", "note")),
    ("batalkan_jadwal", ""): Form(
        N_("Data tetap disetujui, tetapi tidak lagi terbit dengan sendirinya. Terbitkan bila "
           "sudah waktunya."), ("note",)),
    ("batalkan_persetujuan", ""): Form(
        N_("Data kembali ke {instansi} untuk diperbaiki dan belum terbit."), ("note",),
        N_("Alasan"), required=True),
    ("tarik", ""): Form(
        N_("Data ini tidak lagi terlihat oleh publik. Portal lain yang mengambilnya ikut "
           "diberi tahu."), ("note",), N_("Alasan"), required=True, danger=True),
    ("tarik_darurat", ""): Form(
        N_("Halaman, berkas, tabel, dan semua versi data ini langsung hilang dari publik. "
           "Alasannya ditanya sesudahnya. Pakai bila data pribadi bocor."), danger=True),
    ("batalkan", ""): Form(
        N_("Versi ini berhenti di sini. Versi yang sudah terbit tetap seperti adanya."),
        ("note",), danger=True),
})

#: What is said when it is done.
_DONE: Mapping[tuple[str, str], str] = MappingProxyType({
    ("konfirmasi", ""): N_("Isian “{title}” Anda konfirmasi."),
    ("ajukan", ""): N_("“{title}” terkirim dan menunggu pemeriksaan. Anda dikabari hasilnya."),
    ("tarik_ajuan", ""): N_("“{title}” kembali menjadi draf Anda."),
    ("periksa", ""): N_("Anda memeriksa “{title}”."),
    ("setujui", "diperiksa_pembina"): N_("“{title}” lolos dan diteruskan ke Pembina Data."),
    ("setujui", ""): N_("“{title}” disetujui."),
    ("kembalikan", "dikembalikan"): N_("“{title}” dikembalikan ke {instansi}."),
    ("kembalikan", "dikembalikan_pembina"): N_("“{title}” dikembalikan ke Walidata."),
    ("alihkan", ""): N_("“{title}” diserahkan ke petugas lain."),
    ("minta_periksa_ulang", ""): N_("“{title}” diminta diperiksa ulang oleh Pembina Data."),
    ("terbitkan", ""): N_("“{title}” sudah terbit."),
    ("jadwalkan", ""): N_("“{title}” terbit sendiri {when}."),
    ("batalkan_jadwal", ""): N_("Jadwal rilis “{title}” dibatalkan."),
    ("batalkan_persetujuan", ""): N_("Persetujuan “{title}” dibatalkan."),
    ("tarik", ""): N_("“{title}” ditarik dari publik."),
    ("tarik_darurat", ""): N_("“{title}” ditarik dari publik."),
    ("revisi", ""): N_("Versi berikutnya dari “{title}” siap Anda ubah."),
    ("batalkan", ""): N_("Draf “{title}” dibatalkan."),
})


def form_of(name: str, state: str, pembina_due: bool = False) -> Form | None:
    """Return the form of a transition from a state; ``None`` where its button acts.

    :param pembina_due: the pembina inspects it too, so that the walidata sets no release yet
    """
    if pembina_due and (name, state) == ("setujui", "diperiksa_walidata"):
        return FORMS[name, "prioritas"]
    return FORMS.get((name, state)) or FORMS.get((name, ""))


def message(name: str, state: str, **values: str) -> str:
    """Say that a transition was done and where it led."""
    text = _DONE.get((name, state)) or _DONE.get((name, "")) or N_("“{title}” diproses.")
    return tk._(text).format(**values)


def read(posted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a transition's form holds, as ``satudata_submission_transition`` takes it."""
    typed = {key: str(posted.get(key) or "").replace("\x00", "").strip()[:MAX_TYPED]
             for key in ("note", "inspector", "release_day", "release_time", "letter_nomor",
                         "letter_tanggal", "expected_version")}
    values: dict[str, Any] = {"note": typed["note"]}
    number = typed["expected_version"]
    if number.isascii() and number.isdigit() and len(number) < 10:
        values["expected_version"] = int(number)
    if typed["inspector"]:
        values["inspector"] = typed["inspector"]
    if typed["release_day"]:
        clock = typed["release_time"]
        values["release_at"] = typed["release_day"] + (f"T{clock}" if clock else "")
    if "kind" in posted or "reason" in posted:  # of a version that follows another
        values |= {key: str(posted.get(key) or "").replace("\x00", "").strip()[:MAX_TYPED]
                   for key in ("kind", "reason")}
    letter = {key: typed[f"letter_{key}"] for key in ("nomor", "tanggal")
              if typed[f"letter_{key}"]}
    if letter:
        values["letter"] = letter
    return values


def pembina_due(shown: Mapping[str, Any]) -> bool:
    """Tell whether the pembina inspects this version too (Perpres 39/2019 art. 35)."""
    if "pembina_due" in shown:
        return bool(shown["pembina_due"])
    return bool(shown.get("at_pembina")) or State(shown["state"]) in WITH_PEMBINA or (
        bool(shown.get("prioritas")) and shown.get("jenis_data") in rules().pembina_for)
