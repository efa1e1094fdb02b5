"""The pages of the workflow: who finds what there, one next step, and nothing lost."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from workflow_cast import COMPLETE, Cast, Data, assemble, call

from ckanext.satudata.domain.workflow import TRANSITIONS, State
from ckanext.satudata.workflow import forms, words
from ckanext.satudata.workflow import page as page_of

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
NOTED = {"principle": "metadata", "severity": "wajib", "message": "Definisi belum lengkap",
         "how": "Tambahkan **batas** ukur", "place": {"field": "definisi"},
         "proposed": {"field": "definisi", "value": "Definisi yang lengkap."}}
#: The way into each state of a first version: who did what.
WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "draf": (),
    "diajukan": (("produsen", "ajukan"),),
    "diperiksa_walidata": (("produsen", "ajukan"), ("walidata", "periksa")),
    "dikembalikan": (("produsen", "ajukan"), ("walidata", "periksa"), ("walidata", "kembalikan")),
    "disetujui": (("produsen", "ajukan"), ("walidata", "periksa"), ("walidata", "setujui")),
    "terbit": (("produsen", "ajukan"), ("walidata", "periksa"), ("walidata", "setujui"),
               ("walidata", "terbitkan")),
    "dibatalkan": (("produsen", "batalkan"),),
}
EVERYBODY = ("boss", "produsen", "kepala", "anggota", "walidata", "walidata_2", "pendukung",
             "pembina", "ppid", "pimpinan", "koordinator", "pejabat", "warga")


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def browse(app: Any, cast: Cast) -> Callable[[str], Any]:
    """Return the browser of a person of the cast, logged in by cookie."""
    def log_in(who: str) -> Any:
        browser = app.test_client()
        with browser.session_transaction(base_url=tk.config["ckan.site_url"]) as session:
            session["_user_id"], session["_fresh"] = cast.people[who]["id"], True
        return browser

    return log_in


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.body, "html.parser")


def walk(cast: Cast, made: Data, state: str) -> Data:
    """Bring a dataset into a state and return its submission."""
    for who, step in WAYS[state]:
        more = {"note": "Perbaiki dahulu."} if step == "kembalikan" else {}
        cast.step(cast.people[who], made["id"], step, **more)
    return cast.show(made["id"])


def send(browser: Any, shown: Data, step: str, **fields: Any) -> Any:
    """Post the form of a step, having seen what is shown."""
    return browser.post(f"/pengajuan/{shown['id']}/{step}", follow_redirects=False, data={
        "expected_version": shown["version"], "seen_state": shown["state"], **fields})


# ------------------------------------------------------------------ who sees what


def test_everybody_with_an_account_has_an_inbox_in_their_words(
    cast: Cast, browse: Any
) -> None:
    walk(cast, cast.make(), "diajukan")
    inspect, read = {"walidata", "walidata_2", "pendukung"}, {"pimpinan", "koordinator"}
    for who in EVERYBODY:
        page = soup(browse(who).get("/tugas", status=200))
        assert page.h1.text == ("Pemantauan" if who in {*read, "boss"} else "Tugas saya"), who
        if who in read:
            assert page.select_one("tbody th a").text == "Dinas Kesehatan"
            page = soup(browse(who).get("/tugas?kotak=berjalan", status=200))
        row = page.select_one("[data-wf-row] h3")
        assert (row is not None) == (who in inspect | read | {"anggota"}), who
        button = page.select_one("[data-wf-row] .sd-btn--primary")
        assert (button is not None) == (who in inspect), who
        if row is None:
            assert page.select_one(".sd-empty b, .wf-overview").text


def test_who_is_not_logged_in_is_asked_to_and_comes_back(app: Any, cast: Cast) -> None:
    shown = cast.show(cast.make()["id"])
    for path in ("/tugas", f"/pengajuan/{shown['id']}"):
        answer = app.get(path, follow_redirects=False)
        assert answer.status_code == 302 and f"came_from={path}" in answer.location


def test_a_stranger_learns_nothing_of_a_draft_not_even_that_it_is_there(
    cast: Cast, browse: Any
) -> None:
    made = cast.make(title="Sangat rahasia")
    shown = cast.show(made["id"])
    for who in ("tetangga", "warga", "pembina", "ppid", "pendukung_lain"):
        stranger = browse(who)
        missing = soup(stranger.get("/pengajuan/tidak-ada", status=404)).text
        for path in (shown["id"], made["name"]):
            answer = stranger.get(f"/pengajuan/{path}", status=404)
            assert "angat rahasia" not in answer.body
            assert soup(answer).text == missing
        assert "Sangat rahasia" not in stranger.get("/tugas?kotak=menunggu_lain", status=200).body


@pytest.mark.parametrize("state", sorted(WAYS))
def test_each_role_has_at_most_one_filled_button_and_every_other_step_is_reachable(
    cast: Cast, browse: Any, state: str
) -> None:
    shown = walk(cast, cast.make(), state)
    for who in ("boss", "produsen", "walidata", "walidata_2", "pendukung", "koordinator",
                "pimpinan", "anggota"):
        page = soup(browse(who).get(f"/pengajuan/{shown['id']}", status=200))
        for dialog in page.find_all("dialog"):
            dialog.extract()
        filled = page.select(".wf .sd-btn--primary")
        assert len(filled) <= 1, (who, [each.text for each in filled])
        may = call("satudata_submission_show", cast.people[who], id=shown["id"])["actions"]
        for action in may:
            if action["allowed"]:
                name = action["name"].replace("tarik_darurat", "tarik-darurat")
                assert page.select(f'[href$="/{name}"], [action$="/{name}"]'), (who, name)
        if any(each["allowed"] and each["primary"] for each in may):
            assert filled, who


def test_the_one_step_of_each_role_in_a_submission_under_way(cast: Cast, browse: Any) -> None:
    made = cast.make()

    def filled(who: str) -> str:
        page = soup(browse(who).get(f"/pengajuan/{made['id']}", status=200))
        found = page.select_one(".wf-bottom .sd-btn--primary")
        return found.text if found else ""

    assert filled("produsen") == "Kirim untuk diperiksa"
    cast.step(cast.produsen, made["id"], "ajukan")
    assert (filled("produsen"), filled("walidata")) == ("", "Mulai periksa")
    cast.step(cast.walidata, made["id"], "periksa")
    assert (filled("walidata"), filled("pendukung")) == (
        "Setujui", "Kembalikan ke Dinas Kesehatan")
    call("satudata_finding_create", cast.walidata, id=made["id"], **NOTED)
    assert filled("walidata") == "Kembalikan ke Dinas Kesehatan"


def test_why_somebody_may_not_approve_stands_beside_the_button(cast: Cast, browse: Any) -> None:
    made = cast.make()
    call("package_patch", cast.boss, id=made["id"], konsep="Kedatangan")
    walk(cast, made, "diperiksa_walidata")
    page = soup(browse("boss").get(f"/pengajuan/{made['id']}", status=200))
    button = page.select_one(".wf-bottom [aria-disabled=true]")
    why = page.find(id=button["aria-describedby"]).text
    assert button.text == "Setujui" and "petugas lain" in why


def test_a_draft_with_gaps_says_which_and_leads_to_the_field(cast: Cast, browse: Any) -> None:
    made = cast.make(satuan="", konsep="")
    page = soup(browse("produsen").get(f"/pengajuan/{made['id']}", status=200))
    links = {each.text: each["href"] for each in page.select(".wf-gaps a")}
    assert {"Konsep", "Satuan"} <= set(links)
    assert links["Satuan"].endswith(f"/dataset/edit/{made['name']}#field-satuan")
    assert page.select_one(".wf-bottom .sd-btn--primary").text == "Ubah isian"


# ---------------------------------------------------------------------- acting


def test_the_story_from_draft_to_the_public_runs_through_the_forms(
    cast: Cast, browse: Any, app: Any
) -> None:
    made = cast.make()
    produsen, walidata = browse("produsen"), browse("walidata")

    def go(browser: Any, step: str, **fields: Any) -> None:
        answer = send(browser, cast.show(made["id"]), step, **fields)
        assert answer.status_code == 302, (step, soup(answer).text)

    go(produsen, "ajukan", letter_nomor="400.7/1", letter_tanggal="2026-11-09")
    go(walidata, "periksa")
    walidata.post(f"/pengajuan/{made['id']}/catatan", data={
        "principle": "metadata", "severity": "wajib", "message": "Definisi belum lengkap",
        "place": "field:definisi", "proposed": "Definisi yang lengkap."}, status=200)
    go(walidata, "kembalikan", note="Lihat catatan.")
    note = cast.show(made["id"])["findings"][0]
    page = soup(produsen.get(f"/pengajuan/{made['id']}", status=200))
    assert "Semua kedatangan." in page.select_one(".wf-value").text
    produsen.post(f"/pengajuan/{made['id']}/catatan/{note['id']}/jawab",
                  data={"terima": "1"}, status=200)
    assert call("package_show", cast.produsen, id=made["id"])["definisi"] == (
        "Definisi yang lengkap.")
    go(produsen, "ajukan")
    go(walidata, "periksa")
    walidata.post(f"/pengajuan/{made['id']}/catatan/{note['id']}/selesai", status=200)
    walidata.post(f"/pengajuan/{made['id']}/daftar-periksa", data={
        "expected_version": cast.show(made["id"])["version"], "metadata-hasil": "memenuhi",
        "standar_data-hasil": "belum", "standar_data-alasan": "satuan_tidak_sesuai",
        "standar_data-catatan": "Lihat satuan"}, status=200)
    assert cast.show(made["id"])["checklist"]["standar_data"] == {
        "hasil": "belum", "alasan": ["satuan_tidak_sesuai"], "catatan": "Lihat satuan"}
    go(walidata, "setujui")
    go(walidata, "terbitkan")
    assert app.get(f"/dataset/{made['name']}").status_code == 200
    letter = cast.show(made["id"])["letter"]
    assert letter == {"nomor": "400.7/1", "tanggal": "2026-11-09"}


def test_looking_at_steps_changes_nothing(cast: Cast, browse: Any, everything: Any) -> None:
    shown = cast.show(cast.make()["id"])
    browser = browse("boss")
    browser.get(f"/pengajuan/{shown['id']}", status=200)
    before = everything()
    steps = {each.name for each in TRANSITIONS if each.permission}
    for path in (*steps, "catatan", "daftar-periksa", "berikutnya", "catatan/x/jawab"):
        browser.get(f"/pengajuan/{shown['id']}/{path}")
    browser.get("/tugas/massal")
    after = everything()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"ckan.user"}  # when it was last seen


def test_a_step_without_its_reason_comes_back_with_what_was_typed(
    cast: Cast, browse: Any
) -> None:
    shown = walk(cast, cast.make(), "disetujui")
    browser = browse("walidata")
    answer = send(browser, shown, "batalkan_persetujuan", note=" ")
    page = soup(answer)
    assert answer.status_code == 400
    field = page.find("textarea", {"name": "note"})
    assert field["aria-invalid"] == "true"
    assert "alasan" in page.find(id=field["aria-describedby"]).text.lower()
    answer = send(browser, shown, "jadwalkan", release_day="2020-01-01", note="Tetap ini")
    page = soup(answer)
    assert page.find("textarea", {"name": "note"}).text == "Tetap ini"
    assert page.find("input", {"name": "release_day"})["value"] == "2020-01-01"
    assert "sudah lewat" in page.select_one(".sd-err").text


def test_a_release_is_set_in_local_time(cast: Cast, browse: Any) -> None:
    shown = walk(cast, cast.make(), "disetujui")
    browser = browse("walidata")
    answer = send(browser, shown, "jadwalkan", release_day="2030-12-01", release_time="08:30")
    assert answer.status_code == 302
    assert cast.show(shown["id"])["release_at"] == "2030-12-01T01:30:00+00:00"
    page = soup(browser.get(f"/pengajuan/{shown['id']}"))
    assert "1 Desember 2030, 08.30 WIB" in page.select_one(".wf-time").text
    assert "terbit sendiri 1 Desember 2030, 08.30 WIB" in page.select_one(".flash-messages").text
    form = soup(browser.get(f"/pengajuan/{shown['id']}/jadwalkan")).select_one(".wf form")
    assert [form.find("input", {"name": each})["value"] for each in (
        "release_day", "release_time")] == ["2030-12-01", "08:30"]
    assert "Jam (WIB)" in form.text


def test_a_schedule_is_taken_back_and_the_data_stay_approved(cast: Cast, browse: Any) -> None:
    shown = walk(cast, cast.make(), "disetujui")
    browser = browse("walidata")
    steps = f"/pengajuan/{shown['id']}/batalkan_jadwal"
    assert steps not in browser.get(f"/pengajuan/{shown['id']}").text
    send(browser, shown, "jadwalkan", release_day="2030-12-01")
    assert steps in browser.get(f"/pengajuan/{shown['id']}").text
    assert cast.show(shown["id"])["due_at"] is None
    assert send(browser, cast.show(shown["id"]), "batalkan_jadwal").status_code == 302
    now = cast.show(shown["id"])
    assert (now["state"], now["release_at"]) == ("disetujui", None)
    assert now["due_at"] is not None, "somebody has to publish it now"
    assert "Jadwal rilis dibatalkan" in browser.get(f"/pengajuan/{shown['id']}").text


def test_data_prioritas_are_approved_without_a_release(cast: Cast, browse: Any) -> None:
    made = cast.make(prioritas_tahun=["2026"], kriteria_prioritas="sdgs")
    shown = walk(cast, made, "diperiksa_walidata")
    page = soup(browse("walidata").get(f"/pengajuan/{shown['id']}/setujui"))
    assert page.find("input", {"name": "release_day"}) is None
    assert "Pembina Data memeriksanya sekali lagi" in page.text


def test_who_decides_on_what_has_changed_is_told_and_keeps_the_text(
    cast: Cast, browse: Any
) -> None:
    seen = walk(cast, cast.make(), "diperiksa_walidata")
    cast.step(cast.walidata, seen["id"], "alihkan", inspector="walidata-2")
    answer = send(browse("walidata"), seen, "kembalikan", note="Tulisan panjang saya")
    page = soup(answer)
    assert answer.status_code == 409
    assert "Diserahkan ke petugas lain" in page.select_one(".wf-time").text
    assert page.find("textarea", {"name": "note"}).text == "Tulisan panjang saya"
    fresh = cast.show(seen["id"])
    assert page.find("input", {"name": "expected_version"})["value"] == str(fresh["version"])
    assert cast.show(seen["id"])["state"] == "diperiksa_walidata"
    assert send(browse("walidata"), fresh, "kembalikan", note="Tulisan").status_code == 302
    answer = send(browse("walidata_2"), seen, "kembalikan", note="Tulisan kedua")
    page = soup(answer)
    assert answer.status_code == 409
    assert page.select_one("textarea[readonly]").text == "Tulisan kedua"
    assert [each.text for each in page.select("dd .sd-badge")] == [
        "Diperiksa Walidata", "Dikembalikan"]


def test_a_catatan_returned_again_shows_the_answer_before_and_asks_anew(
    cast: Cast, browse: Any
) -> None:
    made = cast.make()
    cast.through(made["id"], ("produsen", "ajukan"), ("walidata", "periksa"))
    cast.step(cast.walidata, made["id"], "kembalikan", findings=[{
        "principle": "metadata", "severity": "wajib", "message": "Definisi belum lengkap"}])
    note = cast.show(made["id"])["findings"][0]
    call("satudata_finding_answer", cast.produsen, id=note["id"], answer="Sudah benar begitu.")
    cast.through(made["id"], ("produsen", "ajukan"), ("walidata", "periksa"))
    cast.step(cast.walidata, made["id"], "kembalikan", note="Belum.")
    page = soup(browse("produsen").get(f"/pengajuan/{made['id']}", status=200))
    said = page.select_one(".wf-answer").text
    assert "Jawaban putaran sebelumnya" in said and "Sudah benar begitu." in said
    reply = page.select_one(".wf-reply")
    assert reply.has_attr("open") and reply.select_one("textarea").text == ""
    assert "1 catatan" in page.select_one("main, body").text
    call("satudata_finding_answer", cast.produsen, id=note["id"], answer="Batas ukur ditambah.")
    page = soup(browse("walidata").get(f"/pengajuan/{made['id']}", status=200))
    assert [("sebelumnya" in each.text, "Batas ukur" in each.text)
            for each in page.select(".wf-answer")] == [(True, False), (False, True)]


def test_a_refused_catatan_keeps_what_was_typed(cast: Cast, browse: Any) -> None:
    shown = walk(cast, cast.make(), "diperiksa_walidata")
    typed = {"principle": "metadata", "severity": "wajib", "message": "Pesan", "how": "Cara",
             "column": "kolom_a", "place": "resource:" + "x" * 400}
    answer = browse("walidata").post(f"/pengajuan/{shown['id']}/catatan", data=typed)
    assert answer.status_code == 400
    page = soup(answer)
    for field in ("message", "how", "column"):
        kept = page.find(attrs={"name": field})
        assert (kept.get("value") or kept.text) == typed[field]


def test_the_scanned_letter_goes_with_the_form_and_only_who_may_read_gets_it(
    cast: Cast, browse: Any
) -> None:
    shown = cast.show(cast.make()["id"])
    path = f"/pengajuan/{shown['id']}/surat"
    browse("produsen").get(path, status=404)
    refused = send(browse("produsen"), shown, "ajukan", letter_nomor="1/2026",
                   letter_tanggal="2026-11-09", letter_upload=(BytesIO(b"MZ virus"), "surat.pdf"))
    assert refused.status_code == 400
    assert "PDF, PNG, atau JPEG" in soup(refused).select_one(".sd-err").text
    assert soup(refused).find("input", {"name": "letter_nomor"})["value"] == "1/2026"
    assert send(browse("produsen"), shown, "ajukan", letter_nomor="1/2026",
                letter_upload=(BytesIO(b"%PDF-1.4 isi"), "surat.pdf")).status_code == 302
    page = soup(browse("walidata").get(f"/pengajuan/{shown['id']}", status=200))
    assert page.select_one(f'a[href="{path}"]')
    answer = browse("walidata").get(path, status=200)
    assert answer.data == b"%PDF-1.4 isi"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    browse("tetangga").get(path, status=404)


def test_a_refused_form_says_which_file_to_choose_again(cast: Cast, browse: Any) -> None:
    shown = cast.show(cast.make()["id"])
    tomorrow = dt.date.today() + dt.timedelta(days=2)
    answer = send(browse("produsen"), shown, "ajukan", letter_nomor="400/1",
                  letter_tanggal=tomorrow.isoformat(),
                  letter_upload=(BytesIO(b"%PDF-1.7 isi"), "surat kami.pdf"))
    assert answer.status_code == 400
    page = soup(answer)
    assert "Tanggal surat belum tiba" in page.text
    assert "Pilih lagi berkas “surat kami.pdf”" in page.text
    assert cast.show(shown["id"])["state"] == "draf"


# ------------------------------------------------------------------------ many


def test_many_are_moved_at_once_and_each_is_told(cast: Cast, browse: Any) -> None:
    urgent = cast.make(title="Data U", prioritas_tahun=["2026"], kriteria_prioritas="sdgs")
    made = [cast.make(title=f"Data {each}") for each in "abc"]
    walked = [walk(cast, each, "diperiksa_walidata") for each in (urgent, *made)]
    call("satudata_finding_create", cast.walidata, id=made[1]["id"], **NOTED)
    draft = cast.show(cast.make(title="Draf")["id"])
    tickets = [f"{each['id']}:{each['version']}" for each in (*walked, draft)]
    cast.step(cast.walidata_2, made[2]["id"], "alihkan", inspector="walidata")
    page = soup(browse("walidata").post("/tugas/massal?kotak=menunggu_saya", data={
        "tindakan": "setujui", "pilih": [*tickets, "bukan-angka:x"],
        f"judul-{draft['id']}": "Data <c>"}, status=200))
    assert [each.text for each in page.select(".sd-note--ok b")] == [
        "1 pengajuan lolos dan diteruskan ke Pembina Data", "1 pengajuan disetujui"]
    assert [each.text for each in page.select(".sd-note--ok li")] == [
        walked[0]["id"], walked[1]["id"]]
    failed = [each.text for each in page.select(".sd-note--stop li")]
    assert len(failed) == 3
    assert "1 catatan wajib diperbaiki" in failed[0]
    assert "berubah sejak Anda melihatnya" in failed[1] and "Draf" in failed[2]
    assert failed[2].startswith("Data <c>")
    # What changed meanwhile is not ticked anew: a second press would decide on it unread.
    ticked = [each["value"].split(":")[0] for each in page.select("input[name=pilih][checked]")]
    assert ticked == [walked[2]["id"]]
    assert [cast.show(each["id"])["state"] for each in (urgent, *made)] == [
        "diperiksa_pembina", "disetujui", "diperiksa_walidata", "diperiksa_walidata"]


def test_one_message_returns_many_and_stays_if_some_fail(cast: Cast, browse: Any) -> None:
    made = [walk(cast, cast.make(title=f"Data {each}"), "diperiksa_walidata") for each in "ab"]
    page = soup(browse("walidata").post("/tugas/massal", data={
        "tindakan": "kembalikan", "note": "Satu pesan", "kotak": "menunggu_saya",
        "pilih": [f"{made[0]['id']}:{made[0]['version']}", f"{made[1]['id']}:1"]}))
    assert cast.show(made[0]["id"])["state"] == "dikembalikan"
    assert page.find("textarea", {"name": "note"}).text == "Satu pesan"


def test_what_stops_many_is_said_once(cast: Cast, browse: Any) -> None:
    made = [walk(cast, cast.make(title=f"Data {each}"), "diperiksa_walidata") for each in "ab"]
    page = soup(browse("walidata").post("/tugas/massal?kotak=menunggu_saya", data={
        "tindakan": "kembalikan", "pilih": [f"{each['id']}:{each['version']}" for each in made]}))
    told = page.select_one(".sd-note--stop")
    assert told.text.count("Tulis alasannya") == 1
    assert [each["href"].split("/")[-1] for each in told.select("a")] == [
        each["id"] for each in made]
    assert len(page.select("input[name=pilih][checked]")) == 2


def test_the_answer_to_many_has_an_address_that_leads_back_to_the_list(
    cast: Cast, browse: Any
) -> None:
    for each in range(3):
        walk(cast, cast.make(title=f"Data {each}"), "diajukan")
    browser = browse("walidata")
    page = soup(browser.get("/tugas?q=Data&status=diajukan&baris=100&halaman=1"))
    action = page.select_one("form[data-wf-list]")["action"]
    assert "q=Data" in action and "status=diajukan" in action and "baris=100" in action
    answer = soup(browser.post(action, data={"tindakan": "setujui"}))
    assert answer.select_one("#saring-q")["value"] == "Data"
    english = browser.get(f"/en{action}", follow_redirects=False)
    assert english.status_code == 302
    assert english.headers["Location"].split("?")[0].endswith("/en/tugas")
    assert "q=Data" in english.headers["Location"]


def test_a_hundred_are_shown_at_once_to_who_asks(cast: Cast, browse: Any) -> None:
    for each in range(27):
        walk(cast, cast.make(title=f"Data {each}"), "diajukan")
    browser = browse("walidata")
    first = soup(browser.get("/tugas"))
    assert len(first.select("[data-wf-row]")) == 25
    more = soup(browser.get(first.select_one(".wf-long a")["href"]))
    assert len(more.select("[data-wf-row]")) == 27
    assert len(soup(browser.get(more.select_one(".wf-long a")["href"])).select(
        "[data-wf-row]")) == 25


def test_a_bulk_form_that_lacks_something_says_what(cast: Cast, browse: Any) -> None:
    browser = browse("walidata")
    for fields, said in (
            ({"tindakan": "setujui"}, "Belum ada yang dipilih"),
            ({"tindakan": "alihkan", "pilih": ["a:1"]}, "Pilih petugas"),
            ({"tindakan": "setujui", "pilih": [f"{n}:1" for n in range(101)]},
             "Paling banyak 100")):
        assert said in soup(browser.post("/tugas/massal", data=fields, status=200)).text
    browser.post("/tugas/massal", data={"tindakan": "tarik_darurat", "pilih": "a:1"}, status=400)


def test_the_next_one_of_the_queue_opens_and_the_last_leads_back(
    cast: Cast, browse: Any
) -> None:
    queue = [walk(cast, cast.make(title=f"Data {each}"), "diajukan")["id"] for each in "abc"]
    browser = browse("walidata")

    def following(identifier: str, **args: str) -> str:
        return browser.get(f"/pengajuan/{identifier}/berikutnya", query_string=args,
                           follow_redirects=False).location

    assert following(queue[0]).endswith(f"/pengajuan/{queue[1]}")
    assert following(queue[2], arah="mundur").endswith(f"/pengajuan/{queue[1]}")
    assert following(queue[2]).endswith(f"/pengajuan/{queue[0]}")
    for each in queue[1:]:
        cast.step(cast.produsen, each, "tarik_ajuan")
    assert following(queue[0]).endswith("/tugas")


def test_the_list_is_filtered_by_its_address_and_a_strange_address_is_no_error(
    cast: Cast, browse: Any
) -> None:
    walk(cast, cast.make(title="Kunjungan puskesmas"), "diajukan")
    walk(cast, cast.make(title="Jalan rusak", prioritas_tahun=["2026"],
                         kriteria_prioritas="pembangunan"), "diajukan")
    browser = browse("walidata")

    def titles(query: str) -> list[str]:
        page = soup(browser.get(f"/tugas?{query}", status=200))
        return sorted(each.text for each in page.select("[data-wf-row] h3"))

    assert titles("") == ["Jalan rusak", "Kunjungan puskesmas"]
    assert titles("q=jalan") == titles("prioritas=1") == ["Jalan rusak"]
    assert titles("petugas=saya") == titles("status=draf") == titles("telat=1") == []
    assert titles("petugas=belum") == titles(f"opd={cast.opd}") == titles("kotak=x&status=y")
    assert titles("halaman=99") == ["Jalan rusak", "Kunjungan puskesmas"]
    assert titles("jenis=bukan-kode&halaman=-1&q=%00") == ["Jalan rusak", "Kunjungan puskesmas"]


# ---------------------------------------------------------------------- hostile


def test_what_people_write_is_shown_as_text_and_cleaned(cast: Cast, browse: Any) -> None:
    hostile = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    made = cast.make(title=f"Data {hostile}", konsep=hostile)
    walk(cast, made, "diperiksa_walidata")
    call("satudata_finding_create", cast.walidata, id=made["id"], **{
        **NOTED, "message": hostile, "how": f"{hostile} [sini](javascript:alert(3))",
        "proposed": {"field": "definisi", "value": hostile}})
    call("satudata_finding_create", cast.walidata, id=made["id"], principle="metadata",
         severity="saran", message=hostile,
         place={"resource": hostile, "column": hostile, "row": 1})
    cast.step(cast.walidata, made["id"], "kembalikan", note=f"{hostile} **tebal**")
    note = cast.show(made["id"])["findings"][0]
    call("satudata_finding_answer", cast.produsen, id=note["id"], answer=hostile)
    for who in ("produsen", "walidata"):
        browser = browse(who)
        for path in (f"/pengajuan/{made['id']}", f"/pengajuan/{made['id']}?bagian=riwayat",
                     f"/pengajuan/{made['id']}?bagian=metadata", f"/dataset/{made['name']}",
                     f"/pengajuan/{made['id']}?bagian=berkas", "/tugas?kotak=menunggu_lain",
                     "/tugas"):
            body = browser.get(path, status=200).body
            page = BeautifulSoup(body, "html.parser")
            assert "<script>alert" not in body and "javascript:alert" not in body, path
            assert not page.select("[onerror]"), path
    page = soup(browse("produsen").get(f"/pengajuan/{made['id']}?bagian=riwayat"))
    assert page.select_one(".wf-said strong").text == "tebal"


def test_every_form_that_acts_carries_a_token_and_what_was_seen(cast: Cast, browse: Any) -> None:
    made = cast.make()
    walk(cast, made, "diperiksa_walidata")
    call("satudata_finding_create", cast.walidata, id=made["id"], **NOTED)
    found: list[str] = []
    for who, path in (("walidata", f"/pengajuan/{made['id']}"), ("walidata", "/tugas"),
                      ("walidata", f"/pengajuan/{made['id']}/kembalikan")):
        page = soup(browse(who).get(path, status=200))
        for form in page.select(".wf form[method=post]"):
            assert form.find("input", {"name": "_csrf_token"})["value"], form["action"]
            found.append(form["action"])
            name = form["action"].rsplit("/", 1)[-1]
            if name in {each.name for each in TRANSITIONS}:
                assert form.find("input", {"name": "expected_version"})["value"]
    assert len(set(found)) >= 6


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
def test_a_form_without_its_token_is_refused_also_after_a_call_with_an_api_token(
    cast: Cast, browse: Any, app: Any
) -> None:
    shown = cast.show(cast.make()["id"])
    token = factories.APIToken(user=cast.produsen["name"])["token"]
    # CKAN takes the protection off a view once it was called with an API token.
    app.post(f"/pengajuan/{shown['id']}/ajukan", headers={"Authorization": token},
             data={"expected_version": 99}, status=409)
    browser = browse("produsen")
    for path, fields in ((f"/pengajuan/{shown['id']}/ajukan", {"expected_version": 1}),
                         (f"/pengajuan/{shown['id']}/catatan", {}),
                         (f"/pengajuan/{shown['id']}/catatan/x/jawab", {}),
                         (f"/pengajuan/{shown['id']}/catatan/x/selesai", {}),
                         (f"/pengajuan/{shown['id']}/daftar-periksa", {}),
                         ("/tugas/massal", {"tindakan": "periksa"})):
        browser.post(path, data=fields, status=400)
    assert cast.show(shown["id"])["state"] == "draf"
    page = soup(browser.get(f"/pengajuan/{shown['id']}", status=200))
    fields = {each["name"]: each.get("value", "")
              for each in page.select("#langkah-ajukan input[type=hidden]")}
    browser.post(f"/pengajuan/{shown['id']}/ajukan", data=fields, status=200)
    assert cast.show(shown["id"])["state"] == "diajukan"


# ------------------------------------------------------------- tables and datasets


@pytest.mark.usefixtures("clean_datastore")
def test_the_words_of_the_last_step_stand_where_one_looks_first(cast: Cast, browse: Any) -> None:
    shown = walk(cast, cast.make(), "diajukan")
    page = f"/pengajuan/{shown['id']}"

    def said(who: str) -> str:
        found = soup(browse(who).get(page)).select_one(".wf-message")
        return " ".join(found.text.split()) if found else ""

    assert not said("walidata")
    cast.step(cast.walidata, shown["id"], "periksa")
    cast.step(cast.walidata, shown["id"], "kembalikan", note="Satuan **keliru**.")
    assert said("produsen").startswith("Pesan walidata,") and "Satuan keliru." in said("produsen")
    cast.step(cast.produsen, shown["id"], "ajukan", note="Satuan sudah orang.")
    assert "Satuan sudah orang." in said("walidata")
    cast.step(cast.walidata_2, shown["id"], "periksa")
    assert "Satuan sudah orang." in said("walidata_2"), "taking it up is no answer"
    cast.step(cast.walidata, shown["id"], "setujui")
    assert not said("produsen")


def test_what_the_pembina_writes_to_the_walidata_reaches_the_producer_when_it_is_conveyed(
    cast: Cast, browse: Any
) -> None:
    made = cast.make(prioritas_tahun=["2026"], kriteria_prioritas="sdgs")
    walk(cast, made, "diperiksa_walidata")
    cast.step(cast.walidata, made["id"], "setujui")
    cast.step(cast.pembina, made["id"], "kembalikan", note="Pakai KBLI 2020.")
    page = f"/pengajuan/{cast.show(made['id'])['id']}"

    def reads(who: str) -> tuple[bool, bool, bool]:
        told = call("satudata_submission_timeline", cast.people[who], id=made["id"])["results"]
        browser = browse(who)
        return ("Pakai KBLI 2020." in str(told), "Pakai KBLI 2020." in browser.get(page).text,
                "Pakai KBLI 2020." in browser.get(f"{page}?bagian=riwayat").text)

    assert reads("walidata") == reads("pembina") == (True, True, True)
    assert reads("produsen") == reads("kepala") == (False, False, False)
    assert "Walidata meneruskan catatan Pembina Data" in soup(
        browse("produsen").get(page)).select_one(".wf-situation").text
    cast.step(cast.walidata, made["id"], "kembalikan")
    assert reads("produsen") == (True, True, True)


def test_a_catatan_on_the_files_shows_no_record_of_the_machine(cast: Cast, browse: Any) -> None:
    seen = walk(cast, cast.make(), "diperiksa_walidata")
    cast.step(cast.walidata, seen["id"], "kembalikan", findings=[
        {**NOTED, "place": {"field": "resources"}, "proposed": None}])
    page = soup(browse("produsen").get(f"/pengajuan/{seen['id']}"))
    note = page.select_one(".sd-finding")
    assert note.select_one(".where").text == "Berkas" and note.select_one(".wf-value") is None
    assert not page.select('a[href*="/berita-acara/baru"]')  # only the walidata prepares one
    page = soup(browse("walidata").get(f"/pengajuan/{seen['id']}"))
    assert page.select('a[href*="/berita-acara/baru"]')


def test_a_catatan_stands_on_its_cell_and_the_cell_leads_to_it(cast: Cast, browse: Any) -> None:
    made = cast.make()
    resource = made["resources"][0]["id"]
    tk.get_action("datastore_create")({"user": cast.produsen["name"]}, {
        "resource_id": resource, "force": True,
        "records": [{"kode": f"36.04.{n:02}", "jumlah": n} for n in range(1, 41)]})
    walk(cast, made, "diperiksa_walidata")
    for place in ({"column": "kode", "row": 30}, {"column": "jumlah"}, {"row": 2}, {"row": 900}):
        call("satudata_finding_create", cast.walidata, id=made["id"], **{
            **NOTED, "proposed": None, "place": {"resource": resource, **place}})
    page = soup(browse("walidata").get(f"/pengajuan/{made['id']}", status=200))
    rows = [each.th.text.split()[-1] for each in page.select(".wf-table tbody tr:not(.wf-gap)")]
    assert rows == [*map(str, range(1, 9)), "30"]
    cell = page.select_one(".wf-cell--stop")
    assert "36.04.30" in cell.text
    target = page.select_one(cell.a["href"])
    assert page.select_one(target.select_one("a.sd-pin")["href"]) == cell.a
    assert "baris 30" in target.select_one(".where").text
    assert len(page.select("thead .sd-pin")) == 1


def test_a_dataset_says_to_those_concerned_where_it_stands(cast: Cast, browse: Any) -> None:
    made = cast.make()
    walk(cast, made, "diajukan")
    for who in ("produsen", "walidata", "pimpinan"):
        page = soup(browse(who).get(f"/dataset/{made['name']}", status=200))
        bar = page.select_one(".wf-bar")
        assert bar.select_one(".sd-badge").text == "Menunggu pemeriksaan"
        assert bar.a["href"].endswith(f"/pengajuan/{cast.show(made['id'])['id']}")
        listed = soup(browse(who).get("/dataset/", status=200))
        assert "Menunggu pemeriksaan" in listed.select_one(".sd-result").text


def test_the_public_reads_when_it_was_published_and_nothing_of_the_way_there(
    cast: Cast, app: Any
) -> None:
    for who in (cast.walidata, cast.produsen):
        call("user_patch", cast.boss, id=who["id"], fullname="Petugas Tertentu")
    made = cast.make()
    walk(cast, made, "diajukan")
    cast.step(cast.walidata, made["id"], "periksa")
    cast.step(cast.walidata, made["id"], "kembalikan", note="Rahasia dapur")
    walk(cast, made, "terbit")
    page = soup(app.get(f"/dataset/{made['name']}", status=200))
    assert page.select_one(".wf-bar") is None
    assert "Riwayat terbit" in page.text
    for hidden in ("Rahasia dapur", "Dikembalikan", "Diperiksa Walidata", "walidata-2",
                   "Petugas Tertentu"):
        assert hidden not in page.text
    assert "Terbit" not in soup(app.get("/dataset/", status=200)).select_one(".sd-result").text


def test_data_from_before_the_portal_says_so_to_everybody(cast: Cast, app: Any) -> None:
    from ckanext.satudata.shared.doors import existing_published

    made = cast.make()
    existing_published(made["id"], cast.boss["name"])
    for path in (f"/dataset/{made['name']}", "/dataset/"):
        assert "Belum diperiksa menurut SDI" in soup(app.get(path, status=200)).text


def test_the_form_offers_no_visibility_and_says_who_publishes(cast: Cast, browse: Any) -> None:
    made = cast.make()
    page = soup(browse("produsen").get(f"/dataset/edit/{made['name']}", status=200))
    assert page.find("select", {"name": "private"}) is None
    assert "diterbitkan Walidata" in page.find(attrs={"data-field": "private"}).text
    assert page.select_one(".wf-bar") is not None


def test_what_cannot_be_saved_now_has_no_form_but_the_way_on(cast: Cast, browse: Any) -> None:
    made = cast.make()
    path = f"/dataset/edit/{made['name']}"
    walk(cast, made, "diajukan")
    browser = browse("produsen")
    page = soup(browser.get(path, status=200))
    assert page.find("input", {"name": "title"}) is None and page.find("textarea") is None
    assert "selama diperiksa" in page.select_one(".sd-note").text
    for who, step in WAYS["terbit"][1:]:
        cast.step(cast.people[who], made["id"], step)
    file = f"/dataset/{made['name']}/resource/{made['resources'][0]['id']}/edit"
    for where in (file, f"/dataset/{made['name']}/resource/new",
                  f"/dataset/resources/{made['name']}", f"/dataset/{made['name']}"):
        page = soup(browser.get(where, status=200))
        assert page.select_one('form[action$="/revisi"]') is not None, where
        assert page.find("input", {"name": "upload"}) is None, where
    page = soup(browser.get(path, status=200))
    form = page.select_one('form[action$="/revisi"]')
    fields = {each["name"]: each["value"] for each in form.select("input")}
    following = browser.post(form["action"], data=fields, follow_redirects=False)
    assert "/dataset/edit/" in following.location and made["name"] not in following.location
    copy = soup(browser.get(following.location, status=200))
    assert copy.find(attrs={"name": "title"}) is not None
    page = soup(browser.get(path, status=200))
    assert following.location.endswith(page.select_one(".wf-frozen-do a")["href"])


def test_a_form_that_came_too_late_says_why_and_keeps_what_was_typed(
    cast: Cast, browse: Any
) -> None:
    made = cast.make()
    walk(cast, made, "diajukan")
    answer = browse("produsen").post(f"/dataset/edit/{made['name']}", data={
        "title": "Judul baru", "name": made["name"], "owner_org": cast.opd})
    page = soup(answer)
    assert cast.show(made["id"])["title"] == COMPLETE["title"]
    said = page.select_one("#ringkasan-kesalahan")
    assert said is not None and "conflict" not in said.text
    assert page.find(attrs={"name": "title"}).text.strip() == "Judul baru"


def test_a_producer_reads_their_own_words(cast: Cast, browse: Any) -> None:
    walk(cast, cast.make(title="Kembali"), "dikembalikan")
    walk(cast, cast.make(title="Menunggu"), "diajukan")
    browser = browse("produsen")
    page = soup(browser.get("/tugas", status=200))
    assert [each.find(string=True) for each in page.select(".sd-tabs a")] == [
        "Perlu Anda kerjakan", "Menunggu pemeriksaan", "Selesai"]
    assert page.select_one(".wf-group").text.split("\n")[0].startswith("Perlu Anda perbaiki")
    assert page.select_one("[data-wf-row] .sd-btn--primary").text.startswith("Perbaiki")
    assert page.select_one("input[name=pilih]") is None


def test_the_menu_counts_what_waits_and_is_not_shown_to_who_has_no_part(
    cast: Cast, browse: Any
) -> None:
    walk(cast, cast.make(), "diajukan")
    page = soup(browse("walidata").get("/about", status=200))
    link = page.select_one('.sd-work a[href="/tugas"]')
    assert link.select_one(".sd-count").text == "1"
    assert soup(browse("warga").get("/about")).select_one('.sd-work a[href="/tugas"]') is None


# ------------------------------------------------------------------ the tables


def test_every_step_says_what_it_did_and_every_state_has_a_badge() -> None:
    assert set(words.BADGES) == set(State)
    known = {name for name, _state in forms._DONE}
    assert {each.name for each in TRANSITIONS if each.permission and each.source} <= known
    for name, _state in forms.FORMS:
        assert name in known


def test_a_reason_that_stands_on_the_page_is_no_message_beside_it() -> None:
    moves = [{"submission_id": "a", "kind": "transisi", "transition": "ajukan",
              "note": "Dua desa tertukar."}]
    assert page_of.message(moves, {"id": "a", "reason": "Dua desa tertukar."}) is None
    assert page_of.message(moves, {"id": "a", "reason": ""}) == moves[0]


def test_a_step_that_demands_something_has_a_field_for_it() -> None:
    fields = {"reason": "note", "finding_or_reason": "note", "inspector": "inspector",
              "release_at": "release"}
    for each in TRANSITIONS:
        if each.permission and each.source and each.demand.value:
            form = forms.form_of(each.name, each.source.value)
            assert form is not None and fields[each.demand.value] in form.fields, each.name
