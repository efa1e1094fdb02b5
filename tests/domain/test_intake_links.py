"""Links to hand in by: who makes one, how long it lives, what it lets through, what it says."""
from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.domain.intake import links
from ckanext.satudata.domain.intake.links import LinkState, Refusal, Standing
from ckanext.satudata.domain.metadata_values import InvalidValueError
from ckanext.satudata.domain.roles import Actor, Grant, Role, Subject
from ckanext.satudata.domain.workdays import parse_zone

WIB = parse_zone("Asia/Jakarta")
#: 22 November 2026, 08.30 in Serang.
NOW = dt.datetime(2026, 11, 22, 1, 30, tzinfo=dt.timezone.utc)
SOON, PAST = NOW + dt.timedelta(days=3), NOW - dt.timedelta(seconds=1)
DINKES = Subject("dinkes", "statistik")
STORAGE = 100 * links.MEGABYTE


def who(role: Role, scope: str = "", **more: object) -> Actor:
    return Actor("x", "x", (Grant(role, scope),), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("actor", "makes"), [
    (who(Role.WALIDATA), True),
    (who(Role.WALIDATA_PENDUKUNG, "dinkes"), True),
    (who(Role.WALIDATA_PENDUKUNG, "dinsos"), False),
    (who(Role.PRODUSEN_DATA, "dinkes", admin_of=frozenset({"dinkes"})), True),
    (who(Role.PRODUSEN_DATA, "dinsos", admin_of=frozenset({"dinsos"})), False),
    (Actor("x", sysadmin=True), True),
    (Actor(""), False),
    *((who(role, scope), False) for role in Role for scope in ("", "dinkes", "statistik")
      if role not in (Role.WALIDATA, Role.WALIDATA_PENDUKUNG)),
])
def test_walidata_its_helper_and_the_admin_of_the_opd_make_links(actor: Actor, makes: bool) -> None:
    assert links.may_make(actor, DINKES) is makes


def test_an_admin_of_nothing_makes_no_link_for_data_of_nobody() -> None:
    assert not links.may_make(Actor("x", admin_of=frozenset({""})), Subject(""))


@pytest.mark.parametrize(("link", "state", "refused", "mending"), [
    (Standing(SOON), LinkState.BERLAKU, None, None),
    (Standing(PAST), LinkState.BERAKHIR, Refusal.BERAKHIR, Refusal.BERAKHIR),
    (Standing(NOW), LinkState.BERAKHIR, Refusal.BERAKHIR, Refusal.BERAKHIR),
    (Standing(SOON, revoked=True), LinkState.DICABUT, Refusal.DICABUT, Refusal.DICABUT),
    (Standing(PAST, True, True, 3, 1), LinkState.DICABUT, Refusal.DICABUT, Refusal.DICABUT),
    (Standing(SOON, single=True), LinkState.BERLAKU, None, None),
    (Standing(SOON, single=True, received=1, kept=1), LinkState.TERPAKAI,
     Refusal.SUDAH_DIPAKAI, None),
    # What was thrown away is asked for again by the same link.
    (Standing(SOON, single=True, received=1), LinkState.BERLAKU, None, None),
    (Standing(SOON, received=49, kept=49), LinkState.BERLAKU, None, None),
    (Standing(SOON, received=50, kept=2), LinkState.TERPAKAI, Refusal.SUDAH_DIPAKAI,
     Refusal.SUDAH_DIPAKAI),
])
def test_where_a_link_stands_and_what_it_lets_through(
    link: Standing, state: LinkState, refused: Refusal | None, mending: Refusal | None
) -> None:
    assert links.state_of(link, NOW) is state
    assert links.refusal(link, NOW) is refused
    assert links.refusal(link, NOW, mends=True) is mending


def test_every_state_and_refusal_has_words() -> None:
    assert set(links.STATE_LABELS) == set(LinkState)
    assert set(links.REFUSALS) == set(Refusal)


def test_a_link_nobody_said_anything_about_lives_two_weeks_to_the_end_of_the_day() -> None:
    asked, wrong = links.parse({"id": "x", "label": ""}, NOW, WIB, STORAGE)
    assert wrong == {} and asked is not None
    assert asked.expires_at == dt.datetime(2026, 12, 7, tzinfo=WIB)
    assert links.last_day(asked.expires_at, WIB) == dt.date(2026, 12, 6)
    assert (asked.single, asked.max_bytes, asked.phone, asked.email) == (
        False, 10 * links.MEGABYTE, "", "")


def test_what_was_said_about_a_link_is_kept() -> None:
    asked, wrong = links.parse({
        "label": "Puskesmas Cikande\n", "expires_at": "31 Desember 2026", "single": "true",
        "max_mb": "25", "phone": "0812-3456 7890", "email": "cikande@serangkab.go.id",
    }, NOW, WIB, STORAGE)
    assert wrong == {} and asked is not None
    assert (asked.label, asked.single, asked.max_bytes) == (
        "Puskesmas Cikande", True, 25 * links.MEGABYTE)
    assert (asked.phone, asked.email) == ("6281234567890", "cikande@serangkab.go.id")
    assert links.last_day(asked.expires_at, WIB) == dt.date(2026, 12, 31)


