"""What two versions say differently is what a person would call different."""
from __future__ import annotations

from typing import Any

import pytest

from ckanext.satudata.domain.versions.fields import difference, said, said_of_file


def _differ(before: dict[str, Any], after: dict[str, Any], *order: str) -> list[str]:
    return [each["field"] for each in difference(said(before), said(after), order)]


@pytest.mark.parametrize(("before", "after"), [
    ({"title": "A"}, {"title": "A", "metadata_modified": "2", "num_tags": 3, "id": "x"}),
    ({"notes": ""}, {}), ({"notes": None}, {"notes": ""}), ({"theme": []}, {}),
    ({"theme": ["a", "b"]}, {"theme": ["b", "a"]}),
    ({"tags": [{"name": "b", "id": "1"}, {"name": "a"}]}, {"tags": [{"name": "a"}, {"name": "b"}]}),
    ({"contact": [{"name": "A", "email": "", "id": "1"}]}, {"contact": [{"name": "A", "id": "2"}]}),
    ({"extras": [{"key": "b", "value": "1"}, {"key": "a", "value": "2"}]},
     {"extras": [{"key": "a", "value": "2"}, {"key": "b", "value": "1"}]}),
])
def test_what_says_the_same_is_no_difference(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert _differ(before, after) == []


@pytest.mark.parametrize(("before", "after", "names"), [
    ({"title": "A"}, {"title": "B"}, ["title"]),
    ({}, {"notes": "x"}, ["notes"]),
    ({"theme": ["a"]}, {"theme": ["a", "a"]}, ["theme"]),
    ({"contact": [{"name": "A"}, {"name": "B"}]}, {"contact": [{"name": "B"}, {"name": "A"}]},
     ["contact"]),
    ({"extras": [{"key": "k", "value": "1"}]}, {"extras": [{"key": "k", "value": "2"}]}, ["k"]),
    ({"tags": [{"name": "a"}]}, {"tags": []}, ["tags"]),
])
def test_what_says_something_else_is_named(
    before: dict[str, Any], after: dict[str, Any], names: list[str]
) -> None:
    assert _differ(before, after) == names
    assert _differ(after, before) == names


def test_fields_come_in_the_order_of_the_form() -> None:
    assert _differ({}, {"b": "1", "a": "1", "z": "1", "k": "1"}, "z", "k") == ["z", "k", "a", "b"]


def test_of_a_file_its_description_counts_and_not_its_bytes() -> None:
    old = {"id": "1", "name": "Tabel", "sha256": "a", "size": 5, "url": "x", "format": "CSV"}
    new = {"id": "2", "name": "Tabel 2", "sha256": "b", "size": 6, "url": "y", "format": "CSV"}
    assert difference(said_of_file(old), said_of_file(new)) == [
        {"field": "name", "old": "Tabel", "new": "Tabel 2"}]
