"""``/sitemap.xml``: every public page for search engines, however many data there are.

Data are walked by their ids in the database, a page of them by one query. What is private, a
draft or withdrawn is in none of it from the commit on.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from flask import Blueprint, Response

from ckanext.satudata.domain import sitemap, vocabulary
from ckanext.satudata.domain.sitemap import Place
from ckanext.satudata.pages.helpers import LANGUAGES

__all__ = ["blueprint"]

#: Data of one page; each stands there once in every language.
SIZE = 10_000
_MOST_ORGANIZATIONS = 20_000
_TYPES = ("dataset", "kegiatan", "indikator")
_CONTENT_TYPE = "application/xml; charset=utf-8"
#: Pages that stand in every portal.
_STATIC = (
    "/", "/about", "/dataset/", "/kegiatan/", "/indikator/", "/organization/", "/jadwal-rilis",
    "/data-prioritas", "/kode-referensi", "/panduan/memanen",
)

blueprint = Blueprint("satudata_sitemap", __name__)


def _roots() -> dict[str, str]:
    """Return language -> address its pages stand under, the portal's own language first."""
    own = str(tk.config.get("ckan.locale_default") or "id")
    offered = {locale.short_name for locale in tk.h.get_available_locales()}
    codes = [own, *(code for code in LANGUAGES if code in offered and code != own)]
    mark = "/peta"
    return {code: tk.h.url_for(mark, locale="default" if code == own else code, _external=True)
            .removesuffix(mark) for code in codes}


def _public() -> Any:
    return sa.and_(model.Package.type.in_(_TYPES), model.Package.private.is_(False),
                   model.Package.state == model.State.ACTIVE)


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    return moment.replace(tzinfo=dt.timezone.utc) if moment else None


@blueprint.route("/sitemap.xml")
def index() -> Response:
    """Name the documents: one of pages, and as many of data as there are."""
    numbered = sa.select(
        model.Package.id, model.Package.metadata_modified,
        ((sa.func.row_number().over(order_by=model.Package.id) - 1) // SIZE).label("page"),
    ).where(_public()).subquery()
    pages = model.Session.execute(sa.select(
        sa.func.max(numbered.c.id).label("last"),
        sa.func.max(numbered.c.metadata_modified).label("modified"),
    ).group_by(numbered.c.page).order_by(numbered.c.page)).all()

    def places() -> Iterator[Place]:
        yield Place("/sitemap/halaman.xml")
        after = ""
        for page in pages:
            yield Place(f"/sitemap/data.xml{after}", _aware(page.modified))
            after = f"?sesudah={quote(page.last, safe='')}"

    return _sent(sitemap.index(places(), next(iter(_roots().values()))))


@blueprint.route("/sitemap/halaman.xml")
def pages() -> Response:
    """List the pages of the portal: its own, those of kode referensi, of each organization."""
    names = model.Session.scalars(sa.select(model.Group.name).where(
        model.Group.is_organization.is_(True), model.Group.state == model.State.ACTIVE,
    ).order_by(model.Group.name).limit(_MOST_ORGANIZATIONS)).all()
    paths = [*_STATIC, *(f"/kode-referensi/{name}" for name in (*vocabulary.names(), "wilayah")),
             *(f"/organization/{quote(name)}" for name in names)]
    return _sent(sitemap.urlset(map(Place, paths), _roots()))


@blueprint.route("/sitemap/data.xml")
def data() -> Response:
    """List a page of data: those whose id comes after ``sesudah``."""
    after = tk.request.args.get("sesudah", "")[:200].replace("\0", "")
    rows = model.Session.execute(sa.select(
        model.Package.type, model.Package.name, model.Package.metadata_modified,
    ).where(_public(), model.Package.id > after).order_by(model.Package.id).limit(SIZE)).all()
    return _sent(sitemap.urlset(
        (Place(f"/{row.type}/{quote(row.name)}", _aware(row.metadata_modified)) for row in rows),
        _roots()))


def _sent(parts: Iterator[bytes]) -> Response:
    """Send a document as it is written; what it is made from was read before."""
    return Response(parts, content_type=_CONTENT_TYPE)
