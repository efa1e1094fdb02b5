"""Addresses of restricted files that lie elsewhere, kept where CKAN does not show them.

CKAN shows ``resource.url`` to whoever may read the dataset: page, API, search index, RDF,
activities, a ``resource_search`` by address. So while restricted data is public its resources
carry an address of this portal, which asks for the right; the real one lies in a table of ours.
It comes back when the data is withdrawn or opened.
"""
from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.util import identity_key

from ckanext.satudata.domain.access import level_of
from ckanext.satudata.shared.db import Base

__all__ = [
    "FIELDS",
    "HASHES",
    "WithheldUrl",
    "address",
    "address_of",
    "forget",
    "is_elsewhere",
    "is_restricted",
    "location",
    "put_back",
    "settle",
    "without_address",
    "without_addresses",
    "without_hashes",
]

#: Fields beside ``url`` in which a resource names where its bytes lie.
FIELDS = ("access_url", "download_url", "cache_url")
#: The bytes lie here, whatever the address says.
_HERE = frozenset({"upload", "datastore", "tabledesigner"})
#: What names the bytes of a file: whoever guesses a small table proves the guess by it.
HASHES = ("hash", "hash_algorithm", "sha256")
_COLUMNS = frozenset({"cache_url"})  # the others are extras


class WithheldUrl(Base):
    """Where the bytes of a public, restricted resource lie.

    :ivar more: what the other address fields of the resource said
    """

    __tablename__ = "satudata_withheld_url"

    resource_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    url: Mapped[str] = mapped_column(sa.Text)
    more: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


def address(package_id: str, resource_id: str) -> str:
    """Return the address of this portal that leads those entitled to a file that lies elsewhere."""
    return tk.url_for("satudata_access.file", id=package_id, resource_id=resource_id,
                      qualified=True, locale="default")


def is_elsewhere(resource: dict[str, Any]) -> bool:
    """Tell whether a shown resource names an address that has to be withheld."""
    identifier = resource.get("id")
    return resource.get("url_type") not in _HERE and bool(resource.get("url")) and not (
        _is_ours(resource["url"], identifier))


def address_of(resource_id: str) -> str | None:
    """Return the real address of a resource whose address is withheld."""
    return model.Session.scalar(
        sa.select(WithheldUrl.url).where(WithheldUrl.resource_id == resource_id))


def forget(package_id: str) -> None:
    """Delete what is withheld of a dataset whose rows are about to go."""
    files = sa.select(model.Resource.id).where(model.Resource.package_id == package_id)
    with model.Session.no_autoflush:
        model.Session.execute(
            sa.delete(WithheldUrl).where(WithheldUrl.resource_id.in_(files))
            .execution_options(synchronize_session=False))


def location(url: str) -> str:
    """Return an address as a header takes it: on one line, whatever somebody typed."""
    return re.sub(r"[\x00-\x20\x7f]", lambda found: quote(found.group()), url)


def put_back(shown: dict[str, Any]) -> dict[str, Any]:
    """Return a dataset as ``package_show`` gives it, with the real addresses of its files.

    For what is kept of a version and for a working copy; never for an answer.
    """
    found = _rows([each["id"] for each in shown.get("resources", [])])
    if not found:
        return shown
    resources = [
        {**each, **found[each["id"]].more, "url": _real(found[each["id"]], each.get("url"))}
        if each["id"] in found else each for each in shown["resources"]]
    return {**shown, "resources": resources}


def without_hashes(record: dict[str, Any]) -> bool:
    """Take the hashes of restricted files out of a shown dataset, in place.

    :returns: whether there was anything to take
    """
    if not is_restricted(record):
        return False
    found = False
    for each in record.get("resources") or ():
        for name in filter(each.__contains__, HASHES):
            found = True
            del each[name]
    return found


def is_restricted(record: dict[str, Any]) -> bool:
    """Tell whether a shown dataset says that its files are not for everybody."""
    extras = record.get("extras")
    said = [each.get("value") for each in extras
            if isinstance(each, dict) and each.get("key") == "access_rights"] if isinstance(
                extras, list) else []
    return level_of(record.get("access_rights"), *said).restricted


