"""A raw file that is its clean table, byte for byte, becomes one all the same."""
from __future__ import annotations

import json

import pytest
from tidy_scene import accept as take
from tidy_scene import (
    book,
    draft,
    file,
    handed_in,
    publish,
    rows_of,
    shown,
    stored,
    types_of,
    work,
)
from workflow_cast import Cast, Data, call, people

from ckanext.satudata.inspection import job
from ckanext.satudata.shared import blobs

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
made, cast = people()
CSV = ("kode_puskesmas,kode_wilayah,kecamatan,kunjungan\n0101,36.04.30,Anyar,1200\n"
       "0102,36.04.31,Cinangka,800\n0103,36.04.09,Ciruas,990\n")
ROWS = [("0101", "36.04.30", "Anyar", 1200), ("0102", "36.04.31", "Cinangka", 800),
        ("0103", "36.04.09", "Ciruas", 990)]
TYPES = {"kode_puskesmas": "text", "kode_wilayah": "text", "kecamatan": "text",
         "kunjungan": "bigint"}


def tabled(dataset: Data) -> Data:
    """Return the one file of a draft, which is a clean table that is its raw file."""
    (resource,) = shown(dataset)["resources"]
    assert resource["sha256"] == resource["mentah_sha256"]
    assert (resource["format"], resource["mentah_tabel"]) == ("CSV", "1")
    assert resource["datastore_active"] is True
    return resource


def submitted(cast: Cast, dataset: Data) -> str:
    cast.set_aside(dataset["id"])
    return cast.step(cast.produsen, dataset["id"], "ajukan")["state"]


def test_a_clean_csv_that_is_handed_in_gets_its_typed_table(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    call("satudata_intake_create", cast.produsen, id=dataset["id"], accept=True,
         upload=file(CSV.encode(), "kunjungan.csv"))
    work()
    resource = tabled(dataset)
    assert stored(resource) == CSV
    assert (rows_of(resource["id"]), types_of(resource["id"])) == (ROWS, TYPES)
    assert submitted(cast, dataset) == "diajukan"


def test_one_that_waited_in_the_draft_gets_it_once_it_is_read(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    take(cast.produsen, dataset["id"], handed_in(dataset["id"], CSV.encode(), "kunjungan.csv"))
    (waiting,) = shown(dataset)["resources"]
    assert waiting["mentah_tabel"] == "0" and rows_of(waiting["id"], missing=True) is None
    work()
    resource = tabled(dataset)
    assert resource["id"] == waiting["id"]
    assert (rows_of(resource["id"]), types_of(resource["id"])) == (ROWS, TYPES)
    assert submitted(cast, dataset) == "diajukan"


def test_a_plain_csv_and_its_clean_table_change_places(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    plain = call("resource_create", cast.produsen, package_id=dataset["id"], name="Kunjungan",
                 upload=file(CSV.encode(), "kunjungan.csv"))
    work()
    for _ in range(2):
        call("satudata_tidy_update", cast.produsen, resource_id=plain["id"], tidy=True)
        work()
        assert rows_of(tabled(dataset)["id"]) == ROWS
        call("satudata_tidy_update", cast.produsen, resource_id=plain["id"], tidy=False)
        work()
        (raw,) = shown(dataset)["resources"]
        assert "mentah_sha256" not in raw and stored(raw) == CSV
        assert rows_of(raw["id"], missing=True) is None


def test_its_corrected_reading_and_its_next_year_follow(cast: Cast) -> None:
    dataset = draft(cast, CSV.encode(), "kunjungan.csv")
    resource = tabled(dataset)
    cast.set_aside(dataset["id"])
    publish(cast, dataset["id"])
    (public,) = shown(dataset)["resources"]
    assert not any(name.startswith("mentah") for name in public)
    assert rows_of(public["id"]) == ROWS
    copy = call("satudata_revision_start", cast.produsen, id=dataset["id"])
    later = CSV.replace("1200", "1300")
    take(cast.produsen, copy["id"], handed_in(dataset["id"], later.encode(), "kunjungan.csv"),
         replaces=copy["resources"][0]["id"])
    work()
    after = tabled(copy)
    assert after["asal_resource_id"] == resource["id"]
    assert rows_of(after["id"]) == [("0101", "36.04.30", "Anyar", 1300), *ROWS[1:]]


def test_one_we_failed_to_read_again_stays_the_table_it_is(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = draft(cast, CSV.encode(), "kunjungan.csv")

    def broken(*_arguments: object, **_more: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(job, "_inspect", broken)
        call("satudata_recipe_update", cast.produsen, id=dataset["id"], recipe={
            "version": 1, "tables": [{"fingerprint": "0" * 64, "skip": True}]})
        call("satudata_inspection_run", cast.produsen, id=dataset["id"])
        for _ in range(3):
            work()
    assert rows_of(tabled(dataset)["id"]) == ROWS
    cast.set_aside(dataset["id"])
    found = cast.show(dataset["id"], cast.produsen)
    assert "tidak menjadi tabel" not in json.dumps(found, ensure_ascii=False)


def test_a_grid_and_a_pasted_table_get_their_tables(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    grid = call("satudata_grid_update", cast.produsen, id=dataset["id"], version=0, columns=[
        {"title": "Kode Puskesmas", "type": "string"}, {"title": "Kunjungan", "type": "integer"}],
        rows=[["0101", "1.200"], ["0102", "800"], ["0103", "990"]])
    call("satudata_grid_submit", cast.produsen, id=dataset["id"], draft_id=grid["draft_id"],
         version=grid["version"])
    pasted = cast.make(resources=[])
    call("satudata_paste_submit", cast.produsen, id=pasted["id"],
         text="kode_puskesmas\tkunjungan\n0101\t1200\n0102\t800\n0103\t990\n")
    work()
    for each in (dataset, pasted):
        (resource,) = shown(each)["resources"]
        assert types_of(resource["id"]) == {"kode_puskesmas": "text", "kunjungan": "bigint"}
        assert rows_of(resource["id"]) == [("0101", 1200), ("0102", 800), ("0103", 990)]
        assert submitted(cast, each) == "diajukan"
    assert tabled(dataset)["mentah_nama"].startswith("petak-")


def test_a_wide_workbook_still_waits_under_its_own_name(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    raw = handed_in(dataset["id"], book(Data=[("a", "b"), (1, 2)]))
    take(cast.produsen, dataset["id"], raw)
    (resource,) = shown(dataset)["resources"]
    assert (resource["format"], resource["mentah_tabel"]) == ("XLSX", "0")
    assert blobs.exists(resource["sha256"])
