"""All that is known about a draft, gathered for ``domain/intake/filling.py``."""
from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.intake.filling import Facts, Standard
from ckanext.satudata.domain.intake.sheet import File
from ckanext.satudata.domain.metadata_derive import as_list
from ckanext.satudata.shared import portal_facts
from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.wizard.draft import Draft

__all__ = ["facts_of", "planned"]

#: Files whose reports are read: a dataset has a few.
_FILES = 20
_STANDARDS = (("id_indikator", "indikator"), ("id_kegiatan", "kegiatan"))


def facts_of(draft: Draft) -> Facts:
    """Return what the portal knows about a draft."""
    previous, number = _previous(draft)
    return Facts(
        draft.dataset, portal_facts.agency(draft.dataset.get("owner_org")),
        portal_facts.installation(),
        tuple(_files(draft)), tuple(_standards(draft.dataset)), planned(draft.dataset),
        previous, number)


def planned(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the Daftar Data says of a dataset; the portal has none yet, so nothing."""
    return {}


def _files(draft: Draft) -> Iterator[File]:
    for each in draft.files[:_FILES]:
        if (each.get("jenis_berkas") or "data") != "data" or not each["inspection"]:
            continue
        with contextlib.suppress(tk.ObjectNotFound, tk.NotAuthorized):
            shown = tk.get_action("satudata_inspection_show")(
                visitor(), {"resource_id": each["id"]})
            if shown.get("report"):
                yield File(str(each.get("name") or ""), shown["report"])


def _standards(dataset: Mapping[str, Any]) -> Iterator[Standard]:
    for field, kind in _STANDARDS:
        for name in as_list(dataset.get(field))[:5]:
            with contextlib.suppress(tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
                shown = tk.get_action("package_show")(visitor(), {"id": name})
                if shown.get("type") == kind:
                    yield Standard(kind, str(shown.get("title") or name), shown)


def _previous(draft: Draft) -> tuple[Mapping[str, Any] | None, int]:
    """Return the version that is public, while its successor is made, and its number."""
    if draft.submission["content_id"] == draft.submission["package_id"]:
        return None, 0
    try:
        shown = tk.get_action("package_show")(visitor(), {"id": draft.id})
        listed = tk.get_action("satudata_version_list")(visitor(), {"id": draft.id, "limit": 1})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None, 0
    return shown, int(next((each["number"] for each in listed["results"]), 0))
