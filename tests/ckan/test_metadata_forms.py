"""What officers rely on in the forms: little is asked, nothing typed is lost, errors are said."""
from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from metadata_samples import SKIPPED, TYPES, Data, call, sample, schema_fields
from publishing import publish

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")


def page(app: Any, admin: Data, url: str) -> BeautifulSoup:
    answer = app.get(url, headers={"Authorization": admin["token"]}, status=200)
    return BeautifulSoup(answer.body, "html.parser")


def open_inputs(form: Any) -> list[Any]:
    return [
        each
        for each in form.select("input, select, textarea")
        if each.get("type") not in ("hidden", "submit", "file")
        and not each.find_parent("details")
        and not each.find_parent("template")
    ]


def asked(form: Any) -> set[str]:
    """Return the open fields a person must type into: empty ones, a group or a file as one."""
    found: set[str] = set()
    for each in open_inputs(form):
        empty = not (each.get("value") or (each.name == "textarea" and each.text.strip()))
        if each.name != "select" and empty:
            found.add(each["name"].split("-")[0])
    return found | {each["name"] for each in form.select("input[type=file]")} - {"url"}


def test_a_new_dataset_asks_eight_typed_answers(app: Any, admin: Data, agency: Data) -> None:
    form = page(app, admin, "/dataset/new").select_one("#dataset-edit")
    made = call("package_create", admin, title="Uji", owner_org=agency["id"], state="draft")
    file = page(app, admin, f"/dataset/{made['name']}/resource/new").select_one("#resource-edit")
    typed = asked(form) | (asked(file) - {"url"})
    assert typed == {
        "title", "konsep", "definisi", "klasifikasi", "satuan", "temporal_coverage",
        "jadwal_rilis", "upload",
    }
    assert len(typed) == 8


def test_next_years_dataset_asks_three_typed_answers(app: Any, admin: Data, agency: Data) -> None:
    made = call("package_create", admin, title="Kunjungan 2025", owner_org=agency["id"],
                konsep="Kunjungan", satuan="orang",
                temporal_coverage=[{"start": "2025"}], jadwal_rilis="2026-03-15",
                cakupan_pelaporan=[{"diterima": 88, "seharusnya": 92, "satuan": "posyandu"}])
    form = page(app, admin, f"/dataset/salin/{made['name']}").select_one("#dataset-edit")
    assert asked(form) | {"upload"} == {"version_notes", "cakupan_pelaporan", "upload"}
    assert form.select_one("[name=title]").text.strip() == "Kunjungan 2026"
    assert form.select_one("[name='temporal_coverage-0-start']")["value"] == "2026"
    assert form.select_one("[name=jadwal_rilis]")["value"] == "15-03-2027"
    assert form["action"].endswith("/dataset/new")


def test_answering_what_the_form_asks_leaves_nothing_that_blocks(admin: Data, agency: Data) -> None:
    made = call("package_create", admin, title="Kunjungan 2025", owner_org=agency["id"],
                konsep="Kunjungan", definisi="Semua kedatangan.",
                klasifikasi="menurut kecamatan", satuan="kunjungan",
                temporal_coverage=[{"start": "2025"}], jadwal_rilis="15-03-2026",
                tingkat_penyajian="kecamatan", frequency="tahunan", jenis_data="statistik",
                resources=[{"url": "https://a.id/x.csv"}])
    assert call("satudata_completeness_show", admin, id=made["id"])["blocking"] == 0


@pytest.mark.parametrize("kind", TYPES)
def test_the_form_ties_label_help_and_error_to_each_input(
    kind: str, app: Any, admin: Data, agency: Data
) -> None:
    document = page(app, admin, f"/{kind}/new")
    form = document.select_one("#dataset-edit")
    ids = [each["id"] for each in document.select("[id]")]
    assert len(ids) == len(set(ids))
    for each in form.select(
        ".sd-form-field input[id], .sd-form-field select[id], .sd-form-field textarea[id]"
    ):
        assert form.select_one(f"label[for='{each['id']}']"), each["id"]
        for described in (each.get("aria-describedby") or "").split():
            assert described in ids


