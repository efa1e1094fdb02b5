"""The whole way of a messy workbook, on a small phone on a slow line, until everybody reads it."""
from __future__ import annotations

import hashlib
import json
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect

sys.path.insert(0, str(Path(__file__).parent))
from browser import phone, signed_in, throttled
from messy_book import messy, total
from stock_portal import call
from story_cast import Cast, wait_for

#: Answers that a person types or chooses until a dataset is handed in.
MOST_NEW, MOST_YEARLY = 8, 3
#: What only the OPD knows of this data.
KNOWN = {
    "definisi": "Kedatangan pasien ke puskesmas untuk berobat tanpa menginap.",
    "jadwal_rilis": "15-03-2026",
}
BETTER = "Kedatangan pasien ke puskesmas untuk berobat tanpa menginap, termasuk kunjungan ulang."
#: Part of a NIK as the messy book has it, and of what a raw workbook begins with.
SECRET, ZIP = "nik_penanggung", b"PK\x03\x04"


@dataclass
class Person:
    """Somebody at a browser, whose answers and waits are counted."""

    browser: Browser
    cast: Cast
    role: str
    slow: bool = False
    answers: list[str] = field(default_factory=list)
    waited: float = 0.0
    cookies: Any = None
    page: Any = None

    @contextmanager
    def sits_down(self) -> Iterator[Page]:
        """Open a browser anew that knows nothing but who they are."""
        with phone(self.browser) as page:
            self.page = page
            if self.cookies is None:
                signed_in(page, self.cast.portal.url, self.cast.name(self.role),
                          self.cast.password)
                self.cookies = page.context.cookies()
            else:
                page.context.add_cookies(self.cookies)
            if self.slow:
                throttled(page)
            yield page

    def opens(self, path: str) -> None:
        began = time.monotonic()
        self.page.goto(f"{self.cast.portal.url}{path}")
        self._arrived(began)

    def goes(self, press: Locator) -> None:
        """Press what leads to another page, and wait for it."""
        try:
            press.wait_for(timeout=20_000)
        except TimeoutError:
            raise AssertionError(
                f"nothing to press on {self.page.url}:\n"
                f"{self.page.inner_text('[role=main]')[:3_000]}") from None
        began = time.monotonic()
        with self.page.expect_navigation(timeout=90_000):
            press.click()
        self._arrived(began)

    def _arrived(self, began: float) -> None:
        self.waited += time.monotonic() - began
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, f"{self.page.url} is {wide} px wide"

    def link(self, words: str) -> Locator:
        return self.page.get_by_role("link", name=words).locator("visible=true").first

    def button(self, words: str) -> Locator:
        return self.page.get_by_role("button", name=words).locator("visible=true").first

    def types(self, where: str, what: str) -> None:
        self.page.fill(where, what)
        self.answers.append(where)

    def chooses(self, words: str) -> None:
        self.page.get_by_label(words).first.check()
        self.answers.append(words)

    def fills_what_is_asked(self) -> None:
        """Answer what step 3 asks; what only they know, and nothing else."""
        for each in self.page.locator("input[name=isian]").all():
            name = each.get_attribute("value")
            assert name in KNOWN, f"asked for {name}"
            self.types(f"#isi-{name} [name={name}]", KNOWN[name])

    def steps(self, words: str, note: str = "") -> None:
        """Make a step at the foot of a submission, in its dialog where it has one."""
        foot = self.page.locator(".wf-bottom")
        control = foot.locator("a, button").filter(has_text=words).locator("visible=true")
        if not control.count():
            foot.locator("summary").click()
        if control.first.evaluate("node => node.tagName") == "BUTTON":
            return self.goes(control.first)
        control.first.click()
        dialog = self.page.locator("dialog[open]")
        if note:
            dialog.locator("textarea[name=note]").fill(note)
        return self.goes(dialog.locator("button[type=submit]"))


@pytest.fixture
def opd(browser: Browser, cast: Cast) -> Person:
    return Person(browser, cast, "opd", slow=True)


@pytest.fixture
def walidata(browser: Browser, cast: Cast) -> Person:
    return Person(browser, cast, "walidata")


def test_a_messy_workbook_goes_from_a_phone_to_everybody(
    opd: Person, walidata: Person, cast: Cast, tmp_path: Path
) -> None:
    title = f"Jumlah kunjungan rawat jalan puskesmas {secrets.token_hex(3)}"
    book = tmp_path / "REKAP KUNJUNGAN 2025 FIX (2).xlsx"
    book.write_bytes(messy(2025, wrong=True, personal=True, weight=600_000))
    began = time.monotonic()
    name = hands_in(opd, title, book)
    answers_and_drops(opd, name)
    fills_and_submits(opd, title)
    print(f"new: {len(opd.answers)} answers {opd.answers}, {opd.waited:.0f} s of waiting of "
          f"{time.monotonic() - began:.0f} s")
    assert len(opd.answers) <= MOST_NEW
    nobody_sees(cast, name)

    returns(walidata, title)
    mends(opd, title)
    approves(walidata, title)
    everybody_reads(walidata.browser, cast, name, hashlib.sha256(book.read_bytes()).hexdigest())
    a_year_later(opd, cast, title, tmp_path)


