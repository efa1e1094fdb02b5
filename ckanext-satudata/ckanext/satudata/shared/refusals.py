"""What the domain refuses, in the reader's language and as CKAN's API tells it."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.domain.errors import (
    NotAllowedError,
    StateConflictError,
    TransitionInvalidError,
    WorkflowError,
)
from ckanext.satudata.domain.metadata_values import InvalidValueError

__all__ = ["Overtaken", "explain", "invalid", "said_by_ckan"]


class Overtaken(tk.ValidationError):
    """409: what is decided on is not where, or what, the caller saw.

    ``error_dict``: ``conflict`` ("state" or "version"), ``state``, ``message``.
    """

    def __init__(self, kind: str, state: str, message: str) -> None:
        super().__init__(
            {"conflict": kind, "state": str(getattr(state, "value", state)), "message": [message]},
            error_summary={_("Status"): message})


@contextmanager
def said_by_ckan() -> Iterator[None]:
    """Turn the domain's refusals into CKAN's, in the same shapes as the workflow's."""
    try:
        yield
    except NotAllowedError as error:
        raise tk.NotAuthorized(explain(error)) from error
    except StateConflictError as error:
        raise Overtaken("state", error.state, explain(error)) from error
    except TransitionInvalidError as error:
        raise tk.ValidationError({
            name: [_(text).format(**error.values)] for name, text in error.fields.items()
        }) from error


def explain(error: WorkflowError) -> str:
    """Say in the reader's language why a step was refused."""
    return error.explain(_(error.message))


def invalid(errors: Mapping[str, InvalidValueError], labels: Mapping[str, str]) -> None:
    """Raise what is wrong with an input, by field, in the reader's language; nothing if empty.

    :raises tk.ValidationError: with every field's message
    """
    if errors:
        raise tk.ValidationError({
            name: [error.explain(_(labels[name]), _(error.message))]
            for name, error in errors.items()})
