"""Who hears that something came by a link, and what is forgotten afterwards."""
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.plugins import toolkit as tk
from link_scene import CLEAN, Desk, Phone, forget_counts, make_link, path_of, said
from recap_scene import begin
from workflow_cast import Cast, Data, call, people

from ckanext.satudata.domain.intake.links import FORGET_SENDERS
from ckanext.satudata.intake import forgetting
from ckanext.satudata.intake.model import Intake
from ckanext.satudata.links import purged
from ckanext.satudata.links.model import UploadLink
from ckanext.satudata.shared import moment, outbox

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
made, cast = people()
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def uncounted(cast: Cast) -> None:
    forget_counts()


@pytest.fixture
def dataset(cast: Cast) -> Data:
    return cast.make(resources=[], title="Balita ditimbang 2025")


def drain(app: Any) -> None:
    with app.flask_app.app_context():
        while outbox.is_waiting():
            outbox.drain()


def heard(who: Data, word: str = "Ada kiriman lewat tautan") -> list[Data]:
    return [each for each in call("satudata_notice_list", who, limit=100)["results"]
            if each["headline"].startswith(word)]


def rows(kind: Any, dataset: Data) -> list[Any]:
    model.Session.rollback()
    return list(model.Session.scalars(sa.select(kind).where(kind.package_id == dataset["id"])))


def test_producers_hear_once_until_they_look_and_the_desk_counts(
    cast: Cast, dataset: Data, app: Any
) -> None:
    link = make_link(cast, dataset)
    for number in range(3):
        Phone(app).sent(path_of(link), CLEAN + b"%d;1\n" % number)
    drain(app)
    for who in (cast.produsen, cast.rekan, cast.kepala):
        [told] = heard(who)
        assert told["headline"] == "Ada kiriman lewat tautan: Balita ditimbang 2025"
        assert told["text"].startswith("3 berkas") and told["kind"] == "tugas"
        assert told["url"].endswith(f"/dataset/{dataset['name']}/setoran")
    for who in (cast.tetangga, cast.anggota, cast.walidata, cast.ppid, cast.warga):
        assert heard(who) == []
    desk = Desk(app, cast.produsen)
    page = desk.get("/tugas")
    assert "3 kiriman menunggu Anda terima" in said(page)
    assert f"/dataset/{dataset['name']}/setoran" in page.text
    assert "kiriman menunggu" not in said(Desk(app, cast.tetangga).get("/tugas"))
    call("satudata_notice_read", cast.produsen, ids=[heard(cast.produsen)[0]["id"]])
    Phone(app).sent(path_of(link), CLEAN + b"x;1\n")
    drain(app)
    assert len(heard(cast.produsen)) == 2 and len(heard(cast.rekan)) == 1
    for row in rows(Intake, dataset):
        call("satudata_intake_discard", cast.produsen, id=row.id)
    assert heard(cast.rekan)[0]["text"] == "Kiriman untuk “Balita ditimbang 2025” sudah diputuskan."
    assert "kiriman menunggu" not in said(desk.get("/tugas"))


def test_who_sent_and_who_got_a_link_is_forgotten_in_time(
    cast: Cast, dataset: Data, app: Any
) -> None:
    link = make_link(cast, dataset, days=1, phone="0812-3456-7890", label="Bu Ani, Cikande")
    Phone(app).sent(path_of(link), name="Bu Ani", contact="0812-3456")
    now = moment.now()
    for when, kept in ((now + FORGET_SENDERS - DAY, True),
                       (now + FORGET_SENDERS + 3 * DAY, False)):
        forgetting.forget_senders(when)
        purged.forget_people(when)
        model.Session.commit()
        [row], [seen] = rows(Intake, dataset), rows(UploadLink, dataset)
        assert bool(row.sender) is kept and bool(seen.contact) is kept
        assert bool(seen.label) is kept
    assert row.filename == "Kunjungan FIX.csv"
    path = f"/dataset/{dataset['name']}/tautan"
    assert "Tanpa nama" in said(Desk(app, cast.kepala).get(path))


def test_a_link_that_was_taken_back_is_forgotten_from_that_day_on(
    cast: Cast, dataset: Data
) -> None:
    link = make_link(cast, dataset, days=90, email="ani@contoh.id", label="Bu Ani")
    call("satudata_upload_link_revoke", cast.kepala, id=link["id"])
    for days, kept in ((179, True), (181, False)):
        purged.forget_people(moment.now() + dt.timedelta(days=days))
        model.Session.commit()
        model.Session.expire_all()
        [seen] = rows(UploadLink, dataset)
        assert (bool(seen.contact), bool(seen.label)) == (kept, kept)


def test_the_units_of_a_recap_keep_their_names_and_nobody_s_number(
    cast: Cast, dataset: Data, app: Any
) -> None:
    with app.flask_app.test_request_context():
        recap = begin(cast, 1, dataset)
        purged.forget_people(moment.now() + FORGET_SENDERS + 100 * DAY)
        model.Session.commit()
        [seen] = rows(UploadLink, dataset)
        assert (seen.label, seen.unit_name) == ("Puskesmas Contoh 1",) * 2 and seen.contact == {}
        [unit] = call("satudata_recap_show", cast.kepala, id=recap["id"])["units"]
        assert unit["name"] == "Puskesmas Contoh 1" and not unit.get("phone")


def test_the_links_of_a_purged_dataset_are_gone(cast: Cast, dataset: Data, app: Any) -> None:
    link = make_link(cast, dataset)
    call("package_delete", cast.produsen, id=dataset["id"])
    tk.get_action("dataset_purge")({"user": cast.boss["name"]}, {"id": dataset["id"]})
    assert rows(UploadLink, dataset) == []
    assert Phone(app).get(path_of(link)).status_code == 404


def test_the_red_button_takes_every_link_back(cast: Cast, app: Any) -> None:
    dataset = cast.make()
    cast.set_aside(dataset["id"])
    shown = cast.show(dataset["id"])
    cast.through(shown["id"], ("produsen", "ajukan"), ("walidata", "periksa"),
                 ("walidata_2", "setujui"), ("walidata", "terbitkan"))
    link = make_link(cast, dataset, label="Bu Ani", phone="0812-3456-7890")
    cast.step(cast.ppid, shown["id"], "tarik_darurat", note="Ada NIK di berkasnya.")
    page = Phone(app).get(path_of(link))
    assert page.status_code == 410 and "dicabut" in said(page)
    assert [each.label for each in rows(UploadLink, dataset)] == ["Bu Ani"]


def test_the_template_of_a_link_comes_without_an_account(
    cast: Cast, dataset: Data, app: Any
) -> None:
    link = make_link(cast, dataset)
    phone = Phone(app)
    page = BeautifulSoup(phone.get(path_of(link)).text, "html.parser")
    button = page.select_one("a[href$='templat.xlsx']")
    assert button is not None
    found = phone.get(button["href"])
    assert found.status_code == 200 and found.data[:2] == b"PK"
    assert "attachment" in found.headers["Content-Disposition"]
    again = phone.sent(path_of(link), found.data, called="templat.xlsx")
    assert "Berkas" in said(phone.get(again))
    call("satudata_upload_link_revoke", cast.kepala, id=link["id"])
    assert phone.get(button["href"]).status_code == 410
