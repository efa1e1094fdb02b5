"""A person at a browser without JavaScript: opens pages, fills the forms they find, sends them.

Only what a page offers can be pressed, with the token it carries: a button that is missing, a
field that was renamed or a form without its token fails here as it would for the person.
"""
from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup, Tag

__all__ = ["Page", "Visitor"]

Files = dict[str, tuple[str, bytes, str]]


class Page:
    """What the browser shows now."""

    def __init__(self, answer: requests.Response) -> None:
        self.url, self.status = answer.url, answer.status_code
        self.soup = BeautifulSoup(answer.text, "html.parser")
        for each in self.soup.find_all("template"):  # rows to add: no browser sends them
            each.decompose()

    @property
    def text(self) -> str:
        """All words of the page."""
        return self.soup.get_text(" ", strip=True)

    def form(self, ending: str) -> Tag:
        """Return the form whose address ends so (one that names none is sent to its page)."""
        found = [
            form for form in self.soup.find_all("form")
            if str(form.get("method", "get")).lower() == "post"
            and urljoin(self.url, str(form.get("action") or self.url)).split("?")[0]
            .rstrip("/").endswith(ending)]
        offered = [str(form.get("action")) for form in self.soup.find_all("form")]
        assert found, f"no form to {ending} on {self.url} ({self.status}), only {offered}"
        return found[0]

    def link(self, words: str) -> str:
        """Return the address behind a link with these words."""
        for each in self.soup.find_all("a", href=True):
            if words in each.get_text(" ", strip=True):
                return urljoin(self.url, str(each["href"]))
        raise AssertionError(f"no link “{words}” on {self.url}")


class Visitor:
    """One person with a session of their own."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy stands between a test and its portal
        self.page: Page | None = None

    def sign_in(self, name: str, password: str) -> None:
        """Log in with the form."""
        self.open("/user/login")
        self.send("/user/login", login=name, password=password)
        assert self.page is not None
        assert not self.page.soup.find("input", {"name": "password"}), self.page.text[:300]

    def open(self, path: str, status: int = 200) -> Page:
        """Open a page."""
        return self._arrive(self.session.get(urljoin(self.url, path), timeout=60), status)

    def send(
        self, ending: str, status: int = 200, files: Files | None = None,
        press: tuple[str, str] | None = None, **fields: Any,
    ) -> Page:
        """Fill a form of this page and send it.

        :param ending: how the address of the form ends
        :param press: name and value of the button, the first one unless given
        :param fields: what is typed or chosen, a list where several are ticked; everything else
            is sent as the page had it
        """
        assert self.page is not None
        form = self.page.form(ending)
        sent = [(name, value) for name, value in _filled(form) if name not in fields]
        offered = {str(each.get("name")) for each in form.find_all(["input", "select", "textarea"])}
        assert set(fields) <= offered, f"not in the form: {set(fields) - offered}"
        for name, value in fields.items():
            sent += [(name, each) for each in (value if isinstance(value, list) else [value])]
        buttons = [(str(each.get("name") or ""), str(each.get("value") or ""))
                   for each in form.find_all(["button", "input"])
                   if str(each.get("type") or ("submit" if each.name == "button" else ""))
                   == "submit"]
        assert buttons and press in (None, *buttons), f"no button {press}, only {buttons}"
        pressed = press or buttons[0]
        if pressed[0]:
            sent.append(pressed)
        address = urljoin(self.page.url, str(form.get("action") or self.page.url))
        if form.get("enctype") == "multipart/form-data":
            parts = [(name, (None, value)) for name, value in sent]
            parts += list((files or {}).items())  # type: ignore[arg-type]
            answer = self.session.post(address, files=parts, timeout=120)
        else:
            assert not files
            answer = self.session.post(address, data=sent, timeout=120)
        return self._arrive(answer, status)

    def _arrive(self, answer: requests.Response, status: int) -> Page:
        self.page = Page(answer)
        assert answer.status_code == status, (
            f"{answer.request.method} {answer.url}: {answer.status_code}\n"
            f"{self.page.text[:1500]}")
        return self.page


def _filled(form: Tag) -> list[tuple[str, str]]:
    """Return what a browser would send of an untouched form."""
    found = []
    for each in form.find_all(["input", "select", "textarea"]):
        name, kind = each.get("name"), str(each.get("type", "text")).lower()
        if not name or each.has_attr("disabled") or kind in ("submit", "button", "file", "image"):
            continue
        if kind in ("checkbox", "radio") and not each.has_attr("checked"):
            continue
        if each.name == "select":
            options = each.find_all("option")
            chosen = [o for o in options if o.has_attr("selected")] or (
                [] if each.has_attr("multiple") else options[:1])
            found += [(str(name), str(o.get("value", o.get_text(strip=True)))) for o in chosen]
        elif each.name == "textarea":
            found.append((str(name), each.get_text().removeprefix("\n")))
        else:
            found.append((str(name), str(each.get("value", "on" if kind == "checkbox" else ""))))
    return found