def without_address(package_id: str, resource: dict[str, Any]) -> dict[str, Any]:
    """Return a shown resource without what names its bytes or where they lie."""
    kept = {name: "" if name in FIELDS and value else value
            for name, value in resource.items() if name not in HASHES}
    if resource.get("id") and is_elsewhere(resource):
        kept["url"] = address(package_id, resource["id"])
    return kept


def without_addresses(package_id: str, shown: dict[str, Any]) -> dict[str, Any]:
    """Return a shown dataset of whose files nothing names the bytes or where they lie."""
    resources = shown.get("resources")
    if not isinstance(resources, list):
        return shown
    return {**shown, "resources": [
        without_address(package_id, each) if isinstance(each, dict) else each
        for each in resources]}


def settle(package_id: str, received: bool = False) -> None:
    """Let the addresses of a dataset's files stand where its level and visibility want them.

    Repeatable; in the transaction of whatever changed either.

    :param received: its resources were just written with their real addresses, so that what was
        withheld of them before counts no more
    """
    package = model.Session.get(model.Package, package_id)
    if package is None:
        return
    model.Session.flush()
    resources = model.Session.execute(
        sa.select(model.Resource.id, model.Resource.url, model.Resource.url_type,
                  model.Resource.cache_url, model.Resource.extras)
        .where(model.Resource.package_id == package_id)).all()
    found = _rows([each.id for each in resources])
    public = not package.private and package.state == model.State.ACTIVE
    if public and level_of((package.extras or {}).get("access_rights")).restricted:
        for each in resources:
            _withhold(package_id, each, found.get(each.id), received)
    else:
        for each in resources:
            if each.id in found:
                row = found[each.id]
                more = {} if received else row.more
                _write(each.id, _real(row, each.url), more, each.extras)
                model.Session.delete(row)
    model.Session.flush()


def _withhold(package_id: str, resource: Any, row: WithheldUrl | None, received: bool) -> None:
    said = {**(resource.extras or {}), "cache_url": resource.cache_url}
    more = {name: said[name] for name in FIELDS if said.get(name)}
    url = resource.url if is_elsewhere(resource._asdict()) else ""
    if not url and not more and not (row and received):
        return
    if row is None:
        row = WithheldUrl(resource_id=resource.id, url=url, more=more)
        model.Session.add(row)
    elif received or url:
        row.url, row.more = url or (row.url if _is_ours(resource.url, resource.id) else ""), more
    else:
        row.more = {**row.more, **more}
    _write(resource.id, address(package_id, resource.id) if url else resource.url,
           dict.fromkeys(more, ""), resource.extras)


def _real(row: WithheldUrl, url: Any) -> Any:
    return row.url if row.url and _is_ours(url, row.resource_id) else url


def _write(resource_id: str, url: str, more: dict[str, Any], extras: Any) -> None:
    """Change where a resource points, without CKAN's hooks: nothing is to be fetched for it."""
    values: dict[str, Any] = {
        name: value or None for name, value in more.items() if name in _COLUMNS}
    kept = {**(extras or {}), **{
        name: value for name, value in more.items() if name not in _COLUMNS}}
    values |= {"url": url, "extras": {name: value for name, value in kept.items() if value != ""}}
    model.Session.execute(
        sa.update(model.Resource).where(model.Resource.id == resource_id).values(values)
        .execution_options(synchronize_session=False))
    known = model.Session.identity_map.get(identity_key(model.Resource, resource_id))
    if known is not None:
        model.Session.expire(known)


def _rows(identifiers: list[str]) -> dict[str, WithheldUrl]:
    if not identifiers:
        return {}
    return {each.resource_id: each for each in model.Session.scalars(
        sa.select(WithheldUrl).where(WithheldUrl.resource_id.in_(identifiers)))}


def _is_ours(url: Any, resource_id: Any) -> bool:
    return isinstance(url, str) and url.endswith(f"/resource/{resource_id}/berkas")
