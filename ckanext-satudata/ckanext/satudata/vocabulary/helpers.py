"""Template helpers over the vocabularies."""
from __future__ import annotations

from datetime import date
from typing import Any

from ckanext.satudata.domain import vocabulary, wilayah
from ckanext.satudata.vocabulary import present

__all__ = [
    "satudata_choices", "satudata_concept_label", "satudata_concept_uri",
    "satudata_vocabulary_choices",
]

Choices = list[dict[str, str]]


def satudata_choices(name: str, chosen: Any = None) -> Choices:
    """Return the codes of a vocabulary that may be used today, as value and label.

    ``chosen`` keeps a code that is no longer valid, so that saving a form does not
    lose it.
    """
    today, lang = date.today(), present.language()
    kept = {chosen} if isinstance(chosen, str) else set(chosen or ())
    return [
        {"value": each.code, "label": each.label(lang)}
        for each in vocabulary.get(name)
        if each.is_valid(today) or each.code in kept
    ]


def satudata_vocabulary_choices(field: dict[str, Any]) -> Choices:
    """Return the choices of a scheming field that names its ``vocabulary``.

    In a schema: ``choices_helper: satudata_vocabulary_choices`` and ``vocabulary: frekuensi``.
    """
    return satudata_choices(field["vocabulary"])


def satudata_concept_label(name: str, code: str) -> str:
    """Return the label of a code in the user's language, the code itself if it is unknown.

    A page must not fail over one old code in one dataset.
    """
    if name == present.WILAYAH:
        return wilayah.display(code)
    found = vocabulary.get(name)
    return found[code].label(present.language()) if code in found else code


def satudata_concept_uri(name: str, code: str) -> str:
    """Return our IRI of a code, empty if the code is unknown: no dead link."""
    if name == present.WILAYAH:
        try:
            return present.uri(name, wilayah.get(code).code)
        except LookupError:
            return ""
    return present.uri(name, code) if code in vocabulary.get(name) else ""
