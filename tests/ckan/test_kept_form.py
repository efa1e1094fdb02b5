"""A session that ends while somebody types costs a sign-in, not what was typed."""
from __future__ import annotations

import io
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories, helpers
from metadata_samples import Data, call
from test_metadata_forms import submit
from werkzeug.datastructures import FileStorage

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins"),
    pytest.mark.ckan_config("WTF_CSRF_ENABLED", True),
]
HERE = "this portal"
PASSWORD = "rahasia-sekali-123"
TYPED = 'Uraian <b>"panjang"</b>\nyang diketik & disimpan'


class Browser:
    """A browser with cookies, which names the page a form was on."""

    def __init__(self, app: Any, name: str) -> None:
        self.client, self.name = app.test_client(), name

    def opens(self, url: str) -> Any:
        return BeautifulSoup(self.client.get(url).body, "html.parser")

    def signs_in(self) -> None:
        form = self.opens("/user/login").select_one('input[name="_csrf_token"]')
        self.client.post("/user/login", data={
            "login": self.name, "password": PASSWORD, "_csrf_token": form["value"]})

    def sends(self, url: str, data: Data, origin: str | None = HERE) -> Any:
        own = tk.config["ckan.site_url"]
        headers = {"Origin": own if origin == HERE else origin} if origin else {}
        return self.client.post(
            url, data=data, headers=headers, content_type="multipart/form-data",
            follow_redirects=False)


@pytest.fixture
def officer(agency: Data) -> Data:
    user = factories.User(fullname="Ani Suryani")
    helpers.call_action("organization_member_create", id=agency["id"], username=user["name"],
                        role="editor")
    row = model.User.get(user["id"])
    row.password = PASSWORD
    model.Session.commit()
    return user


@pytest.fixture
def browser(app: Any, officer: Data) -> Browser:
    browser = Browser(app, officer["name"])
    browser.signs_in()
    return browser


@pytest.fixture
def made(officer: Data, agency: Data) -> Data:
    return call("package_create", officer, title="Kunjungan 2025", owner_org=agency["id"],
                resources=[{"url": "https://a.id/x.csv", "name": "Tabel"}])


def notes(officer: Data, made: Data) -> str:
    return call("package_show", officer, id=made["id"]).get("notes", "")


def again(answer: Any) -> Any:
    """Return the form with what was typed."""
    return BeautifulSoup(answer.body, "html.parser").select_one(".sd-error form[method=post]")


def test_a_stale_form_is_sent_again_by_one_press(
    browser: Browser, officer: Data, made: Data
) -> None:
    url = f"/dataset/edit/{made['name']}"
    form = browser.opens(url).select_one("#dataset-edit")
    answer = browser.sends(url, submit(form, notes=TYPED, _csrf_token="x" * 60))
    assert answer.status_code == 400 and notes(officer, made) != TYPED
    kept = again(answer)
    assert kept["action"] == url
    assert browser.sends(url, submit(kept)).status_code == 302
    assert notes(officer, made) == TYPED


def test_what_was_typed_survives_the_sign_in(browser: Browser, officer: Data, made: Data) -> None:
    url = f"/dataset/edit/{made['name']}"
    form = browser.opens(url).select_one("#dataset-edit")
    browser.client.get("/user/_logout")
    answer = browser.sends(url, submit(form, notes=TYPED))
    kept = again(answer)
    page = BeautifulSoup(answer.body, "html.parser")
    assert page.select_one(".sd-error a[href*='/user/login']")
    browser.signs_in()
    answer = browser.sends(url, submit(kept))  # the sign-in gave the browser another token
    if answer.status_code != 302:
        assert browser.sends(url, submit(again(answer))).status_code == 302
    assert notes(officer, made) == TYPED


def test_a_file_that_came_too_is_asked_for_again(browser: Browser, made: Data) -> None:
    url = f"/dataset/{made['name']}/resource/{made['resources'][0]['id']}/edit"
    form = browser.opens(url).select_one("#resource-edit")
    data = submit(form, _csrf_token="x", description=TYPED,
                  upload=FileStorage(io.BytesIO(b"a,b\n1,2\n"), "tabel.csv"))
    kept = again(browser.sends(url, data))
    assert kept.select_one("input[type=file][name=upload]") and "tabel.csv" in kept.text
    assert kept.select_one("[name=description]")["value"].replace("\r\n", "\n") == TYPED


@pytest.mark.parametrize("origin", [None, "https://jahat.id", "null", "http://localhost.jahat.id"])
def test_a_page_elsewhere_gets_nothing_to_confirm(
    origin: str | None, browser: Browser, officer: Data, made: Data
) -> None:
    before = notes(officer, made)
    answer = browser.sends(f"/dataset/edit/{made['name']}", {"notes": TYPED}, origin)
    assert answer.status_code == 400 and again(answer) is None and TYPED not in answer.body
    assert notes(officer, made) == before


def test_no_password_is_ever_shown_again(browser: Browser) -> None:
    answer = browser.sends(f"/user/edit/{browser.name}", {
        "old_password": PASSWORD, "password1": "baru-sekali-1", "password2": "baru-sekali-1"})
    assert answer.status_code == 400
    assert PASSWORD not in answer.body and "baru-sekali-1" not in answer.body
