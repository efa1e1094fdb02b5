"""The printed Berita Acara: read back from the PDF that people download."""
from __future__ import annotations

import io
import threading
from dataclasses import replace

import pytest
from berita_acara_samples import NOTE, confirmation, issued, item
from pypdf import PdfReader

from ckanext.satudata.berita_acara import pdf
from ckanext.satudata.domain.berita_acara import document as d

BRAND = pdf.Brand("#1E3F7A", "#E8B23A")


def write(document: d.Document, *confirmations: d.Confirmation) -> bytes:
    content_hash = d.digest(document.to_dict())
    return pdf.write(
        document, confirmations, content_hash=content_hash, brand=BRAND, status="Sah",
        check_url=f"https://data.example.go.id/berita-acara/periksa/{content_hash}")


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def flat(content: bytes) -> str:
    return " ".join(" ".join(pages(content)).split())


def test_the_same_document_has_the_same_bytes_and_its_own_date() -> None:
    assert write(issued()) == write(issued())
    about = PdfReader(io.BytesIO(write(issued()))).metadata
    assert about and about["/CreationDate"] == "D:20261121000000Z"
    assert about.title == "Berita Acara Desk Data, Nomor 007/BA-SDI/XI/2026"


def test_a_confirmation_changes_the_bytes_and_is_readable() -> None:
    signed = write(issued(), confirmation("opd", name="Budi Santoso"))
    assert signed != write(issued())
    assert "Budi Santoso" in flat(signed)
    assert "Dikonfirmasi di portal 21 November 2026 pukul 10.32 WIB" in flat(signed)
    assert "Menunggu konfirmasi" in flat(signed)


def test_a_refused_document_says_that_it_is_void() -> None:
    void = pdf.write(issued(), [confirmation("opd")], content_hash="", check_url="", brand=BRAND,
                     status="Ditolak", refused=True)
    assert "007/BA-SDI/XI/2026 (ditolak, tidak berlaku)" in flat(void)
    assert "Tidak dikonfirmasi" in flat(void)
    assert "Menunggu konfirmasi" not in flat(void)


def test_the_text_is_text_and_the_page_is_a4() -> None:
    content = write(issued())
    text = flat(content)
    for part in ("Pemerintah Kabupaten Serang", "Berita Acara Desk Data", "007/BA-SDI/XI/2026",
                 "Balita stunting menurut kecamatan 2", NOTE.message, NOTE.how,
                 d.digest(issued().to_dict())):
        assert part in text
    box = PdfReader(io.BytesIO(content)).pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)


def test_sixty_datasets_repeat_the_head_and_number_the_pages() -> None:
    items = [item(n, ("terbit", "dikembalikan", "diajukan")[n % 3],
                  title=f"Data ke-{n} " + "menurut kecamatan dan jenis kelamin " * (n % 9),
                  notes=(NOTE,) * (n % 5)) for n in range(60)]
    found = pages(write(issued(*items)))
    assert len(found) > 4
    for order, text in enumerate(found, 1):
        assert f"Halaman {order} dari {len(found)}" in " ".join(text.split())
    assert sum("Catatan pemeriksaan" in text for text in found) > 1
    whole = " ".join(" ".join(found).split())
    assert all(f"Data ke-{n} " in whole for n in range(60))


def test_one_endless_catatan_breaks_over_pages() -> None:
    endless = replace(NOTE, message="Kalimat panjang. " * 900 + "Akhir.")
    found = pages(write(issued(item(1, "dikembalikan", notes=(endless,)))))
    assert len(found) > 3
    assert "Akhir." in " ".join(found)


@pytest.mark.parametrize("text", [
    "<b>tebal</b> & <img src='file:///etc/passwd'/>", "<para><font color=\"rgb(1,2,3)\">x</font>",
    "</b></para>", "&amp;&#60;", "x" * 3000, "naïve Őřž Ǻ ẞ ≤ → ✓", "漢字 😀", "",
])
def test_a_persons_text_is_text_wherever_it_stands(text: str) -> None:
    hostile = issued(
        item(1, "dikembalikan", title=text, notes=(replace(NOTE, message=text, how=text),)),
        place=text, notes=text, government=text[:200], walidata=d.Party("w", text),
        agency=d.Party("o", text), basis=(text,), attendees=(d.Attendee(text, text, text),))
    content = write(hostile, confirmation("walidata", name=text))
    if text.isascii() and len(text) < 100:
        assert text.replace(" ", "") in "".join(flat(content).split())


def test_letters_of_all_latin_scripts_are_in_the_font() -> None:
    text = "àçéîñöşğőřžŁŋ ẞ Ǻ “kutip” – — … ≤ × ² €"
    assert text in flat(write(issued(place=text)))


def test_it_fetches_nothing_and_runs_nothing() -> None:
    content = write(issued(place="<img src='http://127.0.0.1:9/x.png'/>"))
    for name in (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/AcroForm"):
        assert name not in content


def test_threads_write_their_own_documents() -> None:
    documents = [issued(item(n, title=f"Judul {n} ăâđêôơư"[: 9 + n])) for n in range(8)]
    alone = [write(each) for each in documents]
    results: dict[int, bytes] = {}
    threads = [threading.Thread(target=lambda n=n: results.update({n: write(documents[n])}))
               for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [results[n] for n in range(8)] == alone
