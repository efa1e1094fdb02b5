"""What the domain refuses, in the reader's language."""
from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.domain.errors import WorkflowError
from ckanext.satudata.domain.metadata_values import InvalidValueError

__all__ = ["explain", "invalid"]


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
