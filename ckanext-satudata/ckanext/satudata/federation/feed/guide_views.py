"""``/panduan/<name>``: guides for other portals and for reviewers, with this one's addresses."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import lang
from flask import Blueprint
from markdown import markdown
from markupsafe import Markup, escape

from ckanext.satudata import config
from ckanext.satudata.federation.feed.reading import opened

__all__ = ["blueprint"]

#: Languages the guide is written in; whoever reads another gets the first.
_LANGUAGES = ("id", "en")
#: The guides: a file each in every language.
_GUIDES = ("memanen", "profil-metadata")

blueprint = Blueprint("satudata_feed_guide", __name__)


@blueprint.route("/panduan/<name>")
def show(name: str) -> str:
    """Show a guide in the reader's language."""
    if name not in _GUIDES:
        tk.abort(404, tk._("Panduan ini tidak ada."))
    asked = lang()[:2]
    language = asked if asked in _LANGUAGES else _LANGUAGES[0]
    text = tk.render(f"satudata/panduan/{name}.{language}.md", {
        "site": config.alamat(), "national": config.nasional_alamat()})
    title, _, body = text.partition("\n")
    made = markdown(body, extensions=["tables", "fenced_code", "toc"], output_format="html")
    with opened() as reading:
        state = reading.state
    return tk.render("satudata/panduan/page.html", {
        "name": name, "title": title.lstrip("# "), "language": language, "state": state,
        "body": Markup(_framed(made))})  # our own text, nothing anybody typed


def _framed(made: str) -> str:
    """Let tables look like those of the portal, and move sideways on a phone."""
    label = escape(tk._("Tabel, geser ke samping"))
    return made.replace("<table>", (
        f'<div class="sd-scroll" tabindex="0" role="region" aria-label="{label}">'
        '<table class="sd-table">')).replace("</table>", "</table></div>")
