"""Pages of ``/data.json``: never empty, ending in 404, in trouble 503."""
from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from publishing import move, published

from ckanext.satudata.federation.feed import pod_views

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ids of three datasets, each of which fills a page."""
    monkeypatch.setattr(pod_views, "SIZE", 1)
    owner = factories.Organization()["id"]
    return [published(owner_org=owner)["id"] for _ in range(3)]


def pages(app: Any) -> list[str]:
    """Return the dataset of each page, in their order, until 404."""
    found: list[str] = []
    while True:
        answer = app.get(f"/data.json?page={len(found) + 1}")
        if answer.status_code == 404:
            return found
        assert answer.status_code == 200
        (only,) = answer.json["dataset"]
        found.append(only["identifier"].rpartition(":")[2])
        assert ("Link" in answer.headers) == (len(found) < 3)


def test_every_dataset_stands_on_a_page_and_then_comes_404(app: Any, made: list[str]) -> None:
    assert pages(app) == made


def test_a_page_that_just_fell_empty_ends_walks_and_later_is_passed_over(
    app: Any, made: list[str]
) -> None:
    admin = factories.Sysadmin()
    assert pages(app) == made
    move(made[1], "tarik", admin, reason="Ganda.")
    assert [app.get(f"/data.json?page={number}").status_code for number in (1, 2, 3)] == [503] * 3
    model.Session.execute(sa.text(
        "UPDATE satudata_feed_entry SET deleted_at = deleted_at - interval '2 hours'"))
    model.Session.commit()
    answers = [app.get(f"/data.json?page={number}") for number in (1, 2, 3)]
    assert [each.status_code for each in answers] == [200, 200, 404]
    assert [made[number] in answers[place].text for place, number in ((0, 0), (1, 2))] == [True] * 2


def test_a_page_whose_datasets_were_hidden_in_sql_counts_as_just_fallen_empty(
    app: Any, made: list[str]
) -> None:
    assert pages(app) == made
    model.Session.execute(sa.text("UPDATE package SET private = true WHERE id = :id"),
                          {"id": made[1]})
    model.Session.commit()
    assert app.get("/data.json?page=2").status_code == 503


def test_there_is_no_answer_without_datasets(app: Any) -> None:
    assert app.get("/data.json").status_code == 503
