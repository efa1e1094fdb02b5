"""Who may take an upload over: code of the portal alone."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["satudata_upload_claim"]


def satudata_upload_claim(context: Any, data_dict: Any) -> dict[str, Any]:
    """Allow nobody: what takes an upload has asked already whether it may be handed in."""
    return {"success": False, "msg": tk._("Unggahan diambil oleh portal saat berkas dikirim.")}
