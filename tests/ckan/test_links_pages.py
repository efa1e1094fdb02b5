"""The pages of who makes links, and of who decides on what came."""
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from link_scene import CLEAN, Desk, Phone, forget_counts, make_link, path_of, said
from workflow_cast import Cast, Data, call, people

from ckanext.satudata.intake.model import Intake

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


def came(dataset: Data) -> list[Intake]:
    model.Session.rollback()
    return list(model.Session.scalars(
        sa.select(Intake).where(Intake.package_id == dataset["id"]).order_by(Intake.created_at)))


def test_a_link_is_made_sent_on_prolonged_and_taken_back(
    cast: Cast, dataset: Data, app: Any
) -> None:
    desk, path = Desk(app, cast.kepala), f"/dataset/{dataset['name']}/tautan"
    assert "Belum ada tautan" in said(desk.get(path))
    answer = desk.post(path, label="Puskesmas Cikande", phone="0812-3456-7890")
    assert answer.status_code == 302
    page = desk.get(answer.headers["Location"])
    assert page.headers["Cache-Control"] == "private, no-store"
    shown = BeautifulSoup(page.text, "html.parser")
    field = shown.select_one("input[readonly]")
    assert field is not None and "/setor/" in field["value"]
    assert shown.select_one("a[href^='https://wa.me/6281234567890?text=']") is not None
    words = said(page)
    for word in ("Puskesmas Cikande", "Berlaku", "belum dibuka", "belum ada berkas"):
        assert word in words
    [link] = call("satudata_upload_link_list", cast.kepala, id=dataset["id"])
    drawn = desk.get(f"{path}/{link['id']}/qr.svg")
    assert drawn.headers["Content-Type"].startswith("image/svg+xml") and "<svg" in drawn.text
    assert drawn.headers["Cache-Control"] == "private, no-store"
    Phone(app).sent(path_of(link), CLEAN)
    words = said(desk.get(path))
    assert "1 berkas masuk" in words and "dibuka" in words and "1 menunggu diterima" in words
    assert desk.post(f"{path}/{link['id']}/perpanjang", days="3").status_code == 302
    assert desk.post(f"{path}/{link['id']}/perpanjang", days="400").status_code == 302
    [longer] = call("satudata_upload_link_list", cast.kepala, id=dataset["id"])
    assert longer["until"] == (
        dt.date.fromisoformat(link["until"]) + dt.timedelta(days=3)).isoformat()
    assert desk.post(f"{path}/{link['id']}/cabut").status_code == 302
    words = said(desk.get(path))
    assert "Dicabut" in words and "/setor/" not in words


def test_what_is_wrong_with_a_new_link_is_said_and_what_was_typed_stays(
    cast: Cast, dataset: Data, app: Any
) -> None:
    page = Desk(app, cast.walidata).post(
        f"/dataset/{dataset['name']}/tautan", label="<b>Desa</b>", phone="rumah", max_mb="0")
    assert page.status_code == 400
    assert "bukan nomor telepon" in said(page) and "1 sampai" in said(page)
    assert 'value="&lt;b&gt;Desa&lt;/b&gt;"' in page.text
    assert call("satudata_upload_link_list", cast.kepala, id=dataset["id"]) == []


def test_the_pages_of_links_are_for_who_makes_them(cast: Cast, dataset: Data, app: Any) -> None:
    path = f"/dataset/{dataset['name']}/tautan"
    link = make_link(cast, dataset)
    for who in (cast.produsen, cast.tetangga, cast.warga):
        desk = Desk(app, who)
        if who != cast.produsen:
            assert desk.get(path).status_code == 404
        assert desk.post(path, label="x").status_code == 404
        assert desk.post(f"{path}/{link['id']}/cabut").status_code == 404
        assert desk.get(f"{path}/{link['id']}/qr.svg").status_code == 404
    assert app.get(path, follow_redirects=False).status_code == 302
    other = cast.make(resources=[])
    desk = Desk(app, cast.kepala)
    assert desk.post(f"/dataset/{other['name']}/tautan/{link['id']}/cabut").status_code == 404
    assert desk.post(f"{path}/{link['id']}/hapus").status_code == 404
    assert call("satudata_upload_link_list", cast.kepala, id=dataset["id"])[0]["state"] == "berlaku"


def test_who_writes_the_data_learns_who_makes_its_links(
    cast: Cast, dataset: Data, app: Any
) -> None:
    link = make_link(cast, dataset, label="Puskesmas Cikande")
    page = Desk(app, cast.produsen).get(f"/dataset/{dataset['name']}/tautan")
    assert page.status_code == 200 and page.headers["Cache-Control"] == "private, no-store"
    assert "dibuat walidata, walidata pendukung, atau admin instansi" in said(page)
    assert not BeautifulSoup(page.text, "html.parser").select("[role=main] form, input[name=label]")
    for secret in ("Puskesmas Cikande", link["id"], path_of(link)):
        assert secret not in page.text
    offered = [f"/dataset/{dataset['id']}/{each}" for each in ("tautan", "rekap")]
    page = Desk(app, cast.kepala).get(f"/kirim/{dataset['id']}").text
    assert all(each in page for each in offered)
    page = Desk(app, cast.produsen).get(f"/kirim/{dataset['id']}").text
    assert not any(each in page for each in offered)


