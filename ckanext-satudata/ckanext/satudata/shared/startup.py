"""Checks at start: a wrong set-up fails loudly, not by a route that is silently another's."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.common import asbool
from ckan.exceptions import CkanConfigurationException

from ckanext.satudata.domain import wilayah

__all__ = ["check"]

#: Plugins that must stand after ``satudata`` and why.
AFTER_US: dict[str, str] = {
    "dcat": "its routes /catalog and /dataset/<id>.<format> would win over ours",
    "scheming_datasets": "its form templates would win over ours",
    "harvest": "its actions would be chained over ours",
    "activity": "its templates would win over ours",
    "datastore": "its actions must lie under ours",
}

#: Plugins whose actions we chain or whose schemas we fill.
NEEDED = ("datastore", "dcat", "harvest", "scheming_datasets", "scheming_organizations")


#: Settings of CKAN that would open what is not published, and what is wrong with each.
CLOSED: dict[str, str] = {
    "ckan.datastore.public_table_search": (
        "everybody could list every table, those of drafts too. Leave it empty"),
    "ckan.auth.reveal_private_datasets": (
        "its pages tell that a dataset exists which is not published. Write false"),
    "ckan.auth.allow_dataset_collaborators": (
        "collaborators write past the roles of the workflow. Write false"),
}
_PUBLIC_FILES = "files could be fetched by their hash, those of drafts too. Write false"


def check(config: Mapping[str, Any], region: str) -> None:
    """Refuse to start with a configuration that would undo what we register.

    :param region: kode wilayah of this government
    :raises CkanConfigurationException: naming the option, the reason and the line to write.
    """
    plugins = config.get("ckan.plugins") or []
    names = plugins.split() if isinstance(plugins, str) else list(plugins)
    if "satudata" not in names:
        return
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise CkanConfigurationException(
            f"Plugin 'satudata' needs {', '.join(missing)} after it in ckan.plugins. "
            f"Write: ckan.plugins = {' '.join([*names, *missing])}"
        )
    _check_order(names)
    _check_region(region)
    _check_closed(config)
    name = _storage(config)
    if not config.get(f"ckan.files.storage.{name}.type"):
        raise CkanConfigurationException(
            "No storage for resource files is configured, CKAN would use its legacy uploader and "
            f"overwrite files. Write: ckan.files.storage.{name}.type = ckan:fs and "
            f"ckan.files.storage.{name}.path = /an/absolute/folder"
        )


def _check_order(names: list[str]) -> None:
    ours = names.index("satudata")
    for name, reason in AFTER_US.items():
        if name in names and names.index(name) < ours:
            mended = " ".join(["satudata", *[n for n in names if n != "satudata"]])
            raise CkanConfigurationException(
                f"Plugin 'satudata' must stand before '{name}' in ckan.plugins: {reason}. "
                f"Write: ckan.plugins = {mended}"
            )


def _check_closed(config: Mapping[str, Any]) -> None:
    files = {f"ckan.files.storage.{_storage(config)}.public": _PUBLIC_FILES}
    for key, reason in {**CLOSED, **files}.items():
        value = config.get(key)
        if isinstance(value, str):
            value = value.strip() if key.endswith("_search") else asbool(value or False)
        if value:
            raise CkanConfigurationException(f"{key} = {config.get(key)!r}: {reason}.")


def _storage(config: Mapping[str, Any]) -> str:
    """Return the name of the storage that holds files of resources."""
    return config.get("ckan.files.default_storages.resource") or "resources"


def _check_region(code: str) -> None:
    if wilayah.exists(code) and wilayah.level(code) in {"provinsi", "kabupaten_kota"}:
        return
    meant = wilayah.suggest(code)
    raise CkanConfigurationException(
        f"ckanext.satudata.wilayah = {code!r} is not the Kemendagri code of a provinsi, kabupaten "
        f"or kota in force. Write it with dots, as in 36.04"
        + (f"; {meant.code} is {meant.full_name}." if meant else ".")
    )
