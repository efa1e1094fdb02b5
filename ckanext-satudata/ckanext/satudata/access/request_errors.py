"""Refusals of the requests as CKAN's API tells them; the same shapes as the workflow's."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.domain.errors import NotAllowedError, StateConflictError
from ckanext.satudata.shared.refusals import explain, invalid

__all__ = ["Overtaken", "explain", "invalid", "said_by_ckan"]


class Overtaken(tk.ValidationError):
    """409: the request is not where the caller saw it.

    ``error_dict``: ``conflict`` ("state"), ``state``, ``message``.
    """

    def __init__(self, state: str, message: str) -> None:
        super().__init__({"conflict": "state", "state": state, "message": [message]},
                         error_summary={_("Permohonan akses"): message})


@contextmanager
def said_by_ckan() -> Iterator[None]:
    """Turn the domain's refusals into CKAN's."""
    try:
        yield
    except NotAllowedError as error:
        raise tk.NotAuthorized(explain(error)) from error
    except StateConflictError as error:
        raise Overtaken(error.state, explain(error)) from error
