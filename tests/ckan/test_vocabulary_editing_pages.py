"""The walidata's pages of a list: what changes is shown before it is saved; who else may look."""
from __future__ import annotations

import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import helpers
from role_samples import give, make_places, member

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.vocabulary.current import current

pytestmark = [
    pytest.mark.usefixtures("clean_db", "with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]


@pytest.fixture
def walidata(admin: dict[str, Any]) -> dict[str, str]:
    current.refresh()
    make_places(admin)
    user = member("diskominfo")
    give(admin, user=user["name"], role="walidata")
    return {"Authorization": user["token"]}


def page(app: Any, path: str, headers: dict[str, str], **options: Any) -> BeautifulSoup:
    return BeautifulSoup(app.get(path, headers=headers, **options).body, "html.parser")


def send(app: Any, path: str, headers: dict[str, str], **data: Any) -> Any:
    return app.post(path, headers=headers, data=data, follow_redirects=False)


def text(soup: BeautifulSoup) -> str:
    return " ".join(soup.get_text(" ").split())


def test_a_code_is_saved_after_its_effect_was_seen(app: Any, walidata: dict[str, str]) -> None:
    path = "/kode-referensi/satuan/ubah/persen"
    assert "Ubah daftar" in text(page(app, "/kode-referensi/satuan", walidata))
    assert "Ubah daftar" not in text(page(app, "/kode-referensi/satuan", {}))
    form = {field["name"]: field.get("value") or field.text for field in page(
        app, path, walidata).select("article form [name]")}
    form["keterangan"] = "Bagian dari seratus"
    shown = BeautifulSoup(send(app, path, walidata, **form).body, "html.parser")
    assert "Bagian dari seratus" in shown.select_one("#yang-berubah").get_text()
    assert "belum dipakai" in text(shown) and vocabulary.get("satuan").version == 0
    seen = shown.select_one("[name=dilihat]")["value"]
    # What was typed after it was shown is shown again and not saved.
    again = send(app, path, walidata, **form | {"dilihat": seen, "keterangan": "Lain"})
    assert again.status_code == 200 and vocabulary.get("satuan").version == 0
    saved = send(app, path, walidata, **form | {"dilihat": seen, "note": "Permintaan BPS"})
    assert saved.status_code == 302 and saved.headers["Location"].endswith("/satuan/persen")
    assert vocabulary.get("satuan")["persen"].note == "Bagian dari seratus"
    assert vocabulary.get("satuan")["persen"].aliases == vocabulary.delivered(
        "satuan")["persen"].aliases
    late = BeautifulSoup(send(app, path, walidata, **form | {"dilihat": seen}).body, "html.parser")
    assert "versi 1" in text(late.select_one("[role=alert]"))


def test_two_at_one_code_keep_what_the_other_changed(app: Any, walidata: dict[str, str]) -> None:
    path = "/kode-referensi/satuan/ubah/persen"
    form = {field["name"]: field.get("value") or field.text.strip() for field in page(
        app, path, walidata).select("article form [name]")}
    helpers.call_action("satudata_vocabulary_update", name="satuan", rows=[
        {"code": "persen", "label_en": "per hundred", "note": "Dari seratus"}])
    shown = BeautifulSoup(send(app, path, walidata, **form | {
        "label_id": "Perseratus", "keterangan": "Seratus bagian"}).body, "html.parser")
    changes = text(shown.select_one("#yang-berubah"))
    assert "Perseratus" in changes and "per hundred" not in changes
    assert "Dari seratus menjadi Seratus bagian" in changes  # both changed it: seen before saved
    assert shown.select_one("[name=label_en]")["value"] == "per hundred"


def test_a_new_code_says_what_is_wrong_beside_the_field(
    app: Any, walidata: dict[str, str]
) -> None:
    path = "/kode-referensi/satuan/kode-baru"
    shown = BeautifulSoup(send(app, path, walidata, kode="Pasar Ikan", label_id="Ikan").body,
                          "html.parser")
    assert "pasar_ikan" in shown.select_one("#field-kode-err").text
    assert shown.select_one("[name=label_id]")["value"] == "Ikan"
    twice = BeautifulSoup(send(app, path, walidata, kode="persen", label_id="X").body,
                          "html.parser")
    assert "sudah ada" in twice.select_one("#field-kode-err").text


def test_a_file_is_compared_then_taken_then_taken_back(
    app: Any, walidata: dict[str, str]
) -> None:
    content = (b"kode;label_id\nbakul;Bakul\npersen;Perseratus\nsatu dua;X\n"
               b"<b>;<script>alert(1)</script>\n")
    sent = app.post("/kode-referensi/satuan/impor", headers=walidata, follow_redirects=False,
                    data={"upload": (io.BytesIO(content), "satuan.csv")},
                    content_type="multipart/form-data")
    path = sent.headers["Location"].partition("//")[2].partition("/")[2]
    compared = page(app, f"/{path}", walidata)
    assert "satu_dua" in text(compared) and "<b>" in text(compared)
    assert not compared.select("article script")
    version = compared.select_one("[name=expected_version]")["value"]
    taken = send(app, f"/{path}", walidata, expected_version=version, note="SK 3")
    assert taken.headers["Location"].endswith("/satuan/versi/1")
    assert app.get(f"/{path}", headers=walidata, status=404)
    one = page(app, "/kode-referensi/satuan/versi/1", walidata)
    assert "Perseratus" in text(one) and "SK 3" in text(one)
    listed = app.get("/kode-referensi/satuan/versi/1/unduh", headers={}).body
    assert "bakul,Bakul" in listed and listed.startswith("\ufeffkode,")
    undone = send(app, "/kode-referensi/satuan/versi/1/urungkan", walidata, expected_version="1")
    assert undone.headers["Location"].endswith("/versi/2")
    assert vocabulary.get("satuan")["persen"].label_id == "persen"
    between = page(app, "/kode-referensi/satuan/versi/1?dengan=2", {})
    assert "Dari versi 1 ke versi 2" in text(between) and "Batalkan" not in text(between)


def test_a_long_list_is_turned_by_links_that_have_names(
    app: Any, walidata: dict[str, str]
) -> None:
    for path in ("/kode-referensi/satuan", "/kode-referensi/satuan/ubah"):
        pages = page(app, path, walidata).select_one("nav[aria-label='Halaman daftar']")
        assert [text(each) for each in pages.select("a")] == ["1", "2", "Halaman berikutnya"]
        assert text(pages.select_one("[aria-current=page]")) == "1"
    codes = page(app, "/kode-referensi/satuan/ubah", walidata).select("tbody th a")
    assert text(codes[0]).startswith("Ubah ") and codes[0]["href"].endswith("/ubah/orang")


def test_a_list_is_made_and_fixed_ones_say_why_not(app: Any, walidata: dict[str, str]) -> None:
    made = send(app, "/kode-referensi/baru", walidata, name="jenis_pasar", title_id="Jenis pasar")
    assert made.headers["Location"].endswith("/jenis_pasar/ubah")
    assert "belum berisi kode" in text(page(app, "/kode-referensi/jenis_pasar/ubah", walidata))
    empty = text(page(app, "/kode-referensi/jenis_pasar", {}))
    assert "belum berisi kode" in empty and "cocok dengan" not in empty
    for each in ("induk", "eceran"):
        helpers.call_action("satudata_vocabulary_update", name="jenis_pasar", rows=[
            {"code": each, "label_id": f"Pasar {each}"}])
    assert vocabulary.get("jenis_pasar").title_id == "Jenis pasar"
    helpers.call_action("satudata_vocabulary_update", name="jenis_pasar", rows=[
        {"code": "induk", "valid_to": "2199-12-31", "successor": "eceran"}])
    ending = page(app, "/kode-referensi/jenis_pasar/induk", {})
    assert "Pengganti Pasar eceran" in text(ending) and "Nama Inggris" not in text(ending)
    assert "tidak diubah" in text(page(app, "/kode-referensi/prinsip/ubah", walidata))
    assert "Menteri" in text(page(app, "/kode-referensi/wilayah/ubah", walidata))
    assert "digantikan" not in text(page(app, "/kode-referensi/satuan/versi", {}))
    used = page(app, "/kode-referensi/jenis_instansi/ubah/dinas/pemakaian", walidata)
    assert "3 instansi" in text(used) and used.select("a[href*='/organization/dinkes']")


@pytest.mark.parametrize("path", [
    "satuan/ubah", "satuan/ubah/persen", "satuan/ubah/persen/pemakaian", "satuan/kode-baru",
    "satuan/impor", "satuan/impor/x", "baru",
])
def test_others_are_asked_to_log_in_or_refused(
    app: Any, walidata: dict[str, str], path: str
) -> None:
    there = app.get(f"/kode-referensi/{path}", follow_redirects=False)
    assert there.status_code == 302 and "/user/login" in there.headers["Location"]
    editor = member("dinkes", "editor")
    refused = app.get(f"/kode-referensi/{path}", headers={"Authorization": editor["token"]},
                      status=403)
    assert "Walidata" in refused.body
    helpers.call_action("satudata_vocabulary_version_list", {"user": ""}, name="satuan")


@pytest.mark.parametrize("path", [
    "tidak_ada/ubah", "satuan/ubah/tidak_ada", "satuan/impor/x", "satuan/versi/1",
    "satuan/versi/99999999999999999999", "tidak_ada/versi", "satuan/ubah/x/pemakaian",
])
def test_what_is_not_there_is_not_found(app: Any, walidata: dict[str, str], path: str) -> None:
    app.get(f"/kode-referensi/{path}", headers=walidata, status=404)
