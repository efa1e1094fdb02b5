"""A table pasted into a page is handed in as a file."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.intake import pasted
from ckanext.satudata.domain.intake.states import Way
from ckanext.satudata.domain.metadata_values import InvalidValueError
from ckanext.satudata.entry_sheets import handing

__all__ = ["satudata_paste_submit"]


def satudata_paste_submit(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Hand in a table that was copied out of a spreadsheet, a document or a chat.

    It goes into the draft as a file of its own does (a revision is begun where the dataset is
    public), and is inspected like one.

    :param id: id or name of the dataset.
    :type id: string
    :param html: what the clipboard holds as a page, at most 2 MB; only its cells are kept.
    :type html: string, optional
    :param text: what it holds as text with tabs, at most 2 MB; read where ``html`` has no table.
    :type text: string, optional
    :param replaces: id of the file of the dataset it takes the place of.
    :type replaces: string, optional
    :returns: as ``satudata_intake_show``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not yours to write.
    :raises ValidationError: nothing, too much or no table was pasted; 409 while others inspect it.
    """
    tk.check_access("satudata_paste_submit", context, data_dict)
    shown = tk.get_action("package_show")(
        {"ignore_auth": True}, {"id": handing.text_of(data_dict, "id")})
    replaces = handing.replaced(data_dict, shown)
    most = pasted.MAX_BYTES * 2  # letters; the domain counts bytes and says what to do
    try:
        found = pasted.read(handing.text_of(data_dict, "html", most),
                            handing.text_of(data_dict, "text", most))
    except InvalidValueError as error:
        raise tk.ValidationError({"text": [error.explain("", tk._(error.message))]}) from error
    return handing.written(context, shown["id"], Way.TEMPEL, found.filename, found.content,
                           replaces)
