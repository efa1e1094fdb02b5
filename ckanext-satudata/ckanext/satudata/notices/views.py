"""``/pemberitahuan``: what the portal has to tell whoever is logged in. No GET changes anything."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint

from ckanext.satudata.domain.notices import KINDS
from ckanext.satudata.shared import mail
from ckanext.satudata.shared.asking import ask_to_log_in, visitor

__all__ = ["blueprint"]

_PER_PAGE = 20
_MAX_PAGE = 10_000

blueprint = Blueprint("satudata_notices", __name__)
blueprint.before_request(ask_to_log_in)


def index() -> Any:
    """List notices: all, or those not read yet."""
    only_unread = tk.request.args.get("hanya") == "belum"
    number = tk.request.args.get("page", "1")
    page = int(number) if number.isdecimal() and number.isascii() and len(number) < 6 else 1
    page = max(1, min(page, _MAX_PAGE))
    found = tk.get_action("satudata_notice_list")(visitor(), {
        "unread": only_unread, "limit": _PER_PAGE, "offset": (page - 1) * _PER_PAGE})

    def url(**values: Any) -> str:
        kept = {"hanya": "belum"} if only_unread else {}
        return tk.h.url_for("satudata_notices.index", page=values["page"], **kept)

    pager = Page(collection=found["results"], page=page, url=url, item_count=found["count"],
                 items_per_page=_PER_PAGE, presliced_list=True)
    return tk.render("satudata/pemberitahuan/index.html", {
        "notices": found["results"], "count": found["count"], "unread": found["unread"],
        "only_unread": only_unread, "pager": pager, "page_number": page})


def read() -> Any:
    """Mark one notice, or all, as read; then back to the list."""
    number = tk.request.form.get("id", "")
    data: dict[str, Any] = {"ids": [number]} if number else {"all": True}
    try:
        tk.get_action("satudata_notice_read")(visitor(), data)
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(str(each) for each in error.error_summary.values()))
    return tk.h.redirect_to("satudata_notices.index", **(
        {"hanya": "belum"} if tk.request.form.get("hanya") == "belum" else {}))


def settings() -> Any:
    """Show what one wants to hear of, and where; POST stores it."""
    if tk.request.method == "POST":
        return _store()
    found = tk.get_action("satudata_notice_settings_show")(visitor(), {})
    return tk.render("satudata/pemberitahuan/settings.html", {
        **found, "has_mail": mail.is_set_up()})


def _store() -> Any:
    """A box that is not ticked is not sent, so every kind of the form is stored."""
    form = tk.request.form
    tk.get_action("satudata_notice_settings_update")(visitor(), {"settings": [
        {"kind": kind.value,
         "portal": about.fixed or f"portal-{kind.value}" in form,
         "mail": f"mail-{kind.value}" in form}
        for kind, about in KINDS.items()
    ]})
    tk.h.flash_success(tk._("Setelan pemberitahuan disimpan."))
    return tk.h.redirect_to("satudata_notices.settings")


blueprint.add_url_rule("/pemberitahuan", "index", index, strict_slashes=False)
blueprint.add_url_rule("/pemberitahuan/baca", "read", read, methods=["POST"])
blueprint.add_url_rule("/pemberitahuan/atur", "settings", settings, methods=["GET", "POST"])
