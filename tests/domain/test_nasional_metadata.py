"""Kegiatan and indikator as the national CKAN takes them, whatever they hold."""
from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from federation_samples import SITE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nasional_samples import RECORDS

from ckanext.satudata.domain.federation.nasional import Shape, problems
from ckanext.satudata.domain.federation.nasional_metadata import (
    KINDS,
    flattened_metadata,
    withdrawn_metadata,
)

AT = datetime(2026, 3, 17, 6, 30)


def refused(made: dict[str, Any]) -> list[str]:
    """Return what the reader refuses; that they are no datasets is what they are."""
    return [each for each in problems(made, Shape.CKAN) if each != "type: tipe"]


@given(record=RECORDS, kind=st.sampled_from(KINDS),
       more=st.lists(st.text(st.characters(categories=["Ll", "Nd"]), min_size=1, max_size=8),
                     max_size=4))
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_they_can_hold_makes_a_record_the_reader_refuses(
    record: dict[str, Any], kind: str, more: list[str],
) -> None:
    fields = [*record, "ms_var", "title", "url", "guid", "publishing_status"]
    made = flattened_metadata(
        {**record, "type": kind, "ms_var": [{name: name} for name in more]}, SITE, AT, fields)
    assert refused(made) == []
    assert json.loads(json.dumps(made, allow_nan=False)) == made
    assert made["type"] == kind
    assert not {"guid", "publishing_status"} & {each["key"] for each in made["extras"]}


def test_only_fields_of_the_form_travel() -> None:
    made = flattened_metadata(
        {"id": "a" * 8, "name": "cakupan", "title": "Cakupan", "type": "indikator",
         "rumus": "a/b", "creator_user_id": "rahasia", "resources": [],
         "organization": {"title": "Dinas Kesehatan"}}, SITE, AT, ["title", "rumus"])
    assert {each["key"] for each in made["extras"]} == {"halaman", "rumus"}
    assert "rahasia" not in json.dumps(made)
    assert made["url"] == f"{SITE.url}/indikator/cakupan" and made["author"] == "Dinas Kesehatan"


@pytest.mark.parametrize("kind", KINDS)
def test_what_left_says_nothing_but_that(kind: str) -> None:
    gone = withdrawn_metadata("1f" * 16, kind, AT)
    assert refused(gone) == [] and gone["state"] == "deleted"
