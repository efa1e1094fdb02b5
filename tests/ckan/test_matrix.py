"""Every person, state and step, through the real action, against the law written down by hand.

``workflow_law`` is read from the design, not from ``domain/``: a slip in the tables there is
a cell that differs here.
"""
from __future__ import annotations

from itertools import product
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from workflow_law import BLIND, CASES, CONFLICT, FORBIDDEN, NAMES, PEOPLE, answer, reads
from workflow_world import PATHS, WALIDATA, World, make, once, told, undone

from ckanext.satudata.shared.audit import Event
from ckanext.satudata.workflow.model import Submission

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", WALIDATA),
    # What is asked here is the answer: the index need not follow each of thousands.
    pytest.mark.ckan_config("ckan.search.solr_commit", False),
]
Data = dict[str, Any]


@pytest.fixture(scope="module")
def made() -> dict[str, World]:
    """What the first test of this module makes for all of them."""
    return {}


@pytest.fixture
def world(made: dict[str, World], request: pytest.FixtureRequest) -> World:
    """Everybody, and the draft they are asked about."""
    if not made:
        request.getfixturevalue("clean_db")
        request.getfixturevalue("clean_index")
        made["world"] = make()
    return made["world"]


def row_of(identifier: str) -> Data:
    """Return all a submission holds."""
    model.Session.expire_all()
    found = model.Session.get(Submission, identifier)
    assert found is not None
    return {column.name: getattr(found, column.name) for column in Submission.__table__.columns}


def events() -> int:
    return model.Session.scalar(sa.select(sa.func.count()).select_from(Event)) or 0


@pytest.mark.parametrize("case", CASES)
def test_every_person_gets_the_answer_of_the_law_for_every_step(world: World, case: str) -> None:
    wrong: list[str] = []
    with undone() as connection:
        identifier = world.walk(case).id
        before, number = row_of(identifier), events()
        for person, name in product(PEOPLE, NAMES):
            with once(connection):
                row = model.Session.get(Submission, identifier)
                got = told(lambda person=person, name=name, row=row:
                           world.step(person.name, name, row))
                wanted = answer(person, case, name)
                if got != wanted:
                    wrong.append(f"{person.name or 'anonim'} {name}: {got}, law: {wanted}")
                elif not _kept(identifier, before, number, wanted, name):
                    wrong.append(f"{person.name or 'anonim'} {name}: {got}, but not the rows")
    assert wrong == []


def _kept(identifier: str, before: Data, number: int, wanted: str, name: str) -> bool:
    """Say whether a refusal changed nothing, and a step only its own version, with one event."""
    after = row_of(identifier)
    if wanted in (FORBIDDEN, CONFLICT):
        return after == before and events() == number
    if name == "revisi":  # a version of its own begins
        return after == before and events() == number + 1
    return (after["state"] == wanted and after["version"] == before["version"] + 1
            and events() == number + 1)


@pytest.mark.parametrize("case", CASES)
def test_whoever_saw_another_version_decides_nothing(world: World, case: str) -> None:
    wrong: list[str] = []
    with undone() as connection:
        row = world.walk(case)
        identifier, seen = row.id, row.version - 1
        before = row_of(identifier)
        for person, name in product(PEOPLE, NAMES):
            if answer(person, case, name) in (FORBIDDEN, CONFLICT):
                continue
            with once(connection):
                row = model.Session.get(Submission, identifier)
                got = told(lambda person=person, name=name, row=row:
                           world.step(person.name, name, row, expected_version=seen))
                done = got == "ditarik" if name in BLIND else (
                    got == f"{CONFLICT} version" and row_of(identifier) == before)
                if not done:
                    wrong.append(f"{person.name} {name}: {got}")
    assert wrong == []


@pytest.mark.parametrize("case", CASES)
def test_the_page_offers_exactly_what_the_law_allows(world: World, case: str) -> None:
    wrong: list[str] = []
    with undone() as connection:
        identifier = world.walk(case).id
        for person in PEOPLE:
            with once(connection):
                allowed = {name for name in NAMES
                           if answer(person, case, name) not in (FORBIDDEN, CONFLICT)}
                try:
                    shown = world.act(person.name, "satudata_submission_show", id=identifier)
                except tk.NotAuthorized:
                    if reads(person, case.partition(",")[0]):
                        wrong.append(f"{person.name}: cannot read it")
                    continue
                offered = {each["name"] for each in shown["actions"] if each["allowed"]}
                if offered != allowed:
                    wrong.append(f"{person.name}: {sorted(offered ^ allowed)}")
    assert wrong == []


@pytest.mark.ckan_config("ckanext.satudata.surat_pengantar", True)
@pytest.mark.parametrize("state", ["draf", "dikembalikan"])
def test_where_the_official_signs_nobody_else_hands_in(world: World, state: str) -> None:
    letter = {"nomor": "400.7/12/2026", "tanggal": "2026-11-20"}
    wrong: list[str] = []
    with undone() as connection:
        # The way there is the official's as well.
        for person, name in PATHS[state]:
            by, more = ("pejabat", {"letter": letter}) if name == "ajukan" else (person, {})
            world.step(by, name, **more)
        identifier = world.submission().id
        for person in PEOPLE:
            with once(connection):
                row = model.Session.get(Submission, identifier)
                got = told(lambda person=person, row=row:
                           world.step(person.name, "ajukan", row, letter=letter))
                signs = "pejabat" in person.roles or person.sysadmin
                wanted = "diajukan" if signs else FORBIDDEN
                if got != wanted:
                    wrong.append(f"{person.name}: {got}, law: {wanted}")
    assert wrong == []
