"""Notices are their reader's own: whoever is logged in has theirs and nobody else's."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

__all__ = [
    "satudata_notice_list",
    "satudata_notice_read",
    "satudata_notice_settings_show",
    "satudata_notice_settings_update",
]

Result = dict[str, Any]


def _somebody(context: Any, data_dict: Any) -> Result:
    if context.get("user"):
        return {"success": True}
    return {"success": False, "msg": tk._("Masuk dahulu untuk melihat pemberitahuan Anda.")}


def satudata_notice_list(context: Any, data_dict: Any) -> Result:
    """Whoever is logged in reads their own."""
    return _somebody(context, data_dict)


def satudata_notice_read(context: Any, data_dict: Any) -> Result:
    """Whoever is logged in marks their own."""
    return _somebody(context, data_dict)


def satudata_notice_settings_show(context: Any, data_dict: Any) -> Result:
    """Whoever is logged in sees their own settings."""
    return _somebody(context, data_dict)


def satudata_notice_settings_update(context: Any, data_dict: Any) -> Result:
    """Whoever is logged in changes their own settings."""
    return _somebody(context, data_dict)
