"""Template helpers of uploads."""
from __future__ import annotations

from ckanext.satudata.uploads import limits, store

__all__ = ["satudata_upload_limit", "satudata_uploads_held"]

#: So much of an id tells uploads of one owner apart, and opens none.
_MARK = 8


def satudata_upload_limit() -> int:
    """Return how many bytes the largest file may have."""
    return limits.largest()


def satudata_uploads_held(key: str) -> list[str]:
    """Return how the ids of the uploads begin that were not taken, given up or forgotten yet.

    The browser remembers its own to go on with them; it asks for none that is gone.

    :param key: id of an account, or ``tautan:<id of the link>``
    """
    owner = key if key.startswith("tautan:") else f"user:{key}"
    return [each[:_MARK] for each in store.ids_of(owner)]