def test_a_refused_form_says_so_at_the_top_and_keeps_what_was_typed(
    app: Any, admin: Data, agency: Data
) -> None:
    answer = app.post("/dataset/new", headers={"Authorization": admin["token"]}, data={
        "save": "", "_ckan_phase": "dataset_new_1", "title": "Uji", "owner_org": agency["id"],
        "jadwal_rilis": "31-02-2026",
        "temporal_coverage-0-start": "2025", "temporal_coverage-0-end": "2024",
        "konsep": "Kunjungan"})
    document = BeautifulSoup(answer.body, "html.parser")
    links = {link["href"] for link in document.select("#ringkasan-kesalahan a")}
    assert links == {"#field-jadwal_rilis", "#field-temporal_coverage-0-end"}
    assert document.select_one("[name=konsep]")["value"] == "Kunjungan"
    wrong = document.select_one("#field-jadwal_rilis")
    assert wrong["value"] == "31-02-2026" and wrong["aria-invalid"] == "true"
    assert "field-jadwal_rilis-err" in wrong["aria-describedby"]


@pytest.mark.parametrize("kind", [*TYPES, "organization"])
@pytest.mark.parametrize("typed", ["", "  \n "])
def test_without_a_title_the_form_asks_for_the_title_and_not_for_an_address(
    kind: str, typed: str, app: Any, admin: Data, agency: Data
) -> None:
    answer = app.post(f"/{kind}/new", headers={"Authorization": admin["token"]}, data={
        "save": "", "_ckan_phase": "dataset_new_1", "title": typed, "owner_org": agency["id"],
        "konsep": "Kunjungan"})
    document = BeautifulSoup(answer.body, "html.parser")
    links = document.select("#ringkasan-kesalahan a")
    assert [link["href"] for link in links] == ["#field-title"]
    title = document.select_one("#field-title")
    assert title["aria-invalid"] == "true"
    assert "belum diisi" in document.select_one("#field-title-err").text
    assert document.select_one("#field-name") is None


def submit(form: Any, **changes: str) -> Data:
    """Return what a browser would send for a form."""
    sent: Data = {}
    for each in form.select("input[name], select[name], textarea[name]"):
        if each.find_parent("template") or each.get("type") in ("file", "submit"):
            continue
        if each.get("type") in ("checkbox", "radio") and not each.has_attr("checked"):
            continue
        if each.name == "select":
            chosen = each.select_one("option[selected]") or each.select_one("option")
            value = chosen["value"]
        else:
            value = each.text.lstrip("\n") if each.name == "textarea" else each.get("value", "")
        sent.setdefault(each["name"], []).append(value)
    return {**sent, **changes, "save": ""}


@pytest.mark.parametrize("kind", TYPES)
def test_saving_the_form_unchanged_loses_nothing(
    kind: str, app: Any, admin: Data, agency: Data
) -> None:
    sent = {
        each["field_name"]: sample(each)[0]
        for each in schema_fields(kind)
        if each["field_name"] not in SKIPPED
    }
    made = call("package_create", admin, type=kind, title="Semua isian", owner_org=agency["id"],
                tag_string="satu, dua",
                extras=[{"key": "kunci klien", "value": "nilai"}],
                resources=[{"url": "https://a.id/x.csv", "kunci": "klien"}], **sent)
    form = page(app, admin, f"/{kind}/edit/{made['name']}").select_one("#dataset-edit")
    app.post(f"/{kind}/edit/{made['name']}", headers={"Authorization": admin["token"]},
             data=submit(form, title="Judul baru"), follow_redirects=False, status=302)
    after = call("package_show", admin, id=made["id"])
    assert after["title"] == "Judul baru"
    changing = {"title", "metadata_modified", "tags"}
    assert {k: v for k, v in after.items() if k not in changing} == {
        k: v for k, v in made.items() if k not in changing
    }


def test_an_organization_is_made_and_changed_in_the_browser(
    app: Any, admin: Data, agency: Data
) -> None:
    headers = {"Authorization": admin["token"]}
    form = page(app, admin, "/organization/new").select_one("form.sd-form")
    app.post("/organization/new", headers=headers,
             data=submit(form, title="Desa Pelamunan", jenis_instansi="desa", induk=agency["name"],
                         kode_wilayah="36.04.05"), follow_redirects=False, status=302)
    made = call("organization_show", admin, id="desa-pelamunan")
    assert made["jenis_instansi"] == "desa" and made["induk"] == agency["name"]
    form = page(app, admin, "/organization/edit/desa-pelamunan").select_one("form.sd-form")
    app.post("/organization/edit/desa-pelamunan", headers=headers,
             data=submit(form, surel="desa@pelamunan.desa.id"), follow_redirects=False, status=302)
    after = call("organization_show", admin, id="desa-pelamunan")
    assert after["surel"] == "desa@pelamunan.desa.id"
    assert after["kode_wilayah"] == "36.04.05" and after["induk"] == agency["name"]


