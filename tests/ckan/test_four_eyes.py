"""Nobody decides on what they wrote, whichever way the content took to the version decided on."""
from __future__ import annotations

import io

import pytest
from ckan.plugins import toolkit as tk
from werkzeug.datastructures import FileStorage
from workflow_cast import COMPLETE, Cast, Data, assemble, call

from ckanext.satudata.workflow import letters

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
INSPECTED = (("produsen", "ajukan"), ("walidata_2", "periksa"))
APPROVED = (*INSPECTED, ("walidata_2", "setujui"))


@pytest.fixture
def cast() -> Cast:
    return assemble()


def test_what_the_red_button_stopped_keeps_its_authors(cast: Cast) -> None:
    """A walidata types, stops the draft, and lets the OPD begin it again under its own name."""
    made = call("package_create", cast.walidata, **{**COMPLETE, "owner_org": cast.opd})
    cast.through(made["id"], ("walidata", "tarik_darurat"), ("produsen", "revisi"))
    shown = cast.show(made["id"])
    assert shown["on_behalf"] is True
    with pytest.raises(tk.ValidationError):
        cast.step(cast.produsen, made["id"], "ajukan")
    cast.through(made["id"], ("produsen", "konfirmasi"), *INSPECTED)
    with pytest.raises(tk.NotAuthorized):
        cast.step(cast.walidata, made["id"], "setujui")
    assert cast.step(cast.walidata_2, made["id"], "setujui")["state"] == "disetujui"


def test_what_was_written_into_a_cancelled_version_keeps_its_authors(cast: Cast) -> None:
    """Withdrawn data is mended in place, so that a cancelled attempt leaves its text behind."""
    made = cast.make()
    cast.through(made["id"], *APPROVED, ("walidata_2", "terbitkan"))
    cast.step(cast.walidata_2, made["id"], "tarik", note="Salah hitung.")
    cast.through(made["id"], ("produsen", "revisi"))
    call("package_patch", cast.boss, id=made["id"], notes="Ditulis pengelola")
    call("package_patch", cast.walidata, id=made["id"], definisi="Ditulis walidata")
    cast.through(made["id"], ("produsen", "batalkan"))
    withdrawn = call("satudata_submission_list", cast.boss, state="ditarik")["results"][0]
    again = call("satudata_submission_transition", cast.rekan, id=withdrawn["id"],
                 transition="revisi", expected_version=withdrawn["version"])
    assert {cast.boss["id"], cast.walidata["id"]} <= set(again["editors"])
    assert again["on_behalf"] is True
    cast.through(made["id"], ("rekan", "konfirmasi"), ("rekan", "ajukan"),
                 ("walidata_2", "periksa"))
    for who in (cast.boss, cast.walidata):
        with pytest.raises(tk.NotAuthorized):
            cast.step(who, made["id"], "setujui")


def test_what_was_inspected_before_needs_no_other_eyes(cast: Cast) -> None:
    """Who wrote what another approved may inspect what others make of it afterwards."""
    made = cast.make()
    call("package_patch", cast.boss, id=made["id"], notes="Ditulis pengelola")
    cast.through(made["id"], *APPROVED, ("walidata_2", "terbitkan"))
    cast.step(cast.walidata_2, made["id"], "tarik", note="Salah hitung.")
    cast.through(made["id"], ("produsen", "revisi"), *INSPECTED)
    assert cast.step(cast.boss, made["id"], "setujui")["state"] == "disetujui"


def test_who_confirmed_for_the_opd_does_not_approve(cast: Cast) -> None:
    made = call("package_create", cast.walidata, **{**COMPLETE, "owner_org": cast.opd})
    cast.through(made["id"], ("boss", "konfirmasi"), *INSPECTED)
    with pytest.raises(tk.NotAuthorized):
        cast.step(cast.boss, made["id"], "setujui")


def test_who_handed_it_in_once_does_not_approve_after_another_did(cast: Cast) -> None:
    made = cast.make()
    cast.through(made["id"], ("boss", "ajukan"), ("kepala", "tarik_ajuan"), *INSPECTED)
    with pytest.raises(tk.NotAuthorized):
        cast.step(cast.boss, made["id"], "setujui")


def test_data_that_was_purged_cannot_begin_again(cast: Cast) -> None:
    made = cast.make()
    shown = cast.through(made["id"], *APPROVED, ("walidata_2", "terbitkan"))
    shown = cast.step(cast.walidata_2, made["id"], "tarik", note="Salah hitung.")
    call("dataset_purge", cast.boss, id=made["id"])
    with pytest.raises(tk.ValidationError) as refused:
        call("satudata_submission_transition", cast.produsen, id=shown["id"],
             transition="revisi", expected_version=shown["version"])
    assert refused.value.error_dict["conflict"] == "state"


