"""Somebody with a link to hand in by and no account, for tests."""
from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from workflow_cast import Cast, Data, call

from ckanext.satudata.inspection import job
from ckanext.satudata.inspection.model import Inspection

#: A sheet as villages write them: a title, a dash to be asked about, a sum.
SHEET = (b"DAFTAR KUNJUNGAN\n\nKecamatan;Kunjungan\nAnyar;1.204\nCinangka;-\n"
         b"Bojonegara;988\nJumlah;2.192\n")
CLEAN = b"kecamatan;kunjungan\nAnyar;1204\nCinangka;12\nBojonegara;988\n"


def forget_counts() -> None:
    """Take back what was counted by computer and by link: all tests run on one."""
    redis = connect_to_redis()
    for key in redis.scan_iter(f"ckan:{tk.config['ckan.site_id']}:satudata:tautan:*"):
        redis.delete(key)


def make_link(cast: Cast, dataset: Data, who: Data | None = None, **more: Any) -> Data:
    return call("satudata_upload_link_create", who or cast.kepala, id=dataset["id"], **more)


def path_of(link: Data) -> str:
    """Return the path of a link's address."""
    return urlsplit(link["url"]).path


class Phone:
    """A browser without an account, with the cookies it was given."""

    def __init__(self, app: Any) -> None:
        self.client = app.test_client()

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, follow_redirects=False, headers={
            "Accept": "text/html", **{name.replace("_", "-"): value
                                      for name, value in headers.items()}})

    def post(self, path: str, **data: Any) -> Any:
        return self.client.post(path, data=data, follow_redirects=False,
                                headers={"Accept": "text/html"},
                                content_type="multipart/form-data")

    def send(self, path: str, content: bytes = SHEET, called: str = "Kunjungan FIX.csv",
             **more: Any) -> Any:
        """Hand a file in, as the form of a page does; return the answer."""
        return self.post(path, upload=(io.BytesIO(content), called), **more)

    def sent(self, path: str, content: bytes = SHEET, **more: Any) -> str:
        """Hand a file in; return the path of what became of it."""
        answer = self.send(path, content, **more)
        assert answer.status_code == 302, said(answer)
        return re.sub(r"^https?://[^/]+", "", answer.headers["Location"])


class Desk:
    """A browser of somebody with an account."""

    def __init__(self, app: Any, who: Data) -> None:
        self.app, self.headers = app, {
            "Authorization": factories.APIToken(user=who["name"])["token"], "Accept": "text/html"}

    def get(self, path: str) -> Any:
        return self.app.get(path, headers=self.headers, follow_redirects=False)

    def post(self, path: str, **data: Any) -> Any:
        return self.app.post(path, data=data, headers=self.headers, follow_redirects=False)


def said(page: Any) -> str:
    """Return the words of a page, with single blanks."""
    found = BeautifulSoup(page.text, "html.parser")
    body = found.select_one("[role=main]") or found
    return " ".join(body.get_text(" ").split())


def read_all() -> None:
    """Let a worker read what waits."""
    for each in model.Session.scalars(sa.select(Inspection).where(
            Inspection.state.in_(["antre", "berjalan"]))).all():
        job.run(each.id)
