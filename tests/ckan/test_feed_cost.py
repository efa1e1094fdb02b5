"""What an answer of the feed asks of the database, and describing a dataset of the disk."""
from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckanext.dcat import processors
from ckanext.dcat.exceptions import RDFProfileException
from publishing import move, published
from statements import listened

from ckanext.satudata.federation.feed import building, reading, settling
from ckanext.satudata.federation.feed.model import Entry

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def of_feed(statements: list[str]) -> list[str]:
    """Return what is asked of the tables of the feed."""
    return [each for each in statements if "satudata_feed" in each]


def test_a_page_takes_three_questions_and_two_tell_that_it_is_unchanged(app: Any) -> None:
    published(owner_org=factories.Organization()["id"])
    etag = app.get("/catalog.ttl").headers["ETag"]
    with listened() as statements:
        app.get("/catalog.ttl")
        assert len(of_feed(statements)) == 3
    with listened() as statements:
        app.get("/catalog.ttl", headers={"If-None-Match": etag}, status=304)
        assert len(of_feed(statements)) == 2


@pytest.mark.parametrize("path", [
    "/catalog.ttl", "/catalog.ttl?profiles=euro_dcat_ap_3", "/catalog.ttl?q=title:ada",
    "/catalog.nt.gz", "/dataset/{name}.ttl?profiles=euro_dcat_ap_3", "/dataset/tidak-ada.ttl",
    "/nasional/api/3/action/package_search?q=ada", "/nasional/api/3/action/organization_list",
    "/nasional/api/3/action/organization_show?id={owner_org}"])
def test_an_answer_takes_one_connection(app: Any, path: str) -> None:
    """Who holds one and waits for another may wait for others who do the same."""
    made = published(title="Ada")
    app.get("/catalog.ttl")
    model.Session.remove()
    pool, held, most = model.ensure_engine().pool, set[int](), 0

    def taken(_connection: Any, record: Any, _proxy: Any) -> None:
        nonlocal most
        held.add(id(record))
        most = max(most, len(held))

    def given(_connection: Any, record: Any) -> None:
        held.discard(id(record))

    sa.event.listen(pool, "checkout", taken)
    sa.event.listen(pool, "checkin", given)
    try:
        app.flask_app.test_client().get(path.format_map(made)).get_data()
    finally:
        sa.event.remove(pool, "checkout", taken)
        sa.event.remove(pool, "checkin", given)
    assert most == 1


@pytest.mark.parametrize("path", ["/catalog.nt", "/catalog.nt?after=0", "/catalog.nt.gz"])
def test_pieces_are_looked_up_by_slot(app: Any, path: str) -> None:
    """Of a join alone PostgreSQL reads all pieces before a slot: half the table for a batch."""
    published(owner_org=factories.Organization()["id"])
    with listened() as statements:
        app.get(path).get_data()
    asked = [each for each in statements
             if each.startswith("SELECT") and "satudata_feed_nt.piece" in each]
    assert asked
    for each in asked:
        assert re.search(r"satudata_feed_nt\.slot (BETWEEN|IN|>)", each), each


def test_the_last_change_of_some_slots_is_looked_up_by_slot(app: Any) -> None:
    """Going back from the newest change until one fits reads the whole table for an old page."""
    engine = model.ensure_engine()
    for condition in (Entry.slot.between(1, 100), Entry.slot.in_([1, 2, 3])):
        question = str(reading._newest(condition).compile(
            engine, compile_kwargs={"literal_binds": True}))
        with engine.connect() as connection:
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
            plan = " ".join(connection.scalars(sa.text(f"EXPLAIN {question}")))
        assert "satudata_feed_entry_slot_key" in plan
        assert "satudata_feed_entry_sequence_key" not in plan


def test_profiles_are_looked_up_once_and_share_no_graph(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    entry_points = processors.entry_points

    def noting(**named: Any) -> Any:
        looked.append(named["name"])
        return entry_points(**named)

    monkeypatch.setattr(processors, "entry_points", noting)
    building._loaded.cache_clear()
    records = [published(owner_org=factories.Organization()["id"]) for _ in range(2)]
    assert settling.settle_now(10)
    assert looked == ["sdi_dcat_ap"]
    first, second = building.serializer(), building.serializer(["euro_dcat_ap_3"])
    first.graph_from_dataset(records[0])
    assert len(first.g) and not len(second.g)
    with pytest.raises(RDFProfileException):
        building.serializer(["tidak_ada"])


def test_the_national_view_counts_all_there_ever_were_after_every_change(app: Any) -> None:
    """The count is kept between two changes; a reader pages by it."""
    admin, seen = factories.Sysadmin(), []

    def ranked(start: int = 0) -> Any:
        return app.get(f"/nasional/api/3/action/package_search?rows=2&start={start}").json["result"]

    for number in (1, 2, 3):
        seen.append(published()["id"])
        assert ranked()["count"] == ranked()["count"] == number
    assert [each["id"] for start in (0, 2) for each in ranked(start)["results"]] == sorted(seen)
    move(seen[0], "tarik", admin, reason="Ganda.")
    assert ranked()["count"] == 3
    assert [each["state"] for start in (0, 2) for each in ranked(start)["results"]
            if each["id"] == seen[0]] == ["deleted"]


def test_the_national_view_lists_names(app: Any) -> None:
    made = published()
    address = "/nasional/api/3/action/package_list"
    assert app.get(address).json["result"] == [made["name"]]
