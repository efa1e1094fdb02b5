"""API actions of the metadata room."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain import metadata_values as values
from ckanext.satudata.domain.metadata import completeness
from ckanext.satudata.domain.metadata_copy import next_year
from ckanext.satudata.shared.references import unpublished

__all__ = ["describe_completeness", "satudata_completeness_show", "satudata_dataset_copy"]


@tk.side_effect_free
def satudata_completeness_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Say what a dataset, kegiatan or indikator still lacks before it may be published.

    The rules are those of Perpres 39/2019 (four principles), UU 14/2008 (restriction) and the
    forms MS-Keg, MS-Var and MS-Ind of BPS; a draft may be saved with any of these gaps.

    :param id: id or name of the dataset.
    :type id: string
    :returns: ``filled`` and ``needed`` (fields in order and fields asked for, without
        suggestions), ``percent`` (whole, 100 only when nothing is missing), ``blocking`` (number
        of gaps that stand in the way of publication) and ``gaps``: a list, most pressing first, of
        ``field``, ``path`` (the exact place, for example ``["resources", 0, "format"]``),
        ``label``, ``reason``, ``severity`` (wajib, sebaiknya, saran), ``principle``
        (standar_data, metadata, interoperabilitas, kode_referensi), ``source``, ``anchor`` (id of
        the input in the form) and ``url`` (the form, at that input).
    :rtype: dictionary
    :raises ObjectNotFound: no such dataset.
    :raises NotAuthorized: the dataset may not be read.
    """
    named = {"id": _identifier(data_dict)}
    tk.check_access("satudata_completeness_show", context, named)
    dataset = tk.get_action("package_show")(context, named)
    found = describe_completeness(dataset)
    found["gaps"] += _unpublished(dataset)
    return found


def _unpublished(dataset: dict[str, Any]) -> list[dict[str, Any]]:
    """Advise that what the dataset names is to be published too; it stands in nobody's way."""
    kind = dataset.get("type") or "dataset"
    hidden = unpublished(dataset)
    labels = _labels((tk.h.scheming_get_dataset_schema(kind) or {}).get("dataset_fields", [])
                     ) if hidden else {}
    return [{
        "field": field, "path": [field], "label": labels.get(field, field),
        "reason": tk._(
            "“{name}” belum terbit di portal ini, jadi pembaca tidak melihat kaitannya. Kirim "
            "juga untuk diperiksa, atau periksa namanya.").format(name=name),
        "severity": "saran", "principle": "metadata", "source": "Perpres 39/2019 pasal 7",
        "anchor": f"field-{field}",
        "url": f"{tk.h.url_for(f'{kind}.edit', id=dataset['name'])}#field-{field}",
    } for field, name in hidden]


def _identifier(data_dict: dict[str, Any]) -> str:
    """Return the id or name asked for; the database fails on anything but a text."""
    try:
        return values.text(tk.get_or_bust(data_dict, "id"), 200)
    except values.InvalidValueError as error:
        raise tk.ValidationError({"id": [error.explain("id", tk._(error.message))]}) from None


def describe_completeness(dataset: dict[str, Any]) -> dict[str, Any]:
    """Return the completeness of a shown dataset in the shape of the action."""
    kind = dataset.get("type") or "dataset"
    schema = tk.h.scheming_get_dataset_schema(kind) or {"dataset_fields": [], "resource_fields": []}
    labels = _labels(schema["dataset_fields"])
    file_labels = _labels(schema.get("resource_fields") or [])
    state = completeness(dataset, kind)
    gaps: list[dict[str, Any]] = []
    for gap in state.gaps:
        anchor = "field-" + "-".join(str(part) for part in gap.path)
        url = tk.h.url_for(f"{kind}.edit", id=dataset.get("name") or dataset.get("id"))
        label = labels.get(gap.field, gap.field)
        if gap.field == "resources":
            label = tk._("Berkas")
            url = tk.h.url_for(f"{kind}_resource.new", id=dataset.get("name") or dataset.get("id"))
            if len(gap.path) == 3:
                label = f"{label}: {file_labels.get(str(gap.path[2]), gap.path[2])}"
                anchor = f"field-{gap.path[2]}"
                url = _resource_url(dataset, kind, gap.path[1], url)
        gaps.append(
            {
                "field": gap.field,
                "path": list(gap.path),
                "label": label,
                "reason": gap.explain(tk._(gap.reason)),
                "severity": gap.severity,
                "principle": gap.principle,
                "source": gap.source,
                "anchor": anchor,
                "url": f"{url}#{anchor}",
            }
        )
    return {
        "filled": state.filled,
        "needed": state.needed,
        "percent": state.percent,
        "blocking": len(state.blocking),
        "gaps": gaps,
    }


def _labels(fields: list[dict[str, Any]]) -> dict[str, str]:
    return {each["field_name"]: str(tk.h.scheming_language_text(each["label"])) for each in fields}


def _resource_url(dataset: dict[str, Any], kind: str, index: Any, otherwise: str) -> str:
    resources = dataset.get("resources") or []
    identifier = (
        resources[index].get("id") if isinstance(index, int) and index < len(resources) else None
    )
    if not identifier:
        return otherwise
    return tk.h.url_for(f"{kind}_resource.edit", id=dataset["name"], resource_id=identifier)


@tk.side_effect_free
def satudata_dataset_copy(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Propose next year's dataset from an existing one; nothing is stored.

    Periods, the schedule and the years in the title move on by one year. What belongs to one
    edition only is left out: files, identifiers, version, figures reported, priority years. The
    answer can go straight into ``package_create``.

    :param id: id or name of the dataset to copy, of type ``dataset``.
    :type id: string
    :returns: a dataset without ``id``, ``name``, ``identifier`` and ``resources``.
    :rtype: dictionary
    :raises ObjectNotFound: no such dataset.
    :raises ValidationError: it is not of type ``dataset``.
    """
    named = {"id": _identifier(data_dict)}
    tk.check_access("satudata_dataset_copy", context, named)
    source = tk.get_action("package_show")(context, named)
    if source["type"] != "dataset":
        raise tk.ValidationError(
            {"id": [tk._(
                "Hanya dataset yang dapat disalin untuk tahun berikutnya. Pilih dataset lain."
            )]}
        )
    return next_year(source)
