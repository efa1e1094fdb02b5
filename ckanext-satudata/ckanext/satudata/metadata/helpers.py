"""Template helpers of forms and of the metadata table."""
from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from markupsafe import Markup, escape

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.metadata_columns import columns
from ckanext.satudata.domain.metadata_derive import as_list, derived, empty
from ckanext.satudata.domain.metadata_values import N_, InvalidValueError, iri
from ckanext.satudata.metadata import sections
from ckanext.satudata.shared import portal_facts as facts

__all__ = [
    "satudata_can_copy",
    "satudata_columns",
    "satudata_completeness",
    "satudata_form_errors",
    "satudata_form_extra_fields",
    "satudata_form_groups",
    "satudata_form_hidden",
    "satudata_form_list",
    "satudata_form_names",
    "satudata_form_prepare",
    "satudata_form_sections",
    "satudata_form_unknown",
    "satudata_form_value",
    "satudata_linked",
    "satudata_parent_choices",
    "satudata_reference",
    "satudata_reference_url",
    "satudata_reporting",
    "satudata_span",
    "satudata_table_sections",
    "satudata_when",
]

Field = dict[str, Any]

MONTHS = (
    N_("Januari"), N_("Februari"), N_("Maret"), N_("April"), N_("Mei"), N_("Juni"), N_("Juli"),
    N_("Agustus"), N_("September"), N_("Oktober"), N_("November"), N_("Desember"),
)


# ----------------------------------------------------------------------- forms
def satudata_form_prepare(
    schema: dict[str, Any], data: dict[str, Any], errors: Any, form_style: str | None
) -> str:
    """Put what is known into a new form's data, and return which form it is.

    Only fields the data does not mention are filled: what a person emptied stays empty.
    """
    mode = sections.mode_of(form_style, data)
    if mode == "ubah" or data.get("id") or errors:
        return mode
    _expand_groups(schema, data)
    if empty(data.get("owner_org")):
        own = tk.h.organizations_available("create_dataset")
        data["owner_org"] = data.get("group_id") or (own[0]["id"] if len(own) == 1 else None)
    data.setdefault("private", True)
    for field in schema["dataset_fields"]:
        if field["field_name"] not in data and "default" in field:
            data[field["field_name"]] = field["default"]
    known = derived(
        data, schema["dataset_type"], facts.agency(data["owner_org"]), facts.installation()
    )
    names = {field["field_name"] for field in schema["dataset_fields"]}
    for name, value in known.items():
        if name in names and empty(data.get(name)):
            data[name] = value
    return mode


def _expand_groups(schema: dict[str, Any], data: dict[str, Any]) -> None:
    """Read ``contact-0-name`` of an address (?contact-0-name=...) as a group; bad ones are left."""
    for field in schema["dataset_fields"]:
        value = data.get(field["field_name"])
        if "repeating_subfields" in field and not isinstance(value, list):
            data.pop(field["field_name"], None)


def satudata_form_sections(
    fields: list[Field], data: Any, errors: Any, mode: str
) -> list[dict[str, Any]]:
    """Group a form's fields by section: asked, filled, other, hidden."""
    return sections.form_sections(fields, data or {}, errors or {}, mode)


def satudata_form_extra_fields() -> list[Field]:
    """Return the fields of the form that are CKAN's own, not the schema's: when it is published."""
    return [
        {
            "field_name": "private",
            "label": N_("Penerbitan"),
            "bagian": "akses",
            "form_snippet": "satudata_private.html",
        }
    ]


def satudata_form_names(fields: list[Field]) -> str:
    """Return the labels of folded fields in one line, so that nobody has to open it to look."""
    return ", ".join(str(tk.h.scheming_language_text(field["label"])) for field in fields)


def satudata_form_list(value: Any) -> list[str]:
    """Return the values of a list field, whatever form posts, JSON or the API made of it."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        with contextlib.suppress(ValueError, RecursionError):
            value = json.loads(value)
    if isinstance(value, (int, float)):
        return [str(value)]
    return as_list(value)


def satudata_form_value(field: Field, data: Any) -> str:
    """Return what stands in a field's input: lists one a line, dates day first, codes by label."""
    value = (data or {}).get(field["field_name"])
    if value is None or value is tk.missing:
        return ""
    snippet = field.get("form_snippet") or ""
    if snippet == "satudata_skema.html":
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    if snippet == "satudata_wilayah.html":
        return "\n".join(_area(code) for code in satudata_form_list(value))
    if isinstance(value, (list, tuple)) or snippet == "satudata_lines.html":
        return "\n".join(satudata_form_list(value))
    if snippet == "satudata_date.html":
        return _day_first(str(value))
    if snippet == "satudata_suggest.html":
        return str(tk.h.satudata_concept_label(field["vocabulary"], str(value)))
    return str(value)


