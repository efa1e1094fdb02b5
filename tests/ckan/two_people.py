"""Two officers of one agency, each at a browser of their own."""
from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from ckan.tests import factories, helpers
from metadata_samples import Data
from test_metadata_forms import submit


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, app: Any, name: str, agency: Data) -> None:
        self.app = app
        self.user = factories.UserWithToken(fullname=name)
        helpers.call_action(
            "organization_member_create", id=agency["id"], username=self.user["name"],
            role="editor")

    def opens(self, url: str) -> Any:
        answer = self.app.get(url, headers={"Authorization": self.user["token"]}, status=200)
        return BeautifulSoup(answer.body, "html.parser")

    def sends(self, url: str, data: Data) -> Any:
        """Send a form; return the page that is shown again, None where it was saved."""
        answer = self.app.post(
            url, headers={"Authorization": self.user["token"]}, data=data,
            follow_redirects=False, content_type="multipart/form-data")
        assert answer.status_code in (200, 302), answer.status_code
        return None if answer.status_code == 302 else BeautifulSoup(answer.body, "html.parser")

    def form(self, data: Data, kind: str = "dataset") -> Any:
        return self.opens(f"/{kind}/edit/{data['name']}").select_one("#dataset-edit")

    def saves(self, data: Data, form: Any, kind: str = "dataset", **typed: Any) -> Any:
        """Send the form of a dataset."""
        return self.sends(f"/{kind}/edit/{data['name']}", submit(form, **typed))
