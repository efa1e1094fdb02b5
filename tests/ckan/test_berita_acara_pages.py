"""The pages of a Berita Acara as people use them: desk, document, PDF, check."""
from __future__ import annotations

import hashlib
import io
import re
from types import SimpleNamespace
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from desk_samples import WALIDATA_ORG, call, confirm, draft, finding, government, issued, submission
from pypdf import PdfReader

from ckanext.satudata.berita_acara.model import BeritaAcara

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", WALIDATA_ORG),
]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def people(clean_db: Any) -> SimpleNamespace:
    return government()


@pytest.fixture
def data(people: SimpleNamespace) -> list[str]:
    returned = submission(people, "Balita stunting", "dikembalikan")
    finding(returned, "Kode wilayah tidak dikenal.")
    return [submission(people, "Puskesmas", "disetujui"), returned]


def as_(user: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": user["token"]}


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.body, "html.parser")


def fields(form: Any) -> dict[str, Any]:
    """Return what a browser would send of a form untouched."""
    return {each["name"]: each.get("value", "") for each in form.select("input[type=hidden][name]")}


def form_to(page: BeautifulSoup, ending: str) -> Any:
    found = page.select_one(f'form[action$="{ending}"]')
    assert found is not None, ending
    return found


def test_the_whole_story_in_the_browser(
    app: Any, people: SimpleNamespace, data: list[str]
) -> None:
    desk = soup(app.get("/berita-acara/baru?opd=dinkes", headers=as_(people.wali), status=200))
    assert {each["value"] for each in desk.select('input[name="submissions"]')} == set(data)
    assert "Kode wilayah tidak dikenal." in desk.get_text()
    assert desk.select_one('input[name="deadline"]')["value"]
    shown = app.post("/berita-acara/baru?opd=dinkes", headers=as_(people.wali), data={
        "kind": "desk", "submissions": data, "place": "Ruang rapat", "date": "", "deadline": "",
        "notes": "", "attendee_name": ["Siti Aminah", ""], "attendee_office": ["Statistisi", ""],
        "attendee_agency": ["Diskominfo", ""]}, status=200)
    page = soup(shown)
    assert "Konsep, belum bernomor" in page.get_text()
    issue = form_to(page, "/terbitkan")
    page = soup(app.post(issue["action"], headers=as_(people.wali), data=fields(issue)))
    assert re.search(r"Nomor 001/BA-SDI/[IVX]+/\d{4}", page.get_text())
    address = issue["action"].removesuffix("/terbitkan")

    for user, office in ((people.head, "Sekretaris"), (people.wali, "Kepala Bidang")):
        page = soup(app.get(address, headers=as_(user), status=200))
        form = form_to(page, "/konfirmasi")
        page = soup(app.post(form["action"], headers=as_(user),
                             data={**fields(form), "office": office}))
        assert user["fullname"] in page.select_one(".ba-signs").get_text()
    assert "Dikonfirmasi kedua pihak" in page.get_text()
    assert not page.select('.primary form[method="post"]')

    pdf = app.get(f"{address}.pdf", headers=as_(people.member), status=200)
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert "no-store" in pdf.headers["Cache-Control"]
    assert hashlib.sha256(pdf.data).hexdigest() in page.get_text()
    assert "Kepala Bidang" in "".join(
        each.extract_text() for each in PdfReader(io.BytesIO(pdf.data)).pages)


def test_coming_from_a_submission_ticks_it(
    app: Any, people: SimpleNamespace, data: list[str]
) -> None:
    page = soup(app.get(f"/berita-acara/baru?pengajuan={data[1]}", headers=as_(people.wali)))
    ticked = [each["value"] for each in page.select('input[name="submissions"][checked]')]
    assert ticked == [data[1]]
    assert page.select_one('input[name="kind"][checked]')["value"] == "pemeriksaan"
    app.get("/berita-acara/baru?pengajuan=tidak-ada", headers=as_(people.wali), status=404)
    app.get(f"/berita-acara/baru?pengajuan={data[1]}", headers=as_(people.other), status=404)