def _area(code: str) -> str:
    name = tk.h.satudata_concept_label("wilayah", code)
    return code if name == code else f"{code} ({name})"


def _day_first(value: str) -> str:
    if len(value) == 10 and value[4] == "-" and value[7] == "-":
        return f"{value[8:]}-{value[5:7]}-{value[:4]}"
    return value


def satudata_form_groups(field: Field, data: Any) -> int:
    """Return how many groups of a repeating field the form holds, posted or stored."""
    value = (data or {}).get(field["field_name"])
    if isinstance(value, list):
        return len(value)
    prefix = f"{field['field_name']}-"
    found = {
        key[len(prefix) :].split("-", 1)[0] for key in (data or {}) if key.startswith(prefix)
    }
    numbers = [int(each) for each in found if each.isdigit() and len(each) < 5]
    return min(max(numbers) + 1, 500) if numbers else 0


def satudata_form_hidden(field: Field, data: Any) -> list[tuple[str, str]]:
    """Return the names and values of hidden inputs that carry a field through a form."""
    name = field["field_name"]
    value = (data or {}).get(name)
    found: list[tuple[str, str]] = []
    if "repeating_subfields" in field:
        if isinstance(value, list):
            for index, group in enumerate(value):
                if isinstance(group, Mapping):
                    found += [
                        (f"{name}-{index}-{part}", _carried(item))
                        for part, item in group.items()
                        if not empty(item)
                    ]
        else:
            found = [
                (key, _carried(item))
                for key, item in (data or {}).items()
                if key.startswith(f"{name}-") and not empty(item)
            ]
    elif isinstance(value, (list, tuple)):
        found = [(name, _carried(item)) for item in value]
    elif not empty(value) and value is not tk.missing:
        found = [(name, _carried(value))]
    return found


