"""What a client may send instead of a text: it is stored or refused by name, and nothing breaks."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.navl.dictization_functions import DataError
from ckan.tests import factories, helpers

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins"),
    # Solr is sent all of it and answers; that it shows each at once proves no more.
    pytest.mark.ckan_config("ckan.search.solr_commit", False),
]


def nested(levels: int, wrap: Any) -> Any:
    value: Any = "x"
    for _level in range(levels):
        value = wrap(value)
    return value


JUNK: dict[str, Any] = {
    "none": None,
    "true": True,
    "int": -1,
    "nan": float("nan"),
    "object": {"a": 1},
    "mixed": ["a", None, {"b": 1}],
    "lists": [[["a"]]],
    "deep list": nested(400, lambda each: [each]),
    "deep object": nested(400, lambda each: {"a": each}),
    "hidden nan": {"fields": [{"name": "a", "x": float("inf")}]},
    "nan text": '{"fields": [{"name": "a", "x": 1e999}]}',
    "hidden surrogate": {"fields": [{"name": "a", "x": ["\ud800"]}]},
    "surrogate key": [{"\ud800": 1}],
    "nul": "a\x00b",
    "surrogate": "\ud800",
    "long": "x" * 200_000,
    "many": [str(number) for number in range(5000)],
    "text of a list": '[{"a": 1}]',
    "text of depth": "[" * 5000,
    "braces": "{label} {0} %s %(a)s",
}


def refused(error: Any) -> set[str]:
    """Return the fields an error names; of a group in another shape CKAN tells in the message."""
    if isinstance(error, tk.ValidationError):
        return set(error.error_dict)
    return {error.error.split("'")[1]}


def sent_until_stored(
    action: str, user: str, fixed: dict[str, Any], sent: dict[str, Any]
) -> dict[str, Any]:
    """Send everything, leave out what is refused by name, until it is stored."""
    while True:
        try:
            return helpers.call_action(
                action, {"user": user, "ignore_auth": False}, **{**fixed, **sent}
            )
        except (tk.ValidationError, DataError) as error:
            named = refused(error)
            assert named & set(sent), (named, sent.keys())
            parts = set(error.error_dict["resources"][0]) if "resources" in named else set()
            for part in parts:
                sent["resources"][0].pop(part)
            for name in named - {"resources"}:
                sent.pop(name, None)


@pytest.mark.parametrize("kind", ["dataset", "kegiatan", "indikator", "organization"])
def test_a_value_of_any_shape_is_stored_or_refused_by_name(kind: str) -> None:
    admin = factories.Sysadmin()["name"]
    of_group = kind == "organization"
    schema = (
        tk.h.scheming_get_organization_schema(kind)
        if of_group
        else tk.h.scheming_get_dataset_schema(kind)
    )
    fields = schema["fields" if of_group else "dataset_fields"]
    fixed: dict[str, Any] = {"title": "Uji"}
    if not of_group:
        fixed |= {"type": kind, "owner_org": factories.Organization()["id"]}
    action = "organization" if of_group else "package"
    number = 0
    for junk in JUNK.values():
        attempts = [
            {each["field_name"]: junk for each in fields},
            {"name": junk},
            {
                each["field_name"]: [
                    {part["field_name"]: junk for part in each["repeating_subfields"]}
                ]
                for each in fields
                if "repeating_subfields" in each
            },
            {"extras": [{"key": "kunci", "value": junk}]},
            {"extras": [{"key": junk, "value": "nilai"}]},
        ]
        if not of_group:
            attempts.append(
                {"resources": [{each["field_name"]: junk for each in schema["resource_fields"]}]}
            )
        for sent in attempts:
            number += 1
            made = sent_until_stored(
                f"{action}_create", admin, {**fixed, "name": f"uji-{number}"}, sent
            )
            shown = helpers.call_action(f"{action}_show", {"user": admin}, id=made["id"])
            json.dumps(shown, allow_nan=False).encode()


@pytest.mark.parametrize(
    ("action", "names"),
    [
        ("satudata_vocabulary_show", ("name", "code", "q", "lang", "limit", "offset")),
        ("satudata_wilayah_search", ("q", "level", "within", "limit")),
        ("satudata_completeness_show", ("id",)),
        ("satudata_mqa_show", ("id",)),
        ("satudata_dataset_copy", ("id",)),
    ],
)
def test_a_parameter_of_any_shape_is_answered_or_refused(
    action: str, names: tuple[str, ...]
) -> None:
    user = factories.User()["name"]
    for name in names:
        for junk in JUNK.values():
            try:
                helpers.call_action(action, {"user": user, "ignore_auth": False}, **{name: junk})
            except (tk.ValidationError, tk.ObjectNotFound):
                continue
