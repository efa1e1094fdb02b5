"""What the pages of this room have in common: who may hand in, and the way to do it."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.intake.states import State, Way
from ckanext.satudata.entry_sheets.grid_tables import content_of
from ckanext.satudata.shared.asking import acting
from ckanext.satudata.shared.audit import record
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.reading import is_name

__all__ = ["may_write", "next_page", "replaced", "text_of", "written"]

_MAX_ID = 200
#: Kind of the events of a setoran.
_KIND = "setoran"


def text_of(data: Mapping[str, Any], name: str, most: int = _MAX_ID) -> str:
    """Return a text that was sent, empty where none was.

    :raises ValidationError: no text, or a longer one
    """
    value = data.get(name)
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or len(value) > most or "\x00" in value or (
            most <= _MAX_ID and not is_name(value)):
        raise tk.ValidationError({name: [tk._(
            "Kirim satu teks, paling banyak {limit} huruf.").format(limit=most)]})
    return value


def may_write(context: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """Answer as an auth function: whoever may write that data may hand in for it.

    Hidden data is told to nobody: what is not theirs is said with the same words as what is not.
    """
    identifier = data.get("id")
    try:
        if is_name(identifier):
            tk.check_access("satudata_intake_create", context, {"id": identifier})
            return {"success": True}
    except tk.NotAuthorized:
        pass
    return {"success": False, "msg": tk._("Data ini tidak ada, atau bukan Anda penyusunnya.")}


def replaced(data: Mapping[str, Any], shown: Mapping[str, Any]) -> str:
    """Return the id of the file that is replaced; empty where none is.

    :param shown: the dataset the file has to be of
    :raises ValidationError: it is no file of this dataset
    """
    given = text_of(data, "replaces")
    if given and given not in {each["id"] for each in shown.get("resources") or []}:
        raise tk.ValidationError({"replaces": [tk._(
            "Berkas yang diganti tidak ada di dataset ini. Muat ulang halaman, lalu pilih lagi.")]})
    return given


def written(
    context: Any, package_id: str, way: Way, filename: str, content: bytes, replaces: str = "",
    writers: Collection[str] = (),
) -> dict[str, Any]:
    """Hand in what was written on a page, and take it into the draft.

    While others inspect the version under way it is kept and waits: nothing that was typed is
    lost, and nothing is handed in twice.

    :param writers: ids of who wrote it, who are authors of the version that takes it
    :returns: the setoran, as ``satudata_intake_show``; ``state`` says whether it waits
    """
    given = {"id": package_id, "filename": filename, "content": content, "way": way.value}
    place = _in_draft(context, package_id, replaces) if replaces else ""
    made = tk.get_action("satudata_intake_create")(
        acting(context), {**given, "replaces": place} if place else given)
    if writers:
        with unit_of_work():
            for each in writers:
                record(_KIND, actor=each, package_id=made["package_id"], transition="isi",
                       data={"id": made["id"], "way": way.value})
    try:
        return tk.get_action("satudata_intake_accept")(acting(context), {"id": made["id"]})
    except tk.ValidationError as error:
        if "conflict" not in error.error_dict:
            raise
        return made


def _in_draft(context: Any, package_id: str, replaces: str) -> str:
    """Return the id that a file has in the draft; a revision is begun where there is none.

    :param replaces: its id there, or that of the published file; empty where it is there no more
    """
    content = content_of(package_id)
    if content.is_public:
        tk.get_action("satudata_revision_start")(acting(context), {"id": package_id})
        content = content_of(package_id)
    return next((each["id"] for each in content.shown.get("resources") or []
                 if replaces in (each["id"], each.get("asal_resource_id"))), "")


def next_page(made: Mapping[str, Any]) -> str:
    """Return the address of what comes after a hand-in: how the file was read."""
    for each in made.get("resources") or []:
        resource = model.Resource.get(each)
        if resource is not None:
            return tk.h.url_for("satudata_inspection.show", id=resource.package.name,
                                resource_id=resource.id)
    if made.get("state") == State.MENUNGGU.value:
        tk.h.flash_notice(tk._(
            "Kiriman Anda tersimpan dan menunggu, karena data ini sedang diperiksa. Terima "
            "kirimannya begitu data kembali kepada Anda."))
    return tk.h.url_for("dataset.read", id=made["package_id"])
