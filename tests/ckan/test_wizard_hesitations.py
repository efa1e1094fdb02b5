"""What made a village officer hesitate: each page says what is so, and what comes next."""
from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from ckan.plugins import toolkit as tk
from workflow_cast import Cast, Data, call, people

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
made, cast = people()
SHEET = (b"JUMLAH KUNJUNGAN PUSKESMAS TAHUN %d\n\nKecamatan;Kunjungan (orang);Tahun\n"
         b"Anyar;1204;%d\nCinangka;988;%d\nBojonegara;700;%d\n")
#: A list of who receives something, as a village keeps it.
PEOPLE = [["NO", "NAMA", "NIK", "NO HP", "JUMLAH DITERIMA (Rp)"], *(
    [at, name, f"36040{at}4507{at}0000{at}", f"0812345678{at}{at}", 900_000 + at]
    for at, name in enumerate(("SITI AMINAH", "ROHMAN", "SUPRIYATI", "AHMAD YANI"), 1))]


@pytest.fixture
def browser(app: Any, cast: Cast) -> Any:
    """The browser of a producer, logged in by cookie."""
    found = app.test_client()
    with found.session_transaction(base_url=tk.config["ckan.site_url"]) as session:
        session["_user_id"], session["_fresh"] = cast.people["produsen"]["id"], True
    found.post = partial(found.post, follow_redirects=False)
    return found


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def words(page: Any) -> str:
    return " ".join(page.get_text(" ").split())


