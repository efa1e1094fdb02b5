"""What API clients rely on: every field comes back, bad ones are named, little is asked."""
from __future__ import annotations

import contextlib
import json
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.navl.dictization_functions import DataError
from ckan.lib.plugins import lookup_package_plugin, plugin_validate
from ckan.lib.search import rebuild
from ckan.tests import helpers
from metadata_samples import SKIPPED, TYPES, Data, call, sample, schema_fields
from publishing import publish

from ckanext.satudata.shared.types import ServerSet

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")


@pytest.mark.parametrize("kind", TYPES)
def test_every_field_comes_back_through_create_update_and_show(
    kind: str, admin: Data, agency: Data
) -> None:
    fields = [each for each in schema_fields(kind) if each["field_name"] not in SKIPPED]
    files = [
        each
        for each in tk.h.scheming_get_dataset_schema(kind)["resource_fields"]
        if each["field_name"] not in SKIPPED
    ]
    sent = {each["field_name"]: sample(each)[0] for each in fields}
    resource = {each["field_name"]: sample(each)[0] for each in files}
    made = call("package_create", admin, type=kind, title="Semua isian", owner_org=agency["name"],
                tag_string="satu, dua",
                extras=[{"key": "kunci klien", "value": "nilai"}], resources=[resource], **sent)
    shown = call("package_show", admin, id=made["id"])
    for each in fields:
        assert shown[each["field_name"]] == sample(each)[1], each["field_name"]
    for each in files:
        assert shown["resources"][0][each["field_name"]] == sample(each)[1], each["field_name"]
    assert shown["extras"] == [{"key": "kunci klien", "value": "nilai"}]
    assert shown["name"] == "semua-isian"
    assert {tag["name"] for tag in shown["tags"]} == {"satu", "dua"}
    # Read and written back, as every client does: nothing changes, nothing is lost by a change.
    again = call("package_update", admin, **{**shown, "title": "Judul baru"})
    changing = {"title", "metadata_modified"}
    assert {k: v for k, v in again.items() if k not in changing} == {
        k: v for k, v in shown.items() if k not in changing
    }
    patched = call("package_patch", admin, id=made["id"], version="9")
    assert {**again, "version": "9", "metadata_modified": 0} == {**patched, "metadata_modified": 0}


def test_every_field_of_an_organization_comes_back(admin: Data, agency: Data) -> None:
    fields = [each for each in schema_fields("organization") if each["field_name"] not in SKIPPED]
    sent = {each["field_name"]: sample(each)[0] for each in fields}
    made = call("organization_create", admin, title="Desa Pelamunan", induk=agency["name"], **sent)
    shown = call("organization_show", admin, id=made["id"])
    for each in fields:
        assert shown[each["field_name"]] == sample(each)[1], each["field_name"]
    assert shown["name"] == "desa-pelamunan" and shown["induk"] == agency["name"]
    call("organization_update", admin, **shown)
    again = call("organization_show", admin, id=made["id"])
    assert {each["field_name"]: again[each["field_name"]] for each in fields} == {
        each["field_name"]: sample(each)[1] for each in fields
    }


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
def test_a_bad_value_is_refused_with_its_field_named(
    bad: Data, field: str, says: str, admin: Data, agency: Data
) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        call("package_create", admin, **{"title": "Uji", "owner_org": agency["id"], **bad})
    assert says in json.dumps(refused.value.error_dict[field], ensure_ascii=False)
    assert model.Session.query(model.Package).count() == 0


JUNK: tuple[Any, ...] = (
    1, True, float("nan"), {"a": 1}, [1], [[]], ["a", {"b": 1}], [None], "\ud800", "[",
    "x" * 100_000,
)


@pytest.mark.parametrize("kind", ["dataset", "indikator"])
def test_no_shape_of_value_breaks_a_field(kind: str, admin: Data, agency: Data) -> None:
    """Whatever JSON a client sends is stored or refused; DataError is CKAN's refusal of a shape."""
    plugin = lookup_package_plugin(kind)
    context = {"user": admin["name"], "model": model, "session": model.Session}
    fields = [each for each in schema_fields(kind) if each["field_name"] != "owner_org"]
    files = tk.h.scheming_get_dataset_schema(kind)["resource_fields"]
    for junk in JUNK:
        tries = [{each["field_name"]: junk} for each in fields]
        tries += [{"resources": [{"url": "a.csv", each["field_name"]: junk}]} for each in files]
        tries += [
            {each["field_name"]: [{sub["field_name"]: junk}]}
            for each in fields
            for sub in each.get("repeating_subfields", [])
        ]
        for data in tries:
            given = {"type": kind, "title": "Uji", "owner_org": agency["id"], **data}
            with contextlib.suppress(DataError):
                plugin_validate(
                    plugin, dict(context), given, plugin.create_package_schema(), "package_create"
                )


def test_a_draft_needs_only_a_title_and_a_producer(admin: Data, agency: Data) -> None:
    for number, kind in enumerate(TYPES):
        made = call("package_create", admin, type=kind, title="Kunjungan puskesmas",
                    owner_org=agency["id"])
        assert made["name"] == "kunjungan-puskesmas" + ("", "-2", "-3")[number]
        assert made["urusan"] == ["1.02"] and made["kategori"] == "Kesehatan"
        assert made["creator"][0]["name"] == "Dinas Kesehatan"
        assert made["publisher"] and made["language"] == ["id"]
        assert made["identifier"].startswith("urn:uuid:")