def test_the_table_shows_labels_by_section_and_leaves_empty_fields_out(
    app: Any, admin: Data, agency: Data
) -> None:
    made = call("package_create", admin, title="Uji", owner_org=agency["id"], frequency="tahunan",
                satuan="orang",
                temporal_coverage=[{"start": "2025-01"}],
                cakupan_pelaporan=[{"diterima": 0, "seharusnya": 92, "satuan": "posyandu"}],
                documentation=["https://a.id/<script>"[:13], "javascript:1"][:1],
                definisi="<script>alert(1)</script>")
    table = page(app, admin, f"/dataset/{made['name']}").select_one(".additional-info")
    text = re.sub(r"\s+", " ", table.text)
    for part in ("Standar data", "Frekuensi terbit", "Tahunan", "Januari 2025",
                 "0 dari 92 posyandu", "Kabupaten Serang"):
        assert part in text
    assert "Putus seri" not in text and "tahunan" not in text and not table.select("script")
    assert any(
        link["href"].endswith("/kode-referensi/frekuensi/tahunan") for link in table.select("a")
    )


def test_sending_next_years_form_makes_a_new_draft(app: Any, admin: Data, agency: Data) -> None:
    made = call("package_create", admin, title="Kunjungan 2025", owner_org=agency["id"],
                konsep="Kunjungan", tag_string="gizi",
                temporal_coverage=[{"start": "2025"}], resources=[{"url": "https://a.id/x.csv"}],
                identifier="urn:x:1")
    form = page(app, admin, f"/dataset/salin/{made['name']}").select_one("#dataset-edit")
    app.post("/dataset/new", headers={"Authorization": admin["token"]},
             data=submit(form, version_notes="tidak ada"), follow_redirects=False, status=302)
    copy = call("package_show", admin, id="kunjungan-2026")
    assert copy["state"] == "draft" and copy["private"] is True and copy["resources"] == []
    assert copy["konsep"] == "Kunjungan"
    assert copy["temporal_coverage"] == [{"start": "2026", "end": "2026"}]
    assert copy["identifier"] != made["identifier"]
    assert [tag["name"] for tag in copy["tags"]] == ["gizi"]
    assert call("package_show", admin, id=made["id"])["title"] == "Kunjungan 2025"


def test_a_title_that_is_too_long_is_said_and_kept_whole(
    app: Any, admin: Data, agency: Data
) -> None:
    long = "Jumlah kunjungan " * 30
    assert not page(app, admin, "/dataset/new").select("#dataset-edit [maxlength]")
    answer = app.post("/dataset/new", headers={"Authorization": admin["token"]}, data={
        "save": "", "_ckan_phase": "dataset_new_1", "title": long, "owner_org": agency["id"]})
    document = BeautifulSoup(answer.body, "html.parser")
    assert document.select_one("#ringkasan-kesalahan a[href='#field-title']")
    assert document.select_one("[name=title]").text.strip() == long.strip()


def test_a_linked_activity_is_named_by_its_title_to_who_may_read_it(
    app: Any, admin: Data, agency: Data
) -> None:
    activity = publish(call("package_create", admin, type="kegiatan", title="Pendataan kunjungan",
                            owner_org=agency["id"]))
    hidden = call("package_create", admin, type="indikator", title="Rahasia", name="indikator-x",
                  owner_org=agency["id"])
    made = publish(call("package_create", admin, title="Uji", owner_org=agency["id"],
                        id_kegiatan=activity["id"], id_indikator=[hidden["name"], "tidak-ada"]))

    def table(**headers: str) -> Any:
        page = app.get(f"/dataset/{made['name']}", headers=headers).body
        return BeautifulSoup(page, "html.parser").select_one(".additional-info")

    seen = table()
    assert seen.find("a", string="Pendataan kunjungan")["href"].endswith(f"/{activity['name']}")
    assert "Rahasia" not in seen.text and "indikator-x" not in str(seen)
    # Of what is hidden and of what is not there, nobody reads but who wrote it.
    assert "belum terbit di portal ini" not in seen.text and "tidak-ada" not in str(seen)
    own = table(Authorization=admin["token"])
    assert own.find("a", string="Rahasia")["href"].endswith("/indikator-x")
    assert own.text.count("belum terbit di portal ini") == 1 and "tidak-ada" not in str(own)
