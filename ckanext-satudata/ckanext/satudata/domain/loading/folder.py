"""Decide what PATH is: a manifest, a data package, a folder of either, or plain files."""
from __future__ import annotations

from pathlib import Path

from ckanext.satudata.domain.loading.datapackage import read_datapackage
from ckanext.satudata.domain.loading.limits import DEFAULT, Limits
from ckanext.satudata.domain.loading.manifest import (
    MANIFEST_NAMES,
    ShapeOf,
    read_manifest,
    read_single,
)
from ckanext.satudata.domain.loading.plan import Plan
from ckanext.satudata.domain.loading.problems import N_, LoadError, Place

__all__ = ["read_path"]

DATAPACKAGE = "datapackage.json"


def read_path(
    path: Path, shape_of: ShapeOf, organization: str | None = None, limits: Limits = DEFAULT
) -> Plan:
    """Return the plan for a folder or a file.

    A folder's ``manifest.csv`` or ``datapackage.json`` decides; a folder with
    neither is taken as single files, its sub-folders are left alone.

    :raises LoadError: if there is nothing to load or the manifest is unusable.
    """
    place = Place(path.name or str(path))
    if not path.exists():
        raise LoadError(place, N_("folder atau berkas ini tidak ada. Periksa ejaannya."))
    if path.is_file():
        if path.name == DATAPACKAGE:
            return read_datapackage(path, shape_of, limits, organization)
        if path.name.lower() in MANIFEST_NAMES:
            return read_manifest(path, shape_of, limits, organization)
        return read_single(path.parent, [path], limits, organization)
    for name in MANIFEST_NAMES:
        if (path / name).is_file():
            return read_manifest(path / name, shape_of, limits, organization)
    if (path / DATAPACKAGE).is_file():
        return read_datapackage(path / DATAPACKAGE, shape_of, limits, organization)
    files = sorted(
        file for file in path.iterdir() if not file.name.startswith(".") and not file.is_dir())
    if not files:
        raise LoadError(place, N_(
            "folder ini kosong. Letakkan manifest.csv, datapackage.json, atau berkas data di "
            "dalamnya."))
    return read_single(path, files, limits, organization)
