"""What API clients and officers rely on: every field comes back, bad ones are named, little is asked."""
from __future__ import annotations

import json
import re
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.lib.navl.dictization_functions import DataError
from ckan.lib.plugins import lookup_package_plugin, plugin_validate
from ckan.lib.search import rebuild
from ckan.tests import factories, helpers

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.shared.types import ServerSet

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")

TYPES = ("dataset", "kegiatan", "indikator")


@pytest.fixture
def admin() -> dict[str, Any]:
    return factories.SysadminWithToken()


@pytest.fixture
def agency(admin: dict[str, Any]) -> dict[str, Any]:
    return call("organization_create", admin, title="Dinas Kesehatan", urusan=["1.02"], surel="dinkes@serangkab.go.id",
                jenis_instansi="dinas", kode_wilayah="36.04")


def call(action: str, user: dict[str, Any], **data: Any) -> Any:
    return helpers.call_action(action, {"user": user["name"], "ignore_auth": False}, **data)


def schema_fields(kind: str) -> list[dict[str, Any]]:
    if kind == "organization":
        return tk.h.scheming_get_organization_schema(kind)["fields"]
    return tk.h.scheming_get_dataset_schema(kind)["dataset_fields"]


#: What is sent for each preset, and what must come back.
SAMPLES: dict[str, tuple[Any, Any]] = {
    "satudata_text": ("Teks é", "Teks é"),
    "satudata_long": ("Baris satu\r\nbaris dua", "Baris satu\nbaris dua"),
    "satudata_hidden": ("Teks", "Teks"),
    "satudata_lines": ("satu\ndua", ["satu", "dua"]),
    "satudata_iris": (["https://a.id/x"], ["https://a.id/x"]),
    "satudata_iri": ("https://a.id/x", "https://a.id/x"),
    "satudata_suggest": ("Kunjungan", "kunjungan"),
    "satudata_wilayah": ("36.04 (Kabupaten Serang)", "36.04"),
    "satudata_wilayah_list": ("36.04 (Kabupaten Serang)\n36.04.05", ["36.04", "36.04.05"]),
    "satudata_date": ("31-12-2026", "2026-12-31"),
    "satudata_period_start": ("Maret 2025", "2025-03"),
    "satudata_years": ("2025\n2026", ["2025", "2026"]),
    "satudata_year": (2025, "2025"),
    "satudata_count": ("1.234", 1234),
    "satudata_bool": ("Ya", True),
    "satudata_email": ("mailto:a@serangkab.go.id", "a@serangkab.go.id"),
    "satudata_phone": ("(0254) 200123", "(0254) 200123"),
    "satudata_table_schema": ({"fields": [{"name": "a", "type": "string", "satuan": "orang"}]},) * 2,
}
#: Fields whose own validators ask for something else than their preset.
OWN: dict[str, tuple[Any, Any]] = {
    "language": ("id\nen", ["id", "en"]),
    "issued": ("2025-01-02T03:04:05+07:00", "2025-01-02T03:04:05+07:00"),
    "modified": ("2025", "2025"),
    "geom": ({"type": "Point", "coordinates": [106.1, -6.1]}, '{"type": "Point", "coordinates": [106.1, -6.1]}'),
    "bbox": ('{"type": "Polygon", "coordinates": []}',) * 2,
    "centroid": ('{"type": "Point", "coordinates": [1, 2]}',) * 2,
    "klasifikasi_isian": ("1=L\n2 = P", ["1 = L", "2 = P"]),
    "license_id": ("odc-by", "odc-by"),
    "format": ("csv", "CSV"),
    "mimetype": ("text/csv", "text/csv"),
    "size": ("20480", 20480),
    "url": ("https://a.id/x.csv", "https://a.id/x.csv"),
    "version": ("2025.2", "2025.2"),
    "image_url": ("https://a.id/x.png", "https://a.id/x.png"),
}
SKIPPED = {"title", "name", "owner_org", "tag_string", "induk", "sha256", "asal_resource_id"}


