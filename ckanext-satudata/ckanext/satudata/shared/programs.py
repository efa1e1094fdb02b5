"""What a program is told when something is wrong: a line of words, where people get a page."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response
from werkzeug.exceptions import HTTPException

from ckanext.satudata.shared import forms
from ckanext.satudata.shared.answering import refused

__all__ = ["page_is_asked", "tell_in_words", "words_for_programs"]

#: What a view of ours refuses with; what no address fits is CKAN's to say.
_CODES = (400, 403, 404, 409, 410)
#: Ends of addresses of programs, beside those of forms.
_ENDS = frozenset({*forms.SUFFIXES, "atom", "bib", "ics", "ris", "zip"})


def page_is_asked() -> bool:
    """Tell whether who asks is a person with a browser.

    An address that ends in a form is a program's, unless it wants HTML before anything else.
    """
    if tk.request.path.rpartition(".")[2] in _ENDS:
        accepted = tk.request.accept_mimetypes
        return accepted.quality("text/html") > accepted.quality("text/plain")
    return forms.asked("") == forms.HTML


def tell_in_words(error: HTTPException) -> Response:
    """Answer an error as who asks reads it."""
    code, said = error.code or 500, str(error.description or error.name)
    if not page_is_asked():
        return refused(said, code)
    return make_response(tk.render("error_document_template.html", {
        "code": code, "name": error.name, "content": said,
        "show_login_redirect_link": code == 403 and not tk.current_user.is_authenticated}), code)


def words_for_programs(blueprint: Blueprint) -> None:
    """Let programs that ask for addresses of a blueprint be refused in words."""
    for code in _CODES:
        blueprint.register_error_handler(code, tell_in_words)
