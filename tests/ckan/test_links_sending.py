"""Handing in by a link, without an account: what a village officer meets, and nobody else sees."""
from __future__ import annotations

import base64
import datetime as dt
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from access_scene import listening
from bs4 import BeautifulSoup
from ckan import model
from link_scene import CLEAN, SHEET, Phone, forget_counts, make_link, path_of, read_all, said
from statements import listened
from workflow_cast import Cast, Data, call, people

from ckanext.satudata.domain.intake import links as law
from ckanext.satudata.intake.model import Intake
from ckanext.satudata.links import limits, sending, store
from ckanext.satudata.links.model import UploadLink
from ckanext.satudata.shared import moment
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.outbox import Message

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
made, cast = people()


@pytest.fixture(autouse=True)
def uncounted(cast: Cast) -> None:
    forget_counts()


@pytest.fixture
def dataset(cast: Cast) -> Data:
    return cast.make(resources=[])


@pytest.fixture
def phone(app: Any) -> Phone:
    return Phone(app)


def came(dataset: Data) -> list[Intake]:
    model.Session.rollback()
    return list(model.Session.scalars(
        sa.select(Intake).where(Intake.package_id == dataset["id"]).order_by(Intake.created_at)))


def over(link: Data) -> None:
    model.Session.execute(sa.update(UploadLink).where(UploadLink.id == link["id"]).values(
        expires_at=moment.now() - dt.timedelta(minutes=1)))
    model.Session.commit()


def test_a_village_officer_sends_a_file_and_reads_what_became_of_it(
    cast: Cast, dataset: Data, phone: Phone
) -> None:
    link = make_link(cast, dataset, label="Desa Cikande", days=5)
    page = phone.get(path_of(link))
    words = said(page)
    for told in (dataset["title"], "untuk Desa Cikande", "Paling lambat", "Dinas Kesehatan",
                 "Anda tidak perlu akun", "Jangan sertakan data pribadi", "2025", "kunjungan"):
        assert told in words, told
    assert "Masuk" not in page.text and "/dataset/" not in page.text, "no menu of the portal"
    result = phone.sent(path_of(link))
    words = said(phone.get(result))
    assert "Berkas sampai dan terbaca: 3 baris" in words and "Menunggu diterima" in words
    assert "Perlu jawaban Anda" in words and "Anyar" in words and "Kunjungan FIX.csv" in words
    [row] = came(dataset)
    assert (row.way, row.link_id, row.sent_by, row.sender) == ("tautan", link["id"], None, {})
    assert call("package_show", cast.produsen, id=dataset["id"])["resources"] == []
    [seen] = call("satudata_upload_link_list", cast.kepala, id=dataset["id"])
    assert (seen["received"], seen["waiting"]) == (1, 1) and seen["opened_at"]


def test_a_file_of_something_else_is_said_to_be_the_wrong_one(
    cast: Cast, phone: Phone
) -> None:
    asked = cast.make(satuan="ribu_rupiah", resources=[{
        "name": "Dana", "url": "https://example.org/dana.csv", "format": "CSV",
        "skema": json.dumps({"fields": [
            {"name": "dana_desa", "title": "Dana desa yang diterima", "type": "number"},
            {"name": "kecamatan", "title": "Kecamatan", "type": "string"}]})}])
    link = make_link(cast, asked)
    page = said(phone.get(path_of(link)))
    assert "ribu rupiah" in page and "ribu_rupiah" not in page
    other = phone.sent(path_of(link), b"RT;Penduduk (jiwa)\n001;110\n002;96\n003;140\n",
                       called="penduduk.csv")
    words = said(phone.get(other))
    assert "lain dari yang diminta" in words and "Dana desa yang diterima" in words
    right = phone.sent(path_of(link), b"Kecamatan;Dana desa (ribu rupiah)\nAnyar;12\nCiruas;9\n")
    assert "lain dari yang diminta" not in said(phone.get(right))


