"""A page elsewhere that makes a logged-in browser send one of our forms changes nothing."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from role_samples import holder, make_places

from ckanext.satudata.domain.roles import Role
from ckanext.satudata.shared.actor import holders

pytestmark = [
    pytest.mark.usefixtures("clean_db", "with_plugins"),
    pytest.mark.ckan_config("WTF_CSRF_ENABLED", True),
    pytest.mark.ckan_config("ckanext.satudata.walidata", ""),
]
PASSWORD = "rahasia-sekali-123"


def token_of(page: str) -> str:
    found = BeautifulSoup(page, "html.parser").select_one('input[name="_csrf_token"]')
    assert found is not None
    return found["value"]


@pytest.fixture
def browser(app: Any, admin: dict[str, Any]) -> Any:
    """A client in which the admin is logged in by cookie, as in a browser."""
    user = model.User.get(admin["id"])
    user.password = PASSWORD
    model.Session.commit()
    client = app.test_client()
    token = token_of(client.get("/user/login").body)
    client.post("/user/login", data={
        "login": user.name, "password": PASSWORD, "_csrf_token": token})
    return client


def test_a_form_without_the_pages_token_changes_nothing(
    browser: Any, admin: dict[str, Any]
) -> None:
    user = factories.User()
    for forged in ({}, {"_csrf_token": ""}, {"_csrf_token": "x" * 90}):
        answer = browser.post("/peran/beri/ppid", data={"user": user["name"], **forged},
                              follow_redirects=False)
        assert answer.status_code == 400
    assert holders(Role.PPID) == []
    token = token_of(browser.get("/peran/beri/ppid").body)
    browser.post("/peran/beri/ppid", data={"user": user["name"], "_csrf_token": token})
    assert holders(Role.PPID) == [user["id"]]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_client_of_the_api_opens_no_door_for_forged_forms(
    app: Any, browser: Any, admin: dict[str, Any], method: str
) -> None:
    """CKAN stops asking for the token, for everybody, on a view once called with an API token."""
    make_places(admin)
    given, user = holder(admin, Role.PPID), factories.UserWithToken()
    path = f"/peran/cabut/{given['grant']}"
    getattr(app, method)(path, headers={"Authorization": user["token"]}, status=403)
    getattr(app, method)("/organization/new", headers={"Authorization": user["token"]},
                         follow_redirects=False)
    answer = browser.post(path, data={"reason": "Palsu"}, follow_redirects=False)
    assert answer.status_code == 400
    assert holders(Role.PPID) == [given["id"]]
    made = browser.post("/organization/new", data={"name": "palsu", "save": ""},
                        follow_redirects=False)
    assert made.status_code == 400 and model.Group.get("palsu") is None


def test_a_client_of_the_api_needs_no_token_of_a_page(
    app: Any, browser: Any, admin: dict[str, Any]
) -> None:
    user = factories.User()
    headers = {"Authorization": admin["token"]}
    app.post("/api/action/satudata_role_grant", headers=headers,
             json={"user": user["name"], "role": "ppid"}, status=200)
    app.post("/peran/beri/pimpinan", headers=headers, data={"user": user["name"]}, status=200)
    assert holders(Role.PPID) == holders(Role.PIMPINAN) == [user["id"]]


def test_no_other_site_shows_our_pages_in_a_frame(browser: Any) -> None:
    """Approving is one press of a button, which a page around it could hide under its own."""
    for path in ("/", "/tugas", "/peran", "/user/login", "/dataset/", "/tidak-ada",
                 "/api/action/status_show"):
        headers = browser.get(path).headers
        assert headers["X-Frame-Options"] == "SAMEORIGIN", path
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"], path


def test_the_view_of_a_file_may_be_shown_elsewhere(app: Any) -> None:
    """CKAN offers a piece of HTML for that."""
    missing = "/dataset/a/resource/b/view/c"
    assert "X-Frame-Options" not in app.get(missing, status=404).headers
