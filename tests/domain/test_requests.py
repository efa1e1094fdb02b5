"""Asking for a restricted file: the steps, the clock of the law, what is typed."""
from __future__ import annotations

import datetime as dt
from string import Formatter
from typing import Any

import pytest

from ckanext.satudata.domain.access_notices import TELLINGS, Audience
from ckanext.satudata.domain.errors import (
    FourEyesError,
    NotAllowedError,
    StateConflictError,
    WorkflowError,
)
from ckanext.satudata.domain.notices import KINDS
from ckanext.satudata.domain.request_forms import MAX_DAYS, parse_answer, parse_asked
from ckanext.satudata.domain.requests import (
    ANSWERED,
    GROUNDS,
    LABELS,
    OPEN,
    STEPS,
    Facts,
    Ground,
    Party,
    State,
    Urgency,
    answer_due,
    decide,
    desk,
    extended_due,
    objection_due,
    urgency,
)
from ckanext.satudata.domain.roles import Actor, Grant, Role
from ckanext.satudata.domain.workdays import ZONES, local

WIB = ZONES["Asia/Jakarta"]
#: A Monday, late in the evening of the installation.
NOW = dt.datetime(2026, 11, 23, 16, 30, tzinfo=dt.timezone.utc)
PPID = Actor("ppid", grants=(Grant(Role.PPID),))
WALIDATA = Actor("walidata", grants=(Grant(Role.WALIDATA),))
OFFICER = Actor("petugas", grants=(Grant(Role.PRODUSEN_DATA, "dinkes"),))
MEMBER = Actor("anggota", grants=(Grant(Role.ANGGOTA, "dinkes"),))
FILES = ["r1", "r2", "r3"]
ASKED: dict[str, Any] = {
    "name": "Ani Rahma", "email": "ani@kampus.ac.id", "institution": "Universitas Banten",
    "purpose": "Skripsi tentang gizi balita di pesisir.", "days": "90", "terms": "on"}


def test_whoever_may_answer_comes_from_one_state_to_one_other() -> None:
    steps = {(source, step.name): step.target for step in STEPS.values()
             for source in step.sources}
    assert steps[State.MASUK, "kabulkan"] is State.DIKABULKAN
    assert {name for state, name in steps if state in ANSWERED} == set(), "an answer is final"
    assert set(LABELS) == set(State) and set(GROUNDS) == set(Ground)
    for step in STEPS.values():
        if step.target is State.DITOLAK or step.target is State.SEBAGIAN:
            assert step.grounds and step.reason, "art. 22(7): refused with its exception"


@pytest.mark.parametrize("actor", [WALIDATA, OFFICER, MEMBER, Actor(""), None])
def test_only_the_ppid_answers(actor: Actor | None) -> None:
    for name in ("kabulkan", "kabulkan_sebagian", "tolak", "perpanjang"):
        with pytest.raises(NotAllowedError):
            decide(Facts(State.MASUK), name, Party.PPID, NOW, actor)
        assert decide(Facts(State.MASUK), name, Party.PPID, NOW, PPID)


def test_nobody_answers_what_they_asked_themselves_nor_by_being_the_requester() -> None:
    with pytest.raises(FourEyesError):
        decide(Facts(State.MASUK, requester="ppid"), "kabulkan", Party.PPID, NOW, PPID)
    with pytest.raises(NotAllowedError):
        decide(Facts(State.MASUK, requester="ani"), "kabulkan", Party.PEMOHON, NOW, PPID)
    assert decide(Facts(State.MASUK, "ani"), "batalkan", Party.PEMOHON, NOW) is State.DIBATALKAN


def test_time_is_taken_once_and_in_time() -> None:
    due = answer_due(NOW, (), WIB)
    assert decide(Facts(State.MASUK, due_at=due), "perpanjang", Party.PPID, NOW, PPID)
    for facts, now in ((Facts(State.DIPERPANJANG, due_at=due), NOW),
                       (Facts(State.MASUK, due_at=due), due + dt.timedelta(minutes=1))):
        with pytest.raises(StateConflictError) as refusal:
            decide(facts, "perpanjang", Party.PPID, now, PPID)
        assert "{" not in refusal.value.message


def test_what_is_not_proven_or_is_answered_is_not_answered() -> None:
    for state in set(State) - OPEN:
        for name, step in STEPS.items():
            if Party.PPID in step.parties:
                with pytest.raises(WorkflowError):
                    decide(Facts(state), name, Party.PPID, NOW, PPID)


def test_the_days_are_working_days_of_the_law() -> None:
    holidays = {dt.date(2026, 12, 3)}
    due = answer_due(NOW, holidays, WIB)
    assert local(due, WIB).date() == dt.date(2026, 12, 8), "ten, one of them a day off"
    assert local(extended_due(due, holidays, WIB), WIB).date() == dt.date(2026, 12, 17)
    assert local(objection_due(due, (), WIB), WIB).date() == dt.date(2027, 1, 19)


def test_soon_is_the_last_two_days_and_late_is_after_the_last_minute() -> None:
    due = answer_due(NOW, (), WIB)
    day = dt.timedelta(days=1)
    assert urgency(State.MASUK, due, NOW, (), WIB) is Urgency.NONE
    assert urgency(State.MASUK, due, due - day, (), WIB) is Urgency.SOON
    assert urgency(State.DIPERPANJANG, due, due + dt.timedelta(minutes=1), (), WIB) is Urgency.LATE
    assert urgency(State.DITOLAK, due, due + day, (), WIB) is Urgency.NONE
    assert urgency(State.MENUNGGU_BUKTI, None, NOW, (), WIB) is Urgency.NONE