def sample(field: dict[str, Any]) -> tuple[Any, Any]:
    name = field["field_name"]
    if name in OWN:
        return OWN[name]
    if field.get("preset") in ("satudata_code", "satudata_codes"):
        codes = [concept.code for concept in vocabulary.get(field["vocabulary"])]
        return (codes[:2], codes[:2]) if field["preset"] == "satudata_codes" else (codes[-1], codes[-1])
    if "repeating_subfields" in field:
        parts = {sub["field_name"]: sample(sub) for sub in field["repeating_subfields"]}
        return [{k: v[0] for k, v in parts.items()}], [{k: v[1] for k, v in parts.items()}]
    return SAMPLES[field["preset"]]


@pytest.mark.parametrize("kind", TYPES)
def test_every_field_comes_back_through_create_update_and_show(kind: str, admin: dict[str, Any], agency: dict[str, Any]) -> None:
    fields = [each for each in schema_fields(kind) if each["field_name"] not in SKIPPED]
    files = [each for each in tk.h.scheming_get_dataset_schema(kind)["resource_fields"] if each["field_name"] not in SKIPPED]
    sent = {each["field_name"]: sample(each)[0] for each in fields}
    resource = {each["field_name"]: sample(each)[0] for each in files}
    made = call("package_create", admin, type=kind, title="Semua isian", owner_org=agency["name"], tag_string="satu, dua",
                extras=[{"key": "kunci klien", "value": "nilai"}], resources=[resource], **sent)
    shown = call("package_show", admin, id=made["id"])
    for each in fields:
        assert shown[each["field_name"]] == sample(each)[1], each["field_name"]
    for each in files:
        assert shown["resources"][0][each["field_name"]] == sample(each)[1], each["field_name"]
    assert shown["extras"] == [{"key": "kunci klien", "value": "nilai"}]
    assert shown["name"] == "semua-isian" and {tag["name"] for tag in shown["tags"]} == {"satu", "dua"}
    # Read and written back, as every client does: nothing changes, and nothing is lost with a change.
    again = call("package_update", admin, **{**shown, "title": "Judul baru"})
    changing = {"title", "metadata_modified"}
    assert {k: v for k, v in again.items() if k not in changing} == {k: v for k, v in shown.items() if k not in changing}
    patched = call("package_patch", admin, id=made["id"], version="9")
    assert {**again, "version": "9", "metadata_modified": 0} == {**patched, "metadata_modified": 0}


def test_every_field_of_an_organization_comes_back(admin: dict[str, Any], agency: dict[str, Any]) -> None:
    fields = [each for each in schema_fields("organization") if each["field_name"] not in SKIPPED]
    sent = {each["field_name"]: sample(each)[0] for each in fields}
    made = call("organization_create", admin, title="Desa Pelamunan", induk=agency["name"], **sent)
    shown = call("organization_show", admin, id=made["id"])
    for each in fields:
        assert shown[each["field_name"]] == sample(each)[1], each["field_name"]
    assert shown["name"] == "desa-pelamunan" and shown["induk"] == agency["name"]
    call("organization_update", admin, **shown)
    again = call("organization_show", admin, id=made["id"])
    assert {each["field_name"]: again[each["field_name"]] for each in fields} == {each["field_name"]: sample(each)[1] for each in fields}


