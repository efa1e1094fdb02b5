"""What people type cannot become a header, a link or a leak in a mail."""
from __future__ import annotations

import pytest

from ckanext.satudata.domain.mail_text import one_line, plain


@pytest.mark.parametrize("text", [
    "Judul\nBcc: semua@example.org",
    "Judul\r\nBcc: semua@example.org",
    "Judul\x0bBcc: semua@example.org",
    "Judul\x85Bcc: semua@example.org",
    "Judul\u2028Bcc: semua@example.org",
    "Judul\x00\x1f  Bcc: semua@example.org",
])
def test_a_title_stays_one_line(text: str) -> None:
    assert one_line(text) == "Judul Bcc: semua@example.org"
    assert len(one_line(text).splitlines()) == 1


def test_a_title_reads_in_its_own_direction_and_ends() -> None:
    assert one_line("data \u202efdp.exe\u2066") == "data fdp.exe"
    assert one_line("a" * 400) == "a" * 149 + "…"
    assert one_line("lone \ud800 surrogate").encode()
    assert one_line("Jumlah  penduduk — 2026 · Désa é") == "Jumlah penduduk — 2026 · Désa é"


def test_a_note_loses_its_marks_and_where_its_links_lead() -> None:
    note = "# Perbaiki\n\n* kolom **G** di `tabel`\n* baca [panduan](https://evil.example/x)\n"
    assert plain(note) == "Perbaiki\n\nkolom G di tabel\nbaca panduan"
    assert plain("![](http://x/pixel.png)<img src=x onerror=y><b>tebal</b>") == "tebal"


def test_a_note_with_an_identity_number_does_not_carry_it_out() -> None:
    assert "3604" not in plain("Baris 7 memuat NIK 3604011234567890.")
    assert plain("Total 12.345.678") == "Total 12.345.678"


def test_a_long_or_hostile_note_is_bounded() -> None:
    assert len(plain("kata " * 100_000)) == 500
    assert len(plain("[" * 20_000 + "](" * 5_000)) <= 500
    assert len(plain("<" * 20_000)) <= 500
    assert plain("satu\n\n\n\n\ndua\r\ntiga\x00") == "satu\n\ndua\ntiga"
