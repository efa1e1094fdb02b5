"""No change of what is public is lost to the feed, whoever writes and however it ends."""
from __future__ import annotations

from typing import Any

import pytest
from ckan import model
from publishing import published

from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.feed_marks import KIND, Mark

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

Data = dict[str, Any]


def known(app: Any, **fields: Any) -> Data:
    """Return a public dataset that the feed knows."""
    made = published(**fields)
    app.get("/catalog.ttl")
    return made


def marked() -> list[str]:
    model.Session.rollback()
    return [each for (each,) in model.Session.query(Mark.package_id).order_by(Mark.id)]


def test_a_session_that_is_closed_takes_no_mark_of_what_it_writes_next(app: Any) -> None:
    made = known(app, title="Ada")
    outbox.drain()
    model.Package.get(made["id"]).notes = "satu"
    model.Session.flush()
    model.Session.close()
    model.Package.get(made["id"]).notes = "dua"
    model.Session.commit()
    assert marked() == [made["id"]]
    assert outbox.unfinished(KIND)
    assert "dua" in app.get("/catalog.ttl").body
