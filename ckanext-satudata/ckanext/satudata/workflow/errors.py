"""The workflow's refusals as CKAN's API tells them: 403, 409, or validation with fields."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.errors import (
    ContentChangedError,
    NotAllowedError,
    StateConflictError,
    TransitionInvalidError,
    VersionConflictError,
    WorkflowError,
)

__all__ = ["StateConflict", "VersionConflict", "explain", "said_by_ckan"]


class StateConflict(tk.ValidationError):
    """409: not in this state.

    ``error_dict``: ``conflict`` ("state", or "content" where it is not what was handed in),
    ``state`` (code of ``status_alur``), ``message``, and what else helps (``working_copy``: id of
    the package to write to instead).
    """

    def __init__(self, message: str, state: str, **more: Any) -> None:
        super().__init__({"conflict": "state", "state": state, "message": [message], **more},
                         error_summary={tk._("Status"): message})


class VersionConflict(tk.ValidationError):
    """409: it changed since it was seen.

    ``error_dict``: ``conflict`` ("version"), ``version`` (the one there is now), ``message``.
    """

    def __init__(self, message: str, version: int) -> None:
        super().__init__({"conflict": "version", "version": version, "message": [message]},
                         error_summary={tk._("Versi"): message})


def explain(error: WorkflowError) -> str:
    """Say in the reader's language why the workflow refused."""
    values = {name: tk._(value) if isinstance(value, str) else value
              for name, value in error.values.items()}
    return str(tk._(error.message)).format(**values)


@contextmanager
def said_by_ckan() -> Iterator[None]:
    """Turn the workflow's errors into CKAN's."""
    try:
        yield
    except NotAllowedError as error:
        raise tk.NotAuthorized(explain(error)) from error
    except ContentChangedError as error:
        raise StateConflict(explain(error), error.state, conflict="content") from error
    except StateConflictError as error:
        raise StateConflict(explain(error), error.state) from error
    except VersionConflictError as error:
        raise VersionConflict(explain(error), error.version) from error
    except TransitionInvalidError as error:
        raise tk.ValidationError({
            name: [str(tk._(text)).format(**error.values)] for name, text in error.fields.items()
        }) from error
