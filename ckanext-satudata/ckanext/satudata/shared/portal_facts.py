"""From CKAN to the domain: the portal's own facts and a producer's organization."""
from __future__ import annotations

import json
from typing import Any

import ckan.model as model

from ckanext.satudata import config
from ckanext.satudata.domain.metadata_derive import Agency, Installation, as_list

__all__ = ["agency", "agency_from_dict", "default_licence", "installation"]


def default_licence() -> str:
    """Return the licence open data gets when none is said: CC BY 4.0, by the portal's id of it."""
    known = model.Package.get_license_register()
    return "cc-by-4.0" if "cc-by-4.0" in known else "cc-by"


def installation() -> Installation:
    """Return what the configuration says about the government that runs this portal."""
    return Installation(
        site_url=config.alamat(),
        area=config.wilayah(),
        government=config.nama_pemerintah(),
        contact_name=config.walidata_nama(),
        contact_email=config.walidata_surel(),
        licence=default_licence(),
    )


def agency(reference: Any) -> Agency | None:
    """Return the organization of an id or a name, or None; one query, no auth: names are public."""
    if not isinstance(reference, str) or not reference or len(reference) > 200:
        return None
    group = model.Group.get(reference)
    if group is None or not group.is_organization:
        return None
    return agency_from_dict({"id": group.id, "name": group.name, "title": group.title,
                             **(group.extras or {})})


def agency_from_dict(data: dict[str, Any]) -> Agency:
    """Return the organization of a dict of its columns and extras, lists as stored (JSON text)."""
    affairs = data.get("urusan")
    if isinstance(affairs, str) and affairs.startswith("["):
        try:
            affairs = json.loads(affairs)
        except ValueError:
            affairs = []
    return Agency(
        id=data["id"],
        name=data["name"],
        title=data.get("title") or "",
        affairs=tuple(as_list(affairs)),
        email=data.get("surel") or "",
        website=data.get("situs") or "",
        code=data.get("kode_instansi") or "",
        address=data.get("alamat") or "",
        phone=data.get("telepon") or "",
        kind=data.get("jenis_instansi") or "",
        area=data.get("kode_wilayah") or "",
    )