def test_a_letter_is_stored_only_with_a_submission_that_takes_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may read, and no more, does not fill the disk of the government."""
    made = cast.make()
    kept: list[str] = []
    original = letters.keep

    def noted(upload: FileStorage) -> object:
        kept.append(str(upload.filename))
        return original(upload)

    monkeypatch.setattr(letters, "keep", noted)
    for who, transition in (("anggota", "ajukan"), ("pimpinan", "ajukan"),
                            ("anggota", "batalkan"), ("produsen", "batalkan")):
        scan = FileStorage(io.BytesIO(b"%PDF-1.4 surat"), filename=f"{who}.pdf")
        with pytest.raises((tk.NotAuthorized, tk.ValidationError)):
            cast.step(cast.people[who], made["id"], transition, letter_upload=scan)
    assert kept == []
    scan = FileStorage(io.BytesIO(b"%PDF-1.4 surat"), filename="asli.pdf")
    shown = cast.step(cast.produsen, made["id"], "ajukan", letter_upload=scan)
    assert shown["letter"]["berkas"]["nama"] == "asli.pdf"


SHEET = b"kecamatan;kunjungan\nAnyar;1204\nCinangka;12\nBojonegara;988\n"


def hand_in(cast: Cast, who: Data, dataset: Data, content: bytes = SHEET) -> Data:
    return call("satudata_intake_create", who, id=dataset["id"],
                upload=FileStorage(io.BytesIO(content), filename="kunjungan.csv"))


def refused_to_approve(cast: Cast, dataset: Data, who: Data) -> None:
    """Hand the dataset in, and see that somebody else alone approves it."""
    cast.set_aside(dataset["id"])
    cast.through(dataset["id"], *INSPECTED)
    with pytest.raises(tk.NotAuthorized):
        cast.step(who, dataset["id"], "setujui")
    assert cast.step(cast.walidata_2, dataset["id"], "setujui")["state"] == "disetujui"


def test_who_sent_a_file_that_another_took_does_not_approve_it(cast: Cast) -> None:
    """A walidata hands in, the OPD only presses "Terima", and the walidata would approve."""
    dataset = cast.make(resources=[])
    sent = hand_in(cast, cast.walidata, dataset)
    call("satudata_intake_accept", cast.produsen, id=sent["id"])
    assert cast.walidata["id"] not in cast.show(dataset["id"])["editors"]
    refused_to_approve(cast, dataset, cast.walidata)


def test_who_corrected_how_a_file_is_read_does_not_approve_it(cast: Cast) -> None:
    """What is dropped, renamed or answered is written: while it waits, and in the draft."""
    dataset = cast.make(resources=[])
    sent = hand_in(cast, cast.produsen, dataset)
    call("satudata_intake_correct", cast.walidata, id=sent["id"], recipe={
        "version": 1, "tables": []})
    call("satudata_intake_accept", cast.produsen, id=sent["id"])
    call("satudata_recipe_update", cast.boss, id=dataset["id"], recipe={
        "version": 1, "tables": [{"fingerprint": "a" * 40, "skip": True}]})
    cast.set_aside(dataset["id"])
    cast.through(dataset["id"], *INSPECTED)
    for who in (cast.walidata, cast.boss):
        with pytest.raises(tk.NotAuthorized):
            cast.step(who, dataset["id"], "setujui")
    assert cast.step(cast.walidata_2, dataset["id"], "setujui")["state"] == "disetujui"


def test_who_filled_a_grid_that_another_handed_in_does_not_approve_it(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    first = call("satudata_grid_update", cast.walidata, id=dataset["id"], version=0, columns=[
        {"title": "Tahun", "type": "year"}, {"title": "Kunjungan", "type": "integer"}],
        rows=[["2024", "1204"], ["2025", "1300"]])
    second = call("satudata_grid_update", cast.produsen, id=dataset["id"], rows=[
        ["2024", "1204"], ["2025", "1350"]], **{
            name: first[name] for name in ("draft_id", "version")})
    call("satudata_grid_submit", cast.produsen, id=dataset["id"],
         draft_id=second["draft_id"], version=second["version"])
    refused_to_approve(cast, dataset, cast.walidata)


def test_what_was_sent_into_a_stopped_draft_keeps_its_sender(cast: Cast) -> None:
    """Nobody handed it in, so nothing but the setoran says who wrote it."""
    dataset = cast.make(resources=[])
    sent = hand_in(cast, cast.walidata, dataset)
    call("satudata_intake_accept", cast.produsen, id=sent["id"])
    cast.through(dataset["id"], ("boss", "tarik_darurat"), ("produsen", "revisi"))
    assert cast.walidata["id"] in cast.show(dataset["id"])["editors"]
