"""Template helpers of uploads."""
from __future__ import annotations

from ckanext.satudata.uploads import limits

__all__ = ["satudata_upload_limit"]


def satudata_upload_limit() -> int:
    """Return how many bytes the largest file may have."""
    return limits.largest()
