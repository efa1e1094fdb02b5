"""The datastore's connections: each that was lent is kept."""
from __future__ import annotations

from typing import Any

__all__ = ["update"]

_POOL = "ckan.datastore.sqlalchemy."


def update(config: Any) -> None:
    """Keep every connection of the pool, unless the portal's file says another size.

    CKAN reads what its datastore answered after giving the connection back
    (``resource_id_from_alias``, ``resource_fields``). SQLAlchemy keeps 5 and closes up to 10 more
    on their return, so that a reader among many gets an error. The same 15, all kept, close none.
    """
    if not any(str(key).startswith(_POOL) and "pool_pre_ping" not in key for key in config):
        config.update({f"{_POOL}pool_size": "15", f"{_POOL}max_overflow": "0"})
