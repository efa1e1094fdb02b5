"""The table of notices stands beside the table of transitions and covers it."""
from __future__ import annotations

from string import Formatter

import pytest

from ckanext.satudata.domain.notices import (
    ESCALATION,
    KINDS,
    ON_BEHALF,
    PURGES,
    TELLINGS,
    Audience,
    Kind,
    telling_of,
    tellings,
)
from ckanext.satudata.domain.workflow import TRANSITIONS, State

#: Nobody needs to hear of these: a person's own start, and a version's quiet end by its heir.
SILENT = {("mulai", State.DRAF), ("revisi", State.DRAF), ("gantikan", State.DIGANTIKAN)}

STEPS = sorted({(t.name, target) for t in TRANSITIONS for target in (t.target, t.to_pembina)
                if target} - SILENT)


@pytest.mark.parametrize(("name", "target"), STEPS)
def test_every_step_of_the_law_is_told_to_somebody(name: str, target: State) -> None:
    assert tellings(name, target.value)


def test_nothing_is_told_that_cannot_happen() -> None:
    events = {ESCALATION, ON_BEHALF, *PURGES}
    told = {(t.transition, t.target) for t in TELLINGS if t.transition not in events}
    assert told <= set(STEPS)


@pytest.mark.parametrize(("name", "target", "kind"), [
    ("kembalikan", "dikembalikan", Kind.DIKEMBALIKAN),
    ("batalkan_persetujuan", "dikembalikan", Kind.DIKEMBALIKAN),
    ("setujui", "diperiksa_pembina", Kind.DISETUJUI),
    ("setujui", "disetujui", Kind.DISETUJUI),
    ("terbitkan", "terbit", Kind.TERBIT),
    ("tarik", "ditarik", Kind.DITARIK),
    ("tarik_darurat", "ditarik", Kind.DITARIK),
])
def test_the_author_always_hears_of_a_decision(name: str, target: str, kind: Kind) -> None:
    said = [t for t in tellings(name, target) if t.audience is Audience.AUTHORS]
    assert [t.kind for t in said] == [kind]
    assert KINDS[kind].fixed, "and cannot turn the portal's entry off"


def test_the_producer_hears_nothing_the_walidata_has_not_conveyed() -> None:
    """Art. 35(4): the pembina's result goes to the walidata first."""
    heard = {t.audience for t in tellings("kembalikan", "dikembalikan_pembina")}
    assert heard == {Audience.CONVEYORS}


def test_the_reason_of_an_emergency_stays_in_the_portal() -> None:
    assert not any(t.with_note for t in tellings("tarik_darurat", "ditarik"))


def test_one_notice_has_one_wording() -> None:
    """A stored notice keeps its kind only; step and kind must name the words."""
    said: dict[tuple[str, State, Kind], str] = {}
    for each in TELLINGS:
        assert said.setdefault((each.transition, each.target, each.kind), each.text) == each.text
        assert telling_of(each.transition, each.target.value, each.kind.value) is not None
    assert telling_of("dahulu", "draf", "kabar") is None


def test_the_words_name_only_what_is_filled_in() -> None:
    for each in TELLINGS:
        for text in (each.headline, each.text):
            fields = {field for _, field, _, _ in Formatter().parse(text) if field}
            assert fields <= {"judul", "instansi", "rilis"}
            assert "judul" in fields
            assert "!" not in text
