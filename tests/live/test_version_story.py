"""The story of a dataset's versions, with the forms of the pages.

Published, revised while the public reads the old one, returned, approved, switched; the old
version is downloaded and cited; the next one is restricted, asked for and opened to one person;
then the red button.
"""
from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from story_cast import TABLE, ByForms, Cast, Story
from visitor import Page, Visitor

CORRECTED = TABLE.replace(b",10\n", b",12\n") + b"36.04.09,Ciruas,2025,7\n"
WHY = "Angka Kramatwatu 2025 salah ketik."
GROUND = {
    "access_rights": "terbatas", "dasar_hukum": "UU 14/2008 pasal 17 huruf h",
    "uji_konsekuensi-0-nomor": "7/UK/2026", "uji_konsekuensi-0-tanggal": "2026-01-12",
    "keputusan_pembatasan-0-nomor": "9/KEP/2026", "keputusan_pembatasan-0-tanggal": "2026-02-20"}


class Telling:
    """The hands of the story and the eyes of the public."""

    def __init__(self, cast: Cast) -> None:
        self.hand, self.cast = ByForms(cast), cast
        self.public = Visitor(cast.portal.url)
        cast.made.append(self.hand.draft(f"Kunjungan {secrets.token_hex(3)}", cast.agency))
        self.name = cast.made[-1]
        self.story = Story(cast, self.name)
        self.page = f"/dataset/{self.name}"

    def inspect(self, **more: str) -> str:
        """Hand in, inspect, approve and publish what is under way; return its submission."""
        id = self.story.seen()["id"]
        self.hand.step("opd", id, "ajukan", **more)
        for role, step in (("walidata", "periksa"), ("walidata", "setujui"),
                           ("pembina", "setujui"), ("walidata", "terbitkan")):
            self.hand.step(role, id, step)
        self.story.is_at("terbit")
        return id

    def revise(self) -> dict[str, Any]:
        """Begin the next version; return its submission."""
        self.hand.step("opd", self.story.seen()["id"], "revisi")
        return self.story.is_at("draf")

    def file(self, who: Visitor, page: str = "", status: int = 200) -> bytes:
        """Download the first file a page offers."""
        shown = who.open(page or self.page)
        return self.fetched(who, _download(shown), status)

    def fetched(self, who: Visitor, address: str, status: int = 200) -> bytes:
        answer = who.session.get(address, timeout=60)
        assert answer.status_code == status, f"{address}: {answer.status_code}"
        return answer.content


def _download(page: Page) -> str:
    found = [str(each["href"]) for each in page.soup.find_all("a", href=True)
             if "/download/" in str(each["href"]) or "/berkas/" in str(each["href"])]
    assert found, f"{page.url} offers no file"
    return found[0] if found[0].startswith("http") else page.url.split("/dataset")[0] + found[0]


def test_a_version_is_made_read_restricted_asked_for_and_stopped(cast: Cast) -> None:
    tale = Telling(cast)
    tale.inspect()
    public, hand = tale.public, tale.hand
    assert tale.file(public) == TABLE

    # Revised over days: another file goes into the working copy, and the public sees nothing.
    under_way = tale.revise()
    copy = under_way["content_id"]
    opd = hand.people["opd"]
    shown = opd.open(f"/dataset/{copy}")
    assert "salinan kerja" in shown.text.lower()
    resource = cast.portal.call("package_show", id=copy)["resources"][0]["id"]
    edit = f"/dataset/{copy}/resource/{resource}/edit"
    opd.open(edit)
    opd.send(edit, files={"upload": ("kunjungan.csv", CORRECTED, "text/csv")})
    assert tale.file(public) == TABLE

    # Handed in with its reason, returned, mended, handed in again, approved, switched.
    id = under_way["id"]
    hand.step("opd", id, "ajukan", kind="perbaikan", reason=WHY)
    hand.step("walidata", id, "periksa")
    assert "1 baris berubah" in hand.people["walidata"].open(f"/pengajuan/{id}").text
    hand.step("walidata", id, "kembalikan", note="Sebut sumber koreksinya.")
    hand.edit("opd", copy, notes="Jumlah kunjungan. Koreksi dari e-Puskesmas.")
    assert tale.file(public) == TABLE and "Koreksi" not in public.open(tale.page).text
    tale.inspect(kind="perbaikan", reason=WHY)
    assert tale.file(public) == CORRECTED and "Koreksi" in public.open(tale.page).text

    # The old version: listed with why it was replaced, read, downloaded, cited, compared.
    listed = public.open(f"{tale.page}/versi")
    assert WHY in listed.text and "Digantikan" in listed.text
    first = public.open(f"{tale.page}/versi/1")
    assert "Koreksi" not in first.text and "versi 1" in first.text
    stable = _download(first)
    assert tale.fetched(public, stable) == TABLE
    assert b"@" in tale.fetched(public, f"{cast.portal.url}{tale.page}/versi/1/kutip.bib")
    compared = public.open(f"{tale.page}/versi/1/banding/2")
    assert "1 baris berubah" in compared.text and "1 baris baru" in compared.text

    # Restricted by the next version: the old files close with it.
    copy = tale.revise()["content_id"]
    hand.edit("opd", copy, **GROUND)
    tale.inspect()
    latest = f"{cast.portal.url}/dataset/{cast.portal.call('package_show', id=tale.name)['id']}" \
        f"/resource/{cast.portal.call('package_show', id=tale.name)['resources'][0]['id']}/download"
    for address in (latest, stable):
        tale.fetched(public, address, 403)
    assert tale.fetched(opd, latest) == CORRECTED

    # Asked for and granted to one person, whose download is on record.
    warga, ppid = hand.people["warga"], hand.people["ppid"]
    warga.open(f"{tale.page}/minta-akses")
    answer = warga.send(f"{tale.page}/minta-akses", institution="Universitas", terms="1",
                        purpose="Penelitian tentang layanan puskesmas.")
    request = answer.url.split("?")[0].rsplit("/", 1)[-1]
    ppid.open(f"/akses/permohonan/{request}")
    ppid.send("/jawab", step="kabulkan")
    assert tale.fetched(warga, latest) == CORRECTED
    tale.fetched(public, latest, 403)
    assert cast.name("warga") in str(cast.portal.call("satudata_download_list", id=tale.name))

    # The red button: nothing of any version is left, and why is asked after.
    ppid.open(tale.page)
    asked = ppid.send("/tarik-darurat")
    assert "/darurat" in asked.url
    for path in (tale.page, f"{tale.page}/versi", f"{tale.page}/versi/1"):
        assert public.session.get(cast.portal.url + path, timeout=60).status_code in (403, 404)
    for address in (latest, stable):
        assert warga.session.get(address, timeout=60).status_code in (403, 404, 410)
    ppid.send("/darurat", note="Memuat NIK.", personal="ya")
    assert "menunggu penjelasan" not in ppid.open(asked.url).text.lower()
    assert not tale.story.public()
