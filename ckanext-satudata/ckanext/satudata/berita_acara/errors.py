"""Refusals of this room as CKAN's API tells them; the same shapes as the workflow's."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.domain.errors import (
    NotAllowedError,
    StateConflictError,
)
from ckanext.satudata.shared.refusals import explain, invalid

__all__ = ["Overtaken", "explain", "invalid", "said_by_ckan"]


class Overtaken(tk.ValidationError):
    """409: the document is not what the caller saw.

    ``error_dict``: ``conflict`` ("state" or "version"), ``state``, ``message``.
    """

    def __init__(self, kind: str, state: str, message: str) -> None:
        super().__init__({"conflict": kind, "state": state, "message": [message]},
                         error_summary={_("Berita acara"): message})


@contextmanager
def said_by_ckan() -> Iterator[None]:
    """Turn the domain's refusals into CKAN's."""
    try:
        yield
    except NotAllowedError as error:
        raise tk.NotAuthorized(explain(error)) from error
    except StateConflictError as error:
        raise Overtaken("state", error.state, explain(error)) from error