def test_pages_of_a_link_get_nowhere(cast: Cast, dataset: Data, phone: Phone) -> None:
    link = make_link(cast, dataset)
    result = phone.sent(path_of(link))
    for page in (phone.get(path_of(link)), phone.get(result), phone.send(path_of(link), b"")):
        assert page.headers["Referrer-Policy"] == "strict-origin"
        assert page.headers["Cache-Control"] == "private, no-store"
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert page.headers["X-Frame-Options"] == "DENY"


def test_the_sender_answers_what_is_asked(cast: Cast, dataset: Data, phone: Phone) -> None:
    link = make_link(cast, dataset)
    result = phone.sent(path_of(link))
    page = BeautifulSoup(phone.get(result).text, "html.parser")
    form = page.select_one("form[action$=jawab]")
    assert form is not None
    given = {each["name"]: each["value"] for each in form.select("input[type=hidden]")}
    radio = form.select_one("input[type=radio]")
    assert radio is not None
    stale = phone.post(form["action"], **{**given, "terlihat": "x", radio["name"]: radio["value"]})
    assert stale.status_code == 409 and "dibaca ulang" in said(stale)
    done = phone.post(form["action"], **given, **{radio["name"]: radio["value"]})
    assert done.status_code == 302
    read_all()
    [row] = came(dataset)
    shown = call("satudata_intake_show", cast.produsen, id=row.id)["inspection"]
    questions = shown["report"]["tables"][0]["questions"]
    assert [each["answer"] for each in questions][:1] == [radio["value"]]
    assert phone.post(form["action"], kiriman=row.id, terlihat="x").status_code == 409


def test_what_was_sent_is_mended_while_it_waits(cast: Cast, dataset: Data, phone: Phone) -> None:
    link = make_link(cast, dataset, single=True)
    result = phone.sent(path_of(link), contact="0812-3456-7890", called="lama.csv")
    [row] = came(dataset)
    assert "Kirim perbaikan" in said(phone.get(result))
    again = phone.sent(path_of(link), CLEAN, ganti=row.id)
    old, new = came(dataset)
    assert (old.state, new.state) == ("dibuang", "menunggu")
    assert new.receipt_sha256 == old.receipt_sha256 and "Diganti" in old.note
    assert "Semua kiriman Anda" in said(phone.get(again))
    call("satudata_intake_discard", cast.produsen, id=new.id, note="Tahunnya salah.")
    words = said(phone.get(again))
    assert "tidak dipakai" in words and "Tahunnya salah." in words
    assert "Kirim perbaikan" not in words
    phone.sent(path_of(link), CLEAN + b"Kramatwatu;5\n")
    assert [each.state for each in came(dataset)] == ["dibuang", "dibuang", "menunggu"]


def test_a_link_for_one_file_takes_no_second(
    cast: Cast, dataset: Data, phone: Phone, app: Any
) -> None:
    link = make_link(cast, dataset, single=True)
    result = phone.sent(path_of(link))
    reopened = phone.get(path_of(link))
    assert reopened.status_code == 302 and reopened.headers["Location"].endswith(
        result.partition("?")[0]), "its sender sees what became of it"
    other = Phone(app)
    for page in (other.get(path_of(link)), other.send(path_of(link), CLEAN)):
        assert page.status_code == 410 and "sudah dipakai" in said(page)
        assert "Kunjungan FIX" not in page.text
    assert len(came(dataset)) == 1


def test_two_senders_do_not_see_each_other(
    cast: Cast, dataset: Data, phone: Phone, app: Any
) -> None:
    link = make_link(cast, dataset)
    other = Phone(app)
    mine = phone.sent(path_of(link), SHEET, name="Bu Ani")
    hers = other.sent(path_of(link), CLEAN)
    first, second = came(dataset)
    assert first.receipt_sha256 != second.receipt_sha256
    assert "Kiriman Anda" in said(phone.get(path_of(link)))
    assert "Kiriman Anda" not in said(Phone(app).get(path_of(link)))
    # Naming the other's file, or replacing it, does not help.
    shown = phone.get(mine.partition("?")[0] + f"?kiriman={second.id}")
    assert "1.204" in said(shown) and said(shown) == said(phone.get(mine))
    phone.sent(path_of(link), SHEET + b"\n", ganti=second.id)
    assert came(dataset)[1].state == "menunggu"
    stranger = make_link(cast, dataset)
    receipt = mine.partition("?")[0].rpartition("/")[2]
    assert phone.get(f"{path_of(stranger)}/{receipt}").status_code == 404
    assert other.get(hers).status_code == 200


