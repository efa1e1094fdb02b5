"""Template helpers of inspections."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.inspection import page

__all__ = ["satudata_inspection_parts", "satudata_inspections"]


def satudata_inspection_parts(shown: Mapping[str, Any], kind: str = "") -> dict[str, Any]:
    """Return what a page says of an inspection: ``notes``, ``tables``, ``sheets``, ``headline``.

    :param shown: as ``satudata_inspection_show`` gives it; the page has asked whether it may
    :param kind: code of ``jenis_berkas``
    """
    listed = page.notes(shown, kind)
    return {"notes": listed, "tables": page.tables(shown, listed),
            "sheets": page.sheets(shown, listed), "headline": page.headline(shown, listed)}


def satudata_inspections(package_id: str) -> dict[str, dict[str, Any]]:
    """Return where the inspection of each file of a version stands, by resource.

    Nothing for whoever may not know; files that are no matter of inspection are left out.
    """
    user = tk.current_user
    if not user.is_authenticated:
        return {}
    try:
        listed = tk.get_action("satudata_inspection_list")(
            {"user": user.name, "auth_user_obj": user}, {"id": package_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return {}
    return {each["resource_id"]: each for each in listed["results"] if each["state"]}
