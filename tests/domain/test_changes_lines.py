"""The stream of changes as JSON lines: who asks since a number gets what is new to him."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from change_samples import change
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.domain.federation.changes import (
    Change,
    ChangeKind,
    ending,
    kind_since,
    line,
)


@pytest.mark.parametrize(("since", "created", "latest", "deleted", "told"), [
    (0, 1, 1, False, "create"),
    (5, 3, 5, False, None),
    (5, 3, 5, True, None),  # he was told
    (5, 3, 8, False, "update"),
    (5, 6, 8, False, "create"),
    (5, 3, 8, True, "delete"),
    (5, 6, 8, True, "delete"),  # came and left unseen
    (5, 9, 9, False, "create"),  # created by 3, withdrawn by 7, published again by 9
    (7, 9, 9, False, "create"),
    (9, 9, 12, False, "update"),
])
def test_what_a_reader_is_told(
    since: int, created: int, latest: int, deleted: bool, told: str | None
) -> None:
    assert kind_since(
        since, created_sequence=created, latest_sequence=latest, deleted=deleted
    ) == told


def test_no_dataset_changes_before_it_is_created() -> None:
    with pytest.raises(ValueError, match="last changed by 3"):
        kind_since(0, created_sequence=4, latest_sequence=3, deleted=False)


class Portal:
    """The list of changes and the datasets behind it; ``touch`` does whatever is possible."""

    def __init__(self) -> None:
        self.log: list[Change] = []
        self.created: dict[int, int] = {}
        self.latest: dict[int, Change] = {}

    def touch(self, dataset: int, *, remove: bool) -> None:
        there = dataset in self.latest and self.latest[dataset].kind != "delete"
        if remove and not there:
            return
        kind: ChangeKind = "delete" if remove else "update" if there else "create"
        made = replace(change(len(self.log) + 1, kind), package_id=str(dataset))
        self.log.append(made)
        self.latest[dataset] = made
        if kind == "create":
            self.created[dataset] = made.sequence

    def public(self) -> dict[str, str]:
        return {
            each.package_id: each.hash for each in self.latest.values() if each.kind != "delete"
        }

    def answer(self, since: int, limit: int) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        for dataset, each in sorted(self.latest.items(), key=lambda item: item[1].sequence):
            kind = kind_since(
                since,
                created_sequence=self.created[dataset],
                latest_sequence=each.sequence,
                deleted=each.kind == "delete",
            )
            if kind:
                told.append(line(each, kind))
        if len(told) > limit:
            return [*told[:limit], ending(told[limit - 1]["sequence"], more=True)]
        return [*told, ending(len(self.log), more=False)]


class Copy:
    """A reader that does what each line says."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.position = 0

    def take(self, answer: list[dict[str, Any]]) -> bool:
        *told, end = answer
        assert len({each["id"] for each in told}) == len(told)
        for each in told:
            if each["kind"] == "delete":
                self.kept.pop(each["id"], None)
            else:
                self.kept[each["id"]] = each["hash"]
        assert end["position"] >= self.position
        self.position = end["position"]
        return end["more"]


touches = st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=25)


@given(st.lists(touches, max_size=5), st.integers(1, 4))
def test_a_copy_follows_however_it_asks(rounds: list[list[tuple[int, bool]]], limit: int) -> None:
    portal, copy = Portal(), Copy()
    for touched in rounds:
        for dataset, remove in touched:
            portal.touch(dataset, remove=remove)
        copy.take(portal.answer(copy.position, limit))  # falls behind: one slice a round
    while copy.take(portal.answer(copy.position, limit)):
        pass
    assert copy.kept == portal.public()
    assert portal.answer(copy.position, limit) == [ending(len(portal.log), more=False)]


@given(st.lists(touches, max_size=5))
def test_who_reads_answers_whole_is_told_what_is_new_to_him(
    rounds: list[list[tuple[int, bool]]],
) -> None:
    portal, copy = Portal(), Copy()
    for touched in rounds:
        before = len(portal.log)
        for dataset, remove in touched:
            portal.touch(dataset, remove=remove)
        answer = portal.answer(copy.position, len(portal.latest))
        left = {each.package_id for each in portal.log[before:] if each.kind == "delete"}
        for each in answer[:-1]:
            had = each["id"] in copy.kept and each["id"] not in left
            assert each["kind"] == "delete" or (each["kind"] == "update") == had
        copy.take(answer)
        assert copy.kept == portal.public()


def test_a_line_says_what_its_reader_needs() -> None:
    each = change(4, "update")
    assert line(each, "create", content={"title": "Judul"}) == {
        "sequence": 4,
        "kind": "create",
        "id": each.package_id,
        "iri": each.iri,
        "at": "2026-11-03T00:00:04.000004+00:00",
        "hash": each.hash,
        "content": {"title": "Judul"},
    }


def test_nothing_is_said_of_a_dataset_that_is_gone() -> None:
    with pytest.raises(ValueError, match="nothing more"):
        line(change(3, "delete"), content={"title": "Judul"})
    with pytest.raises(ValueError, match="nothing more"):
        line(change(3, "update"), "delete", content={})


def test_a_line_is_not_overwritten() -> None:
    with pytest.raises(ValueError, match="hash, id"):
        line(change(3, "update"), id="lain", hash="lain")
