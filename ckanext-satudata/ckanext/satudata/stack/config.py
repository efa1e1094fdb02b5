"""The portal's ini file: written once with secrets of its own, addresses renewed at each start.

What the person added stays: a line of theirs is never touched, only the keys listed
here are set again, and only those that follow from how the stack runs.
"""
from __future__ import annotations

import configparser
import secrets
from pathlib import Path
from typing import Any

from ckanext.satudata.stack.errors import StackError
from ckanext.satudata.stack.home import write_private

__all__ = ["PLUGINS", "defaults", "new_secrets", "read", "render", "replace", "write"]

#: satudata first: the first registered route and template wins, and startup checks it.
#: No resource_proxy: it fetches any address an editor writes into a resource, Solr's included.
PLUGINS = (
    "satudata activity datastore scheming_datasets scheming_organizations dcat structured_data "
    "harvest ckan_harvester dcat_rdf_harvester datatables_view text_view image_view"
)

MAX_MEGABYTES = 200
SCHEMAS = "ckanext.satudata.schemas"


def new_secrets() -> dict[str, str]:
    """Return fresh secrets, made once for a home."""
    return {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "api_token", "uuid")}


def defaults(home: Path, keys: dict[str, str], region: str | None) -> dict[str, str]:
    """Return what a new portal starts with."""
    storage = home / "storage"
    settings = {
        "use": "egg:ckan",
        "SECRET_KEY": keys["SECRET_KEY"],
        "api_token.jwt.encode.secret": f"string:{keys['api_token']}",
        "api_token.jwt.decode.secret": f"string:{keys['api_token']}",
        "ckan.plugins": PLUGINS,
        "ckan.site_id": "satudata",
        "ckan.site_title": "Satu Data",
        "ckan.locale_default": "id",
        "ckan.locale_order": "id en",
        "ckan.locales_offered": "id en",
        "ckan.auth.create_user_via_web": "false",
        "ckan.auth.create_user_via_api": "false",
        "ckan.auth.public_user_details": "false",
        "ckan.auth.user_create_organizations": "false",
        "ckan.auth.user_create_groups": "false",
        "ckan.auth.route_after_login": "satudata_workflow.tasks",
        "ckan.views.default_views": "datatables_view text_view image_view",
        "ckan.max_resource_size": str(MAX_MEGABYTES),
        "ckan.storage_path": str(storage),
        "ckan.datastore.public_table_search": "",
        "ckan.datastore.sqlsearch.enabled": "false",
        "ckan.harvest.mq.type": "redis",
        "scheming.dataset_schemas": " ".join(
            f"{SCHEMAS}:{name}.yaml" for name in ("dataset", "kegiatan", "indikator")),
        "scheming.organization_schemas": f"{SCHEMAS}:organization.yaml",
        "scheming.presets": "ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml "
                            f"{SCHEMAS}:presets.yaml",
        "ckanext.dcat.rdf.profiles": "sdi_dcat_ap",
        "ckanext.dcat.enable_content_negotiation": "true",
    }
    resources = "ckan.files.storage.resources"
    settings[f"{resources}.type"] = "ckan:fs"
    settings[f"{resources}.path"] = str(storage / "resources")
    settings[f"{resources}.initialize"] = "true"
    settings[f"{resources}.max_size"] = str(MAX_MEGABYTES * 1024 * 1024)
    # Pictures are public: CKAN serves <storage_path>/storage, where resource files must never lie.
    for name, kind in {"users": "user", "groups": "group", "admins": "admin"}.items():
        prefix = f"ckan.files.storage.{name}"
        settings[f"{prefix}.type"] = "ckan:fs:public"
        settings[f"{prefix}.path"] = str(storage / "storage" / "uploads" / kind)
        settings[f"{prefix}.public_prefix"] = f"uploads/{kind}"
        settings[f"{prefix}.public"] = "true"
        settings[f"{prefix}.initialize"] = "true"
        settings[f"{prefix}.max_size"] = str(2 * 1024 * 1024)
        settings[f"{prefix}.supported_types"] = "image/png image/gif image/jpeg image/webp"
    if region:
        settings["ckanext.satudata.wilayah"] = region
    return settings


LOGGING = """
[loggers]
keys = root, ckan, ckanext, werkzeug
[handlers]
keys = console
[formatters]
keys = generic
[logger_root]
level = WARNING
handlers = console
[logger_ckan]
qualname = ckan
level = INFO
handlers = console
propagate = 0
[logger_ckanext]
qualname = ckanext
level = INFO
handlers = console
propagate = 0
[logger_werkzeug]
qualname = werkzeug
level = WARNING
handlers = console
propagate = 0
[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = generic
[formatter_generic]
format = %(asctime)s %(levelname)-5.5s [%(name)s] %(message)s
"""


def render(settings: dict[str, str]) -> str:
    """Return the text of a new ini file."""
    for key, value in settings.items():
        if "\n" in key or "\n" in value:
            raise StackError("Configuration", f"The value of {key} has a line break.")
    lines = [
        "# Written by satudata-stack at the first start. Yours to change: addresses",
        "# (database, Solr, Redis, site_url) are set again at each start, the rest stays.",
        "[DEFAULT]", "debug = false", "", "[app:main]",
        *(f"{key} = {_escape(value)}".rstrip() for key, value in settings.items()),
    ]
    return "\n".join(lines) + "\n" + LOGGING


def write(path: Path, addresses: dict[str, str], first: dict[str, str]) -> None:
    """Write the file, or set the addresses anew in the one that is there (mode 0600 both).

    :param first: everything else, used only when there is no file yet
    """
    if not path.exists():
        write_private(path, render({**first, **addresses}))
        return
    text = path.read_text(encoding="utf-8")
    write_private(path, replace(text, addresses))


def replace(text: str, values: dict[str, str]) -> str:
    """Return the ini text with these keys of ``[app:main]`` set; all other lines as they were."""
    rest, lines, section, end = dict(values), [], "", None
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith("[") and stripped.endswith("]"):
            section = stripped[1:-1]
        elif section == "app:main" and "=" in stripped and not stripped.startswith(("#", ";")):
            key = stripped.split("=", 1)[0].strip()
            if key in values:
                line = f"{key} = {_escape(values[key])}".rstrip()
                rest.pop(key, None)
        lines.append(line)
        if section == "app:main" and stripped:
            end = len(lines)
    if end is None:
        raise StackError(
            "Configuration", "The ini file has no section [app:main].",
            "Restore it, or move it away so that a new one is written.",
        )
    lines[end:end] = [f"{key} = {_escape(value)}".rstrip() for key, value in rest.items()]
    return "\n".join(lines) + "\n"


def read(path: Path) -> dict[str, str]:
    """Return the keys of ``[app:main]`` as written."""
    parser: Any = configparser.RawConfigParser(delimiters=("=",), strict=False)
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    return {k: v.replace("%%", "%") for k, v in parser.items("app:main")} if (
        parser.has_section("app:main")) else {}


def _escape(value: str) -> str:
    return value.replace("%", "%%")