def test_what_came_is_seen_thrown_away_and_brought_back(
    cast: Cast, dataset: Data, app: Any
) -> None:
    desk, path = Desk(app, cast.produsen), f"/dataset/{dataset['name']}/setoran"
    assert "Tidak ada kiriman yang menunggu" in said(desk.get(path))
    link = make_link(cast, dataset, label="Desa Cikande")
    Phone(app).sent(path_of(link), name="Bu Ani", contact="0812-3456")
    words = said(desk.get(path))
    for word in ("Kunjungan FIX.csv", "Desa Cikande, Bu Ani · 0812-3456", "Lewat tautan setor",
                 "1 pertanyaan", "Terima", "Buang"):
        assert word in words, word
    [row] = came(dataset)
    words = said(desk.get(f"{path}/{row.id}"))
    assert "Perlu dijawab" in words and "Lembar yang dikirim" in words and "Anyar" in words
    answer = desk.post(f"{path}/{row.id}/buang", note="Tahunnya salah.")
    assert answer.status_code == 302
    words = said(desk.get(answer.headers["Location"]))
    assert "“Kunjungan FIX.csv” dibuang" in words and "Urungkan" in words
    assert came(dataset)[0].state == "dibuang"
    assert "Tahunnya salah." in said(desk.get(f"{path}?keadaan=dibuang"))
    assert desk.post(f"{path}/{row.id}/buang").status_code == 409
    assert desk.post(f"{path}/{row.id}/urungkan").status_code == 302
    assert came(dataset)[0].state == "menunggu"
    assert "Kunjungan FIX.csv" in said(desk.get(f"{path}?tautan={link['id']}"))
    assert "Kunjungan FIX.csv" not in said(desk.get(f"{path}?tautan=lain"))


def test_who_decides_answers_what_the_sender_did_not(
    cast: Cast, dataset: Data, app: Any
) -> None:
    desk = Desk(app, cast.produsen)
    Phone(app).sent(path_of(make_link(cast, dataset)))
    [row] = came(dataset)
    path = f"/dataset/{dataset['name']}/setoran/{row.id}"
    form = BeautifulSoup(desk.get(path).text, "html.parser").select_one("form[action$=jawab]")
    assert form is not None
    radio, seen = form.select_one("input[type=radio]"), form.select_one("[name=terlihat]")
    assert radio is not None and seen is not None
    assert desk.post(f"{path}/jawab", terlihat="x").status_code == 409
    assert desk.post(f"{path}/jawab", terlihat=seen["value"],
                     **{radio["name"]: radio["value"]}).status_code == 302
    assert came(dataset)[0].recipe["tables"][0]["answers"]


def test_what_came_is_for_who_writes_or_inspects_the_data(
    cast: Cast, dataset: Data, app: Any
) -> None:
    Phone(app).sent(path_of(make_link(cast, dataset)))
    sent = came(dataset)[0].id
    path = f"/dataset/{dataset['name']}/setoran"
    for who in (cast.tetangga, cast.warga):
        desk = Desk(app, who)
        for one in (path, f"{path}/{sent}"):
            assert desk.get(one).status_code == 404
        for step in ("terima", "buang", "urungkan", "jawab"):
            assert desk.post(f"{path}/{sent}/{step}").status_code == 404
    assert app.get(path, follow_redirects=False).status_code == 302
    other = cast.make(resources=[])
    assert Desk(app, cast.produsen).get(
        f"/dataset/{other['name']}/setoran/{sent}").status_code == 404
    assert came(dataset)[0].state == "menunggu"


@pytest.mark.parametrize("odd", [
    "?halaman=0", "?halaman=99999", "?halaman=x", "?keadaan=x", "?tautan=%00", "?dibuang=x",
    "?dibuang=%27"])
def test_no_address_breaks_the_list(cast: Cast, dataset: Data, app: Any, odd: str) -> None:
    page = Desk(app, cast.produsen).get(f"/dataset/{dataset['name']}/setoran{odd}")
    assert page.status_code in (200, 404)


def test_what_is_taken_becomes_a_table_of_the_draft_and_its_sender_is_thanked(
    cast: Cast, dataset: Data, app: Any
) -> None:
    phone, desk = Phone(app), Desk(app, cast.produsen)
    result = phone.sent(path_of(make_link(cast, dataset)), CLEAN)
    path = f"/dataset/{dataset['name']}/setoran/{came(dataset)[0].id}"
    taken = desk.post(f"{path}/terima")
    assert taken.status_code == 302 and "/pemeriksaan" in taken.headers["Location"]
    assert desk.get(taken.headers["Location"]).status_code == 200
    [resource] = call("package_show", cast.produsen, id=dataset["id"])["resources"]
    assert resource["format"] == "CSV" and came(dataset)[0].state == "diterima"
    words = said(phone.get(result))
    assert "Terima kasih. Berkas Anda diterima." in words and "Kirim perbaikan" not in words
    again = desk.post(f"{path}/terima")
    assert again.status_code == 409 and "sudah diputuskan" in said(again)