@pytest.mark.parametrize(("name", "value"), [
    ("label", "x" * 121), ("label", ["x"]), ("label", "a\x00b"),
    ("expires_at", "kemarin"), ("expires_at", "2026-11-21"), ("expires_at", "2027-02-21"),
    ("days", 0), ("days", "91"), ("days", "-1"), ("days", "abc"),
    ("single", "mungkin"), ("max_mb", "0"), ("max_mb", "101"), ("max_mb", "1e9"),
    ("phone", "rumah"), ("phone", "0812"), ("phone", "08123456789012345"), ("email", "cikande"),
])
def test_what_makes_no_sense_is_told_by_field(name: str, value: object) -> None:
    asked, wrong = links.parse({name: value}, NOW, WIB, STORAGE)
    assert asked is None and list(wrong) == [name]
    said = wrong[name].explain(links.LABELS[name])
    assert "{" not in said and links.LABELS[name] in said


def test_a_storage_smaller_than_the_usual_cap_is_the_cap() -> None:
    asked, _ = links.parse({}, NOW, WIB, 2 * links.MEGABYTE)
    assert asked is not None and asked.max_bytes == 2 * links.MEGABYTE


def test_a_link_is_extended_from_its_end_or_from_today_where_it_is_over() -> None:
    ends = links.end_of(dt.date(2026, 11, 30), WIB)
    assert links.last_day(links.extended(ends, 7, NOW, WIB), WIB) == dt.date(2026, 12, 7)
    over = links.end_of(dt.date(2026, 11, 1), WIB)
    assert links.last_day(links.extended(over, 7, NOW, WIB), WIB) == dt.date(2026, 11, 29)
    with pytest.raises(InvalidValueError):
        links.extended(ends, 90, NOW, WIB)


def test_the_same_secret_makes_the_same_token_and_another_another() -> None:
    one, two = links.new_id(), links.new_id()
    token = links.token_of("rahasia", one)
    assert token == links.token_of("rahasia", one) and len(token) == 43
    assert len({token, links.token_of("rahasia", two), links.token_of("lain", one)}) == 3
    assert one not in token and len(links.hash_of(token)) == 64
    assert len({links.new_id() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "token", ["", "a" * 42, "a" * 44, "a" * 42 + "/", "a" * 43 + "\n", "é" * 43])
def test_what_cannot_be_a_token_has_no_hash(token: str) -> None:
    assert links.hash_of(token) == ""


def test_a_receipt_looks_like_a_token_and_is_none() -> None:
    assert links.hash_of(links.new_receipt())


@pytest.mark.parametrize(("written", "number"), [
    ("08123456789", "628123456789"), ("0812-3456-7890", "6281234567890"),
    ("+62 812 3456 789", "628123456789"), ("62812345678", "62812345678"),
    ("8123456789", "628123456789"), ("+62 0812 3456 789", "628123456789"),
    ("(0254) 200123", "62254200123"), ("0062812345678", "62812345678"),
    ("+65 8123 4567 8", "65812345678"),
])
def test_a_number_is_written_as_whatsapp_takes_it(written: str, number: str) -> None:
    assert links.phone(written) == number


@given(st.text(max_size=60))
def test_no_text_becomes_a_number_with_anything_but_digits(text: str) -> None:
    try:
        found = links.phone(text)
    except InvalidValueError:
        return
    assert found.isascii() and found.isdigit() and 9 <= len(found) <= 15


@given(st.text(max_size=80))
def test_what_is_sent_arrives_as_it_was_written(text: str) -> None:
    message = text.encode("utf-8", "ignore").decode()
    address = links.wa_url("628123456789", message)
    assert address.startswith("https://wa.me/628123456789?text=")
    assert unquote(urlsplit(address).query.removeprefix("text=")) == message
    mail = urlsplit(links.mail_url("a@b.id", message, message))
    assert mail.scheme == "mailto" and mail.path == "a@b.id"
    assert parse_qs(mail.query, keep_blank_values=True)["subject"] == [message]


def test_name_and_phone_of_a_sender_may_stay_empty_and_are_bounded() -> None:
    assert links.parse_sender({}) == ({}, {})
    assert links.parse_sender({"name": "  ", "contact": ""}) == ({}, {})
    found, wrong = links.parse_sender({"name": "Bu Ani", "contact": "0812-3456"})
    assert (found, wrong) == ({"name": "Bu Ani", "contact": "0812-3456"}, {})
    found, wrong = links.parse_sender({"name": "x" * 200, "contact": "rumah"})
    assert found == {} and set(wrong) == {"name", "contact"}


def test_a_preview_of_a_messenger_is_nobody_who_opens_a_link() -> None:
    assert links.is_preview("WhatsApp/2.24.1 A")
    assert links.is_preview("facebookexternalhit/1.1")
    assert not links.is_preview("Mozilla/5.0 (Linux; Android 13) Chrome/120 Mobile Safari/537.36")
