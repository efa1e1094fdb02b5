"""API action of templates."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.inspection.notes import RefusedFile
from ckanext.satudata.entry_sheets import handing, template
from ckanext.satudata.entry_sheets.grid_tables import content_of
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.asking import acting
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.signals import file_opened

__all__ = ["satudata_template_create"]

Data = dict[str, Any]


def satudata_template_create(context: Any, data_dict: Data) -> Data:
    """Make the workbook in which next year's rows of a dataset are filled.

    Its sheet "Isi data" has the columns of the published table and the rows of its last period,
    moved on by a year, figures empty; "Tahun lalu" shows what they were to who may open that file.
    Without a table the columns are those declared, or the areas of the dataset and one figure.
    What comes back filled is recognised and asks nothing. Equal templates are made once.

    :param id: id or name of the dataset, or of its working copy.
    :type id: string
    :param resource_id: of the file whose table is meant; the first with a table unless given.
    :type resource_id: string, optional
    :returns: ``filename``, ``sha256`` and ``size`` of the stored bytes, ``rows`` that stand in it,
        ``year`` that is asked for (null where none is known) and ``shows_values``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not yours to write.
    :raises ObjectNotFound: no such file in it.
    :raises ValidationError: its table is too wide for a sheet; 409, it is being made for others,
        one at a time, and takes long.
    """
    tk.check_access("satudata_template_create", context, data_dict)
    content = content_of(handing.text_of(data_dict, "id"))
    table = template.table_of(content, handing.text_of(data_dict, "resource_id"))
    may_see = table is None or _may_open(context, table)
    try:
        made = template.made(content, table, may_see, keys=bool(context.get("ignore_auth")))
    except RefusedFile as error:
        raise tk.ValidationError({"message": [error.message.text(tk._)]}) from error
    if made["shows_values"] and table is not None:
        with unit_of_work():
            file_opened.send(
                table.package_id, resource_id=table.resource["id"], number=None,
                sha256=table.sha256, way="unduh", rows=None,
                user=_name(context))
    return made


def _may_open(context: Any, table: template.Table) -> bool:
    """Ask whether whoever gets the template may open the file; without a person, everybody."""
    given = {"user": ""} if context.get("ignore_auth") else acting(context)
    try:
        tk.check_access("satudata_file_open", {**given, "model": model}, {
            "id": table.package_id, "resource_id": table.resource["id"]})
    except tk.NotAuthorized:
        return False
    return True


def _name(context: Any) -> str:
    user = model.User.get(actor_of_context(context).id)
    return user.name if user is not None else ""