def test_what_was_typed_survives_a_refusal_and_more_rows(
    app: Any, people: SimpleNamespace, data: list[str]
) -> None:
    typed = {"kind": "desk", "submissions": [data[0]], "place": "", "notes": HOSTILE,
             "attendee_name": ["Budi"], "attendee_office": [""], "attendee_agency": [""]}
    answer = app.post("/berita-acara/baru?opd=dinkes", headers=as_(people.wali), data=typed,
                      status=400)
    page = soup(answer)
    assert "Tempat" in page.select_one("#err-place").get_text()
    assert page.select_one("textarea#notes").get_text() == HOSTILE
    assert HOSTILE not in answer.body
    assert page.select_one('input[name="attendee_name"]')["value"] == "Budi"
    more = soup(app.post("/berita-acara/baru?opd=dinkes", headers=as_(people.wali),
                         data={**typed, "baris": "1"}, status=200))
    assert len(more.select('input[name="attendee_name"]')) == 4
    every = soup(app.post("/berita-acara/baru?opd=dinkes", headers=as_(people.wali),
                          data={**typed, "semua": "1"}, status=200))
    assert len(every.select('input[name="submissions"][checked]')) == len(data)
    assert model.Session.query(BeritaAcara).count() == 0


def test_a_draft_is_changed_and_a_stale_form_is_refused(
    app: Any, people: SimpleNamespace, data: list[str]
) -> None:
    made = draft(people, data)
    address = f"/berita-acara/{made['id']}/ubah"
    form = soup(app.get(address, headers=as_(people.wali), status=200))
    version = form.select_one('input[name="expected_version"]')["value"]
    typed = {"kind": "desk", "submissions": data, "place": "Aula", "expected_version": version}
    page = soup(app.post(address, headers=as_(people.wali), data=typed, status=200))
    assert "bertempat di Aula" in page.get_text()
    again = app.post(address, headers=as_(people.wali2), data=typed, status=400)
    assert "diubah orang lain" in soup(again).get_text()


def test_a_draft_whose_data_went_away_can_still_be_opened(
    app: Any, people: SimpleNamespace, data: list[str]
) -> None:
    made = draft(people, data)
    model.Session.execute(
        sa.text("UPDATE satudata_submission SET owner_org = :org WHERE id = :id"),
        {"org": people.dishub["id"], "id": data[0]})
    model.Session.commit()
    page = soup(app.get(f"/berita-acara/{made['id']}", headers=as_(people.wali), status=200))
    assert "1 data yang dicentang tidak ada lagi" in page.get_text()


def test_every_form_carries_a_token_and_no_get_has_an_effect(
    app: Any, people: SimpleNamespace, data: list[str], everything: Any
) -> None:
    made, waiting = draft(people, data), issued(people, data)
    addresses = ["/berita-acara", "/berita-acara/baru", "/berita-acara/baru?opd=dinkes",
                 f"/berita-acara/{made['id']}", f"/berita-acara/{made['id']}/ubah",
                 f"/berita-acara/{waiting['id']}", f"/berita-acara/{waiting['id']}.pdf",
                 f"/berita-acara/periksa/{waiting['content_hash']}"]
    before = everything()
    for address in addresses:
        answer = app.get(address, headers=as_(people.both), status=200)
        if "pdf" not in answer.headers["Content-Type"]:
            for form in soup(answer).select('form[method="post"]'):
                assert form.select_one('input[name="_csrf_token"]') is not None, address
    for step in ("terbitkan", "konfirmasi", "tolak", "batalkan"):
        for identifier in (made["id"], waiting["id"]):
            answer = app.get(f"/berita-acara/{identifier}/{step}", headers=as_(people.both))
            assert answer.status_code in (404, 405)
    after = everything()
    assert {name for name in after if before[name] != after[name]} <= {
        "ckan.user", "ckan.api_token"}


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
def test_a_forged_form_changes_nothing_also_after_a_call_with_an_api_token(
    app: Any, people: SimpleNamespace, data: list[str]
) -> None:
    made = issued(people, data)
    address = f"/berita-acara/{made['id']}"
    # CKAN takes the protection off a view once it was called with an API token.
    app.post(f"{address}/konfirmasi", headers=as_(people.officer), data={"office": ""})
    browser = app.test_client()
    with browser.session_transaction(base_url=tk.config["ckan.site_url"]) as session:
        session["_user_id"], session["_fresh"] = people.head["id"], True
    forged = {"expected_hash": made["content_hash"], "office": "Kepala", "reason": "x"}
    for step in ("konfirmasi", "tolak"):
        browser.post(f"{address}/{step}", data=forged, status=400)
    assert call("satudata_berita_acara_show", people.wali, id=made["id"])["confirmations"] == []
    form = form_to(soup(browser.get(address, status=200)), "/konfirmasi")
    browser.post(form["action"], data={**fields(form), "office": "Kepala"}, status=200)
    (given,) = call("satudata_berita_acara_show", people.wali, id=made["id"])["confirmations"]
    assert given["name"] == people.head["fullname"]


