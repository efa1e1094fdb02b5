"""Kirim data: what is due, which file, and only what nobody knows is asked."""
from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.plugins import toolkit as tk
from statements import listened
from werkzeug.datastructures import FileStorage
from workflow_cast import COMPLETE, Cast, Data, call, people

from ckanext.satudata.shared import moment

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
TODAY = dt.datetime(2026, 11, 22, 2, tzinfo=dt.timezone.utc)
SHEET = (b"JUMLAH KUNJUNGAN PUSKESMAS TAHUN 2026\n\nKecamatan;Kunjungan (orang)\nAnyar;1204\n"
         b"Cinangka;988\nBojonegara;700\nJumlah;2892\nSumber: Dinas Kesehatan\n")
made, cast = people()


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day of the tests: what is due depends on it."""
    monkeypatch.setattr(moment, "now", lambda: TODAY)


@pytest.fixture
def browse(app: Any, cast: Cast) -> Callable[[str], Any]:
    """Return the browser of a person of the cast, logged in by cookie."""
    def log_in(who: str) -> Any:
        browser = app.test_client()
        with browser.session_transaction(base_url=tk.config["ckan.site_url"]) as session:
            session["_user_id"], session["_fresh"] = cast.people[who]["id"], True
        browser.post = partial(browser.post, follow_redirects=False)
        return browser

    return log_in


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def words(response: Any) -> str:
    return " ".join(soup(response).get_text(" ").split())


def file(content: bytes = SHEET, name: str = "Kunjungan FIX (2).csv") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def read(cast: Cast, identifier: str) -> None:
    """Have the files of a draft read."""
    call("satudata_inspection_run", cast.walidata, id=identifier, wait=True)


def published(cast: Cast, **more: Any) -> Data:
    return publish(cast, cast.make(**more))


def publish(cast: Cast, dataset: Data) -> Data:
    cast.set_aside(dataset["id"])
    cast.through(dataset["id"], ("produsen", "ajukan"), ("walidata", "periksa"),
                 ("walidata", "setujui"), ("walidata", "terbitkan"))
    return call("package_show", cast.produsen, id=dataset["id"])


def draft_of(cast: Cast, identifier: str) -> Data:
    shown = cast.show(identifier)
    return call("package_show", cast.produsen, id=shown["content_id"])


# ----------------------------------------------------------------------- what is due


def test_the_menu_leads_there_who_sends_and_nobody_else(
    browse: Callable[[str], Any]
) -> None:
    for who, there in (("produsen", True), ("kepala", True), ("walidata", True),
                       ("pendukung", True), ("boss", True), ("anggota", False),
                       ("pimpinan", False), ("warga", False)):
        page = soup(browse(who).get("/tugas"))
        assert bool(page.select("nav a[href$='/kirim']")) is there, who
        assert browse(who).get("/kirim").status_code == (200 if there else 403), who


def test_a_stranger_is_asked_to_log_in(app: Any) -> None:
    for path in ("/kirim", "/kirim/baru", "/kirim/x", "/kirim/x/ajukan"):
        answer = app.get(path, follow_redirects=False)
        assert answer.status_code == 302 and "login" in answer.headers["Location"]


def test_a_page_asks_once_who_looks(cast: Cast, browse: Callable[[str], Any]) -> None:
    dataset = cast.make(title="Dibaca", resources=[])
    made = call("satudata_intake_create", cast.produsen, id=dataset["id"], accept=True,
                upload=FileStorage(*file()))
    read(cast, dataset["id"])
    browser, at = browse("produsen"), f"/kirim/{dataset['id']}"
    for path in ("/kirim", "/kirim/baru", at, f"{at}/ajukan", tk.url_for(
            "satudata_inspection.show", id=dataset["name"], resource_id=made["resources"][0])):
        with listened() as statements:
            assert browser.get(path).status_code == 200, path
        assert sum("FROM satudata_role_grant" in each for each in statements) == 1, path


def test_what_is_late_stands_first_with_its_days(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    cast.make(title="Terlambat sekali", jadwal_rilis="2026-11-12")
    cast.make(title="Masih lama", jadwal_rilis="2027-11-12")
    page = soup(browse("produsen").get("/kirim"))
    late = page.select_one("section[aria-labelledby=grup-telat]")
    assert late is not None
    assert "Terlambat sekali" in late.get_text()
    assert "Lewat 10 hari, dijanjikan 12 November 2026" in late.get_text()
    assert "Masih lama" not in late.get_text()
    assert page.select(".wf-rows .sd-btn--primary")[0].get_text().startswith("Lanjutkan")
    assert len(page.select(".wf-rows .sd-btn--primary")) == 1


def test_next_years_edition_is_named_and_not_due_too_early(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    published(cast, title="Sudah terbit 2025", jadwal_rilis="2026-03-15")
    page = words(browse("produsen").get("/kirim"))
    assert "Sudah terbit 2025" in page
    assert "Kirim 2026" in page
    assert "Dijanjikan 15 Maret 2027" in page


def test_what_was_returned_says_how_many_notes_wait(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    dataset = cast.make(title="Yang dikembalikan")
    cast.set_aside(dataset["id"])
    cast.through(dataset["id"], ("produsen", "ajukan"), ("walidata", "periksa"))
    cast.step(cast.walidata, dataset["id"], "kembalikan", note="Perbaiki.", findings=[{
        "principle": "metadata", "severity": "wajib", "message": "Definisi kurang",
        "how": "Lengkapi", "place": {"field": "definisi"}}])
    row = next(each for each in soup(browse("produsen").get("/kirim")).select(".wf-row")
               if "Yang dikembalikan" in each.get_text())
    text = row.get_text(" ")
    assert "Dikembalikan" in text and "1 catatan" in text and "Perbaiki" in text


def test_others_data_is_not_listed_and_search_finds_by_title(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    call("package_create", cast.tetangga, title="Rahasia tetangga", owner_org=cast.other)
    cast.make(title="Bayi lahir hidup 2025")
    assert "Rahasia tetangga" not in words(browse("produsen").get("/kirim"))
    assert "Bayi lahir hidup" in words(browse("produsen").get("/kirim?q=bayi+HIDUP"))
    assert "Tidak ada data berjudul begitu" in words(browse("produsen").get("/kirim?q=%25zzz"))
    assert browse("produsen").get("/kirim?q=" + "a%00" * 300).status_code in (200, 400)


def test_who_may_not_write_a_dataset_does_not_learn_of_it(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    dataset = cast.make()
    for who in ("tetangga", "warga", "pimpinan", "anggota"):
        for path in ("", "/ajukan", "/terkirim"):
            assert browse(who).get(f"/kirim/{dataset['id']}{path}").status_code == 404, who
        answer = browse(who).post(f"/kirim/{dataset['id']}", data={"upload": file()})
        assert answer.status_code == 404


# ------------------------------------------------------------------- a new dataset


def test_a_new_dataset_is_a_title_and_a_file(cast: Cast, browse: Callable[[str], Any]) -> None:
    browser = browse("produsen")
    answer = browser.post("/kirim/baru", data={
        "title": "Jumlah kunjungan puskesmas", "upload": file()})
    assert answer.status_code == 302, words(answer)
    assert "/pemeriksaan" in answer.headers["Location"]
    dataset = call("package_search", cast.produsen, q="", include_private=True,
                   fq="title:kunjungan")["results"]
    found = next(each for each in dataset if each["title"] == "Jumlah kunjungan puskesmas")
    assert found["owner_org"] == cast.opd
    assert found["private"] is True
    files = call("package_show", cast.produsen, id=found["id"])["resources"]
    assert [each["name"] for each in files] == ["JUMLAH KUNJUNGAN PUSKESMAS TAHUN 2026"]


def test_a_title_without_a_file_is_a_draft_that_waits_for_it(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    browser = browse("produsen")
    assert browser.post("/kirim/baru", data={"title": " "}).status_code == 400
    answer = browser.post("/kirim/baru", data={"title": "Belum ada berkas"})
    assert answer.status_code == 302
    page = browser.get(answer.headers["Location"])
    assert "Kirim berkasnya" in words(page)


def test_who_writes_for_nobody_makes_nothing(browse: Callable[[str], Any]) -> None:
    assert browse("warga").get("/kirim/baru").status_code == 403
    answer = browse("anggota").post("/kirim/baru", data={"title": "Palsu"})
    assert answer.status_code == 403


def test_what_was_typed_survives_a_refusal(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    answer = browse("produsen").post("/kirim/baru", data={
        "title": "Judul yang lama diketik", "owner_org": cast.other, "upload": file()})
    assert answer.status_code in (400, 403)
    page = soup(answer)
    assert page.select_one("#judul")["value"] == "Judul yang lama diketik"


# ------------------------------------------------------------------- files of a draft


def test_no_file_is_said_beside_the_field(cast: Cast, browse: Callable[[str], Any]) -> None:
    dataset = cast.make(resources=[])
    answer = browse("produsen").post(f"/kirim/{dataset['id']}", data={"note": "x"})
    assert answer.status_code == 400
    assert "Belum ada berkas" in soup(answer).select_one("#berkas-err").get_text()


def test_a_file_of_a_public_dataset_begins_its_next_version(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    dataset = published(cast, title="Direvisi lewat berkas")
    browser = browse("produsen")
    page = browser.get(f"/kirim/{dataset['id']}")
    assert "tetap tampil bagi publik" in words(page)
    answer = browser.post(f"/kirim/{dataset['id']}", data={"upload": file()})
    assert answer.status_code == 302, words(answer)
    shown = cast.show(dataset["id"])
    assert (shown["state"], shown["number"]) == ("draf", 2)
    assert [each["name"] for each in draft_of(cast, dataset["id"])["resources"]] == [
        "Tabel", "JUMLAH KUNJUNGAN PUSKESMAS TAHUN 2026"]
    assert len(call("package_show", None, id=dataset["id"])["resources"]) == 1


def test_last_years_file_is_replaced_under_its_id(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    dataset = cast.make(resources=[], title="Diganti berkasnya")
    browser = browse("produsen")
    browser.post(f"/kirim/{dataset['id']}", data={"upload": file(b"tahun,n\n2025,1\n", "a.csv")})
    read(cast, dataset["id"])
    published_ = publish(cast, dataset)
    old = published_["resources"][0]["id"]
    page = soup(browser.get(f"/kirim/{dataset['id']}"))
    assert page.select_one("input[name=ganti][checked]")["value"] == old
    answer = browser.post(f"/kirim/{dataset['id']}", data={"upload": file(), "ganti": old})
    assert answer.status_code == 302, words(answer)
    files = draft_of(cast, dataset["id"])["resources"]
    assert [each["asal_resource_id"] for each in files] == [old]
    assert files[0]["sha256"] != published_["resources"][0]["sha256"]


def test_a_closed_browser_comes_back_to_the_same_place(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    dataset = cast.make(resources=[], title="Dilanjutkan besok")
    browse("produsen").post(f"/kirim/{dataset['id']}", data={"upload": file()})
    read(cast, dataset["id"])
    for who in ("produsen", "rekan"):  # another day, another device, a colleague
        page = browse(who).get(f"/kirim/{dataset['id']}")
        assert "JUMLAH KUNJUNGAN PUSKESMAS" in words(page)
        assert soup(page).select(f"a[href$='/kirim/{dataset['id']}/ajukan']")


def test_a_file_is_removed_from_the_draft_only(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    dataset = cast.make(title="Dihapus berkasnya")
    browser, file_id = browse("produsen"), dataset["resources"][0]["id"]
    assert browse("tetangga").post(
        f"/kirim/{dataset['id']}/berkas/{file_id}/hapus").status_code == 404
    assert browser.post(f"/kirim/{dataset['id']}/berkas/{file_id}/hapus").status_code == 302
    assert draft_of(cast, dataset["id"])["resources"] == []
    again = browser.post(f"/kirim/{dataset['id']}/berkas/{file_id}/hapus", follow_redirects=True)
    assert "Tidak ada yang diubah" in words(again)


def test_while_it_is_inspected_nothing_is_taken(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    dataset = cast.make(title="Sedang diperiksa")
    cast.set_aside(dataset["id"])
    cast.step(cast.produsen, dataset["id"], "ajukan")
    browser = browse("produsen")
    page = browser.get(f"/kirim/{dataset['id']}")
    assert "sedang diperiksa" in words(page)
    assert not soup(page).select("input[type=file]")
    answer = browser.post(f"/kirim/{dataset['id']}", data={"upload": file()})
    assert answer.status_code == 409
    assert cast.show(dataset["id"])["state"] == "diajukan"


# --------------------------------------------------------------------------- step 3


def handed(cast: Cast, browser: Any, **more: Any) -> Data:
    """A new dataset with a file that was read."""
    title = more.pop("title", "Jumlah kunjungan rawat jalan puskesmas")
    dataset = call("package_create", cast.produsen, type="dataset", title=title,
                   owner_org=cast.opd, **more)
    answer = browser.post(f"/kirim/{dataset['id']}", data={"upload": file()})
    assert answer.status_code == 302, words(answer)
    read(cast, dataset["id"])
    return dataset


def form_of(page: Any, name: str = "form#isi") -> dict[str, Any]:
    """Return what a browser would send of a form as it stands."""
    found = soup(page).select_one(name)
    assert found is not None, words(page)
    sent: dict[str, Any] = {}
    for each in found.select("input[name], select[name], textarea[name]"):
        kind = each.get("type")
        if kind in ("checkbox", "radio") and not each.has_attr("checked"):
            continue
        if kind == "file" or each.find_parent("template"):
            continue
        if each.name == "select":
            chosen = each.select_one("option[selected]")
            value = chosen["value"] if chosen else ""
        else:
            value = (each.get_text().strip("\n") if each.name == "textarea"
                     else each.get("value", ""))
        sent.setdefault(each["name"], []).append(value)
    return sent


def test_of_a_new_dataset_two_things_are_asked_and_the_rest_is_proposed(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    browser = browse("produsen")
    dataset = handed(cast, browser)
    page = browser.get(f"/kirim/{dataset['id']}/ajukan")
    asked = [each["value"] for each in soup(page).select("input[name=isian]")]
    assert asked == ["definisi", "jadwal_rilis"]
    text = words(page)
    for said in ("2 hal yang hanya Anda tahu", "dari lembar", "Menurut kecamatan",
                 "dari profil Dinas Kesehatan", "dari Judul", "Kunjungan Rawat Jalan Puskesmas"):
        assert said in text, said
    # Looking changes nothing.
    before = cast.show(dataset["id"])["version"]
    browser.get(f"/kirim/{dataset['id']}/ajukan")
    assert cast.show(dataset["id"])["version"] == before
    assert not draft_of(cast, dataset["id"]).get("satuan")


def test_answers_and_proposals_are_kept_and_it_is_handed_in(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    browser = browse("produsen")
    dataset = handed(cast, browser, title="Jumlah kunjungan sampai selesai")
    address = f"/kirim/{dataset['id']}"
    sent = form_of(browser.get(f"{address}/ajukan"))
    sent["definisi"], sent["jadwal_rilis"] = ["Setiap kedatangan."], ["15-03-2027"]
    answer = browser.post(f"{address}/isi", data=sent)
    assert answer.status_code == 302, words(answer)
    kept = draft_of(cast, dataset["id"])
    assert (kept["definisi"], kept["jadwal_rilis"]) == ("Setiap kedatangan.", "2027-03-15")
    assert (kept["satuan"], kept["tingkat_penyajian"]) == ("orang", "kecamatan")
    assert kept["temporal_coverage"] == [{"start": "2026", "end": "2026"}]
    page = browser.get(answer.headers["Location"])
    assert "Tersimpan 09.00" in words(page)
    assert "diisi oleh Anda" in words(page)
    assert not soup(page).select("form#isi")
    for each in cast.show(dataset["id"])["findings"]:
        if each["severity"] == "wajib" and not each["resolved_at"]:
            call("satudata_finding_resolve", cast.walidata, id=each["id"])
    page = browser.get(f"{address}/ajukan")
    form = form_of(page, f"form[action$='{dataset['id']}/ajukan']")
    answer = browser.post(f"{address}/ajukan", data=form)
    assert answer.status_code == 302, words(answer)
    assert cast.show(dataset["id"])["state"] == "diajukan"
    after = words(browser.get(answer.headers["Location"]))
    assert "Sekarang giliran Walidata" in after
    assert "15 Maret 2027" in after


def test_a_proposal_that_was_turned_down_is_not_kept(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    browser = browse("produsen")
    dataset = handed(cast, browser, title="Jumlah kunjungan tanpa usulan")
    sent = form_of(browser.get(f"/kirim/{dataset['id']}/ajukan"))
    sent["pakai"].remove("konsep")
    answer = browser.post(f"/kirim/{dataset['id']}/isi", data=sent)
    assert not draft_of(cast, dataset["id"]).get("konsep")
    page = soup(browser.get(answer.headers["Location"]))
    # What is needed and was turned down is asked instead.
    assert "konsep" in [each["value"] for each in page.select("input[name=isian]")]


def test_a_wrong_answer_is_said_beside_its_field_and_stays(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    browser = browse("produsen")
    dataset = handed(cast, browser, title="Jumlah kunjungan salah tanggal")
    answer = browser.post(f"/kirim/{dataset['id']}/isi", data={
        "isian": ["definisi", "jadwal_rilis"], "definisi": "Semua.", "jadwal_rilis": "besok"})
    assert answer.status_code == 400
    page = soup(answer)
    assert "tidak terbaca" in page.select_one("#field-jadwal_rilis-err").get_text()
    assert page.select_one("#field-jadwal_rilis")["value"] == "besok"
    assert page.select_one("#field-definisi").get_text().strip() == "Semua."
    assert not draft_of(cast, dataset["id"]).get("definisi")


def test_two_people_fill_one_draft_without_losing_a_word(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    mine, theirs = browse("produsen"), browse("rekan")
    dataset = handed(cast, mine, title="Jumlah kunjungan berdua")
    address = f"/kirim/{dataset['id']}"
    seen = form_of(mine.get(f"{address}/ajukan"))
    assert theirs.post(f"{address}/isi", data={
        "isian": "definisi", "definisi": "Kata rekan."}).status_code == 302
    # Another field: both are kept.
    assert mine.post(f"{address}/isi", data={
        "isian": ["jadwal_rilis"], "jadwal_rilis": "15-03-2027"}).status_code == 302
    kept = draft_of(cast, dataset["id"])
    assert (kept["definisi"], kept["jadwal_rilis"]) == ("Kata rekan.", "2027-03-15")
    # The same field: told, and decided by who saves once more.
    answer = mine.post(f"{address}/isi", data={
        "isian": "definisi", "definisi": "Kata saya.",
        "terlihat-definisi": seen["terlihat-definisi"]})
    assert answer.status_code == 409
    page = soup(answer)
    assert "Kata rekan." in page.select_one("#field-definisi-err").get_text()
    assert page.select_one("#field-definisi").get_text().strip() == "Kata saya."
    again = form_of(answer)
    assert mine.post(f"{address}/isi", data={
        "isian": "definisi", "definisi": "Kata saya.",
        "terlihat-definisi": again["terlihat-definisi"]}).status_code == 302
    assert draft_of(cast, dataset["id"])["definisi"] == "Kata saya."


def test_saved_in_the_same_moment_both_are_kept(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    dataset = handed(cast, browse("produsen"), title="Jumlah kunjungan serentak")
    browsers = {"produsen": browse("produsen"), "rekan": browse("rekan")}
    said = {"produsen": ("definisi", "Kata produsen."), "rekan": ("jadwal_rilis", "15-03-2027")}

    def save(who: str) -> int:
        name, value = said[who]
        return browsers[who].post(
            f"/kirim/{dataset['id']}/isi", data={"isian": name, name: value}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(save, browsers)) == [302, 302]
    kept = draft_of(cast, dataset["id"])
    assert (kept["definisi"], kept["jadwal_rilis"]) == ("Kata produsen.", "2027-03-15")


def test_who_types_for_an_agency_leaves_the_last_word_to_it(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    dataset = cast.make(resources=[], title="Diketik walidata")
    helper = browse("walidata")
    assert "atas nama instansi lain" in words(helper.get("/kirim"))
    assert "Diketik walidata" not in words(helper.get("/kirim"))
    assert "Diketik walidata" in words(helper.get("/kirim?q=diketik"))
    assert helper.post(f"/kirim/{dataset['id']}", data={"upload": file()}).status_code == 302
    read(cast, dataset["id"])
    page = helper.get(f"/kirim/{dataset['id']}/ajukan")
    if soup(page).select("form#isi"):
        page = helper.get(helper.post(
            f"/kirim/{dataset['id']}/isi", data=form_of(page)).headers["Location"])
    assert not soup(page).select(f"form[action$='{dataset['id']}/ajukan']")
    assert cast.show(dataset["id"])["state"] == "draf"


def test_a_field_that_one_left_alone_stays_what_the_other_wrote(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    mine, theirs = browse("produsen"), browse("rekan")
    dataset = handed(cast, mine, title="Jumlah kunjungan satu formulir")
    address = f"/kirim/{dataset['id']}"
    seen, other = (form_of(each.get(f"{address}/ajukan")) for each in (mine, theirs))
    assert {"definisi", "jadwal_rilis"} <= set(seen["isian"])  # both are asked of both
    assert theirs.post(f"{address}/isi", data={
        **other, "definisi": "Kata rekan."}).status_code == 302
    answer = mine.post(f"{address}/isi", data={**seen, "jadwal_rilis": "15-03-2027"})
    assert answer.status_code == 302
    kept = draft_of(cast, dataset["id"])
    assert (kept["definisi"], kept["jadwal_rilis"]) == ("Kata rekan.", "2027-03-15")
    assert "orang lain mengubah “Definisi”" in words(mine.get(answer.headers["Location"]))


def test_a_field_changed_by_two_is_shown_again_though_nothing_is_asked(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    mine, theirs = browse("produsen"), browse("rekan")
    dataset = cast.make(title="Lengkap, diubah berdua")
    address = f"/kirim/{dataset['id']}"
    first, second = (form_of(each.get(f"{address}/ajukan?ubah=definisi"))
                     for each in (mine, theirs))
    mine.post(f"{address}/isi", data={**first, "definisi": "Kata saya."})
    answer = theirs.post(f"{address}/isi", data={**second, "definisi": "Kata rekan."})
    assert answer.status_code == 409
    page = soup(answer)
    assert "Kata saya." in page.select_one("#field-definisi-err").get_text()
    assert page.select_one("#field-definisi").get_text().strip() == "Kata rekan."
    assert theirs.post(f"{address}/isi", data=form_of(answer)).status_code == 302
    assert draft_of(cast, dataset["id"])["definisi"] == "Kata rekan."


def test_only_fields_of_the_form_are_written(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    browser = browse("produsen")
    dataset = handed(cast, browser, title="Jumlah kunjungan palsu")
    before = draft_of(cast, dataset["id"])
    for name, value in (("private", "false"), ("owner_org", cast.other), ("name", "x"),
                        ("id", "y"), ("resources", "[]"), ("state", "deleted"),
                        ("identifier", "z"), ("creator_user_id", "q")):
        browser.post(f"/kirim/{dataset['id']}/isi", data={"isian": name, name: value})
    after = draft_of(cast, dataset["id"])
    for name in ("private", "owner_org", "name", "id", "state", "identifier"):
        assert after[name] == before[name], name
    assert browser.post(f"/kirim/{dataset['id']}/isi", data={
        "isian": "definisi", "definisi": "A" * 100_000}).status_code == 400
    assert browser.post(f"/kirim/{dataset['id']}/isi", data={
        "isian": "temporal_coverage", "temporal_coverage-x-start": "1", "a__b__c": "2",
        "temporal_coverage-0-start": "abad lalu"}).status_code == 400


def test_a_yearly_update_asks_nothing_and_moves_on_what_is_of_the_year(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    browser = browse("produsen")
    dataset = cast.make(resources=[], title="Kunjungan tahunan 2025", jadwal_rilis="15-03-2026")
    browser.post(f"/kirim/{dataset['id']}", data={
        "upload": file(SHEET.replace(b"2026", b"2025"), "2025.csv")})
    read(cast, dataset["id"])
    shown = publish(cast, dataset)
    browser.post(f"/kirim/{dataset['id']}", data={
        "upload": file(), "ganti": shown["resources"][0]["id"]})
    read(cast, dataset["id"])
    page = browser.get(f"/kirim/{dataset['id']}/ajukan")
    assert not soup(page).select("input[name=isian]")
    text = words(page)
    for said in ("Kunjungan tahunan 2026", "sebelumnya:", "15 Maret 2027",
                 "dari versi 1, dimajukan ke periode berkas ini"):
        assert said in text, said
    answer = browser.post(f"/kirim/{dataset['id']}/isi", data=form_of(page))
    kept = draft_of(cast, dataset["id"])
    assert kept["title"] == "Kunjungan tahunan 2026"
    assert kept["jadwal_rilis"] == "2027-03-15"
    assert kept["temporal_coverage"] == [{"start": "2026", "end": "2026"}]
    page = browser.get(answer.headers["Location"])
    assert soup(page).select("form#isi") == []
    assert "Jenis versi" in words(page) or "Belum bisa dikirim" in words(page)


def test_a_refusal_says_what_to_mend_and_keeps_what_was_typed(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    browser = browse("produsen")
    dataset = cast.make(title="Ditolak ajuannya")
    cast.set_aside(dataset["id"])
    shown = cast.show(dataset["id"])
    answer = browser.post(f"/kirim/{dataset['id']}/ajukan", data={
        "expected_version": shown["version"] - 1, "note": "Pesan panjang saya"})
    assert answer.status_code == 409
    assert "Belum terkirim" in words(answer)
    assert "Pesan panjang saya" in words(answer)
    assert browser.post(f"/kirim/{dataset['id']}/ajukan", data={
        "expected_version": shown["version"]}).status_code == 302
    # Pressed twice: the second is told that it is there already.
    again = browser.post(f"/kirim/{dataset['id']}/ajukan", data={
        "expected_version": shown["version"]})
    assert again.status_code == 302 and again.headers["Location"].endswith("/terkirim")


def test_what_comes_too_late_is_said(cast: Cast, browse: Callable[[str], Any]) -> None:
    dataset = cast.make(title="Terlambat disimpan")
    cast.set_aside(dataset["id"])
    cast.step(cast.produsen, dataset["id"], "ajukan")
    answer = browse("rekan").post(f"/kirim/{dataset['id']}/isi", data={
        "isian": "definisi", "definisi": "Baru"}, follow_redirects=True)
    assert "isian Anda belum tersimpan" in words(answer)


def test_the_page_of_a_dataset_leads_its_producer_here(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    dataset = cast.make(**{**COMPLETE, "title": "Dengan tombol kirim"})
    link = f"a[href$='/kirim/{dataset['id']}']"
    assert soup(browse("produsen").get(f"/dataset/{dataset['name']}")).select(link)
    for who in ("pimpinan", "walidata"):
        assert not soup(browse(who).get(f"/dataset/{dataset['name']}")).select(link)


def test_every_other_way_that_is_offered_is_there(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    dataset = cast.make(title="Lewat cara lain")
    browser = browse("produsen")
    offered = soup(browser.get(f"/kirim/{dataset['id']}")).select(".wz-ways a")
    assert offered
    for each in offered:
        assert browser.get(each["href"]).status_code == 200, each["href"]


def test_the_standard_that_was_picked_fills_in_what_it_says(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    browser = browse("produsen")
    picked = call("package_create", cast.produsen, type="indikator", owner_org=cast.opd,
                  title="Cakupan kunjungan", konsep="Kunjungan", definisi="Setiap kedatangan.",
                  satuan="kunjungan")
    dataset = handed(cast, browser, title="Jumlah kunjungan menurut standar",
                     id_indikator=[picked["name"]])
    page = browser.get(f"/kirim/{dataset['id']}/ajukan")
    assert "dari indikator Cakupan kunjungan" in words(page)
    assert [each["value"] for each in soup(page).select("input[name=isian]")] == ["jadwal_rilis"]


def test_the_three_steps_are_the_same_on_every_page_and_lead_back_and_on(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    dataset = cast.make(resources=[], title="Tiga langkah")
    browser, name, start = browse("produsen"), dataset["name"], f"/kirim/{dataset['id']}"

    def steps(path: str) -> list[tuple[str, str, str]]:
        shown = soup(browser.get(path)).select(".sd-steps li")
        return [(each.get_text(strip=True), (each.get("class") or [""])[0],
                 each.a["href"] if each.a else "") for each in shown]

    words_ = ["Pilih data dan berkas", "Periksa hasil baca", "Kirim untuk diperiksa"]
    for path in ("/kirim", "/kirim/baru", start, f"/dataset/{name}/tempel",
                 f"/dataset/{name}/petak"):
        found = steps(path)
        assert [each[0] for each in found] == words_, path
        assert [each[1] for each in found] == ["now", "", ""]
        assert not any(each[2] for each in found), "nothing was handed in yet"
    browser.post(start, data={"upload": file()})
    read(cast, dataset["id"])
    [resource] = draft_of(cast, dataset["id"])["resources"]
    second = f"/dataset/{name}/resource/{resource['id']}/pemeriksaan"
    assert steps(second) == [
        (words_[0], "done", start), (words_[1], "now", ""), (words_[2], "", f"{start}/ajukan")]
    assert steps(f"{start}/ajukan") == [
        (words_[0], "done", start), (words_[1], "done", second), (words_[2], "now", "")]
    assert [each[2] for each in steps(f"/dataset/{name}/tempel")] == [
        "", second, f"{start}/ajukan"]


def sent_for(cast: Cast, browse: Callable[[str], Any], content: bytes) -> tuple[Data, Any, str]:
    """Send a file for a draft and return the draft, a browser, and the page of what was read."""
    dataset = cast.make(title="Kunjungan", resources=[])
    browser = browse("produsen")
    answer = browser.post(f"/kirim/{dataset['id']}", data={"upload": file(content)},
                          content_type="multipart/form-data")
    read(cast, dataset["id"])
    return dataset, browser, answer.headers["Location"]


def test_what_was_read_leads_on_to_the_last_step_once_nothing_is_left(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    dataset, browser, address = sent_for(cast, browse, SHEET)
    page = soup(browser.get(address))
    steps = page.select(".sd-steps li")
    assert [each.get_text(strip=True) for each in steps] == [
        "Pilih data dan berkas", "Periksa hasil baca", "Kirim untuk diperiksa"]
    assert steps[1]["aria-current"] == "step"
    onward = page.select_one(".sd-bottom a.sd-btn--primary")
    assert onward["href"].endswith(f"/kirim/{dataset['id']}/ajukan")
    assert browser.get(onward["href"]).status_code == 200


def test_what_must_be_mended_comes_first_and_leads_to_sending_the_file_again(
    cast: Cast, browse: Callable[[str], Any]
) -> None:
    dataset, browser, address = sent_for(
        cast, browse, b"Kecamatan;Kunjungan;Persen (%)\nAnyar;-;140\nCinangka;988;50\n"
                      b"Bojonegara;700;60\n")
    page = soup(browser.get(address))
    assert page.select_one(".ip-ask h3").text == "Tanda “-” di kolom “Kunjungan” (B), artinya apa?"
    assert page.select_one(".sd-bottom a")["href"] == "#tanya"
    must = page.select(".ip-part > .ip-notes .sd-sev")
    assert must and all("Wajib" in each.text for each in must)
    assert not any("Wajib" in each.text for each in page.select("details .sd-sev"))
    again = page.select_one("#catatan").parent.select_one("a.sd-btn")
    assert again["href"].startswith(f"/kirim/{dataset['id']}?ganti=")
    chosen = soup(browser.get(again["href"].split("#")[0])).select_one("[name=ganti][checked]")
    assert chosen["value"] == address.rsplit("/", 2)[-2]
