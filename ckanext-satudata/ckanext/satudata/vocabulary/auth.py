"""Who may read the vocabularies: everyone. Kode referensi are public by law (Perpres 39/2019)."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["satudata_vocabulary_show", "satudata_wilayah_search"]

Result = dict[str, Any]


@tk.auth_allow_anonymous_access
def satudata_vocabulary_show(context: Any, data_dict: Any) -> Result:
    """Allow everyone to read the vocabularies (Perpres 39/2019 art. 36)."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_wilayah_search(context: Any, data_dict: Any) -> Result:
    """Allow everyone to search the kode wilayah."""
    return {"success": True}
