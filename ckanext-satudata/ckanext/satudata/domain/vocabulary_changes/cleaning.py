"""One row of a vocabulary, cleaned field by field; what cannot be kept is refused with its mending.

Blanks, zero-width signs and other marks of copying are mended in silence. What a spreadsheet would
run as a formula is refused: lists are made to be opened in spreadsheets.
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from ckanext.satudata.domain.inspection.notes import N_, Message
from ckanext.satudata.domain.vocabulary_changes.policy import RESERVED, SUFFIXES

__all__ = ["LONGEST", "MOST_ALIASES", "cleaned", "code_problem", "name_problem", "proposed_code",
           "word_for"]

_CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_NAME = re.compile(r"[a-z][a-z0-9_]{1,47}")
#: Characters of each field, at most.
LONGEST: Mapping[str, int] = {
    "kode": 64, "label_id": 200, "label_en": 200, "keterangan": 2000, "iri": 500, "induk": 64,
    "berlaku_sejak": 30, "berlaku_sampai": 30, "notasi": 40, "alias": 4000, "pengganti": 64,
}
MOST_ALIASES = 30
_ALIAS = 200
_YEARS = range(1900, 2201)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+Z?)?")
_WRITTEN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_IN_IRI = re.compile(r'[\s<>"{}|\\^`]')
_FORMULA = re.compile(r"[=@]|[+-](?=.*[(|!])")

_WORDS: Mapping[str, str] = {
    "kode": N_("Kode"), "label_id": N_("Nama Indonesia"), "label_en": N_("Nama Inggris"),
    "keterangan": N_("Keterangan"), "iri": N_("Padanan"), "induk": N_("Induk"),
    "berlaku_sejak": N_("Berlaku sejak"), "berlaku_sampai": N_("Berlaku sampai"),
    "notasi": N_("Lambang"), "alias": N_("Tulisan lain"), "pengganti": N_("Pengganti"),
}


def cleaned(field: str, text: str) -> tuple[str, Message | None]:
    """Return a field as it is kept, or what is wrong with it.

    Days come back as ISO 8601; a day may also be written 31/12/2026, as spreadsheets do here.
    """
    text = _plain(text)
    if any(unicodedata.category(char) in {"Cc", "Cs", "Cn", "Co"} for char in text):
        return "", Message(N_("Isi ini memuat karakter yang tidak tampak. Ketik ulang tanpa "
                              "menyalin."))
    if len(text) > LONGEST[field]:
        return "", Message(N_("Terlalu panjang: {panjang} karakter, paling banyak {batas}."), {
            "panjang": len(text), "batas": LONGEST[field]})
    if not text:
        return "", None
    if field != "alias" and _FORMULA.match(text):
        return "", Message(N_("“{isi}” akan dijalankan sebagai rumus saat daftar ini dibuka di "
                              "Excel. Hapus tanda di depannya."), {"isi": text[:40]})
    if field in ("berlaku_sejak", "berlaku_sampai"):
        return _day(text)
    if field == "iri":
        return _iri(text)
    if field == "alias":
        return _aliases(text)
    if field in ("induk", "pengganti") and not _CODE.fullmatch(text):
        return "", Message(N_("“{isi}” bukan kode. Tulis kodenya, bukan namanya."), {
            "isi": text[:40]})
    return text, None


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    text = " ".join(text.replace("\x00", "\x01").split())
    # Our own forms put it before what a spreadsheet would run.
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@") else text


def _day(text: str) -> tuple[str, Message | None]:
    iso, written = _ISO.fullmatch(text), _WRITTEN.fullmatch(text)
    parts = iso.groups() if iso else written.groups()[::-1] if written else None
    try:
        day = date(*map(int, parts)) if parts else None
    except ValueError:
        day = None
    if day is None:
        return "", Message(N_("“{isi}” bukan tanggal. Tulis seperti 2026-12-31."), {
            "isi": text[:20]})
    if day.year not in _YEARS:
        return "", Message(N_("Tahun {tahun} tidak wajar. Tulis tahun {awal} sampai {akhir}."), {
            "tahun": day.year, "awal": _YEARS.start, "akhir": _YEARS.stop - 1})
    return day.isoformat(), None


def _iri(text: str) -> tuple[str, Message | None]:
    try:
        parts = urlsplit(text)
        wrong = parts.scheme not in ("http", "https") or not parts.hostname
    except ValueError:
        wrong = True
    if wrong or _IN_IRI.search(text):
        return "", Message(N_("“{isi}” bukan alamat padanan. Tulis alamat lengkap yang diawali "
                              "http:// atau https://, tanpa spasi."), {"isi": text[:60]})
    return text, None


def _aliases(text: str) -> tuple[str, Message | None]:
    found = dict.fromkeys(each.strip() for each in text.split("|") if each.strip())
    if len(found) > MOST_ALIASES:
        return "", Message(N_("Terlalu banyak tulisan lain: {jumlah}, paling banyak {batas}."), {
            "jumlah": len(found), "batas": MOST_ALIASES})
    if any(len(each) > _ALIAS for each in found):
        return "", Message(N_("Terlalu panjang: {panjang} karakter, paling banyak {batas}."), {
            "panjang": max(map(len, found)), "batas": _ALIAS})
    run = next((each for each in found if _FORMULA.match(each)), None)
    if run is not None:
        return cleaned("notasi", run[:40])
    return "|".join(found), None


def code_problem(code: str) -> Message | None:
    """Return what is wrong with a new code, ``None`` for nothing."""
    if not code:
        return Message(N_("Kode kosong. Isi kodenya."))
    if not _CODE.fullmatch(code):
        near = proposed_code(code)
        if near and not code_problem(near):
            return Message(N_("“{isi}” tidak dapat menjadi kode. Pakai huruf kecil, angka, titik, "
                              "garis bawah atau tanda hubung, misalnya “{usul}”."), {
                                  "isi": code[:40], "usul": near})
        return Message(N_("“{isi}” tidak dapat menjadi kode. Pakai huruf kecil, angka, titik, "
                          "garis bawah atau tanda hubung, paling banyak 64."), {"isi": code[:40]})
    if code in RESERVED:
        return Message(N_("“{isi}” dipakai sebagai alamat halaman portal. Pilih kode lain."), {
            "isi": code})
    if code.endswith(SUFFIXES):
        return Message(N_("Kode tidak boleh berakhir “{akhir}”: akhiran itu meminta bentuk "
                          "berkas."), {"akhir": "." + code.rpartition(".")[2]})
    return None


def name_problem(name: str) -> Message | None:
    """Return what is wrong with the name of a new list, ``None`` for nothing."""
    if name in RESERVED:
        return Message(N_("“{isi}” dipakai sebagai alamat halaman portal. Pilih nama lain."), {
            "isi": name})
    if not _NAME.fullmatch(name):
        return Message(N_("Nama daftar 2 sampai 48 huruf kecil, angka atau garis bawah, diawali "
                          "huruf, misalnya “jenis_pasar”."))
    return None


def proposed_code(text: str) -> str:
    """Return a code made of words."""
    bare = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in bare if not unicodedata.combining(char)).lower()
    return re.sub(r"[^a-z0-9._-]+", "_", bare).strip("_-.")[:64].rstrip("_-.")


def word_for(field: str) -> str:
    """Return what people call a field, a msgid."""
    return _WORDS[field]