@pytest.mark.parametrize(
    ("bad", "field", "says"),
    [
        ({"frequency": "setahun"}, "frequency", "setahun"),
        ({"urusan": ["1.02", "9.99"]}, "urusan", "9.99"),
        ({"kode_wilayah": ["99.99"]}, "kode_wilayah", "99.99"),
        ({"temporal_coverage": [{"start": "2025", "end": "2024"}]}, "temporal_coverage", "2024"),
        ({"temporal_coverage": [{"start": "triwulan"}]}, "temporal_coverage", "triwulan"),
        ({"jadwal_rilis": "31-02-2026"}, "jadwal_rilis", "31-02-2026"),
        ({"prioritas_tahun": ["26"]}, "prioritas_tahun", "26"),
        ({"contact": [{"name": "x", "email": "salah"}]}, "contact", "salah"),
        ({"cakupan_pelaporan": [{"diterima": "banyak"}]}, "cakupan_pelaporan", "banyak"),
        ({"url": "javascript:alert(1)"}, "url", "javascript"),
        ({"theme": ["bukan iri"]}, "theme", "bukan iri"),
        ({"title": "a\x00b"}, "title", "U+0000"),
        ({"notes": "a\u202eb"}, "notes", "U+202E"),
        ({"extras": [{"key": "a", "value": "b\x07"}]}, "extras", "U+0007"),
        ({"tag_string": "a\x07b"}, "tag_string", "U+0007"),
        ({"konsep": "x" * 501}, "konsep", "501"),
        ({"konsep": {"a": 1}}, "konsep", "teks"),
        ({"putus_seri": [{"tahun": "dulu"}]}, "putus_seri", "dulu"),
        ({"contact": [{"name": "x"}] * 501}, "contact", "500"),
        ({"resources": [{"url": "https://a.id/x.csv", "skema": "{"}]}, "resources", "JSON"),
        ({"resources": [{"url": "javascript:alert(1)"}]}, "resources", "javascript"),
        ({"resources": [{"url": "x.csv", "description": "a\x00"}]}, "resources", "U+0000"),
        ({"extras": [{"key": "satuan", "value": "x"}]}, "extras", ""),
    ],
    ids=lambda each: str(each)[:40],
)
def test_a_bad_value_is_refused_with_its_field_named(bad: dict[str, Any], field: str, says: str, admin: dict[str, Any], agency: dict[str, Any]) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        call("package_create", admin, **{"title": "Uji", "owner_org": agency["id"], **bad})
    assert says in json.dumps(refused.value.error_dict[field], ensure_ascii=False)
    assert model.Session.query(model.Package).count() == 0


JUNK: tuple[Any, ...] = (1, True, float("nan"), {"a": 1}, [1], [[]], ["a", {"b": 1}], [None], "\ud800", "[", "x" * 100_000)


@pytest.mark.parametrize("kind", ["dataset", "indikator"])
def test_no_shape_of_value_breaks_a_field(kind: str, admin: dict[str, Any], agency: dict[str, Any]) -> None:
    """Whatever JSON a client sends is stored or refused; DataError is CKAN's refusal of a shape."""
    plugin = lookup_package_plugin(kind)
    context = {"user": admin["name"], "model": model, "session": model.Session}
    fields = [each for each in schema_fields(kind) if each["field_name"] != "owner_org"]
    files = tk.h.scheming_get_dataset_schema(kind)["resource_fields"]
    for junk in JUNK:
        tries = [{each["field_name"]: junk} for each in fields]
        tries += [{"resources": [{"url": "a.csv", each["field_name"]: junk}]} for each in files]
        tries += [{each["field_name"]: [{sub["field_name"]: junk}]} for each in fields for sub in each.get("repeating_subfields", [])]
        for data in tries:
            try:
                plugin_validate(plugin, dict(context), {"type": kind, "title": "Uji", "owner_org": agency["id"], **data},
                                plugin.create_package_schema(), "package_create")
            except DataError:
                pass


def test_a_draft_needs_only_a_title_and_a_producer(admin: dict[str, Any], agency: dict[str, Any]) -> None:
    for number, kind in enumerate(TYPES):
        made = call("package_create", admin, type=kind, title="Kunjungan puskesmas", owner_org=agency["id"])
        assert made["name"] == ("kunjungan-puskesmas", "kunjungan-puskesmas-2", "kunjungan-puskesmas-3")[number]
        assert made["urusan"] == ["1.02"] and made["kategori"] == "Kesehatan"
        assert made["creator"][0]["name"] == "Dinas Kesehatan" and made["publisher"] and made["language"] == ["id"]
        assert made["identifier"].startswith("urn:uuid:")