def hands_in(opd: Person, title: str, book: Path) -> str:
    """Title and file; the line breaks half way."""
    with opd.sits_down() as page:
        opd.opens("/")
        opd.goes(opd.link("Kirim data"))
        opd.goes(opd.link("Data baru"))
        opd.types("#judul", title)
        began = time.monotonic()
        page.set_input_files("#berkas", str(book))
        page.wait_for_function("document.querySelector('[data-up=bar]').value > 550")
        page.context.set_offline(True)
        said = page.locator("[data-up=numbers]")
        expect(said).to_contain_text("Dilanjutkan otomatis begitu sambungan kembali")
        kept = said.inner_text()
        assert not kept.split(",")[-1].strip().startswith("0 "), kept
        page.context.set_offline(False)
        expect(said).to_contain_text("lengkap", timeout=90_000)
        opd.waited += time.monotonic() - began
        opd.goes(opd.button("Kirim dan baca berkasnya"))
        name = page.url.split("/dataset/")[1].split("/")[0]
        opd.cast.made.append(name)
        return name


def answers_and_drops(opd: Person, name: str) -> None:
    """What was read: a sign nobody guesses, and personal data that must go."""
    with opd.sits_down() as page:
        opd.opens("/kirim")  # the browser was closed: the way leads back
        opd.goes(opd.link("Lanjutkan"))
        opd.goes(opd.link("Periksa hasil baca"))
        assert name in page.url
        opd.chooses("Tidak ada atau nol")
        opd.goes(opd.button("Simpan jawaban"))
        expect(page.locator("#ringkas")).not_to_contain_text("pertanyaan")
        expect(page.locator("#ringkas")).to_contain_text("wajib diperbaiki")
        assert "NIK" in page.locator(".ip-notes").first.inner_text()
        opd.goes(opd.button("Buang kolom"))
        expect(page.locator("#ringkas")).to_contain_text("Tidak ada yang wajib diperbaiki")
        opd.goes(opd.link("Lanjut ke langkah 3"))


def fills_and_submits(opd: Person, title: str) -> None:
    with opd.sits_down() as page:
        opd.opens("/kirim")
        opd.goes(opd.link("Lanjutkan"))
        opd.goes(opd.link("Lanjut ke langkah 3"))
        opd.fills_what_is_asked()
        opd.goes(opd.button("Simpan dan lanjut"))
        opd.goes(opd.button("untuk diperiksa"))
        assert "Sekarang giliran Walidata" in page.inner_text("h1")
        assert title in page.inner_text("#terkirim ~ .sd-lead")


def nobody_sees(cast: Cast, name: str) -> None:
    with pytest.raises(AssertionError, match=r"40[34]"):
        call(cast.portal.url, "", "package_show", id=name)


def returns(walidata: Person, title: str) -> None:
    with walidata.sits_down() as page:
        walidata.opens("/tugas")
        walidata.goes(walidata.link(title))
        walidata.steps("periksa")
        for what, how, place in (
                ("Definisi belum menyebut kunjungan ulang.", "Sebut apakah dihitung.",
                 "field:definisi"),
                ("Nama kolom “kunjungan” terlalu umum.", "Beri nama kunjungan_rawat_jalan.", "")):
            page.click("#tambah-catatan summary")
            page.fill("#catatan-pesan", what)
            page.fill("#catatan-cara", how)
            page.select_option("#catatan-tempat", place)
            walidata.goes(walidata.button("Simpan catatan"))
        walidata.steps("Kembalikan", "Tinggal dua hal ini.")


def mends(opd: Person, title: str) -> None:
    """One catatan is about the reading of the file, one about a field."""
    with opd.sits_down() as page:
        opd.opens("/kirim")
        opd.goes(opd.link("Perbaiki"))
        opd.goes(opd.link("Baca catatannya"))
        assert "kunjungan_rawat_jalan" in page.inner_text("article")
        while (open_ := page.locator(".wf-reply[open] textarea[name=answer]")).count():
            open_.first.fill("Sudah diperbaiki.")
            opd.goes(page.locator(".wf-reply[open] button[type=submit]").first)
        opd.opens("/kirim")
        opd.goes(opd.link("Perbaiki"))
        opd.goes(opd.link("Periksa hasil baca"))
        page.locator(".ip-mend summary").first.click()
        page.fill("input[name$=-nama][value=kunjungan]", "kunjungan_rawat_jalan")
        opd.goes(opd.button("Terapkan pilihan"))
        opd.goes(opd.link("Lanjut ke langkah 3"))
        opd.goes(page.locator(".wz-notes a[href*='ubah=definisi']"))
        page.fill("#isi-definisi [name=definisi]", BETTER)
        opd.goes(opd.button("Simpan"))
        opd.goes(opd.button("untuk diperiksa"))
        assert "Sekarang giliran Walidata" in page.inner_text("h1")


