"""Migrations go up and down, fit the models, and keep what is public public."""
from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from ckan import model
from ckan.cli.db import _run_migrations
from ckan.tests import helpers
from feed_reader import kept

from ckanext.satudata.federation.feed.model import PIECES, Entry
from ckanext.satudata.shared.db import Base

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index")


@pytest.fixture
def down() -> Iterator[None]:
    """The database before our first migration; brought up again whatever happens."""
    model.Session.remove()
    _run_migrations("satudata", "base", forward=False)
    yield
    model.Session.remove()
    _run_migrations("satudata")


def tables() -> set[str]:
    assert model.meta.engine is not None
    return {name for name in sa.inspect(model.meta.engine).get_table_names()
            if name.startswith("satudata_")} - {"satudata_alembic_version"}


def test_down_takes_every_table_away_and_up_makes_them_again(down: None) -> None:
    assert tables() == set()
    _run_migrations("satudata")
    assert tables() == set(Base.metadata.tables)


def test_tables_are_what_the_models_say() -> None:
    assert model.meta.engine is not None
    with model.meta.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={
            "include_object": lambda _o, name, kind, _r, _c: kind != "table" or (str(
                name).startswith("satudata_") and name != "satudata_alembic_version"),
        })
        differences = [each for each in compare_metadata(context, Base.metadata)
                       if "_index" not in str(each[0]) and "_constraint" not in str(each[0])]
    assert differences == []


def package(name: str, **more: Any) -> str:
    """Write a dataset as it stood before our plugin, whose watch would keep it private."""
    row = {"id": str(uuid.uuid4()), "name": name, "title": name, "type": "dataset",
           "state": "active", "private": False, "extras": {}, **more}
    model.Session.execute(model.Package.__table__.insert().values(row))
    model.Session.commit()
    return row["id"]


def test_what_was_online_stays_public_and_says_nobody_inspected_it(down: None) -> None:
    online = package("daring", extras={"jenis_data": "statistik", "prioritas_tahun": "[\"2026\"]",
                                       "access_rights": "terbatas"})
    private = package("tertutup", private=True)
    draft = package("draf", state="draft")
    package("terhapus", state="deleted")
    package("sumber", type="harvest")
    _run_migrations("satudata")

    rows = {row.package_id: row for row in model.Session.execute(
        sa.text("SELECT * FROM satudata_submission"))}
    assert set(rows) == {online, private, draft}
    assert (rows[online].state, rows[online].belum_diperiksa) == ("terbit", True)
    assert (rows[online].jenis_data, rows[online].prioritas, rows[online].restricted) == (
        "statistik", True, True)
    assert rows[private].state == rows[draft].state == "draf"
    assert not rows[private].belum_diperiksa
    assert [row.kind for row in model.Session.execute(
        sa.text("SELECT kind FROM satudata_event"))] == ["pindahan"] * 3
    shown = helpers.call_action("package_show", {"user": "", "ignore_auth": False}, id=online)
    assert shown["private"] is False


def test_what_harvesters_read_is_moved_there_and_back(with_plugins: None) -> None:
    for slot, left in ((1, None), (2, dt.datetime.now(dt.timezone.utc))):
        now = dt.datetime.now(dt.timezone.utc)
        model.Session.execute(sa.insert(Entry).values(
            package_id=f"p{slot}", slot=slot, sequence=slot, created_sequence=slot, iri="urn:p",
            modified=now, changed_at=now, read_at=now, deleted_at=left, harvested=False,
            content_hash=""))
    for form, table in PIECES.items():
        model.Session.execute(sa.insert(table).values(slot=1, piece=form.encode()))
    model.Session.commit()
    before = kept()

    model.Session.remove()
    _run_migrations("satudata", "0013", forward=False)
    rows = model.Session.execute(sa.text("SELECT * FROM satudata_feed_entry ORDER BY slot")).all()
    assert {form: bytes(getattr(rows[0], form)) for form in PIECES} == {
        form: form.encode() for form in PIECES}
    assert {getattr(rows[1], form) for form in PIECES} == {None}

    model.Session.remove()
    _run_migrations("satudata")
    assert kept() == before
    assert before[0]["ttl"] == b"ttl" and "ttl" not in before[1]


@pytest.mark.parametrize("statement", [
    "UPDATE satudata_event SET note = 'lain'", "DELETE FROM satudata_event",
    "TRUNCATE satudata_event"])
def test_no_event_is_changed_or_erased(statement: str) -> None:
    with pytest.raises(sa.exc.DatabaseError, match="append-only"):
        model.Session.execute(sa.text(statement))
    model.Session.rollback()
