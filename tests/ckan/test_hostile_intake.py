"""Anybody's JSON against the actions of handing in: it is refused in words, and nothing breaks."""
from __future__ import annotations

import contextlib
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from link_scene import make_link
from test_hostile_values import JUNK
from tidy_scene import VISITS, book, draft
from workflow_cast import COMPLETE, Cast, Data, call, people

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "with_request_context"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
made, cast = people()
TEXTS = ("nul", "surrogate", "long", "object", "mixed", "true", "int")
#: Actions and the field by which each names what it is about.
OF_DATASET = (
    "satudata_grid_discard", "satudata_grid_show", "satudata_grid_submit", "satudata_grid_update",
    "satudata_intake_create", "satudata_intake_list", "satudata_paste_submit",
    "satudata_recap_create", "satudata_recap_list", "satudata_template_create",
    "satudata_upload_link_create", "satudata_upload_link_list")
OF_ONE = (
    "satudata_intake_accept", "satudata_intake_correct", "satudata_intake_discard",
    "satudata_intake_restore", "satudata_intake_show", "satudata_recap_accept",
    "satudata_recap_close", "satudata_recap_merge", "satudata_recap_remind",
    "satudata_recap_show", "satudata_recap_update", "satudata_upload_link_extend",
    "satudata_upload_link_revoke")


@pytest.mark.parametrize(("action", "field"), [
    *((each, "id") for each in (*OF_DATASET, *OF_ONE)),
    ("satudata_tidy_accept", "content_id"), ("satudata_tidy_update", "resource_id")])
def test_what_names_nothing_is_refused_in_words(cast: Cast, action: str, field: str) -> None:
    for who in (cast.kepala, cast.boss, cast.warga):
        for given in ({}, *({field: JUNK[kind]} for kind in TEXTS)):
            with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError)):
                call(action, who, **given)


@pytest.fixture
def dataset(cast: Cast) -> Data:
    return cast.make(resources=[])


def test_a_text_that_no_file_can_hold_is_kept_as_far_as_one_can(
    cast: Cast, dataset: Data
) -> None:
    made = call("satudata_intake_create", cast.produsen, id=dataset["id"], filename="a.csv",
                content="kecamatan;jumlah\n\ud800nyar;1\n")
    assert made["size"] == len("kecamatan;jumlah\n?nyar;1\n")


@pytest.mark.parametrize("more", [
    {"link_id": "x"}, {"sender": {"name": "Ani"}}, {"receipt_sha256": "a" * 64},
    {"owner": "tautan:x"}, {"sent_by": "x"}, {"sha256": "a" * 64}, {"content_id": "x"},
    {"state": "diterima"}, {"recipe": {"tables": [{}]}}, {"resources": ["x"]}])
def test_no_client_says_who_sent_or_where_it_stands(
    cast: Cast, dataset: Data, more: Data
) -> None:
    link: Any = make_link(cast, dataset)
    more = {name: link["id"] if name == "link_id" else value for name, value in more.items()}
    made = call("satudata_intake_create", cast.produsen, id=dataset["id"], filename="a.csv",
                content="kecamatan;jumlah\nAnyar;1\n", **more)
    assert (made["link_id"], made["sender"], made["state"], made["resources"]) == (
        None, {}, "menunggu", [])
    assert made["sent_by"]["name"] == cast.produsen["name"]


@pytest.fixture
def secret(cast: Cast) -> Data:
    """A clean table of a draft of another OPD, with the raw file that it was made of."""
    return draft(cast, book(Data=VISITS))["resources"][0]


FIELDS = ("sha256", "mentah_sha256", "mentah_nama", "mentah_tabel")


def named(secret: Data) -> Data:
    """Return the fields by which a resource would be the raw file of somebody else."""
    return {"mentah_sha256": secret["mentah_sha256"], "mentah_nama": "x.xlsx", "mentah_tabel": "1",
            "sha256": secret["mentah_sha256"], "hash": secret["mentah_sha256"],
            "url": "x.xlsx", "url_type": "upload", "format": "XLSX"}


def harmless(identifier: str, secret: Data) -> None:
    """See that nothing of a dataset stands for the bytes of another."""
    model.Session.rollback()
    for each in model.Session.scalars(sa.select(model.Resource).where(
            model.Resource.package_id == identifier)):
        held = {(each.extras or {}).get(name) for name in FIELDS}
        assert not held & {secret["sha256"], secret["mentah_sha256"]}, each.extras


@pytest.mark.parametrize("theirs", [False, True])
def test_no_client_makes_a_file_of_anothers_bytes(
    cast: Cast, secret: Data, theirs: bool
) -> None:
    """By the fields the server keeps, and by the id of the file itself."""
    mine = call("package_create", cast.tetangga, **{
        **COMPLETE, "owner_org": cast.other, "title": "Milik tetangga"})
    own = mine["resources"][0]["id"]
    given = {**named(secret), **({"id": secret["id"]} if theirs else {})}
    ways: list[tuple[str, Data]] = [
        ("resource_create", {"package_id": mine["id"], **given}),
        ("package_update", {**mine, "resources": [*mine["resources"], given]}),
        ("package_patch", {"id": mine["id"], "resources": [given]}),
        ("package_revise", {"match": {"id": mine["id"]}, "update": {
            "resources": [*mine["resources"], given]}}),
        ("package_revise", {"match": {"id": mine["id"]}, "update__resources__extend": [given]}),
        ("package_create", {**COMPLETE, "owner_org": cast.other, "title": "Lain lagi",
                            "resources": [given]}),
    ]
    if not theirs:
        ways = [("resource_update", {"id": own, **given}),
                ("resource_patch", {"id": own, **given}), *ways]
    for action, sent in ways:
        with contextlib.suppress(tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError):
            made = call(action, cast.tetangga, **sent)
            found = made.get("package", made)
            harmless(found.get("package_id") or found["id"], secret)
        harmless(mine["id"], secret)
        model.Session.rollback()
        still = model.Session.get(model.Resource, secret["id"])
        assert still is not None and still.package_id == secret["package_id"], action
        assert still.state == "active" and still.extras["sha256"] == secret["sha256"], action
