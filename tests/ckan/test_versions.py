"""Versions through the API: what was published when and why, as it was then, and for whom."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from test_revision import NEW, OLD, upload
from workflow_cast import Cast, Data, assemble, call

from ckanext.satudata.versions.model import Version

pytestmark = [
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
    pytest.mark.usefixtures("clean_db", "clean_index"),
]
REASON = "Kecamatan Ciomas tercatat dua kali."


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def told(cast: Cast) -> Data:
    """A dataset in its second version, as everybody sees it."""
    made = cast.make(title="Kunjungan 2025", resources=[])
    call("resource_create", cast.produsen, package_id=made["id"], name="Tabel", format="CSV",
         upload=upload(OLD, "kunjungan.csv"))
    call("resource_create", cast.produsen, package_id=made["id"], name="Tautan",
         url="https://a.go.id/x.csv")
    release(cast, made["id"])
    revise(cast, made["id"], title="Kunjungan 2025, diperbaiki")
    return call("package_show", None, id=made["id"])


def release(cast: Cast, identifier: str, **more: Any) -> None:
    cast.step(cast.produsen, identifier, "ajukan", **more)
    cast.through(identifier, ("walidata", "periksa"), ("walidata", "setujui"),
                 ("walidata", "terbitkan"))


def revise(cast: Cast, identifier: str, **fields: Any) -> None:
    copy = call("satudata_revision_start", cast.produsen, id=identifier)
    call("package_patch", cast.produsen, id=copy["id"], **fields)
    call("resource_patch", cast.produsen, id=copy["resources"][0]["id"],
         upload=upload(NEW, "kunjungan-2.csv"))
    release(cast, copy["id"], kind="perbaikan", reason=REASON)


def numbers(who: Data | None, identifier: str) -> list[int]:
    return [each["number"]
            for each in call("satudata_version_list", who, id=identifier)["results"]]


def test_everybody_reads_what_was_published_when_and_why(told: Data) -> None:
    found = call("satudata_version_list", None, id=told["name"])
    now, first = found["results"]
    assert found["count"] == 2
    assert (now["number"], now["state"], now["current"]) == (2, "terbit", True)
    assert now["reason"] == REASON
    assert now["changes"] == {"fields": ["title"],
                              "files": {"added": 0, "removed": 0, "changed": 1}}
    assert (first["state"], first["current"], first["replaced_by"]) == ("digantikan", False, 2)
    assert first["ended_at"] == now["published_at"]
    assert "submission" not in now
    year = now["published_at"][:4]
    assert first["citation"].startswith(f"Dinas Kesehatan Kabupaten Serang ({year}). Kunjungan "
                                        "2025, versi 1. ")
    assert first["citation"].endswith(f"/dataset/{told['name']}/versi/1")
    assert [each["filename"] for each in first["files"]] == ["kunjungan.csv", "x.csv"]
    assert [each["external"] for each in first["files"]] == [False, True]
    page = call("satudata_version_list", None, id=told["id"], limit=1, offset=1)
    assert [each["number"] for each in page["results"]] == [1]
    assert page["count"] == 2


def test_a_version_is_shown_as_it_was_and_its_files_have_their_own_address(told: Data) -> None:
    first = call("satudata_version_show", None, id=told["id"], number=1)
    assert first["content"]["title"] == "Kunjungan 2025"
    assert told["title"] == "Kunjungan 2025, diperbaiki"
    stored, link = first["content"]["resources"]
    # CKAN's own address gives the bytes of today.
    assert stored["url"] == first["files"][0]["url"]
    assert "/versi/1/berkas/" in stored["url"]
    assert "/versi/1/berkas/" in link["url"]


def test_who_may_read_the_submission_is_led_to_it(cast: Cast, told: Data) -> None:
    first = call("satudata_version_show", cast.produsen, id=told["id"], number=1)
    assert cast.show(first["submission"])["number"] == 1
    assert "submission" not in call("satudata_version_show", cast.tetangga, id=told["id"], number=1)


def test_what_was_withdrawn_is_listed_only_for_people_of_the_workflow(
    cast: Cast, told: Data
) -> None:
    cast.step(cast.walidata, told["id"], "tarik", note="Salah tahun.")
    with pytest.raises(tk.NotAuthorized):
        call("satudata_version_list", None, id=told["id"])
    assert numbers(cast.anggota, told["id"]) == [2, 1]

    copy = call("satudata_revision_start", cast.produsen, id=told["id"])
    release(cast, copy["id"], kind="perbaikan", reason="Tahunnya diperbaiki.")
    for who in (None, cast.warga, cast.tetangga):
        assert numbers(who, told["id"]) == [3, 1]
        with pytest.raises(tk.ObjectNotFound):
            call("satudata_version_show", who, id=told["id"], number=2)
    for who in (cast.anggota, cast.produsen, cast.walidata, cast.boss):
        assert numbers(who, told["id"]) == [3, 2, 1]
    withdrawn = call("satudata_version_show", cast.produsen, id=told["id"], number=2)
    assert (withdrawn["state"], withdrawn["replaced_by"]) == ("ditarik", None)


def test_what_is_restricted_now_is_restricted_in_every_version(cast: Cast, told: Data) -> None:
    package = model.Package.get(told["id"])
    package.extras["access_rights"] = "tertutup"
    model.Session.commit()
    first = call("satudata_version_show", None, id=told["id"], number=1)
    assert all(each["restricted"] for each in first["files"])
    assert [(each["url"], each["sha256"]) for each in first["files"]] == [(None, None)] * 2
    assert [each["filename"] for each in first["files"]] == ["kunjungan.csv", ""]
    for each in first["content"]["resources"]:
        assert not each["url"]
        assert "sha256" not in each
        assert "hash" not in each


def test_a_purged_version_offers_no_file_to_anybody(cast: Cast, told: Data) -> None:
    first = model.Session.query(Version).filter_by(package_id=told["id"], number=1).one()
    first.withdrawn_at = first.purged_at = first.published_at
    model.Session.commit()
    shown = call("satudata_version_show", cast.walidata, id=told["id"], number=1)
    assert shown["state"] == "ditarik"
    assert [(each["url"], each["sha256"]) for each in shown["files"]] == [(None, None)] * 2


def test_a_number_that_is_none_is_refused(told: Data) -> None:
    for number in (0, -1, "satu", True, None, [1], 2**40, "²"):
        with pytest.raises(tk.ValidationError):
            call("satudata_version_show", None, id=told["id"], number=number)