def approves(walidata: Person, title: str) -> None:
    with walidata.sits_down() as page:
        walidata.opens("/tugas")
        walidata.goes(walidata.link(title))
        walidata.steps("periksa")
        assert BETTER in page.inner_text("article")
        while (done := page.locator("form[action$=selesai] button:not([name])")).count():
            walidata.goes(done.first)
        walidata.steps("Setujui")
        walidata.steps("Terbitkan")


def everybody_reads(browser: Browser, cast: Cast, name: str, raw: str) -> None:
    """Without an account: a clean table in every way it is offered, and nothing of the raw file."""
    def ask(action: str, **data: Any) -> Any:
        return call(cast.portal.url, "", action, **data)

    shown: Any = None

    def loaded() -> bool:
        nonlocal shown
        shown = ask("package_show", id=name)
        return all(each.get("datastore_active") for each in shown["resources"])

    wait_for(cast.portal, loaded, "the tables are not in the datastore")
    assert not any(each in json.dumps(shown) for each in (raw, "mentah", SECRET, "REKAP"))
    visits = next(each for each in shown["resources"] if "jenis_kelamin" in str(each["skema"]))
    assert visits["format"] == "CSV"
    found = ask("datastore_search", resource_id=visits["id"], limit=100)
    assert {each["id"]: each["type"] for each in found["fields"] if each["id"] != "_id"} == {
        "kode_wilayah": "text", "kecamatan": "text", "jenis_kelamin": "text",
        "kunjungan_rawat_jalan": "int8"}
    assert sum(each["kunjungan_rawat_jalan"] for each in found["records"]) == total(2025)
    assert [each["name"] for each in visits["skema"]["fields"]] == [
        each["id"] for each in found["fields"] if each["id"] != "_id"]
    with phone(browser) as page:
        seen: set[str] = set()
        for path in (f"/dataset/{name}", *(
                f"/dataset/{name}/resource/{each['id']}" for each in shown["resources"])):
            page.goto(f"{cast.portal.url}{path}")
            seen |= set(page.evaluate(
                "[...document.querySelectorAll('a[href], link[href]')].map(each => each.href)"))
        ours = sorted(each.split("#")[0] for each in seen if name in each or shown["id"] in each
                      or any(file["id"] in each for file in shown["resources"]))
        assert any("/download/" in each for each in ours)
        for each in ours:
            body = page.request.get(each).body()
            assert hashlib.sha256(body).hexdigest() != raw, each
            assert SECRET.encode() not in body and b"REKAP KUNJUNGAN" not in body, each


def a_year_later(opd: Person, cast: Cast, title: str, tmp_path: Path) -> None:
    """The same layout again: nearly nothing is asked."""
    book = tmp_path / "REKAP KUNJUNGAN 2026.xlsx"
    book.write_bytes(messy(2026, personal=True))
    opd.answers, opd.waited = [], 0.0
    began = time.monotonic()
    with opd.sits_down() as page:
        opd.opens("/kirim")
        opd.goes(opd.link(title))
        page.set_input_files("#berkas", str(book))
        expect(page.locator("[data-up=numbers]")).to_contain_text("lengkap", timeout=90_000)
        opd.goes(opd.button("Kirim dan baca berkasnya"))
        assert "tidak ada yang" in page.inner_text("#ringkas").lower(), page.inner_text("#ringkas")
        opd.goes(opd.link("Lanjut ke langkah 3"))
        opd.fills_what_is_asked()
        while (more := page.locator("form#isi button[type=submit]")).count():
            opd.goes(more.first)
        if page.locator("textarea[name=reason][required]").count():
            opd.types("textarea[name=reason]", "Data tahun 2026.")
        opd.goes(opd.button("untuk diperiksa"))
        assert "Sekarang giliran Walidata" in page.inner_text("h1")
    print(f"yearly: {len(opd.answers)} answers {opd.answers}, {opd.waited:.0f} s of waiting of "
          f"{time.monotonic() - began:.0f} s")
    assert len(opd.answers) <= MOST_YEARLY
    for step in ("tarik_ajuan", "batalkan"):  # so that what the test made can be taken away
        seen = cast.portal.call("satudata_submission_show", id=cast.made[-1])
        cast.portal.call("satudata_submission_transition", id=seen["id"], transition=step,
                         expected_version=seen["version"], note="Uji selesai.")
