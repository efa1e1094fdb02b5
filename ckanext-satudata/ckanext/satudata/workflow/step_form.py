"""The form of a step, for pages of other rooms that offer it."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.satudata.workflow import changes, forms

__all__ = ["formed", "satudata_step_form"]


def formed(shown: Mapping[str, Any], action: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form of a step and, of a version that follows another, what it asks about that."""
    form = forms.form_of(action["name"], shown["state"], forms.pembina_due(shown))
    version = changes.asked(shown) if action["name"] == "ajukan" and action["allowed"] else None
    return {"form": changes.with_version(form, version) if form else None, "version": version}


def satudata_step_form(submission: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """Return what a step of a submission asks, for the form; ``None`` where it is not offered."""
    action = next((each for each in submission.get("actions") or [] if each["name"] == name), None)
    return {**action, **formed(submission, action)} if action is not None else None
