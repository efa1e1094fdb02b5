"""Every person, state and classified write, through the real action, against ``writes_law``."""
from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers
from guard_world import CSV, PLUGINS, ROWS
from workflow_law import PEOPLE, STATES
from workflow_world import CONTENT as DATASET
from workflow_world import (
    OPD,
    PATHS,
    PRIORITY_ONLY,
    WALIDATA,
    World,
    make,
    once,
    told,
    undone,
)
from writes_law import (
    CONTENT,
    DONE,
    FINDING,
    GOVERNANCE,
    INSPECTION,
    WRITERS,
    answer,
    answers,
    inspects,
)

from ckanext.satudata.domain import guards
from ckanext.satudata.workflow.model import Submission

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckan.plugins", f"{PLUGINS} text_view"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", WALIDATA),
    pytest.mark.ckan_config("ckan.auth.user_create_groups", True),
    pytest.mark.ckan_config("ckan.auth.user_create_organizations", True),
    pytest.mark.ckan_config("ckan.auth.user_delete_groups", True),
    # What is asked here is the answer: the index need not follow each of thousands.
    pytest.mark.ckan_config("ckan.search.solr_commit", False),
]
Data = dict[str, Any]
#: Those who differ toward a write; the others of the matrix of steps hold the same roles.
ASKED = tuple(person for person in PEOPLE if person.name not in {
    "pengirim", "admin-opd", "walidata-pengisi", "walidata-belum-mulai", "walidata-dicabut",
    "walidata-pindah", "walidata-dihapus", "walidata-produsen", "admin-walidata",
    "pembina-pengisi", "pembina-lain", "sysadmin-pengisi", "agen-lain", "pejabat-lain"})


@pytest.fixture(scope="module")
def made() -> Data:
    """What the first test of this module makes for all of them."""
    return {}


@pytest.fixture
def world(made: Data, request: pytest.FixtureRequest) -> World:
    """Everybody, and the draft they are asked about."""
    _fill(made, request)
    return made["world"]


@pytest.fixture
def things(made: Data, request: pytest.FixtureRequest) -> Data:
    """What the draft has: a file, a table, a view, a group, a keyword, a relation to come."""
    _fill(made, request)
    return dict(made["things"])


def _fill(made: Data, request: pytest.FixtureRequest) -> None:
    if made:
        return
    for name in ("clean_db", "clean_datastore", "clean_index"):
        request.getfixturevalue(name)
    world = make()
    act = world.act
    package = world.package["id"]
    file = world.package["resources"][0]["id"]
    table = act("pengirim", "datastore_create", fields=CSV, records=ROWS,
                primary_key=["kecamatan"], resource={
                    "package_id": package, "name": "Tabel isi", "format": "CSV"})["resource_id"]
    view = act("pengirim", "resource_view_create", resource_id=file, view_type="text_view",
               title="Teks")["id"]
    other = act("pengirim", "package_create", **{**DATASET, "name": "lain", "title": "Lain"},
                owner_org=world.organizations[OPD])["id"]
    writers = [{"name": person.name, "capacity": "admin"} for person in PEOPLE
               if person.roles & WRITERS]
    for name in ("tema", "kosong"):
        factories.Group(name=name, users=writers)
    helpers.call_action("member_create", {"user": "sysadmin"}, id="tema", object=package,
                        object_type="package", capacity="public")
    made["things"] = {
        "file": file, "table": table, "view": view, "other": other,
        "org": world.organizations[OPD], "tag": model.Tag.get("kunjungan").id}
    made["world"] = world


def test_every_classified_content_write_is_asked() -> None:
    elsewhere = {  # they name no dataset that is there; ``test_guards_content`` has them
        "package_create", "organization_update", "organization_patch", "vocabulary_update",
        "vocabulary_delete", "datapusher_submit", "datapusher_hook", "harvest_object_create",
        # The index refuses a dataset with a relation, so none is made
        "package_relationship_delete"}
    assert {write.action for write in CONTENT} | elsewhere == set(guards.CONTENT)


@pytest.mark.parametrize("state", STATES)
def test_every_person_gets_the_answer_of_the_law_for_every_write(
    world: World, things: Data, state: str
) -> None:
    wrong: list[str] = []
    with undone() as connection:
        row = world.walk(state)
        package = world.package["id"]
        things["shown"] = helpers.call_action("package_show", {"user": "sysadmin"}, id=package)
        things["private"] = things["shown"]["private"]
        things["token_of"] = "anggota"
        for write in (*CONTENT, *GOVERNANCE):
            for person in ASKED:
                if write.action == "api_token_create" and person.name == "anggota":
                    continue
                with once(connection):
                    got = told(lambda write=write, person=person: world.act(
                        person.name, write.action, **write.data(world, things)))
                    wanted = answer(write, person, state)
                    if got != wanted:
                        wrong.append(f"{write.action} {person.name or 'anonim'}: {got}, "
                                     f"law: {wanted}")
                    elif wanted != DONE and _version(row.id) != row.version:
                        wrong.append(f"{write.action} {person.name}: refused, but written")
    assert wrong == []


def _version(identifier: str) -> int | None:
    model.Session.expire_all()
    return model.Session.scalar(
        sa.select(Submission.version).where(Submission.id == identifier))


@pytest.mark.parametrize("state", STATES)
def test_every_person_gets_the_answer_of_the_law_while_inspecting(
    world: World, things: Data, state: str
) -> None:
    wrong: list[str] = []
    with undone() as connection:
        finding, row = _noted(world, state)
        things |= {"submission": row.id, "version": row.version, "finding": finding}
        for person in ASKED:
            for action, data in INSPECTION:
                with once(connection):
                    got = told(lambda person=person, action=action, data=data: world.act(
                        person.name, action, **data(world, things)))
                    wanted = inspects(person, state)
                    if action == "satudata_checklist_update" and wanted == DONE:
                        wanted = state
                    if got != wanted:
                        wrong.append(f"{action} {person.name or 'anonim'}: {got}, law: {wanted}")
            with once(connection):
                got = told(lambda person=person: world.act(
                    person.name, "satudata_finding_answer", id=finding, answer="Sudah."))
                if got != answers(person, state):
                    wrong.append(f"answer {person.name or 'anonim'}: {got}, "
                                 f"law: {answers(person, state)}")
    assert wrong == []


def _noted(world: World, state: str) -> tuple[str, Submission]:
    """Bring the dataset to a state after it was returned once, with a catatan for the OPD."""
    if state in PRIORITY_ONLY:
        world.write("pengirim", prioritas_tahun=["2026"], kriteria_prioritas="pembangunan")
    finding = ""
    for person, name in PATHS["dikembalikan"]:
        world.step(person, name)
        if name == "periksa":
            finding = world.act("walidata", "satudata_finding_create",
                                id=world.submission().id, **FINDING)["id"]
    first = world.submission()
    ways = {"draf": (("pengirim", "ajukan"), ("pengirim", "tarik_ajuan")), "dikembalikan": (),
            "digantikan": (*PATHS["terbit"], ("pengirim", "revisi"), *PATHS["terbit"])}
    for person, name in ways.get(state, PATHS.get(state, ())):
        world.step(person, name)
    row = model.Session.get(Submission, first.id)
    assert row is not None and row.state == state
    model.Session.expunge(row)
    return finding, row
