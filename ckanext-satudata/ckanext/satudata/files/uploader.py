from __future__ import annotations
from typing import Any
from ckan.lib import uploader


def get_resource_uploader(data_dict: dict[str, Any]) -> Any:
    return None