def test_derived_values_follow_and_typed_ones_stay(admin: dict[str, Any], agency: dict[str, Any]) -> None:
    other = call("organization_create", admin, title="Dinas Pendidikan", urusan=["1.01"])
    made = call("package_create", admin, title="Uji", owner_org=agency["id"], satuan="Orang", rights="x")
    assert made["ukuran"] == "Jumlah"
    moved = call("package_patch", admin, id=made["id"], owner_org=other["id"])
    assert moved["urusan"] == ["1.01"] and moved["creator"][0]["name"] == "Dinas Pendidikan"
    assert moved["identifier"] == made["identifier"]
    typed = call("package_patch", admin, id=made["id"], urusan=["2.08"], ukuran="Rata-rata")
    assert call("package_patch", admin, id=made["id"], satuan="persen")["ukuran"] == "Rata-rata"
    assert typed["kategori"].startswith("Pemberdayaan perempuan")
    assert call("package_patch", admin, id=made["id"], owner_org=agency["id"])["urusan"] == ["2.08"]
    bare = call("package_update", admin, id=made["id"], title="Uji", owner_org=agency["id"])
    assert bare["identifier"] == made["identifier"] and bare["name"] == made["name"] and "rights" not in bare


def test_what_another_portal_published_gets_nothing_of_ours(admin: dict[str, Any], agency: dict[str, Any]) -> None:
    made = call("package_create", admin, title="Panen", owner_org=agency["id"], extras=[{"key": "guid", "value": "x"}])
    assert not {"publisher", "kode_wilayah", "access_rights", "creator"} & set(made)


def test_only_the_server_sets_what_is_the_servers(admin: dict[str, Any], agency: dict[str, Any]) -> None:
    made = call("package_create", admin, title="Uji", owner_org=agency["id"],
                resources=[{"url": "https://a.id/x.csv", "sha256": "a" * 64, "asal_resource_id": "klien"}])
    resource = made["resources"][0]
    assert "sha256" not in resource and "asal_resource_id" not in resource
    call("package_update", admin, **{**made, "resources": [{**resource, "asal_resource_id": ServerSet("server")}]})
    kept = call("resource_patch", admin, id=resource["id"], description="baru", asal_resource_id="klien")
    assert kept["asal_resource_id"] == "server"
    # CKAN 2.12 validates only the resources that changed: the others keep theirs as well.
    call("resource_create", admin, package_id=made["id"], url="https://a.id/y.csv")
    assert call("resource_show", admin, id=resource["id"])["asal_resource_id"] == "server"


def test_search_finds_by_lists_and_by_the_areas_above(admin: dict[str, Any], agency: dict[str, Any]) -> None:
    call("package_create", admin, title="Satu", owner_org=agency["id"], urusan=["1.02", "2.08"], kode_wilayah=["36.04.05"],
         prioritas_tahun=["2025", "2026"], frequency="tahunan", provenance="panjang sekali " * 650,
         contact=[{"name": "kontak " + "y" * 400, "email": "a@b.id"}] * 100)
    rebuild()
    found = call("package_search", admin, **{"facet.field": ["vocab_urusan", "vocab_kode_wilayah", "vocab_prioritas_tahun", "frequency", "kategori"]})
    assert found["facets"]["vocab_urusan"] == {"1.02": 1, "2.08": 1}
    assert found["facets"]["vocab_kode_wilayah"] == {"36.04.05": 1, "36.04": 1, "36": 1}
    assert found["facets"]["vocab_prioritas_tahun"] == {"2025": 1, "2026": 1}
    assert found["facets"]["frequency"] == {"tahunan": 1} and found["facets"]["kategori"] == {"Kesehatan": 1}
    for query in ("vocab_urusan:1.02", "vocab_kode_wilayah:36.04", "vocab_prioritas_tahun:2026"):
        assert call("package_search", admin, fq=query)["count"] == 1
    assert call("package_search", admin, q="panjang sekali")["count"] == 1