def test_derived_values_follow_and_typed_ones_stay(admin: Data, agency: Data) -> None:
    other = call("organization_create", admin, title="Dinas Pendidikan", urusan=["1.01"])
    made = call("package_create", admin, title="Uji", owner_org=agency["id"], satuan="Orang",
                rights="x")
    assert made["ukuran"] == "Jumlah"
    moved = call("package_patch", admin, id=made["id"], owner_org=other["id"])
    assert moved["urusan"] == ["1.01"] and moved["creator"][0]["name"] == "Dinas Pendidikan"
    assert moved["identifier"] == made["identifier"]
    typed = call("package_patch", admin, id=made["id"], urusan=["2.08"], ukuran="Rata-rata")
    assert call("package_patch", admin, id=made["id"], satuan="persen")["ukuran"] == "Rata-rata"
    assert typed["kategori"].startswith("Pemberdayaan perempuan")
    assert call("package_patch", admin, id=made["id"], owner_org=agency["id"])["urusan"] == ["2.08"]
    bare = call("package_update", admin, id=made["id"], title="Uji", owner_org=agency["id"])
    assert bare["identifier"] == made["identifier"] and bare["name"] == made["name"]
    assert "rights" not in bare


def test_what_another_portal_published_gets_nothing_of_ours(admin: Data, agency: Data) -> None:
    made = call("package_create", admin, title="Panen", owner_org=agency["id"],
                extras=[{"key": "guid", "value": "x"}])
    assert not {"publisher", "kode_wilayah", "access_rights", "creator"} & set(made)


def test_only_the_server_sets_what_is_the_servers(admin: Data, agency: Data) -> None:
    made = call("package_create", admin, title="Uji", owner_org=agency["id"],
                resources=[{"url": "https://a.id/x.csv", "sha256": "a" * 64,
                            "asal_resource_id": "klien"}])
    resource = made["resources"][0]
    assert "sha256" not in resource and "asal_resource_id" not in resource
    call(
        "package_update",
        admin,
        **{**made, "resources": [{**resource, "asal_resource_id": ServerSet("server")}]},
    )
    kept = call("resource_patch", admin, id=resource["id"], description="baru",
                asal_resource_id="klien")
    assert kept["asal_resource_id"] == "server"
    # CKAN 2.12 validates only the resources that changed: the others keep theirs as well.
    call("resource_create", admin, package_id=made["id"], url="https://a.id/y.csv")
    assert call("resource_show", admin, id=resource["id"])["asal_resource_id"] == "server"


def test_search_finds_by_lists_and_by_the_areas_above(admin: Data, agency: Data) -> None:
    publish(call(
        "package_create", admin, title="Satu", owner_org=agency["id"], urusan=["1.02", "2.08"],
        kode_wilayah=["36.04.05"],
        prioritas_tahun=["2025", "2026"], frequency="tahunan", provenance="panjang sekali " * 650,
        contact=[{"name": "kontak " + "y" * 400, "email": "a@b.id"}] * 100))
    rebuild()
    found = call("package_search", admin,
                 **{"facet.field": ["vocab_urusan", "vocab_kode_wilayah", "vocab_prioritas_tahun",
                                    "frequency", "kategori"]})
    assert found["facets"]["vocab_urusan"] == {"1.02": 1, "2.08": 1}
    assert found["facets"]["vocab_kode_wilayah"] == {"36.04.05": 1, "36.04": 1, "36": 1}
    assert found["facets"]["vocab_prioritas_tahun"] == {"2025": 1, "2026": 1}
    assert found["facets"]["frequency"] == {"tahunan": 1}
    assert found["facets"]["kategori"] == {"Kesehatan": 1}
    for query in ("vocab_urusan:1.02", "vocab_kode_wilayah:36.04", "vocab_prioritas_tahun:2026"):
        assert call("package_search", admin, fq=query)["count"] == 1
    assert call("package_search", admin, q="panjang sekali")["count"] == 1


def test_an_activity_with_hundreds_of_variables_is_stored_and_found(
    admin: Data, agency: Data
) -> None:
    variables = [
        {"nama": f"variabel {n}", "konsep": ["a"], "definisi": "d" * 300} for n in range(200)
    ]
    made = call("package_create", admin, type="kegiatan", title="Sensus", owner_org=agency["id"],
                ms_var=variables)
    assert made["ms_var"] == variables
    publish(made)
    assert call("package_search", admin, q="Sensus")["count"] == 1


def test_completeness_says_what_is_missing_and_where_to_mend_it(admin: Data, agency: Data) -> None:
    made = call("package_create", admin, title="Uji", owner_org=agency["id"],
                access_rights="terbatas",
                resources=[{"url": "https://a.id/x.csv"}])
    state = call("satudata_completeness_show", admin, id=made["name"])
    gaps = {gap["field"]: gap for gap in state["gaps"]}
    assert {"konsep", "definisi", "dasar_hukum", "keputusan_pembatasan"} <= set(gaps)
    assert gaps["konsep"]["label"] == "Konsep" and gaps["konsep"]["principle"] == "standar_data"
    assert gaps["konsep"]["anchor"] == "field-konsep"
    assert "/dataset/edit/uji#field-konsep" in gaps["konsep"]["url"]
    assert made["resources"][0]["id"] in gaps["resources"]["url"]
    assert state["percent"] < 100
    assert state["blocking"] == sum(gap["severity"] == "wajib" for gap in state["gaps"])
    with pytest.raises(tk.NotAuthorized):
        private = call("package_create", admin, title="Rahasia", owner_org=agency["id"])
        helpers.call_action("satudata_completeness_show", {"user": "", "ignore_auth": False},
                            id=private["id"])


def test_no_organization_stands_under_itself(admin: Data, agency: Data) -> None:
    child = call("organization_create", admin, title="UPTD", induk=agency["name"])
    for parent in (child["name"], agency["name"], "tidak-ada"):
        with pytest.raises(tk.ValidationError) as refused:
            call("organization_patch", admin, id=agency["id"], induk=parent)
        assert "induk" in refused.value.error_dict
