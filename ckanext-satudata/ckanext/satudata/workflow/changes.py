"""What a version that follows another changes, for who hands it in and who inspects it."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.versions.kinds import KIND_LABELS, Kind
from ckanext.satudata.domain.workflow import EDITABLE, OPEN, State
from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.workflow.forms import Form

__all__ = ["asked", "differences", "follows", "with_version"]

#: What each kind is for, beside its button.
_ABOUT: Mapping[Kind, str] = {
    Kind.RILIS_BARU: N_("Angka periode baru ditambahkan; yang sudah terbit tetap."),
    Kind.PERBAIKAN: N_("Angka yang sudah terbit diubah atau dihapus."),
    Kind.PERUBAHAN_METADATA: N_("Hanya uraiannya yang berubah; berkasnya tetap."),
}
_WHY: Mapping[Kind, str] = {
    Kind.RILIS_BARU: N_("Diusulkan karena berkasnya berubah dan angka lama tetap."),
    Kind.PERBAIKAN: N_("Diusulkan karena ada angka lama yang berubah atau hilang."),
    Kind.PERUBAHAN_METADATA: N_("Diusulkan karena tidak ada berkas yang berubah."),
}


def follows(shown: Mapping[str, Any]) -> bool:
    """Tell whether a submission follows a version that was public."""
    return int(shown.get("number") or 1) > 1


def differences(shown: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return how the version under way differs from the one published last.

    :returns: ``number`` of that one, ``changes`` (as ``satudata_version_diff``) and ``waiting``
        (a table is still being compared); ``None`` where there is nothing to compare
    """
    if not follows(shown) or State(shown["state"]) not in OPEN:
        return None
    try:
        listed = tk.get_action("satudata_version_list")(
            visitor(), {"id": shown["package_id"], "limit": 1})["results"]
        if not listed:
            return None
        changes = tk.get_action("satudata_version_diff")(visitor(), {
            "id": shown["package_id"], "from": listed[0]["number"], "to": "draf"})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    return {"number": listed[0]["number"], "current": listed[0]["current"], "changes": changes,
            "waiting": waiting(changes)}


def waiting(changes: Mapping[str, Any]) -> bool:
    """Tell whether a table of a comparison is still being read."""
    return any((each.get("table") or {}).get("state") in ("menunggu", "berjalan")
               for each in changes.get("resources") or [])


def asked(shown: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what the form of ``ajukan`` asks of a version that follows another.

    :returns: ``kinds`` (code, label, what it is for), the one ``chosen`` and ``why`` it is
        proposed, ``needed`` (a reason is demanded whatever the kind); or only ``waiting``, how
        far the comparison is
    """
    if not follows(shown) or State(shown["state"]) not in EDITABLE:
        return None
    try:
        found = tk.get_action("satudata_revision_changes")(
            visitor(), {"id": shown["content_id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    try:
        proposed = Kind(found.get("kind_proposed"))
    except ValueError:  # still being compared, or nothing to compare with
        return None if found["number"] is None else {"waiting": f"{found['progress']} %"}
    return {
        "kinds": [(each.value, tk._(label), tk._(_ABOUT[each]))
                  for each, label in KIND_LABELS.items()
                  if not (found["files"] and each is Kind.PERUBAHAN_METADATA)],
        "chosen": str(shown.get("kind") or "") or proposed.value,
        "why": tk._(_WHY[proposed]), "needed": bool(found["past_changed"]),
    }


def with_version(form: Form, version: Mapping[str, Any] | None) -> Form:
    """Return the form of ``ajukan`` with the questions for a version that follows another."""
    return replace(form, fields=("version", *form.fields)) if version else form