def test_an_activity_with_hundreds_of_variables_is_stored_and_found(admin: dict[str, Any], agency: dict[str, Any]) -> None:
    variables = [{"nama": f"variabel {n}", "konsep": ["a"], "definisi": "d" * 300} for n in range(200)]
    made = call("package_create", admin, type="kegiatan", title="Sensus", owner_org=agency["id"], ms_var=variables)
    assert made["ms_var"] == variables
    assert call("package_search", admin, q="Sensus")["count"] == 1


def test_completeness_says_what_is_missing_and_where_to_mend_it(admin: dict[str, Any], agency: dict[str, Any]) -> None:
    made = call("package_create", admin, title="Uji", owner_org=agency["id"], access_rights="terbatas",
                resources=[{"url": "https://a.id/x.csv"}])
    state = call("satudata_completeness_show", admin, id=made["name"])
    gaps = {gap["field"]: gap for gap in state["gaps"]}
    assert {"konsep", "definisi", "dasar_hukum", "keputusan_pembatasan"} <= set(gaps)
    assert gaps["konsep"]["label"] == "Konsep" and gaps["konsep"]["principle"] == "standar_data"
    assert gaps["konsep"]["anchor"] == "field-konsep" and "/dataset/edit/uji#field-konsep" in gaps["konsep"]["url"]
    assert made["resources"][0]["id"] in gaps["resources"]["url"]
    assert state["percent"] < 100 and state["blocking"] == sum(gap["severity"] == "wajib" for gap in state["gaps"])
    with pytest.raises(tk.NotAuthorized):
        private = call("package_create", admin, title="Rahasia", owner_org=agency["id"], private=True)
        helpers.call_action("satudata_completeness_show", {"user": "", "ignore_auth": False}, id=private["id"])


# -------------------------------------------------------------------- the forms
def page(app: Any, admin: dict[str, Any], url: str) -> BeautifulSoup:
    answer = app.get(url, headers={"Authorization": admin["token"]}, status=200)
    return BeautifulSoup(answer.body, "html.parser")


def open_inputs(form: Any) -> list[Any]:
    return [
        each for each in form.select("input, select, textarea")
        if each.get("type") not in ("hidden", "submit", "file") and not each.find_parent("details") and not each.find_parent("template")
    ]


def asked(form: Any) -> set[str]:
    """Return the open fields a person must type into: empty ones, a group or a file as one."""
    found: set[str] = set()
    for each in open_inputs(form):
        empty = not (each.get("value") or (each.name == "textarea" and each.text.strip()))
        if each.name != "select" and empty:
            found.add(each["name"].split("-")[0])
    return found | {each["name"] for each in form.select("input[type=file]")} - {"url"}


def test_a_new_dataset_asks_eight_typed_answers(app: Any, admin: dict[str, Any], agency: dict[str, Any]) -> None:
    form = page(app, admin, "/dataset/new").select_one("#dataset-edit")
    made = call("package_create", admin, title="Uji", owner_org=agency["id"], state="draft")
    file = page(app, admin, f"/dataset/{made['name']}/resource/new").select_one("#resource-edit")
    typed = asked(form) | (asked(file) - {"url"})
    assert typed == {"title", "konsep", "definisi", "klasifikasi", "satuan", "temporal_coverage", "jadwal_rilis", "upload"}
    assert len(typed) == 8


def test_next_years_dataset_asks_three_typed_answers(app: Any, admin: dict[str, Any], agency: dict[str, Any]) -> None:
    made = call("package_create", admin, title="Kunjungan 2025", owner_org=agency["id"], konsep="Kunjungan", satuan="orang",
                temporal_coverage=[{"start": "2025"}], jadwal_rilis="2026-03-15",
                cakupan_pelaporan=[{"diterima": 88, "seharusnya": 92, "satuan": "posyandu"}])
    form = page(app, admin, f"/dataset/salin/{made['name']}").select_one("#dataset-edit")
    assert asked(form) | {"upload"} == {"version_notes", "cakupan_pelaporan", "upload"}
    assert form.select_one("[name=title]").text.strip() == "Kunjungan 2026"
    assert form.select_one("[name='temporal_coverage-0-start']")["value"] == "2026"
    assert form.select_one("[name=jadwal_rilis]")["value"] == "15-03-2027"
    assert form["action"].endswith("/dataset/new")


