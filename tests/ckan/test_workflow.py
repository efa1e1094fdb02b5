"""The workflow as people meet it: through the actions, with their rights only."""
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from workflow_cast import COMPLETE, Cast, Data, assemble, call

from ckanext.satudata.shared.outbox import drain
from ckanext.satudata.workflow.service import release_due

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
INSPECTED = (("produsen", "ajukan"), ("walidata", "periksa"))
APPROVED = (*INSPECTED, ("walidata", "setujui"))
NOTED = {"principle": "metadata", "severity": "wajib", "message": "Definisi belum lengkap",
         "how": "Tambahkan batas ukur", "place": {"field": "definisi"},
         "proposed": {"field": "definisi", "value": "Definisi yang lengkap."}}


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many datasets the public finds after each commit of the index."""
    counts: list[int] = []

    def commit() -> None:
        search.index_for("package").commit()
        counts.append(call("package_search", None)["count"])

    monkeypatch.setattr(search, "commit", commit)
    return counts


def conflict(call: Any) -> str:
    with pytest.raises(tk.ValidationError) as refused:
        call()
    return refused.value.error_dict["conflict"]


def test_a_new_dataset_is_a_private_draft_whatever_the_client_says(cast: Cast) -> None:
    for who in ("produsen", "boss"):
        made = call("package_create", cast.people[who], title=f"Data {who}", owner_org=cast.opd,
                    private=False, state="active")
        assert made["private"] is True
        shown = cast.show(made["id"])
        assert (shown["state"], shown["number"], shown["version"]) == ("draf", 1, 1)
        with pytest.raises(tk.NotAuthorized):
            call("package_show", None, id=made["id"])


@pytest.mark.parametrize("kind", ["kegiatan", "indikator"])
def test_kegiatan_and_indikator_obey_too(cast: Cast, kind: str) -> None:
    made = call("package_create", cast.produsen, title="Pendataan", owner_org=cast.opd, type=kind)
    assert made["private"] is True
    assert cast.show(made["id"])["package_type"] == kind


def test_a_harvest_source_is_a_setting_and_exempt(cast: Cast) -> None:
    made = call("harvest_source_create", cast.boss, title="Sumber", name="sumber",
                url="https://a.go.id", source_type="ckan", owner_org=cast.opd)
    with pytest.raises(tk.ObjectNotFound):
        call("satudata_submission_show", cast.boss, id=made["id"])


def test_the_refusals_read_apart_over_http(app: Any, cast: Cast) -> None:
    made = cast.make()
    token = {name: factories.APIToken(user=cast.people[name]["name"])["token"]
             for name in ("walidata", "produsen", "tetangga")}

    def post(who: str, **data: Any) -> tuple[int, Data]:
        answer = app.post("/api/action/satudata_submission_transition", json={
            "id": made["id"], "expected_version": 1, **data},
            headers={"Authorization": token[who]})
        return answer.status_code, answer.json["error"] if not answer.json["success"] else {}

    assert post("produsen", transition="setujui")[0] == 403
    assert post("tetangga", transition="ajukan")[0] == 403
    status, error = post("walidata", transition="setujui")
    assert (status, error["conflict"], error["state"]) == (409, "state", "draf")
    status, error = post("produsen", transition="ajukan", expected_version=7)
    assert (status, error["conflict"], error["version"]) == (409, "version", 1)
    status, error = post("produsen", transition="ajukan", expected_version=None)
    assert status == 409
    assert "expected_version" in error
    assert post("produsen", transition="ajukan")[0] == 200
    assert post("produsen", transition="ajukan", id="tidak-ada")[0] == 404


def test_data_with_gaps_is_not_handed_in_and_says_how_many(cast: Cast) -> None:
    made = cast.make(konsep="", definisi="")
    with pytest.raises(tk.ValidationError) as refused:
        cast.step(cast.produsen, made["id"], "ajukan")
    assert "isian wajib" in refused.value.error_dict["metadata"][0]
    offered = {each["name"]: each for each in cast.show(made["id"], cast.produsen)["actions"]}
    assert not offered["ajukan"]["allowed"]
    assert offered["ajukan"]["reason"]


def test_every_write_of_content_makes_a_new_version_with_its_author(cast: Cast) -> None:
    made = cast.make()
    call("package_patch", cast.rekan, id=made["id"], notes="Lain")
    call("resource_create", cast.produsen, package_id=made["id"], url="https://a.id/y.csv")
    shown = cast.show(made["id"])
    assert shown["version"] == 3
    assert set(shown["editors"]) == {cast.produsen["id"], cast.rekan["id"]}


def test_returned_with_catatan_answered_accepted_and_approved(cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], *INSPECTED)
    hidden = call("satudata_finding_create", cast.walidata, id=made["id"], **NOTED)
    seen = cast.show(made["id"], cast.produsen)  # nothing of it before it is returned
    assert (seen["findings"], seen["counts"]["wajib"], seen["checklist"]) == ([], 0, {})
    assert cast.show(made["id"], cast.walidata)["counts"]["wajib"] == 1
    blocked = cast.show(made["id"], cast.walidata)["actions"]
    assert blocked[0]["name"] == "kembalikan"
    cast.step(cast.walidata, made["id"], "kembalikan", findings=[{
        "principle": "kode_referensi", "severity": "saran", "message": "Kode boleh lebih rinci"}])
    shown = cast.show(made["id"], cast.produsen)
    assert (shown["state"], len(shown["findings"])) == ("dikembalikan", 2)
    with pytest.raises(tk.ValidationError):  # a wajib catatan without an answer
        cast.step(cast.produsen, made["id"], "ajukan")
    answered = call("satudata_finding_answer", cast.produsen, id=hidden["id"], accept=True)
    assert answered["accepted"] is True
    assert call("package_show", cast.produsen, id=made["id"])["definisi"] == (
        "Definisi yang lengkap.")
    cast.through(made["id"], *INSPECTED)
    with pytest.raises(tk.ValidationError):
        cast.step(cast.walidata, made["id"], "setujui")
    call("satudata_finding_resolve", cast.walidata, id=hidden["id"])
    assert cast.step(cast.walidata, made["id"], "setujui")["state"] == "disetujui"


def test_a_catatan_returned_again_is_answered_again(cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], *INSPECTED)
    cast.step(cast.walidata, made["id"], "kembalikan", findings=[
        NOTED, {**NOTED, "place": {"field": "konsep"}, "message": "Konsep kabur"}])
    open_, settled = (each["id"] for each in cast.show(made["id"], cast.produsen)["findings"])
    for each in (open_, settled):
        call("satudata_finding_answer", cast.produsen, id=each, answer="Sudah diperbaiki.")
    cast.through(made["id"], *INSPECTED)
    call("satudata_finding_resolve", cast.walidata, id=settled)
    assert cast.show(made["id"], cast.walidata)["findings"][0]["answered"] is True
    cast.step(cast.walidata, made["id"], "kembalikan", note="Definisi masih sama.")

    shown = cast.show(made["id"], cast.produsen)["findings"]
    assert [each["answered"] for each in shown] == [False, True]
    assert shown[0]["answer"] == "Sudah diperbaiki." and shown[1]["resolved_at"]
    with pytest.raises(tk.ValidationError) as refused:
        cast.step(cast.produsen, made["id"], "ajukan")
    assert "findings" in refused.value.error_dict
    call("satudata_finding_answer", cast.produsen, id=open_, answer="Batasnya ditambah.")
    cast.step(cast.produsen, made["id"], "ajukan")
    told = call("satudata_submission_timeline", cast.walidata, id=made["id"])["results"]
    assert [each["data"]["answer"] for each in told if each["transition"] == "catatan_dijawab"
            and each["data"]["finding"] == open_] == ["Batasnya ditambah.", "Sudah diperbaiki."]


def test_catatan_belong_to_their_sides(cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], *INSPECTED)
    for who in ("produsen", "tetangga", "pendukung_lain", "pembina", "ppid", "pimpinan"):
        with pytest.raises(tk.NotAuthorized):
            call("satudata_finding_create", cast.people[who], id=made["id"], **NOTED)
    found = call("satudata_finding_create", cast.pendukung, id=made["id"], **NOTED)
    with pytest.raises(tk.NotAuthorized):
        call("satudata_finding_answer", cast.produsen, id=found["id"], answer="sudah")
    cast.step(cast.pendukung, made["id"], "kembalikan")
    with pytest.raises(tk.NotAuthorized):
        call("satudata_finding_answer", cast.tetangga, id=found["id"], answer="sudah")
    with pytest.raises(tk.NotAuthorized):
        call("satudata_finding_resolve", cast.produsen, id=found["id"])
    assert conflict(lambda: call("satudata_finding_resolve", cast.walidata, id=found["id"])) == (
        "state")


def test_a_checklist_is_kept_for_the_version_that_was_seen(cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], *INSPECTED)
    seen = cast.show(made["id"])["version"]
    shown = call("satudata_checklist_update", cast.walidata, id=made["id"], expected_version=seen,
                 checklist={"metadata": {"hasil": "belum", "alasan": ["satuan_tidak_sesuai"]}})
    assert shown["checklist"]["metadata"]["alasan"] == ["satuan_tidak_sesuai"]
    assert conflict(lambda: call(
        "satudata_checklist_update", cast.walidata, id=made["id"], expected_version=seen - 1,
        checklist={"metadata": {"hasil": "memenuhi"}})) == "version"
    with pytest.raises(tk.NotAuthorized):
        call("satudata_checklist_update", cast.produsen, id=made["id"], expected_version=seen,
             checklist={"metadata": {"hasil": "memenuhi"}})


def test_data_prioritas_passes_the_pembina_whose_result_the_walidata_conveys(cast: Cast) -> None:
    made = cast.make(prioritas_tahun=["2026"], kriteria_prioritas="sdgs")
    with pytest.raises(tk.NotAuthorized):
        cast.show(made["id"], cast.pembina)
    shown = cast.through(made["id"], *APPROVED)
    assert shown["state"] == "diperiksa_pembina"
    assert cast.show(made["id"], cast.pembina)["title"] == COMPLETE["title"]
    with pytest.raises(tk.NotAuthorized):
        cast.step(cast.pembina_geo, made["id"], "setujui")
    with pytest.raises(tk.NotAuthorized):
        cast.step(cast.walidata, made["id"], "setujui")
    cast.step(cast.pembina, made["id"], "kembalikan", findings=[NOTED])
    assert cast.show(made["id"], cast.produsen)["findings"] == []
    with pytest.raises(tk.NotAuthorized):
        cast.step(cast.pembina, made["id"], "minta_periksa_ulang", note="tolong")
    cast.step(cast.walidata, made["id"], "minta_periksa_ulang", note="Sudah sesuai pedoman BPS.")
    cast.step(cast.pembina, made["id"], "kembalikan", note="Tetap belum.")
    shown = cast.step(cast.walidata, made["id"], "kembalikan")
    assert shown["state"] == "dikembalikan"
    found = cast.show(made["id"], cast.produsen)["findings"]
    assert len(found) == 1
    call("satudata_finding_answer", cast.produsen, id=found[0]["id"], answer="Sudah ditambah.")
    cast.through(made["id"], *INSPECTED)
    call("satudata_finding_resolve", cast.walidata, id=found[0]["id"])
    shown = cast.through(made["id"], ("walidata", "setujui"), ("pembina", "setujui"))
    assert shown["state"] == "disetujui"


def test_what_walidata_types_waits_for_the_opd(cast: Cast) -> None:
    made = call("package_create", cast.walidata, **{**COMPLETE, "owner_org": cast.opd})
    assert cast.show(made["id"])["on_behalf"] is True
    assert conflict(lambda: cast.step(cast.produsen, made["id"], "ajukan")) == "state"
    with pytest.raises(tk.NotAuthorized):
        cast.step(cast.walidata, made["id"], "konfirmasi")
    cast.through(made["id"], ("produsen", "konfirmasi"), *INSPECTED)
    with pytest.raises(tk.NotAuthorized):  # who typed never approves
        cast.step(cast.walidata, made["id"], "setujui")
    assert cast.step(cast.walidata_2, made["id"], "setujui")["state"] == "disetujui"


def test_what_walidata_mends_after_a_return_waits_for_the_opd_too(cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], *INSPECTED)
    cast.step(cast.walidata, made["id"], "kembalikan", note="Satuan keliru")
    call("package_patch", cast.walidata, id=made["id"], satuan="orang")
    assert conflict(lambda: cast.step(cast.produsen, made["id"], "ajukan")) == "state"
    assert cast.show(made["id"], cast.produsen)["actions"][0]["name"] == "konfirmasi"
    assert call("satudata_submission_list", cast.produsen, box="menunggu_saya")["count"] == 1
    cast.through(made["id"], ("produsen", "konfirmasi"), ("produsen", "ajukan"))


def test_an_inspection_is_handed_over(cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], *INSPECTED)
    with pytest.raises(tk.ValidationError):
        cast.step(cast.walidata, made["id"], "alihkan", inspector="produsen")
    shown = cast.step(cast.walidata, made["id"], "alihkan", inspector="walidata-2")
    assert shown["inspector_id"]["name"] == "walidata-2"
    assert call("satudata_submission_list", cast.walidata, box="menunggu_saya")["count"] == 0
    assert call("satudata_submission_list", cast.walidata_2, box="menunggu_saya")["count"] == 1


def test_released_by_the_clock_once_and_never_skipped(cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], *INSPECTED)
    later = dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=2)
    shown = cast.step(cast.walidata, made["id"], "setujui", release_at=later.isoformat())
    assert shown["release_at"].startswith(later.strftime("%Y-%m-%dT%H:%M"))
    assert release_due() == []
    assert release_due(later + dt.timedelta(days=30)) == [shown["id"]]
    assert release_due(later + dt.timedelta(days=30)) == []
    assert call("package_show", None, id=made["id"])["private"] is False
    events = call("satudata_submission_timeline", cast.boss, id=made["id"])["results"]
    assert events[0]["transition"] == "terbitkan"
    assert events[0]["actor"] is None


def test_many_of_the_same_minute_are_found_together(cast: Cast, found: list[int]) -> None:
    later = dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=2)
    for number in range(3):
        made = cast.make(title=f"Data {number}")
        cast.through(made["id"], *INSPECTED)
        cast.step(cast.walidata, made["id"], "setujui", release_at=later.isoformat())
    found.clear()
    assert len(release_due(later)) == 3
    assert found == [3]


def test_the_red_button_stops_the_public_version_and_the_one_under_way(cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], *APPROVED, ("walidata", "terbitkan"))
    started = cast.step(cast.produsen, made["id"], "revisi")
    cast.step(cast.ppid, started["id"], "tarik_darurat")
    with pytest.raises(tk.NotAuthorized):
        call("package_show", None, id=made["id"])
    assert call("package_search", None, q="*:*")["count"] == 0
    assert {each["state"] for each in call(
        "satudata_submission_list", cast.boss)["results"]} == {"ditarik"}


def test_the_ppid_finds_the_red_button_of_public_data_and_no_catatan(app: Any, cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], *INSPECTED)
    cast.step(cast.walidata, made["id"], "setujui", findings=[{**NOTED, "severity": "saran"}])
    with pytest.raises(tk.NotAuthorized):
        cast.show(made["id"], cast.ppid)
    cast.step(cast.walidata, made["id"], "terbitkan")
    shown = cast.show(made["id"], cast.ppid)
    assert [each["name"] for each in shown["actions"]] == ["tarik_darurat"]
    assert shown["findings"] == []
    token = factories.APIToken(user=cast.ppid["name"])["token"]
    page = app.get(f"/pengajuan/{shown['id']}", headers={"Authorization": token})
    assert "Tarik darurat" in page.text


def test_stopping_a_draft_shows_it_neither_to_the_ppid_nor_later_to_the_public(
    cast: Cast
) -> None:
    made = cast.make()
    stopped = cast.step(cast.ppid, made["id"], "tarik_darurat")
    assert set(stopped) == {"id", "state", "version"}
    started = cast.step(cast.produsen, made["id"], "revisi")
    cast.through(started["id"], *APPROVED, ("walidata", "terbitkan"))
    public = call("satudata_submission_timeline", None, id=made["id"])["results"]
    assert [each["transition"] for each in public] == ["terbitkan"]


def test_another_kind_of_data_is_another_pembinas(cast: Cast) -> None:
    made = cast.make(prioritas_tahun=["2026"], kriteria_prioritas="sdgs")
    cast.through(made["id"], *APPROVED)
    cast.step(cast.pembina, made["id"], "kembalikan", note="Salah jenis data.")
    cast.step(cast.walidata, made["id"], "kembalikan")
    call("package_patch", cast.produsen, id=made["id"], jenis_data="geospasial")
    for who in (cast.pembina, cast.pembina_geo):
        with pytest.raises(tk.NotAuthorized):
            cast.show(made["id"], who)


def test_withdrawn_data_is_published_again_as_a_new_version(cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], *APPROVED, ("walidata", "terbitkan"))
    with pytest.raises(tk.ValidationError):
        cast.step(cast.walidata, made["id"], "tarik")
    cast.step(cast.walidata, made["id"], "tarik", note="Angka keliru")
    started = cast.step(cast.produsen, made["id"], "revisi")
    assert (started["number"], started["content_id"]) == (2, made["id"])
    cast.through(started["id"], *APPROVED, ("walidata", "terbitkan"))
    assert call("package_show", None, id=made["id"])["private"] is False


def test_approval_is_taken_back_with_a_reason(cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], *APPROVED)
    shown = cast.step(cast.walidata, made["id"], "batalkan_persetujuan", note="Ada yang terlewat")
    assert (shown["state"], shown["approved_at"]) == ("dikembalikan", None)


@pytest.mark.ckan_config("ckanext.satudata.surat_pengantar", True)
def test_the_official_signs_where_configured(cast: Cast) -> None:
    made = cast.make()
    with pytest.raises(tk.NotAuthorized):
        cast.step(cast.produsen, made["id"], "ajukan")
    with pytest.raises(tk.ValidationError):
        cast.step(cast.pejabat, made["id"], "ajukan")
    shown = cast.step(cast.pejabat, made["id"], "ajukan",
                      letter={"nomor": "400.7/1832", "tanggal": "20-11-2026"})
    assert shown["letter"] == {"nomor": "400.7/1832", "tanggal": "2026-11-20"}
    assert shown["signed_by"]["name"] == "pejabat"


def test_bulk_tells_each_result(cast: Cast) -> None:
    ids = [cast.make(title=f"Data {n}")["id"] for n in range(3)]
    for each in ids[:2]:
        cast.step(cast.produsen, each, "ajukan")
    done = call("satudata_submission_transition_bulk", cast.walidata, items=[
        {"id": each, "transition": "periksa", "expected_version": cast.show(each)["version"]}
        for each in ids] + [{"id": "tidak-ada", "transition": "periksa"}, 7])
    assert (done["done"], done["failed"]) == (2, 3)
    assert [each.get("status") for each in done["results"]] == [None, None, 409, 404, 409]
    assert [cast.show(each)["state"] for each in ids] == [
        "diperiksa_walidata", "diperiksa_walidata", "draf"]


def test_the_index_follows_a_whole_bulk_with_one_commit(cast: Cast, found: list[int]) -> None:
    ids = [cast.make(title=f"Data {n}")["id"] for n in range(4)]
    for each in ids:
        for who, name in APPROVED:
            cast.step(cast.people[who], each, name)
    items = [{"id": each, "transition": "terbitkan", "expected_version": cast.show(each)["version"]}
             for each in ids]
    items[2]["expected_version"] = 1
    found.clear()
    done = call("satudata_submission_transition_bulk", cast.walidata, items=items)
    assert (done["done"], found) == (3, [3])
    assert {each["id"] for each in call("package_search", None)["results"]} == {
        ids[0], ids[1], ids[3]}


def test_what_is_withdrawn_with_others_leaves_the_search_before_the_last_is_done(
    cast: Cast, found: list[int]
) -> None:
    ids = [cast.make(title=f"Data {n}")["id"] for n in range(3)]
    for each in ids:
        cast.through(each, *APPROVED, ("walidata", "terbitkan"))
    found.clear()
    call("satudata_submission_transition_bulk", cast.walidata, items=[
        {"id": each, "transition": "tarik", "expected_version": cast.show(each)["version"],
         "note": "Angka keliru."} for each in ids])
    assert found == [2, 1, 0]


def test_the_inbox_filters(cast: Cast) -> None:
    first = cast.make(title="Jalan rusak")
    cast.make(title="Balita stunting", prioritas_tahun=["2026"], kriteria_prioritas="sdgs")
    cast.step(cast.produsen, first["id"], "ajukan")

    def count(who: Data, **more: Any) -> int:
        return call("satudata_submission_list", who, **more)["count"]

    assert count(cast.walidata) == 2
    assert count(cast.tetangga) == count(cast.warga) == count(cast.pembina) == 0
    assert count(cast.produsen, box="menunggu_saya") == 1
    assert count(cast.produsen, box="menunggu_lain") == 1
    assert count(cast.walidata, box="menunggu_saya") == 1
    assert count(cast.walidata, state="draf") == count(cast.walidata, prioritas=True) == 1
    assert count(cast.walidata, q="jalan") == count(cast.walidata, q="RUSAK jal") == 1
    assert count(cast.walidata, q="%") == 0
    assert count(cast.walidata, owner_org="dinsos") == 0
    assert count(cast.walidata, owner_org="dinkes", jenis_data="statistik") == 2
    assert count(cast.walidata, assignee="none") == 2
    assert count(cast.walidata, overdue=True) == 0
    for wrong in ({"limit": 1000}, {"state": "x"}, {"box": ["a"]}, {"offset": -1},
                  {"owner_org": {}}, {"prioritas": "mungkin"}):
        with pytest.raises(tk.ValidationError):
            call("satudata_submission_list", cast.walidata, **wrong)


ODD: list[Data] = [
    {"note": "x" * 1_000_000}, {"note": ["a"]}, {"note": "a\x00b"}, {"findings": "x"},
    {"findings": [{}]}, {"findings": [{"principle": "metadata", "severity": "wajib"}]},
    {"findings": [{**NOTED, "place": {"lain": 1}}]}, {"findings": [NOTED] * 201},
    {"findings": [{**NOTED, "severity": "fatal"}]},
    {"findings": [{**NOTED, "proposed": {"field": "owner_org", "value": "dinsos"}}]},
    {"expected_version": "satu"},
    {"expected_version": True}, {"expected_version": 10**30}, {"release_at": "besok"},
    {"release_at": 7}, {"letter": [1]}, {"letter": {"nomor": 3}}, {"transition": {"a": 1}},
    {"inspector": ["a"]}, {"id": None}, {"id": 3}, {"id": {"a": 1}}, {"transition": None}]


def test_odd_input_is_refused_with_a_field(cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], *INSPECTED)
    for wrong in ODD:
        sent = {"id": made["id"], "transition": "kembalikan", "expected_version": 3, "note": "n",
                **wrong}
        with pytest.raises(tk.ValidationError) as refused:
            call("satudata_submission_transition", cast.walidata, **sent)
        assert refused.value.error_dict, wrong
        assert cast.show(made["id"])["state"] == "diperiksa_walidata", wrong


def test_the_public_timeline_names_nobody(cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], *INSPECTED)
    cast.step(cast.walidata, made["id"], "setujui", note="Baik, Pak Budi")
    with pytest.raises(tk.NotAuthorized):
        call("satudata_submission_timeline", None, id=made["id"])
    cast.step(cast.walidata, made["id"], "terbitkan")
    shown = call("satudata_submission_timeline", None, id=made["id"])
    assert shown["full"] is False
    assert [each["transition"] for each in shown["results"]] == ["terbitkan"]
    assert "Budi" not in str(shown)
    assert cast.walidata["name"] not in str(shown)
    assert call("satudata_submission_timeline", cast.produsen, id=made["id"])["count"] == 5


def test_the_index_is_settled_and_nothing_waits(cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], *APPROVED, ("walidata", "terbitkan"))
    assert call("package_search", None, q="*:*")["count"] == 1
    assert drain(kinds={"indeks", "tabel"}) == 0


def test_a_new_dataset_with_the_id_of_a_purged_one_takes_nothing_over(cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], *APPROVED, ("walidata", "terbitkan"))
    for table, column in (("resource_view", "resource_id"), ("resource", "package_id"),
                          ("package_tag", "package_id"), ("package", "id")):
        wanted = "SELECT id FROM resource WHERE package_id = :id" if column == "resource_id" else (
            ":id")
        model.Session.execute(sa.text(f"DELETE FROM {table} WHERE {column} IN ({wanted})"),
                              {"id": made["id"]})
    model.Session.commit()
    again = call("package_create", cast.boss, id=made["id"], title="Lain", owner_org=cast.opd)
    call("package_patch", cast.boss, id=again["id"], notes="Berubah")
    assert call("package_show", cast.boss, id=again["id"])["private"] is True
    assert cast.show(again["id"])["state"] == "draf"
