"""An OPD, its people and one dataset in a state, for the tests of the guards."""
from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckanext.harvest.model import HarvestJob, HarvestObject
from workflow_world import once, undone

from ckanext.satudata.shared.actor import RoleGrant
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.workflow.errors import StateConflict
from ckanext.satudata.workflow.model import Submission

Data = dict[str, Any]

#: What every installation has on.
PLUGINS = (
    "satudata activity datastore scheming_datasets scheming_organizations dcat structured_data "
    "harvest ckan_harvester dcat_rdf_harvester")
#: A state in which content stands still, for each reason there is.
FROZEN = ("diajukan", "disetujui", "terbit", "ditarik", "dibatalkan")
CSV = [{"id": "kecamatan", "type": "text"}, {"id": "jumlah", "type": "int"}]
ROWS = [{"kecamatan": "Anyar", "jumlah": 1}, {"kecamatan": "Cinangka", "jumlah": 2}]
NEW_ROWS = [{"kecamatan": "Ciomas", "jumlah": 3}]


@dataclass
class World:
    """Who is there."""

    opd: Data
    other: Data
    editor: str
    outsider: str
    walidata: str
    admin: str
    dataset: Data
    connection: sa.Connection | None = None

    @contextmanager
    def case(self, *named: object) -> Iterator[None]:
        """One of many cases: what it does is undone, and a failure says which it was.

        Switching CKAN's plugins on takes a second, so a test tries many cases.
        """
        assert self.connection is not None
        with once(self.connection):
            try:
                yield
            except (Exception, pytest.fail.Exception) as error:
                label = " ".join(map(str, named))
                raise AssertionError(f"{label}: {type(error).__name__} {error}") from error

    @property
    def id(self) -> str:
        return self.dataset["id"]

    @property
    def resource(self) -> str:
        return self.dataset["resources"][0]["id"]


def make(region: str = "diskominfo") -> World:
    """Make two OPD, the walidata, and a draft with one resource."""
    editor, outsider, walidata = (factories.User()["name"] for _ in range(3))
    admin = factories.Sysadmin()["name"]
    opd = factories.Organization(
        title="Dinas Kesehatan", users=[{"name": editor, "capacity": "admin"}])
    other = factories.Organization(
        title="Dinas Lain", users=[{"name": outsider, "capacity": "admin"}])
    factories.Organization(name=region, users=[{"name": walidata, "capacity": "editor"}])
    now = dt.datetime.now(dt.timezone.utc)
    model.Session.add(RoleGrant(
        id=str(uuid.uuid4()), user_id=model.User.get(walidata).id, role="walidata", scope="",
        since=now, granted_at=now))
    model.Session.commit()
    return World(opd, other, editor, outsider, walidata, admin, draft(editor, opd["id"]))


@contextmanager
def shared(made: dict[str, World], request: pytest.FixtureRequest) -> Iterator[World]:
    """Lend the world of a module to one test, and undo what the test did to CKAN's database."""
    if not made:
        request.getfixturevalue("clean_db")
        request.getfixturevalue("clean_index")
        made["world"] = make()
    request.getfixturevalue("clean_datastore")
    with undone() as connection:
        made["world"].connection = connection
        yield made["world"]


def held() -> Data:
    """Return a digest of every row of CKAN's database, as this test sees it."""
    model.Session.rollback()
    tables = model.Session.scalars(sa.text(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).all()
    return {table: model.Session.execute(sa.text((
        "SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') "
        f'FROM "{table}" t').replace(":", r"\:"))).one()._tuple() for table in tables}


def draft(user: str, organization: str, **fields: Any) -> Data:
    """Make a draft as its producer does."""
    fields.setdefault("title", "Kunjungan puskesmas")
    fields.setdefault("resources", [{"url": "https://data.example/a.csv", "format": "CSV"}])
    return act(user, "package_create", owner_org=organization, **fields)


def act(user: str, action: str, /, **data: Any) -> Any:
    """Call an action with a person's own rights."""
    model.Session.rollback()
    return tk.get_action(action)({"user": user, "ignore_auth": False}, data)


def code(action: str, /, **data: Any) -> Any:
    """Call an action as code does that asks nobody's leave."""
    model.Session.rollback()
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return tk.get_action(action)({"user": user, "ignore_auth": True}, data)


def put(package_id: str, state: str) -> None:
    """Stand a dataset in a state, as the workflow would have left it."""
    model.Session.rollback()
    model.Session.execute(sa.update(Submission).where(
        Submission.content_id == package_id).values(
            state=state, published_at=sa.func.now() if state == "terbit" else None))
    # Another time, or CKAN would show what the index still holds.
    model.Session.execute(sa.update(model.Package).where(model.Package.id == package_id).values(
        private=state != "terbit", metadata_modified=dt.datetime.utcnow()))
    model.Session.commit()
    model.Session.expire_all()


def state(package_id: str) -> str:
    """Return the state of the newest version."""
    return submission(package_id).state


def submission(package_id: str) -> Submission:
    """Return the newest version of a dataset."""
    model.Session.rollback()
    return model.Session.scalars(
        sa.select(Submission).where(Submission.package_id == package_id)
        .order_by(Submission.number.desc()).limit(1)).one()


def events(package_id: str) -> list[str | None]:
    """Return the steps that were recorded of a dataset."""
    model.Session.rollback()
    return list(model.Session.scalars(
        sa.select(Event.transition).where(Event.package_id == package_id).order_by(Event.id)))


def exists(package_id: str) -> str | None:
    """Return the state of CKAN's row, or None when there is none."""
    model.Session.rollback()
    return model.Session.scalar(
        sa.select(model.Package.state).where(model.Package.id == package_id))


def shown(package_id: str) -> Data:
    """Return what CKAN holds of a dataset."""
    return code("package_show", id=package_id)


def refused(call: Any, *words: str) -> StateConflict:
    """Run a call that must meet a state conflict; return it."""
    with pytest.raises(StateConflict) as error:
        call()
    found = error.value.error_dict
    assert found["conflict"] == "state" and found["state"]
    text = found["message"][0]
    assert "{" not in text
    for word in words:
        assert word in text, text
    return error.value


def table(world: World, *, aliases: list[str] | None = None) -> Data:
    """Add a resource with a datastore table to the draft."""
    return act(world.editor, "datastore_create", resource={"package_id": world.id}, fields=CSV,
               records=ROWS, primary_key=["kecamatan"], aliases=aliases or [])


def rows(resource_id: str) -> list[Data]:
    """Return what a table holds."""
    found = code("datastore_search", resource_id=resource_id, sort="_id")["records"]
    return [{key: each[key] for key in ("kecamatan", "jumlah")} for each in found]


def source(world: World) -> str:
    """Return a harvest source that brought the dataset in."""
    made = act(world.admin, "harvest_source_create", name="sumber", title="Sumber",
               url="http://127.0.0.1:9/", source_type="ckan", owner_org=world.opd["id"])
    job = code("harvest_job_create", source_id=made["id"], run=False)
    model.Session.add(HarvestObject(
        guid="a", current=True, package_id=world.id, harvest_source_id=made["id"],
        job=HarvestJob.get(job["id"]), state="COMPLETE"))
    model.Session.commit()
    return made["id"]
