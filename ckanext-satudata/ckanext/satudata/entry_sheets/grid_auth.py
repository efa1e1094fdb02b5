"""Who may paste for a dataset or fill its grid: whoever may write it."""
from __future__ import annotations

from typing import Any

from ckanext.satudata.entry_sheets.handing import may_write

__all__ = [
    "satudata_grid_discard",
    "satudata_grid_show",
    "satudata_grid_submit",
    "satudata_grid_update",
    "satudata_paste_submit",
]


def satudata_paste_submit(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may write that version."""
    return may_write(context, data_dict)


satudata_grid_show = satudata_paste_submit
satudata_grid_update = satudata_paste_submit
satudata_grid_discard = satudata_paste_submit
satudata_grid_submit = satudata_paste_submit