def test_strangers_see_nothing_not_even_the_number(
    app: Any, people: SimpleNamespace, data: list[str]
) -> None:
    made, desk = issued(people, data), draft(people, data)
    for user in (people.other, people.nobody, people.ppid, people.pembina):
        for ending in ("", ".pdf", "/ubah"):
            answer = app.get(f"/berita-acara/{made['id']}{ending}", headers=as_(user), status=403)
            assert made["number"] not in answer.body
        assert made["number"] not in app.get("/berita-acara", headers=as_(user)).body
        app.get("/berita-acara/baru?opd=dinkes", headers=as_(user), status=403)
    for user in (people.officer, people.member, people.pimpinan):
        app.get(f"/berita-acara/{desk['id']}", headers=as_(user), status=403)
    for address in ("/berita-acara", f"/berita-acara/{made['id']}", "/berita-acara/baru",
                    f"/berita-acara/{made['id']}.pdf"):
        answer = app.get(address, follow_redirects=False)
        assert answer.status_code == 302, address
        assert "/user/login?came_from=" in answer.headers["Location"], address
        assert made["number"] not in answer.body
    app.get("/berita-acara/bukan-uuid", headers=as_(people.wali), status=404)


def test_markup_is_shown_as_text_everywhere(
    app: Any, people: SimpleNamespace, data: list[str]
) -> None:
    title = submission(people, HOSTILE, "dikembalikan")
    finding(title, HOSTILE, how=HOSTILE)
    made = issued(people, [title], place=HOSTILE, notes=HOSTILE,
                  attendees=[{"name": HOSTILE, "office": HOSTILE}])
    confirm(made, people.officer, office=HOSTILE)
    call("satudata_berita_acara_refuse", people.head, id=made["id"], reason=HOSTILE)
    for address in ("/berita-acara", f"/berita-acara/{made['id']}",
                    "/berita-acara/baru?opd=dinkes"):
        page = soup(app.get(address, headers=as_(people.wali), status=200))
        assert not [each for each in page.select("script") if "alert(" in each.get_text()]
        assert not page.select("[onerror]")
    assert HOSTILE in soup(app.get(
        f"/berita-acara/{made['id']}", headers=as_(people.wali))).get_text()


def test_the_check_page_tells_number_and_day_only(
    app: Any, people: SimpleNamespace, data: list[str]
) -> None:
    made = issued(people, data)
    waiting = app.get(f"/berita-acara/periksa/{made['content_hash']}", status=200)
    assert made["number"] in waiting.body and "belum dikonfirmasi" in waiting.body
    confirm(made, people.officer)
    whole = confirm(made, people.wali)
    for sha256 in (made["content_hash"], whole["pdf_hash"]):
        page = app.get(f"/berita-acara/periksa?sidik={sha256}", status=200)
        assert f"nomor {made['number']}" in page.body and "asli" in page.body
        assert page.headers["X-Robots-Tag"] == "noindex"
        for secret in ("Balita stunting", "Puskesmas", "Dinas Kesehatan", "Budi Santoso"):
            assert secret not in soup(page).select_one(".main").get_text()
    missing = app.get(f"/berita-acara/periksa/{'0' * 64}", status=404)
    assert "Tidak ada berita acara dengan sidik ini" in missing.body
    assert HOSTILE not in app.get("/berita-acara/periksa", query_string={"sidik": HOSTILE},
                                  status=404).body
