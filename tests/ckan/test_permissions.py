"""Whom the actions of ours let see what: an editor of one organization, and nobody."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories, helpers
from publishing import published

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")


@pytest.fixture
def private() -> dict[str, Any]:
    return factories.Dataset(owner_org=factories.Organization()["id"])


def editor() -> dict[str, Any]:
    user = factories.UserWithToken()
    factories.Organization(users=[{"name": user["name"], "capacity": "editor"}])
    return user


@pytest.mark.parametrize("action", [
    "satudata_completeness_show", "satudata_dataset_copy", "satudata_mqa_show"])
def test_a_private_dataset_is_closed_to_other_organizations(
    private: dict[str, Any], action: str
) -> None:
    for name in (editor()["name"], ""):
        with pytest.raises(tk.NotAuthorized):
            helpers.call_action(action, {"user": name, "ignore_auth": False}, id=private["id"])


def test_the_copy_page_is_closed_as_well_and_stores_nothing(
    app: Any, private: dict[str, Any], everything: Any
) -> None:
    headers = {"Authorization": editor()["token"]}
    public = published(owner_org=private["owner_org"])
    before = everything()
    app.get(f"/dataset/salin/{private['id']}", headers=headers, status=403)
    assert app.get(f"/dataset/salin/{private['id']}", follow_redirects=False).status_code in (
        302,
        403,
    )
    # A name can be guessed, so it is answered as one nobody has.
    for name in (private["name"], "tidak-ada"):
        app.get(f"/dataset/salin/{name}", headers=headers, status=404)
        app.get(f"/dataset/salin/{name}", status=404)
    app.get(f"/dataset/salin/{public['name']}", headers=headers, status=200)
    after = everything()
    assert {name for name in after if before[name] != after[name]} <= {
        "ckan.user",
        "ckan.api_token",
    }


def test_a_member_of_no_organization_copies_nothing(private: dict[str, Any]) -> None:
    public = published(owner_org=private["owner_org"])
    with pytest.raises(tk.NotAuthorized):
        helpers.call_action(
            "satudata_dataset_copy",
            {"user": factories.User()["name"], "ignore_auth": False},
            id=public["id"],
        )


@pytest.mark.parametrize("kind", ["dataset", "kegiatan", "indikator", "organization"])
def test_our_forms_carry_a_token_against_forged_requests(app: Any, kind: str) -> None:
    admin = factories.SysadminWithToken()
    factories.Organization()
    page = app.get(f"/{kind}/new", headers={"Authorization": admin["token"]}, status=200)
    assert 'name="_csrf_token"' in page.body