def test_answering_what_the_form_asks_leaves_nothing_that_blocks(admin: dict[str, Any], agency: dict[str, Any]) -> None:
    made = call("package_create", admin, title="Kunjungan 2025", owner_org=agency["id"], konsep="Kunjungan", definisi="Semua kedatangan.",
                klasifikasi="menurut kecamatan", satuan="kunjungan", temporal_coverage=[{"start": "2025"}], jadwal_rilis="15-03-2026",
                tingkat_penyajian="kecamatan", frequency="tahunan", jenis_data="statistik", resources=[{"url": "https://a.id/x.csv"}])
    assert call("satudata_completeness_show", admin, id=made["id"])["blocking"] == 0


@pytest.mark.parametrize("kind", TYPES)
def test_the_form_ties_label_help_and_error_to_each_input(kind: str, app: Any, admin: dict[str, Any], agency: dict[str, Any]) -> None:
    document = page(app, admin, f"/{kind}/new")
    form = document.select_one("#dataset-edit")
    ids = [each["id"] for each in document.select("[id]")]
    assert len(ids) == len(set(ids))
    for each in form.select(".sd-form-field input[id], .sd-form-field select[id], .sd-form-field textarea[id]"):
        assert form.select_one(f"label[for='{each['id']}']"), each["id"]
        for described in (each.get("aria-describedby") or "").split():
            assert described in ids


def test_a_refused_form_says_so_at_the_top_and_keeps_what_was_typed(app: Any, admin: dict[str, Any], agency: dict[str, Any]) -> None:
    answer = app.post("/dataset/new", headers={"Authorization": admin["token"]}, data={
        "save": "", "_ckan_phase": "dataset_new_1", "title": "Uji", "owner_org": agency["id"], "jadwal_rilis": "31-02-2026",
        "temporal_coverage-0-start": "2025", "temporal_coverage-0-end": "2024", "konsep": "Kunjungan"})
    document = BeautifulSoup(answer.body, "html.parser")
    links = {link["href"] for link in document.select("#ringkasan-kesalahan a")}
    assert links == {"#field-jadwal_rilis", "#field-temporal_coverage-0-end"}
    assert document.select_one("[name=konsep]")["value"] == "Kunjungan"
    wrong = document.select_one("#field-jadwal_rilis")
    assert wrong["value"] == "31-02-2026" and wrong["aria-invalid"] == "true" and "field-jadwal_rilis-err" in wrong["aria-describedby"]


def submit(form: Any, **changes: str) -> dict[str, Any]:
    """Return what a browser would send for a form."""
    sent: dict[str, Any] = {}
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
def test_saving_the_form_unchanged_loses_nothing(kind: str, app: Any, admin: dict[str, Any], agency: dict[str, Any]) -> None:
    sent = {each["field_name"]: sample(each)[0] for each in schema_fields(kind) if each["field_name"] not in SKIPPED}
    made = call("package_create", admin, type=kind, title="Semua isian", owner_org=agency["id"], tag_string="satu, dua",
                extras=[{"key": "kunci klien", "value": "nilai"}], resources=[{"url": "https://a.id/x.csv", "kunci": "klien"}], **sent)
    form = page(app, admin, f"/{kind}/edit/{made['name']}").select_one("#dataset-edit")
    app.post(f"/{kind}/edit/{made['name']}", headers={"Authorization": admin["token"]}, data=submit(form, title="Judul baru"), follow_redirects=False, status=302)
    after = call("package_show", admin, id=made["id"])
    assert after["title"] == "Judul baru"
    changing = {"title", "metadata_modified", "tags"}
    assert {k: v for k, v in after.items() if k not in changing} == {k: v for k, v in made.items() if k not in changing}