@pytest.mark.parametrize(("state", "words"), [
    ("berakhir", "Masa berlaku tautan ini sudah berakhir"),
    ("dicabut", "Tautan ini sudah dicabut")])
def test_a_link_that_is_over_says_so_and_whom_to_ask(
    cast: Cast, dataset: Data, phone: Phone, app: Any, state: str, words: str
) -> None:
    link = make_link(cast, dataset)
    result = phone.sent(path_of(link))
    if state == "berakhir":
        over(link)
    else:
        call("satudata_upload_link_revoke", cast.kepala, id=link["id"])
    for page in (Phone(app).get(path_of(link)), Phone(app).send(path_of(link))):
        assert page.status_code == 410
        told = said(page)
        assert words in told and "Dinas Kesehatan" in told and "dinkes@serangkab.go.id" in told
    # Who sent before still sees what became of it, and sends nothing more.
    told = said(phone.get(result))
    assert "terbaca: 3 baris" in told and "Kirim perbaikan" not in told
    assert phone.send(path_of(link), ganti=came(dataset)[0].id).status_code == 410
    assert len(came(dataset)) == 1


@pytest.mark.parametrize("state", ["berakhir", "dicabut"])
def test_by_a_link_that_is_over_nobody_changes_how_a_file_is_read(
    cast: Cast, dataset: Data, phone: Phone, state: str
) -> None:
    """A link that fell into the wrong hands is taken back; its answers go into the data too."""
    link = make_link(cast, dataset)
    result = phone.sent(path_of(link))
    page = BeautifulSoup(phone.get(result).text, "html.parser")
    form = page.select_one("form[action$=jawab]")
    assert form is not None
    answers = {str(each["name"]): str(each["value"]) for each in form.select(
        "input[type=hidden], input[type=radio]") if each.get("value")}
    if state == "berakhir":
        over(link)
    else:
        call("satudata_upload_link_revoke", cast.kepala, id=link["id"])
    told = phone.get(result)
    assert "Simpan jawaban" not in told.text and "pertanyaan di bawah" not in said(told)
    assert phone.post(str(form["action"]), **answers).status_code == 410
    assert came(dataset)[0].recipe == {}


def test_a_dataset_that_is_gone_takes_nothing(cast: Cast, dataset: Data, phone: Phone) -> None:
    link = make_link(cast, dataset)
    call("package_delete", cast.produsen, id=dataset["id"])
    assert phone.get(path_of(link)).status_code == 410
    assert phone.send(path_of(link)).status_code == 410


@pytest.mark.parametrize(("content", "more", "words"), [
    (b"", {}, "kosong"), (b"x" * 1_000_001, {}, "batasnya 1"),
    (CLEAN, {"contact": "rumah"}, "bukan nomor telepon"),
    (CLEAN, {"name": "x" * 121}, "terlalu panjang")])
def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(
    cast: Cast, dataset: Data, phone: Phone, content: bytes, more: Data, words: str
) -> None:
    link = make_link(cast, dataset, max_mb=1)
    typed = {"name": "Bu Ani", **more}
    name = typed.pop("name")
    page = phone.post(path_of(link), upload=_file(content), name=name, **typed)
    assert page.status_code == 400 and words in said(page)
    assert came(dataset) == []
    if len(name) < 20:
        assert 'value="Bu Ani"' in page.text
    empty = phone.post(path_of(link), name="Bu Ani")
    assert empty.status_code == 400 and "Pilih berkasnya dahulu" in said(empty)


def _file(content: bytes) -> Any:
    import io

    return io.BytesIO(content), "a.csv"


