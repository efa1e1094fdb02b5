"""Who may have the template of a dataset: whoever may hand in for it."""
from __future__ import annotations

from typing import Any

from ckanext.satudata.entry_sheets.handing import may_write

__all__ = ["satudata_template_create"]


def satudata_template_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may write that version."""
    return may_write(context, data_dict)
