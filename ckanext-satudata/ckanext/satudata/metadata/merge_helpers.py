"""Template helpers of forms that several people may have open."""
from __future__ import annotations

from typing import Any

from ckanext.satudata.metadata import file_merging, form_values, merging, presence

__all__ = ["satudata_form_base", "satudata_form_beside", "satudata_form_file",
           "satudata_form_others"]


def satudata_form_base(schema: dict[str, Any], data: Any, errors: Any, file: bool = False) -> str:
    """Return what a form carries of what it shows, so that saving it undoes nobody's change.

    :param file: it is the form of a file
    A form that comes back with errors carries what it carried, or what the merge put there.
    """
    if not data or not data.get("id"):
        return ""
    if errors or data.get(merging.BASE):
        return str(data.get(merging.BASE) or "")
    fields = file_merging.fields_of(schema, data) if file else form_values.fields_of(
        schema["dataset_fields"])
    return merging.base_of(fields, data)


def satudata_form_beside(name: str) -> dict[str, Any] | None:
    """Return what somebody else wrote into a field: ``who``, ``when``, ``lines``; None mostly."""
    return merging.shown_beside(name)


def satudata_form_file() -> dict[str, Any] | None:
    """Return the file that came with a form that is shown again.

    :returns: ``name``, ``token``, ``is_file`` (an address otherwise), ``asked`` (what becomes of
        it), ``who`` put another one there
    """
    return file_merging.file_beside()


def satudata_form_others(what: str) -> list[dict[str, str]]:
    """Return who else has the form of a dataset or file open, and note that this person has.

    :returns: each ``name`` and ``when``
    """
    return [{"name": each.name, "when": each.when} for each in presence.opens(what)]
