"""Asking for restricted files in the browser and by mail, for tests."""
from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk
from post_office import PostOffice, open_post_office
from restricted_world import World

from ckanext.satudata.shared import outbox

Data = dict[str, Any]
SETTINGS = {"ckanext.satudata.walidata": "kominfo"}
#: What a person types into the form.
TYPED: Data = {
    "name": "Ani Rahma", "institution": "Universitas Banten", "days": "90", "terms": "on",
    "purpose": "Skripsi tentang penerima bantuan di pesisir utara."}


@contextmanager
def mailing(patch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """A portal that sends mail, to a post office of the test."""
    with open_post_office() as office:
        patch.setitem(tk.config, "smtp.server", f"127.0.0.1:{office.port}")
        patch.setitem(tk.config, "smtp.mail_from", "satudata@serangkab.go.id")
        yield office


def listening(caplog: pytest.LogCaptureFixture, patch: pytest.MonkeyPatch) -> None:
    """Hear what CKAN logs of each request, whatever the file of the tests silences."""
    logger = logging.getLogger("ckan.config.middleware.flask_app")
    patch.setattr(logger, "disabled", False)
    patch.setattr(logger, "propagate", False)
    patch.setattr(logger, "handlers", [caplog.handler])
    caplog.set_level("DEBUG", logger.name)


def forget_computers() -> None:
    """Take back what was counted by computer: all tests run on one."""
    redis = connect_to_redis()
    for key in redis.scan_iter(f"ckan:{tk.config['ckan.site_id']}:satudata:akses:*"):
        redis.delete(key)


def drain(world: World) -> None:
    """Do all that waits, as workers would."""
    with world.app.flask_app.app_context():
        while outbox.is_waiting():
            outbox.drain()


def send(world: World, path: str, who: str | None = None, /, **data: Any) -> Any:
    """Send a form as somebody, or nobody; a redirect is not followed."""
    headers = {"Accept": "text/html"}
    if who is not None:
        headers["Authorization"] = world.people[who]["token"]
    return world.app.post(path, data=data, headers=headers, follow_redirects=False)


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.body, "html.parser")


def ask(world: World, email: str, /, **more: Any) -> Any:
    """Ask without an account, for both files."""
    typed = {**TYPED, "email": email, "files": [world.file["id"], world.link["id"]], **more}
    return send(world, f"/dataset/{world.id}/minta-akses", **typed)


def body(mail: EmailMessage, kind: str = "plain") -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return found.get_content()


def link(mail: EmailMessage) -> str:
    """Return the path of the personal link in a mail."""
    found = re.search(r"/akses/permohonan/[A-Za-z0-9_-]{43}", body(mail))
    assert found is not None
    return found.group()


def proven(world: World, office: PostOffice, email: str, **more: Any) -> str:
    """Ask without an account and prove the address; return the path of the personal link."""
    assert ask(world, email, **more).status_code == 302
    drain(world)
    path = link(office.to(email)[-1])
    assert send(world, f"{path}/buktikan").status_code == 302
    drain(world)
    return path