def workbook(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def year(number: int, *years: int) -> bytes:
    return SHEET % (number, *(years or (number,) * 3))


@pytest.fixture
def sent(cast: Cast, browser: Any) -> Callable[..., tuple[Data, str]]:
    """Send a file into a draft; return the dataset and the address of what was read."""
    def send(content: bytes, name: str, dataset: Data | None = None, **more: str) -> Any:
        dataset = dataset or cast.make(resources=[], title=f"Ragu {name}")
        answer = browser.post(f"/kirim/{dataset['id']}", data={
            "upload": (io.BytesIO(content), name), **more})
        assert answer.status_code == 302, words(soup(answer))
        call("satudata_inspection_run", cast.walidata, id=dataset["id"], wait=True)
        draft = call("package_show", cast.produsen, id=cast.show(dataset["id"])["content_id"])
        return dataset, (f"/dataset/{draft['name']}/resource/{draft['resources'][0]['id']}"
                         "/pemeriksaan")

    return send


def test_a_workbook_without_a_cell_is_said_to_be_empty_everywhere(
    browser: Any, sent: Callable[..., tuple[Data, str]]
) -> None:
    dataset, address = sent(workbook([]), "Book1.xlsx")
    page = soup(browser.get(address))
    assert "tidak berisi sel apa pun" in words(page)
    assert "Tidak ada yang tersisa" not in words(page)
    assert page.select_one(".sd-bottom a")["href"] == "#catatan"
    page = soup(browser.get(f"/kirim/{dataset['id']}"))
    assert page.select_one(".wf-row .sd-bad").text == "Tidak terbaca"
    assert page.select_one(".sd-bottom .sd-btn--primary")["href"].endswith("/pemeriksaan")
    todo = soup(browser.get(f"/kirim/{dataset['id']}/ajukan")).select_one(".wz-todo")
    assert "tidak terbaca" in words(todo)


def test_a_photo_of_a_table_leads_to_typing_it(
    browser: Any, sent: Callable[..., tuple[Data, str]]
) -> None:
    dataset, address = sent(b"\xff\xd8\xff\xe0" + bytes(2_000), "IMG_WA0003.jpg")
    page = soup(browser.get(address))
    assert "ketik angkanya" in words(page)
    assert page.select_one("a[href$='#cara']")["href"].startswith(f"/kirim/{dataset['id']}")
    assert not page.select(".sd-bottom .sd-btn--primary")
    row = soup(browser.get(f"/kirim/{dataset['id']}")).select_one(".wf-row")
    assert "tidak ada yang wajib diperbaiki" not in words(row)


def test_all_personal_data_goes_by_one_button_that_speaks_as_the_sheet_does(
    browser: Any, cast: Cast, sent: Callable[..., tuple[Data, str]]
) -> None:
    dataset, address = sent(workbook(PEOPLE), "PENERIMA BLT.xlsx")
    page = soup(browser.get(address))
    labels = {each.text for each in page.select("button[name^=buang-]")}
    assert {"Buang kolom “NIK” (C)", "Buang kolom “NO HP” (D)"} <= labels
    count = len(page.select(".ip-part > .ip-notes > li"))
    (listed,) = call("satudata_inspection_list", cast.produsen, id=dataset["id"])["results"]
    assert listed["must"] == count > 1 and listed["counts"]["wajib"] > count
    assert f"{count} catatan wajib" in words(soup(browser.get(f"/kirim/{dataset['id']}")))
    button = page.select_one("button[name=buang-semua]")
    assert "sd-btn--primary" in button["class"]
    form = page.select_one("#koreksi")
    browser.post(address, data={
        **{each["name"]: each["value"] for each in form.select("input[type=hidden]")},
        "buang-semua": button["value"]})
    page = soup(browser.get(address))
    assert "Tidak ada yang wajib diperbaiki" in page.select_one("#ringkas").text
    note = next(each for each in page.select(".sd-note") if "Kolom yang dibuang" in each.text)
    assert "“NIK” (C)" in note.text and "“NO HP” (D)" in note.text
    back = {each["value"]: each.text for each in note.select("button")}
    assert back["nik"] == "Pakai lagi kolom “NIK” (C)"


def test_the_main_button_of_a_draft_is_what_comes_next(
    browser: Any, sent: Callable[..., tuple[Data, str]]
) -> None:
    dataset, address = sent(
        b"Kecamatan;Kunjungan\nAnyar;-\nCinangka;988\nBojonegara;700\n", "a.csv")
    (main,) = soup(browser.get(f"/kirim/{dataset['id']}")).select(".sd-bottom .sd-btn--primary")
    assert (main["href"], main.text) == (address, "Jawab pertanyaannya")
    dataset, _address = sent(year(2026), "b.csv")
    (main,) = soup(browser.get(f"/kirim/{dataset['id']}")).select(".sd-bottom .sd-btn--primary")
    assert main["href"].endswith("/ajukan")


def test_what_is_filled_already_is_folded_with_its_count(
    browser: Any, sent: Callable[..., tuple[Data, str]]
) -> None:
    dataset, _address = sent(year(2026), "b.csv")
    page = soup(browser.get(f"/kirim/{dataset['id']}/ajukan"))
    fold = page.select_one("#terisi").find_parent("details")
    assert not fold.has_attr("open")
    assert fold.select_one("summary .sd-muted").text == str(len(fold.select("li")))


def test_catatan_of_returned_data_are_answered_where_it_is_handed_in(
    browser: Any, cast: Cast
) -> None:
    dataset = cast.make(title="Dikembalikan dengan catatan")
    cast.set_aside(dataset["id"])
    cast.through(dataset["id"], ("produsen", "ajukan"), ("walidata", "periksa"))
    cast.step(cast.walidata, dataset["id"], "kembalikan", findings=[
        {"principle": "metadata", "severity": "wajib", "place": {"field": "definisi"},
         "message": "Definisi belum menyebut kunjungan ulang.", "how": "Sebut apakah dihitung."}])
    address = f"/kirim/{dataset['id']}/ajukan"
    page = soup(browser.get(address))
    (note,) = page.select(".wz-notes li")
    assert "belum menyebut kunjungan ulang" in words(note)
    assert note.select_one("a[href*='ubah=definisi']")
    assert not page.select(f"form[action$='{address}']")
    form = note.select_one("form")
    assert browser.post(form["action"], data={"answer": "Sudah disebut."}).status_code == 302
    page = soup(browser.get(address))
    assert not page.select(".wz-notes form") and "Sudah disebut." in words(page)
    assert page.select(".wz-notes a[href*='ubah=definisi']")  # the data is mended after it, too
    # Pressed twice, or answered elsewhere meanwhile.
    again = browser.post(form["action"], data={"answer": "Lagi"}, follow_redirects=True)
    assert "sudah dijawab" in words(soup(again))
    assert cast.step(cast.produsen, dataset["id"], "ajukan")["state"] == "diajukan"


def test_a_new_year_is_no_mistake_and_an_older_one_is(
    browser: Any, cast: Cast, sent: Callable[..., tuple[Data, str]]
) -> None:
    dataset, _address = sent(year(2025), "2025.csv", cast.make(
        resources=[], title="Kunjungan menurut tahun", temporal_coverage=[{"start": "2025"}]))
    cast.set_aside(dataset["id"])
    cast.through(dataset["id"], ("produsen", "ajukan"), ("walidata", "periksa"),
                 ("walidata", "setujui"), ("walidata", "terbitkan"))
    old = call("package_show", cast.produsen, id=dataset["id"])["resources"][0]["id"]
    _dataset, address = sent(year(2026), "2026.csv", dataset, ganti=old)
    assert "Tahun di luar periode" not in words(soup(browser.get(address)))
    file_id = address.rsplit("/", 2)[-2]
    _dataset, address = sent(year(2026, 2026, 2021, 2026), "lagi.csv", dataset, ganti=file_id)
    assert "Tahun di luar periode" in words(soup(browser.get(address)))
