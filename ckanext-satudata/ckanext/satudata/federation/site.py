"""The government this installation belongs to, as others shall see it."""
from __future__ import annotations

import hashlib
from dataclasses import astuple, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.dcat.utils import catalog_uri

from ckanext.satudata import config
from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.shared import software

__all__ = ["fingerprint", "here", "site", "update"]

#: What shapes the description of a dataset in this room, beside what says what data is.
_HERE = ("federation/profile.py", "federation/beside.py", "federation/feed/building.py")
_PARTS = ("ckanext-satudata", "ckanext-dcat", "rdflib")
_OPTIONS = ("ckan.site_url", "ckan.root_path", "ckanext.satudata.nasional.bentuk")
#: All options of whatever profile is configured.
_OF_PROFILES = "ckanext.dcat."


def site() -> Site:
    """Return the government, its address and who speaks for it."""
    url = (tk.config.get("ckanext.dcat.base_uri") or catalog_uri()).rstrip("/")
    return Site(
        url=url,
        government=config.nama_pemerintah(),
        title=tk.config.get("ckan.site_title") or "",
        description=tk.config.get("ckan.site_description") or "",
        language=str(tk.config.get("ckan.locale_default") or "id")[:2],
        wilayah=config.wilayah(),
        publisher_type=_publisher_type(config.wilayah()),
        walidata=config.walidata(),
        walidata_name=config.walidata_nama(),
        walidata_email=config.walidata_surel(),
    )


def here() -> Site:
    """Return the site by the address where it answers, for pages that are read by their IRI.

    IRIs of datasets begin with that of :func:`site`, which may be another that leads here.
    """
    return replace(site(), url=config.alamat())


def update(configured: Any) -> None:
    """Let IRIs of a portal under a path hold the path, or they would lead nowhere."""
    address = config.alamat()
    if not configured.get("ckanext.dcat.base_uri") and address != configured.get(
            "ckan.site_url", "").rstrip("/"):
        configured["ckanext.dcat.base_uri"] = address


def _publisher_type(code: str) -> str:
    """Return the publisher type that follows from the level of the area."""
    parts = code.split(".")
    if len(parts) == 1:
        return "daerah-provinsi" if code else ""
    if len(parts) == 2:
        return "daerah-kota" if parts[1] >= "71" else "daerah-kabupaten"
    known = vocabulary.get("publisher_type")
    return "desa" if "desa" in known else "daerah-kabupaten"


def fingerprint() -> str:
    """Return what changes when every dataset has to be described anew.

    That is the site, the profile, the code lists and the software: what no write of a dataset
    tells of.
    """
    named = (*_OPTIONS, *sorted(name for name in tk.config if name.startswith(_OF_PROFILES)))
    said = [astuple(site()), [(name, str(tk.config.get(name))) for name in named], _software(),
            vocabulary.edition().number]
    return hashlib.sha256(repr(said).encode()).hexdigest()


@cache
def _software() -> str:
    digest = hashlib.sha256()
    for name in _PARTS:
        try:
            digest.update(f"{name} {version(name)}\n".encode())
        except PackageNotFoundError:  # run from a folder
            continue
    digest.update(software.digest(*_HERE).encode())
    return digest.hexdigest()
