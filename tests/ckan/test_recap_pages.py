"""The pages of a recap: asking, the board, reminding, merging; forms without JavaScript."""
from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import recap_scene
import workflow_cast
from access_scene import mailing
from bs4 import BeautifulSoup
from ckan.plugins import toolkit as tk
from post_office import PostOffice
from recap_scene import begin, send, sheet, shown
from tidy_scene import publish
from workflow_cast import Cast, Data, call, people

from ckanext.satudata.shared import outbox

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
made, cast = people()
LIST = "kode;nama;telepon\n0012;SDN 1 Ciruas;081234567890\n0013;SDN 2 Ciruas;\n"


@pytest.fixture(autouse=True)
def requests(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let actions that tests call know a request, which ends before a browser asks."""
    def inside(action: str, user: Data | None, /, **data: Any) -> Any:
        with app.flask_app.test_request_context():
            return workflow_cast.call(action, user, **data)

    monkeypatch.setattr(recap_scene, "call", inside)
    monkeypatch.setattr(sys.modules[__name__], "call", inside)


class Browser:
    """Somebody's browser; it does not follow by itself."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def get(self, path: str) -> Any:
        return self.client.get(path, follow_redirects=False)

    def post(self, path: str, **more: Any) -> Any:
        return self.client.post(path, follow_redirects=False, **more)


@pytest.fixture
def browse(app: Any, cast: Cast) -> Callable[..., Browser]:
    """Return the browser of a person of the cast, or of nobody."""
    def log_in(who: str = "") -> Browser:
        client = app.test_client()
        if who:
            with client.session_transaction(base_url=tk.config["ckan.site_url"]) as session:
                session["_user_id"], session["_fresh"] = cast.people[who]["id"], True
        return Browser(client)

    return log_in


def soup(answer: Any, status: int = 200) -> BeautifulSoup:
    assert answer.status_code == status, answer.text[:300]
    return BeautifulSoup(answer.text, "html.parser")


def main(answer: Any, status: int = 200) -> str:
    return " ".join(soup(answer, status).select_one(".rk").get_text(" ").split())


def path(recap: Data, part: str = "") -> str:
    return f"/dataset/{recap['package_id']}/rekap/{recap['id']}{part}"


def test_a_list_is_checked_before_any_link_is_made(cast: Cast, browse: Any) -> None:
    dataset, kepala = cast.make(resources=[]), browse("kepala")
    url = f"/dataset/{dataset['name']}/rekap"
    assert "Belum ada rekap untuk data ini" in main(kepala.get(url))
    assert dataset["title"] in str(soup(kepala.get(f"{url}/baru")))
    typed = {"title": "Siswa 2026", "unit_kind": "sekolah", "source": "daftar", "list": LIST}
    wrong = main(kepala.post(f"{url}/baru", data={
        **typed, "list": f"{LIST}0012;SDN 3;\n", "langkah": "periksa"}), 400)
    assert "Baris 4: Kode 0012 sudah ada di baris 2." in wrong
    assert "Tidak ada tautan yang terbuat" in wrong
    checked = kepala.post(f"{url}/baru", data={**typed, "langkah": "periksa"})
    assert "2 unit terbaca" in main(checked) and "Buat 2 tautan" in main(checked)
    assert "6281234567890" in main(checked) and "1 unit tanpa nomor dan surel" in main(checked)
    assert call("satudata_recap_list", cast.kepala, id=dataset["id"]) == []
    done = kepala.post(f"{url}/baru", data={**typed, "langkah": "buat"})
    assert done.status_code == 302
    board = main(kepala.get(done.headers["Location"]))
    assert "2 dari 2 sekolah belum kirim." in board and "SDN 1 Ciruas 0012" in board


def test_whoever_works_on_a_dataset_finds_its_recaps(cast: Cast, browse: Any) -> None:
    dataset = cast.make(resources=[])
    begin(cast, 2, dataset)
    for who, finds in (("kepala", True), ("produsen", True), ("anggota", False)):
        page = browse(who).get(f"/dataset/{dataset['name']}")
        links = [each["href"] for each in soup(page).select("a[href$='/rekap']")]
        assert bool(links) is finds
    assert "2 dari 2 puskesmas belum kirim" in main(browse("produsen").get(
        f"/dataset/{dataset['name']}/rekap"))


def test_a_recap_is_found_under_the_working_copy_too(cast: Cast, browse: Any) -> None:
    dataset = cast.make()
    cast.set_aside(dataset["id"])
    publish(cast, dataset["id"])
    recap = begin(cast, 2, dataset)
    copy = call("satudata_revision_start", cast.produsen, id=dataset["id"])
    kepala = browse("kepala")
    for name in (dataset["id"], copy["name"]):
        assert "belum kirim" in main(kepala.get(f"/dataset/{name}/rekap/{recap['id']}"))


def test_units_of_an_earlier_recap_are_taken_over(cast: Cast, browse: Any) -> None:
    recap, kepala = begin(cast, 3), browse("kepala")
    answer = kepala.post(f"/dataset/{recap['package_id']}/rekap/baru", data={
        "title": "Tahun ini", "unit_kind": "puskesmas", "source": "rekap", "recap": recap["id"],
        "langkah": "buat"})
    assert answer.status_code == 302
    newest = call("satudata_recap_list", cast.kepala, id=recap["package_id"])[0]
    board = shown(cast, newest)
    assert [(each["code"], each["phone"], each["email"]) for each in board["units"]] == [
        (each["code"], each["phone"], each["email"]) for each in recap["units"]]


def test_a_file_of_another_recap_or_dataset_is_not_taken(cast: Cast, browse: Any) -> None:
    recap, other = begin(cast, 2), begin(cast, 2)
    kepala = browse("kepala")
    assert main(kepala.post(f"/dataset/{other['package_id']}/rekap/baru", data={
        "title": "x", "unit_kind": "x", "source": "rekap", "recap": recap["id"],
        "langkah": "periksa"}), 400)
    crossed = f"/dataset/{other['package_id']}/rekap/{recap['id']}"
    assert kepala.get(crossed).status_code == 404
    assert kepala.get(f"{crossed}/tautan.csv").status_code == 404


def test_the_board_filters_searches_and_prints(cast: Cast, browse: Any) -> None:
    recap, kepala = begin(cast, 5), browse("kepala")
    send(recap, "P0002", sheet(2))
    board = kepala.get(path(recap))
    names = [each.get_text() for each in soup(board).select(".rk-unit h3")]
    assert len(names) == 5 and "Contoh 2" in names[-1]
    assert "1 dari 5 sudah kirim" in main(board) and "no-store" in board.headers["Cache-Control"]
    waiting = soup(kepala.get(path(recap) + "?keadaan=menunggu"))
    assert len(waiting.select(".rk-unit")) == 1
    found = soup(kepala.get(path(recap) + "?cari=contoh 4"))
    assert [each.get_text() for each in found.select(".rk-unit h3")] == [
        "Puskesmas Contoh 4 P0004"]
    assert "Tidak ada unit seperti itu" in main(kepala.get(path(recap) + "?cari=%3Cscript%3E"))
    assert soup(kepala.get(path(recap) + "?keadaan=x&page=999")).select(".rk-unit")
    printed = kepala.get(path(recap) + "?cetak=1")
    assert "/setor/" not in printed.text and len(soup(printed).select("tbody tr")) == 5


def test_links_stay_with_who_may_make_them(cast: Cast, browse: Any) -> None:
    recap = begin(cast, 2)
    for who, status in (("produsen", 200), ("walidata", 200), ("tetangga", 404)):
        answer = browse(who).get(path(recap))
        assert answer.status_code == status
        assert ("/setor/" in answer.text) is (who == "walidata")
    assert browse().get(path(recap)).status_code == 302
    for part in ("/tautan.csv", "/ingatkan"):
        assert browse("produsen").get(path(recap, part)).status_code == 403
    for part in ("/ubah", "/tutup"):
        assert browse("produsen").post(path(recap, part)).status_code == 403
    assert browse("produsen").get(f"/dataset/{recap['package_id']}/rekap/baru").status_code == 403


def test_all_links_as_csv_run_nothing_in_a_spreadsheet(cast: Cast, browse: Any) -> None:
    recap = begin(cast, units=[
        {"code": "=1+1", "name": "@SUM(A1)"}, {"code": "2", "name": "Biasa", "email": "a@b.go.id"}])
    answer = browse("kepala").get(path(recap, "/tautan.csv"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == ["kode", "nama", "telepon", "surel", "keadaan", "tautan"]
    assert [row[:2] for row in rows[1:]] == [["2", "Biasa"], ["'=1+1", "'@SUM(A1)"]]
    assert all("/setor/" in row[5] for row in rows[1:])


def test_one_press_opens_whatsapp_and_writes_down_when(cast: Cast, browse: Any) -> None:
    recap, kepala = begin(cast, 2), browse("kepala")
    page = main(kepala.get(path(recap, "/ingatkan")))
    assert "Lewat WhatsApp, satu per satu" in page
    assert all(each["reminded_at"] is None for each in shown(cast, recap)["units"])
    answer = kepala.post(path(recap, "/ingatkan"), data={"unit": "P0001", "lewat": "wa"})
    assert answer.headers["Location"].startswith("https://wa.me/6281200000001?text=")
    after = {each["code"]: each for each in shown(cast, recap)["units"]}
    assert after["P0001"]["reminded_at"] and not after["P0002"]["reminded_at"]


def drain(app: Any) -> None:
    with app.flask_app.app_context():
        outbox.drain()


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with mailing(monkeypatch) as office:
        yield office


def test_reminders_go_by_mail_to_who_has_not_sent(
    app: Any, cast: Cast, browse: Any, office: PostOffice
) -> None:
    recap, kepala = begin(cast, 3), browse("kepala")
    send(recap, "P0003", sheet(3))
    answer = kepala.post(path(recap, "/ingatkan"))
    assert answer.status_code == 302
    drain(app)
    for number in (1, 2):
        [letter] = office.to(f"pkm{number}@contoh.go.id")
        unit = next(each for each in recap["units"] if each["code"] == f"P000{number}")
        text = letter.get_body(("plain",)).get_content()
        assert unit["url"] in text and f"Puskesmas Contoh {number}" in text
        assert "Belum kami terima: Balita stunting 2025" in letter["Subject"]
    assert office.to("pkm3@contoh.go.id") == []
    stored = [each.payload for each in outbox.model.Session.query(outbox.Message)]
    assert "/setor/" not in str(stored), "the address of a link stands in no message that is kept"
    kepala.post(path(recap, "/ingatkan"))
    drain(app)
    assert len(office.to("pkm1@contoh.go.id")) == 1, "twice a day annoys"


def test_the_table_is_looked_at_before_it_goes_into_the_draft(cast: Cast, browse: Any) -> None:
    recap, produsen = begin(cast, 3), browse("produsen")
    nothing = produsen.get(path(recap, "/gabung"))
    assert nothing.status_code == 302
    assert "Belum ada kiriman" in str(soup(produsen.get(nothing.headers["Location"])))
    send(recap, "P0001", sheet(1))
    send(recap, "P0002", sheet(2))
    accepted = produsen.post(path(recap, "/terima"), data={"unit": "P0001"})
    assert "1 kiriman diterima." in str(soup(produsen.get(accepted.headers["Location"])))
    seen = main(produsen.get(path(recap, "/gabung")))
    assert "Rekap 1 dari 3 puskesmas." in seen
    assert "2 puskesmas belum ada di tabel ini." in seen
    assert "1 sudah kirim, belum Anda terima" in seen and "1 belum kirim" in seen
    assert shown(cast, recap)["merged_at"] is None
    done = produsen.post(path(recap, "/gabung"))
    board = main(produsen.get(done.headers["Location"]))
    assert "Tabel gabungannya ada di draf." in board
    assert len(call("package_show", cast.produsen, id=recap["package_id"])["resources"]) == 1


def test_changing_and_closing(cast: Cast, browse: Any) -> None:
    recap, kepala = begin(cast, 2), browse("kepala")
    after = kepala.post(path(recap, "/ubah"), data={
        "title": "Stunting", "due_at": "2027-02-01", "list": "P0009;Puskesmas Baru"})
    board = main(kepala.get(after.headers["Location"]))
    assert "3 dari 3 puskesmas belum kirim." in board and "1 Februari 2027" in board
    kepala.post(path(recap, "/tutup"))
    closed = kepala.get(path(recap))
    assert "Tautannya tidak menerima kiriman lagi." in main(closed)
    assert "/setor/" not in closed.text