def test_the_desk_shows_each_what_they_need() -> None:
    everywhere = desk(PPID)
    assert everywhere.sees("dinkes") and everywhere.answers and everywhere.addresses
    reader = desk(WALIDATA)
    assert reader.sees("dinkes") and not reader.answers
    mine = desk(OFFICER)
    assert mine.sees("dinkes") and not mine.sees("dinsos")
    assert not mine.answers and not mine.addresses
    assert not desk(MEMBER).is_open and not desk(Actor("")).is_open


def test_a_request_is_read_as_it_was_meant() -> None:
    asked, errors = parse_asked({**ASKED, "files": ["r2"]}, FILES, account=False)
    assert not errors and asked is not None
    assert (asked.files, asked.days, asked.name) == (("r2",), 90, "Ani Rahma")
    every, _ = parse_asked(ASKED, FILES, account=False)
    assert every is not None and every.files == ("r1", "r2", "r3")
    mine, errors = parse_asked({**ASKED, "name": "Orang lain", "email": "x"}, FILES, account=True)
    assert not errors and mine is not None and (mine.name, mine.email) == ("", "")


@pytest.mark.parametrize(("field", "value"), [
    ("name", ""), ("name", ["a"]), ("name", "a" * 201), ("name", "Ani\x00"),
    ("email", "ani"), ("email", "a@b.id\nBcc: semua@b.id"), ("email", {}), ("email", None),
    ("institution", "  "), ("purpose", "skripsi"), ("purpose", "a" * 2001), ("purpose", 7),
    ("files", ["r9"]), ("files", ["r1"] * 201), ("files", [{}]), ("files", {"r1": 1}),
    ("days", "91"), ("days", "-1"), ("days", None), ("terms", ""), ("terms", None),
])
def test_what_cannot_be_meant_is_said_at_its_field(field: str, value: Any) -> None:
    asked, errors = parse_asked({**ASKED, field: value}, FILES, account=False)
    assert asked is None and set(errors) == {field}
    assert "{" not in errors[field].explain("Isian")


def test_a_name_stays_on_one_line() -> None:
    asked, _ = parse_asked({**ASKED, "name": "Ani\r\nBcc: semua@b.id"}, FILES, account=False)
    assert asked is not None and asked.name == "Ani Bcc: semua@b.id"


def answer(**data: Any) -> tuple[Any, set[str]]:
    found, errors = parse_answer(data, FILES, dt.date(2026, 11, 23))
    for error in errors.values():
        assert "{" not in error.explain("Isian")
    return found, set(errors)


def test_each_answer_comes_with_what_the_law_asks_of_it() -> None:
    assert answer()[1] == answer(step="buktikan")[1] == answer(step="lupakan")[1] == {"step"}
    assert answer(step="tolak")[1] == {"grounds", "reason"}
    assert answer(step="tolak", grounds=["18a"], reason="x")[1] == {"grounds"}
    assert answer(step="kabulkan_sebagian")[1] == {"files", "until", "grounds", "reason"}
    assert answer(step="perpanjang")[1] == {"reason"}
    whole, errors = answer(step="kabulkan", until="23-11-2027", files=["r1"])
    assert not errors and whole.files == ("r1", "r2", "r3"), "all of it is all of it"
    part, errors = answer(step="kabulkan_sebagian", until="2027-01-31", files=["r3"],
                          grounds=["17j", "17h"], reason="Memuat nama.")
    assert not errors
    assert (part.files, part.grounds) == (("r3",), (Ground.H, Ground.J))


@pytest.mark.parametrize("until", ["", "23-11-2026", "01-01-2020", "31-02-2027", "besok", ["x"]])
def test_a_grant_ends_on_a_day_to_come(until: Any) -> None:
    assert answer(step="kabulkan", until=until)[1] == {"until"}


def test_a_grant_does_not_last_for_ever() -> None:
    last = dt.date(2026, 11, 23) + dt.timedelta(days=MAX_DAYS)
    assert not answer(step="kabulkan", until=last.isoformat())[1]
    assert answer(step="kabulkan", until=str(last + dt.timedelta(days=1)))[1] == {"until"}


def test_a_part_is_of_what_was_asked() -> None:
    for files in ([], ["r9"], ["r1", "r9"]):
        assert "files" in answer(step="kabulkan_sebagian", until="2027-01-31", files=files,
                                 grounds="17h", reason="x")[1]
    gone, errors = parse_answer({"step": "kabulkan", "until": "2027-01-31"}, [],
                                dt.date(2026, 11, 23))
    assert gone is None and set(errors) == {"files"}


def test_the_words_of_notices_name_only_what_is_filled_in() -> None:
    known = {*STEPS, "ajukan"} | {
        "segera", "lewat", "beri_izin", "cabut_izin", "izin_berakhir", "uji_berakhir"}
    for (event, _audience), telling in TELLINGS.items():
        assert event in known
        for text in (telling.headline, telling.text):
            fields = {field for _, field, _, _ in Formatter().parse(text) if field}
            assert fields <= {"judul", "nomor", "tanggal"} and "!" not in text


def test_whoever_asked_always_hears_the_answer() -> None:
    for step in STEPS.values():
        if Party.PPID in step.parties:
            told = TELLINGS[step.name, Audience.REQUESTER]
            assert KINDS[told.kind].fixed, "and cannot turn the portal's entry off"
            assert told.with_note or not step.reason
