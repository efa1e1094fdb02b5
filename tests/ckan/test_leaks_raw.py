"""Of the raw files that published tables were made of nobody outside learns anything.

Not their bytes, nor what stands beside their tables, nor how they are called, nor their hashes:
by none of the ways of ``leak_ways`` and by none that leads to inspections and drafts.
"""
from __future__ import annotations

import io
from typing import Any

import pytest
from ckan import model
from leak_portal import EYES, MARKS, eye, people
from leak_ways import WAYS, Way
from leak_world import Record, World, call, make
from openpyxl import load_workbook
from tidy_scene import VISITS, accept, book, handed_in, shown, stored, work

from ckanext.satudata.shared import blobs, outbox

pytestmark = MARKS
SECRET = "zqrahasia"


def raw(year: int) -> bytes:
    """Return a workbook that holds the secret wherever a clean table leaves it out."""
    rows = [*VISITS[:-1], (f"Catatan: {SECRET} {year}",)]
    made = load_workbook(io.BytesIO(book(**{
        "Data": [tuple(str(each).replace("2025", str(year)) if isinstance(each, str) else each
                       for each in row) for row in rows],
        f"{SECRET}-lembar": ((f"{SECRET} tersembunyi",),)})))
    made[f"{SECRET}-lembar"].sheet_state = "hidden"
    made.properties.creator = SECRET
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def ready(world: World) -> None:
    """Publish two versions of a dataset from raw files, and begin a third."""
    record = world.anchor = make("zqterbit", world.org, world.author)
    world.records["zqterbit"] = record
    replaces: str | None = None
    world.secrets = []  # type: ignore[attr-defined]
    for year in (2025, 2026, 2027):
        content = record.id
        if year > 2025:
            content = call("satudata_revision_start", world.author, id=record.id)["id"]
        intake = handed_in(record.id, raw(year), f"{SECRET} {year}.xlsx")
        world.secrets.append(intake["sha256"])  # type: ignore[attr-defined]
        (replaces,) = accept(world.author, content, intake,
                             **({"replaces": replaces} if replaces else {}))
        work()
        if year == 2027:
            break
        for each in call("satudata_submission_show", world.walidata, id=content)["findings"]:
            if each["severity"] == "wajib" and not each["resolved_at"]:
                call("satudata_finding_resolve", world.walidata, id=each["id"])
        world.bring(record, "terbit")
        outbox.drain()
        replaces = shown(record.id)["resources"][-1]["id"]
    record.file = shown(record.id)["resources"][-1]
    world.harvesting()
    record.package = shown(record.id)


made, world = people(ready)


def looks(world: World, record: Record, answer: str) -> None:
    model.Session.rollback()
    for each in (SECRET, *world.secrets):  # type: ignore[attr-defined]
        assert each not in answer, each


@pytest.mark.parametrize("who", EYES)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_no_way_leads_to_the_raw_file(world: World, way: Way, who: str) -> None:
    if way.signed_in and who == "anonymous":
        who = "stranger"
    record = world.records["zqterbit"]
    looks(world, record, way.look(world, record, eye(world, who)))


@pytest.mark.parametrize("who", EYES)
def test_what_officers_use_is_closed_to_others(world: World, who: str) -> None:
    record, user = world.records["zqterbit"], eye(world, who)
    file, secrets = record.file["id"], world.secrets  # type: ignore[attr-defined]
    copy = call("satudata_revision_start", world.author, id=record.id)
    # What a person outside may guess; each of these answers the OPD.
    for package, resource in ((record.id, file), (copy["id"], copy["resources"][-1]["id"])):
        page = f"/dataset/{package}/resource/{resource}"
        assert "kunjungan" in world.get(f"{page}/pemeriksaan", world.author)
        for path in ("/pemeriksaan", "/pemeriksaan/tabel-1.csv", "/pemeriksaan/bertanda.xlsx",
                     "/pemeriksaan/catatan-1.csv", "/download/kunjungan.xlsx", ""):
            answer = world.get(page + path, user)
            looks(world, record, answer)
            assert "\nPK" not in answer
        for action in ("satudata_inspection_show", "satudata_recipe_show",
                       "satudata_inspection_run", "satudata_tidy_update"):
            answer = world.api(action, user, resource_id=resource, id=package, tidy=False)
            assert answer.startswith("403"), action
            looks(world, record, answer)
    for sha256 in secrets:
        assert blobs.exists(sha256)
        for query in (f"hash:{sha256}", f"mentah_sha256:{sha256}", f"sha256:{sha256}"):
            answer = world.api("resource_search", user, query=query)
            assert '"count": 0' in answer or not answer.startswith("200")
        for query in (f"res_extras_mentah_sha256:{sha256}", f'"{sha256}"', SECRET):
            assert '"count": 0' in world.api("package_search", user, q=query)
        answer = world.api("satudata_tidy_accept", user, content_id=record.id, sha256=sha256,
                           filename="x.xlsx")
        assert answer.startswith("403")
    answer = world.api("package_show", user, id=record.id, include_plugin_data=True)
    looks(world, record, answer)


def test_what_is_public_is_the_table(world: World, app: Any) -> None:
    record = world.records["zqterbit"]
    (resource,) = [each for each in shown(record.id)["resources"]
                   if each["id"] == record.file["id"]]
    assert not any(name.startswith("mentah") for name in resource)
    assert stored(resource).startswith("kode_puskesmas,")
    assert world.get(f"/dataset/{record.id}/resource/{resource['id']}/download/x.csv").endswith(
        stored(resource))
    assert world.result("datastore_search", resource_id=resource["id"])["total"] == 3
    assert resource["skema"]["fields"][0]["name"] == "kode_puskesmas"
    # The OPD itself sees in the draft of what the next version is made.
    copy = call("satudata_revision_start", world.author, id=record.id)
    assert copy["resources"][-1]["mentah_nama"] == f"{SECRET} 2027.xlsx"