def _carried(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


#: Keys of a resource that CKAN itself keeps.
RESOURCE_OWN = frozenset({
    "id", "package_id", "url", "url_type", "upload", "clear_upload", "revision_id", "position",
    "state", "created", "last_modified", "metadata_modified", "datastore_active",
    "datastore_contains_all_records_of_source_file", "has_views", "on_same_domain",
    "cache_last_updated", "size", "save", "previous_upload",
    # What our form says beside its fields.
    "_dasar", "_pakai", "_kiriman", "_berkas", "_berkas_tetap",
})


def satudata_form_unknown(fields: list[Field], data: Any) -> list[tuple[str, str]]:
    """Return the keys of a resource that no field shows, so that saving the form keeps them."""
    known = {field["field_name"] for field in fields} | RESOURCE_OWN
    return [
        (key, _carried(value))
        for key, value in (data or {}).items()
        if key not in known and not empty(value) and not isinstance(value, (dict, list))
    ]


def satudata_form_errors(fields: list[Field], errors: Any) -> list[dict[str, str]]:
    """Return the errors of a form in the order of its fields: anchor, label, message."""
    found: list[dict[str, str]] = []
    left = dict(errors or {})
    for field in fields:
        problem = left.pop(field["field_name"], None)
        if empty(problem):
            continue
        label = str(tk.h.scheming_language_text(field["label"]))
        parts = {sub["field_name"]: sub for sub in field.get("repeating_subfields") or []}
        for index, item in enumerate(problem if isinstance(problem, list) else [problem]):
            if not isinstance(item, Mapping):
                found.append(_problem(field["field_name"], label, item))
                continue
            for name, messages in item.items():
                part = parts.get(name, {"label": name})
                found.append(
                    _problem(
                        f"{field['field_name']}-{index}-{name}",
                        f"{label} {index + 1}, {tk.h.scheming_language_text(part['label'])}",
                        messages,
                    )
                )
    found += [_problem(str(name), str(name), messages) for name, messages in left.items()]
    return found


def _problem(name: str, label: str, messages: Any) -> dict[str, str]:
    if isinstance(messages, (list, tuple)):
        messages = " ".join(str(message) for message in messages)
    return {"anchor": f"field-{name}", "label": label, "message": str(messages)}


def satudata_parent_choices(own_id: str | None = None) -> list[dict[str, str]]:
    """Return the organizations that may stand above this one, by title."""
    query = (
        model.Session.query(model.Group.id, model.Group.name, model.Group.title)
        .filter(model.Group.is_organization.is_(True), model.Group.state == "active")
        .order_by(model.Group.title)
        .limit(2000)
    )
    return [
        {"value": name, "label": title or name} for id_, name, title in query if id_ != own_id
    ]


def satudata_can_copy(data: Any) -> bool:
    """Tell whether this is a dataset of which next year's can be made."""
    return (
        isinstance(data, Mapping)
        and data.get("type", "dataset") == "dataset"
        and bool(data.get("id"))
    )


# ----------------------------------------------------------------------- table
def satudata_table_sections(fields: list[Field], data: Any) -> list[dict[str, Any]]:
    """Group the filled fields of a dataset by section, for its metadata table."""
    return sections.table_sections(fields, data)


def satudata_reference_url(reference: Any) -> str:
    """Return the page of a vocabulary, or the IRI itself; empty for anything else."""
    written = str(reference)
    if written == "wilayah" or written in vocabulary.names():
        return f"{tk.h.url_for('home.index').rstrip('/')}/kode-referensi/{written}"
    try:
        return iri(written) if written.startswith(("http://", "https://")) else ""
    except InvalidValueError:
        return ""


def satudata_reference(name: str) -> dict[str, str]:
    """Return name and title of a kegiatan or indikator.

    Where the reader may not read it (yet) the name is empty: names are made of titles. One that
    does not exist reads the same.
    """
    found = model.Package.get(name)
    if found is None or not tk.h.check_access("package_show", {"id": found.id}):
        return {"name": "", "title": tk._("belum terbit di portal ini")}
    return {"name": found.name, "title": found.title or found.name}


def satudata_linked(value: Any) -> Any:
    """Return a text as a link where it is a web address, else as it is."""
    written = str(value)
    if not written.startswith(("http://", "https://")):
        return written
    try:
        address = iri(written)
    except InvalidValueError:
        return written
    return Markup('<a href="{0}" rel="nofollow">{0}</a>').format(escape(address))


def satudata_columns(value: Any) -> list[dict[str, Any]]:
    """Return the columns of a stored Table Schema."""
    return columns(value)


def satudata_when(value: Any) -> str:
    """Write a year, month or day for reading: 2025, Maret 2025, 31 Maret 2025."""
    written = str(value or "")
    parts = written[:10].split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3 or len(parts[0]) != 4:
        return written
    if len(parts) == 1:
        return written
    month = int(parts[1])
    if not 1 <= month <= 12:
        return written
    named = f"{tk._(MONTHS[month - 1])} {parts[0]}"
    return named if len(parts) == 2 else f"{int(parts[2])} {named}"


def satudata_span(group: Any) -> str:
    """Write a period for reading: "2025", "1 Januari 2025 sampai 30 Juni 2025"."""
    if not isinstance(group, Mapping):
        return ""
    start, end = satudata_when(group.get("start")), satudata_when(group.get("end"))
    if not start or not end or start == end:
        return start or end
    return str(tk._("{start} sampai {end}").format(start=start, end=end))


def satudata_reporting(group: Any) -> str:
    """Write a coverage of reports for reading: "88 dari 92 posyandu"."""
    if not isinstance(group, Mapping):
        return ""
    received, due = group.get("diterima"), group.get("seharusnya")
    unit = str(group.get("satuan") or "")
    if empty(due) or empty(received):
        return f"{received if not empty(received) else due or ''} {unit}".strip()
    return str(
        tk._("{received} dari {due} {unit}").format(received=received, due=due, unit=unit)
    ).strip()


def satudata_completeness(pkg: dict[str, Any]) -> dict[str, Any]:
    """Return the completeness of a dataset already at hand, as the action gives it."""
    from ckanext.satudata.metadata.action import describe_completeness

    return describe_completeness(pkg)
