"""Validators of all rooms. What is not in ``__all__`` is not registered."""
from __future__ import annotations

from ckanext.satudata.files.validators import satudata_server_only

__all__ = [
    "satudata_server_only",
]
