"""Nobody decides on what they wrote, whichever way the content took to the version decided on."""
from __future__ import annotations

import io

import pytest
from ckan.plugins import toolkit as tk
from werkzeug.datastructures import FileStorage
from workflow_cast import COMPLETE, Cast, assemble, call

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
