"""A batch of many steps: each recorded at its own moment, followed up once at the end."""
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from ckan import model

from ckanext.satudata.shared import audit, moment, outbox

pytestmark = pytest.mark.usefixtures("clean_db", "with_plugins")
PAST = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=7)))


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What a handler of kind "uji" was given; it does equal messages together."""
    found: list[dict[str, Any]] = []
    monkeypatch.setitem(outbox.HANDLERS, "uji", found.append)
    monkeypatch.setattr(outbox, "_TOGETHER", {"uji"})
    return found


def put(*payloads: str) -> None:
    for number, payload in enumerate(payloads):
        outbox.put("uji", f"uji:{payload}:{number}", {"packages": [payload]})
    model.Session.commit()


def waiting() -> int:
    return model.Session.query(outbox.Message).filter_by(kind="uji", done_at=None).count()


def test_what_is_recorded_says_the_moment_it_was_told() -> None:
    with moment.at(PAST):
        event = audit.record("uji", actor=None)
    assert event.at == PAST
    assert audit.record("uji", actor=None).at > PAST


@pytest.mark.parametrize("wrong", [
    dt.datetime(2026, 3, 2), dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=1)])
def test_no_moment_to_come_and_none_without_a_zone_is_told(wrong: dt.datetime) -> None:
    with pytest.raises(ValueError), moment.at(wrong):
        pass


def test_after_an_error_the_clock_is_right_again() -> None:
    with pytest.raises(KeyError), moment.at(PAST):
        raise KeyError
    assert moment.now() > PAST


def test_messages_that_say_the_same_are_done_once(done: list[dict[str, Any]]) -> None:
    put("a", "b", "a", "a")
    assert outbox.drain(kinds=["uji"]) == 4
    assert done == [{"packages": ["a"]}, {"packages": ["b"]}]
    assert waiting() == 0


def test_what_is_put_while_one_is_done_is_done_again(
    done: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def handler(payload: dict[str, Any]) -> None:
        if not done:
            outbox.put("uji", "uji:later", payload)
        done.append(payload)

    monkeypatch.setitem(outbox.HANDLERS, "uji", handler)
    put("a", "a")
    outbox.drain(kinds=["uji"])
    assert done == [{"packages": ["a"]}] * 2


def test_one_that_fails_leaves_all_that_say_the_same(
    done: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def handler(payload: dict[str, Any]) -> None:
        raise OSError("the index has gone")

    monkeypatch.setitem(outbox.HANDLERS, "uji", handler)
    put("a", "a")
    assert outbox.drain(kinds=["uji"]) == 0
    assert waiting() == 2


def test_a_batch_is_followed_up_at_its_end(done: list[dict[str, Any]]) -> None:
    with outbox.held():
        put("a")
        assert outbox.drain(kinds=["uji"]) == 0
    assert done == [] and waiting() == 1
    assert outbox.drain(kinds=["uji"]) == 1