def test_one_link_sends_only_so_often(
    cast: Cast, dataset: Data, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_LINK", 2)
    link = make_link(cast, dataset)
    for number in range(2):
        phone.sent(path_of(link), CLEAN + b"%d;1\n" % number)
    page = phone.send(path_of(link))
    assert page.status_code == 429 and int(page.headers["Retry-After"]) > 0
    monkeypatch.setattr(law, "MAX_FILES", 2)
    forget_counts()
    assert Phone(phone.client.application).get(path_of(link)).status_code == 410


def test_no_log_and_no_record_says_the_token_or_the_receipt(
    cast: Cast, dataset: Data, phone: Phone, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listening(caplog, monkeypatch)
    caplog.set_level("DEBUG")
    link = make_link(cast, dataset)
    result = phone.sent(path_of(link), name="Bu Ani", contact="0812-3456-7890")
    phone.get(result)
    token, receipt = result.partition("?")[0].split("/")[-2:]
    stored = caplog.text + str(model.Session.execute(sa.select(Event.note, Event.data)).all()) + (
        str(model.Session.execute(sa.select(Message.payload, Message.key)).all())) + str(
            model.Session.execute(sa.select(Intake.__table__)).all())
    assert "/setor/…" in stored
    assert token not in stored and receipt not in stored
    events = str(model.Session.scalars(sa.select(Event.data)).all())
    for words in ("Bu Ani", "0812-3456-7890", "81234567890"):
        assert words not in events


def test_a_messengers_preview_is_nobody_who_opened_it(
    cast: Cast, dataset: Data, phone: Phone
) -> None:
    link = make_link(cast, dataset)
    phone.get(path_of(link), User_Agent="WhatsApp/2.24.6")
    assert call("satudata_upload_link_list", cast.kepala, id=dataset["id"])[0]["opened_at"] is None
    phone.get(path_of(link), User_Agent="Mozilla/5.0 (Linux; Android 13)")
    [seen] = call("satudata_upload_link_list", cast.kepala, id=dataset["id"])
    phone.get(path_of(link))
    assert call("satudata_upload_link_list", cast.kepala, id=dataset["id"])[0][
        "opened_at"] == seen["opened_at"] is not None


def test_the_workbook_with_marks_is_its_senders_alone(
    cast: Cast, dataset: Data, phone: Phone, app: Any
) -> None:
    link = make_link(cast, dataset)
    result = phone.sent(path_of(link), b"kecamatan;nik;jumlah\nAnyar;3604120101900001;5\n"
                        b"Cinangka;3604120202910002;7\n")
    page = phone.get(result)
    assert "3604120101900001" not in page.text, "personal values are masked"
    address = result.partition("?")[0] + "/bertanda.xlsx"
    assert address in page.text
    found = phone.get(address)
    assert found.status_code == 200 and found.data[:2] == b"PK"
    assert found.headers["Content-Disposition"].startswith("attachment")
    wrong = address.replace(address.split("/")[-2], "a" * 43)
    assert Phone(app).get(wrong).status_code == 404


def tus(phone: Phone, token: str, content: bytes = CLEAN) -> Any:
    """Begin an upload as the field of the page does; return the answer."""
    meta = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in (
        ("filename", "besar.csv"), ("tautan", token)))
    return phone.client.post("/unggah", follow_redirects=False, headers={
        "Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)), "Upload-Metadata": meta})


def test_an_upload_in_pieces_belongs_to_the_link(
    cast: Cast, dataset: Data, phone: Phone, app: Any
) -> None:
    link = make_link(cast, dataset, single=True)
    token = path_of(link).rpartition("/")[2]
    begun = tus(phone, token)
    assert begun.status_code == 201
    address = begun.headers["Location"]
    phone.client.patch(address, data=CLEAN, headers={
        "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream"})
    upload = address.rpartition("/")[2]
    other = make_link(cast, dataset)
    wrong = Phone(app).post(path_of(other), upload_id=upload)
    assert wrong.status_code == 400 and "tidak ada lagi" in said(wrong)
    done = phone.post(path_of(link), upload_id=upload)
    assert done.status_code == 302
    [row] = came(dataset)
    assert (row.filename, row.size, row.link_id) == ("besar.csv", len(CLEAN), link["id"])
    # A used link takes no further upload but of who mends what they sent.
    receipt = done.headers["Location"].partition("?")[0].rpartition("/")[2]
    assert tus(phone, token).status_code == 403
    assert tus(phone, f"{token}.{'a' * 43}").status_code == 403
    assert tus(phone, f"{token}.{receipt}").status_code == 201
    assert tus(phone, token[:-1] + "_").status_code == 403


def test_the_page_that_asks_for_itself_loads_one_report_however_many_were_sent(
    cast: Cast, dataset: Data, phone: Phone
) -> None:
    link = make_link(cast, dataset)

    def asked() -> int:
        with listened() as statements:
            page = phone.get(result)
        assert page.status_code == 200
        return len(statements)

    for number in range(2):
        result = phone.sent(path_of(link), SHEET, called=f"Kunjungan {number}.csv")
    few = asked()
    for number in range(2, 7):
        result = phone.sent(path_of(link), SHEET, called=f"Kunjungan {number}.csv")
    assert asked() == few
    words = said(phone.get(result))
    assert all(f"Kunjungan {number}.csv" in words for number in range(7))


def test_of_restricted_data_a_sender_reads_nothing_of_the_last_release(
    cast: Cast, dataset: Data, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What compares with the last release quotes it."""
    link = make_link(cast, dataset)
    result = phone.sent(path_of(link), CLEAN)
    row = store.find(link["id"])
    (listed,) = sending.mine(row, result.partition("?")[0].rpartition("/")[2])
    one = sending.whole(row, listed["id"])
    report = one["inspection"]["report"]
    told = {**report["findings"][0]} if report["findings"] else {"code": "x"}
    compared = {**one, "inspection": {**one["inspection"], "files": ["bertanda.xlsx", "a.csv"],
                                      "report": {**report, "findings": [
                                          {**told, "code": "jump-release"},
                                          {**told, "code": "past-value-changed"},
                                          {**told, "code": "type-error"}]}}}
    shown = sending.without_before(compared, row)
    assert shown == compared
    model.Session.execute(sa.text(
        "UPDATE satudata_submission SET restricted = true WHERE package_id = :id"),
        {"id": dataset["id"]})
    shown = sending.without_before(compared, row)["inspection"]
    assert [each["code"] for each in shown["report"]["findings"]] == ["type-error"]
    assert shown["files"] == ["a.csv"]
    model.Session.rollback()
    # What was public and is not any more, and what a draft would open and nobody decided yet.
    for state, change in (
            ("ditarik", "UPDATE satudata_submission SET published_at = now(), state = 'ditarik'"),
            ("terbit", "UPDATE satudata_submission SET published_at = now(), state = 'terbit'")):
        model.Session.execute(sa.text(f"{change} WHERE package_id = :id"), {"id": dataset["id"]})
        package = model.Package.get(dataset["id"])
        if state == "terbit":
            package.private = False
            package.extras = {**package.extras, "access_rights": "terbatas"}
            model.Session.flush()
        shown = sending.without_before(compared, row)["inspection"]
        assert [each["code"] for each in shown["report"]["findings"]] == ["type-error"], state
        assert shown["files"] == ["a.csv"]
        model.Session.rollback()


def test_two_who_send_at_once_by_a_link_for_one_file_do_not_both_get_in(
    cast: Cast, dataset: Data, app: Any
) -> None:
    link = make_link(cast, dataset, single=True)
    start = threading.Barrier(2)

    def send(content: bytes) -> int:
        start.wait(30)
        return Phone(app).send(path_of(link), content).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, (CLEAN, SHEET)))
    assert sorted(answers) == [302, 410]
    assert len(came(dataset)) == 1


def test_what_was_decided_on_while_its_better_one_came_does_not_refuse_that(
    cast: Cast, dataset: Data, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sender would be told that nothing came, and send it a third time."""
    link = make_link(cast, dataset, single=True)
    phone.sent(path_of(link))
    [row] = came(dataset)
    original = sending._handed_in

    def meanwhile(data: Data) -> Data:
        made = original(data)
        call("satudata_intake_discard", cast.produsen, id=row.id, note="Ganda.")
        return made

    monkeypatch.setattr(sending, "_handed_in", meanwhile)
    assert phone.send(path_of(link), CLEAN, ganti=row.id).status_code == 302
    assert [(each.state, each.note) for each in came(dataset)] == [
        ("dibuang", "Ganda."), ("menunggu", "")]