def test_an_organization_is_made_and_changed_in_the_browser(app: Any, admin: dict[str, Any], agency: dict[str, Any]) -> None:
    headers = {"Authorization": admin["token"]}
    form = page(app, admin, "/organization/new").select_one("form.sd-form")
    app.post("/organization/new", headers=headers, data=submit(form, title="Desa Pelamunan", jenis_instansi="desa", induk=agency["name"], kode_wilayah="36.04.05"), follow_redirects=False, status=302)
    made = call("organization_show", admin, id="desa-pelamunan")
    assert made["jenis_instansi"] == "desa" and made["induk"] == agency["name"]
    form = page(app, admin, "/organization/edit/desa-pelamunan").select_one("form.sd-form")
    app.post("/organization/edit/desa-pelamunan", headers=headers, data=submit(form, surel="desa@pelamunan.desa.id"), follow_redirects=False, status=302)
    after = call("organization_show", admin, id="desa-pelamunan")
    assert after["surel"] == "desa@pelamunan.desa.id" and after["kode_wilayah"] == "36.04.05" and after["induk"] == agency["name"]


def test_no_organization_stands_under_itself(admin: dict[str, Any], agency: dict[str, Any]) -> None:
    child = call("organization_create", admin, title="UPTD", induk=agency["name"])
    for parent in (child["name"], agency["name"], "tidak-ada"):
        with pytest.raises(tk.ValidationError) as refused:
            call("organization_patch", admin, id=agency["id"], induk=parent)
        assert "induk" in refused.value.error_dict


def test_the_table_shows_labels_by_section_and_leaves_empty_fields_out(app: Any, admin: dict[str, Any], agency: dict[str, Any]) -> None:
    made = call("package_create", admin, title="Uji", owner_org=agency["id"], frequency="tahunan", satuan="orang",
                temporal_coverage=[{"start": "2025-01"}], cakupan_pelaporan=[{"diterima": 0, "seharusnya": 92, "satuan": "posyandu"}],
                documentation=["https://a.id/<script>"[:13], "javascript:1"][:1], definisi="<script>alert(1)</script>")
    table = page(app, admin, f"/dataset/{made['name']}").select_one(".additional-info")
    text = re.sub(r"\s+", " ", table.text)
    for part in ("Standar data", "Frekuensi terbit", "Tahunan", "Januari 2025", "0 dari 92 posyandu", "Kabupaten Serang"):
        assert part in text
    assert "Putus seri" not in text and "tahunan" not in text and not table.select("script")
    assert any(link["href"].endswith("/kode-referensi/frekuensi/tahunan") for link in table.select("a"))


def test_sending_next_years_form_makes_a_new_draft(app: Any, admin: dict[str, Any], agency: dict[str, Any]) -> None:
    made = call("package_create", admin, title="Kunjungan 2025", owner_org=agency["id"], konsep="Kunjungan", tag_string="gizi",
                temporal_coverage=[{"start": "2025"}], resources=[{"url": "https://a.id/x.csv"}], identifier="urn:x:1")
    form = page(app, admin, f"/dataset/salin/{made['name']}").select_one("#dataset-edit")
    app.post("/dataset/new", headers={"Authorization": admin["token"]}, data=submit(form, version_notes="tidak ada"), follow_redirects=False, status=302)
    copy = call("package_show", admin, id="kunjungan-2026")
    assert copy["state"] == "draft" and copy["private"] is True and copy["resources"] == []
    assert copy["konsep"] == "Kunjungan" and copy["temporal_coverage"] == [{"start": "2026", "end": "2026"}]
    assert copy["identifier"] != made["identifier"] and [tag["name"] for tag in copy["tags"]] == ["gizi"]
    assert call("package_show", admin, id=made["id"])["title"] == "Kunjungan 2025"
