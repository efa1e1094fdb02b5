"""Text with marks, as it may be shown on a page that asks nothing of another host."""
from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from markupsafe import Markup

__all__ = ["render_markdown"]

#: CKAN cleans its output with a parser of HTML: tags are whole and values stand in double quotes.
_IMAGE = re.compile(r"<img\b([^>]*)>")
_VALUE = re.compile(r'\b(src|alt)="([^"]*)"')


@tk.chained_helper
def render_markdown(next_helper: Callable[..., Any], data: str, *args: Any, **options: Any) -> Any:
    """Return text with marks as HTML, with pictures of other hosts as their words.

    A picture from elsewhere would tell that host who reads which dataset.
    """
    shown = next_helper(data, *args, **options)
    return Markup(_IMAGE.sub(_own_image, str(shown))) if shown else shown


def _own_image(found: re.Match[str]) -> str:
    values = dict(_VALUE.findall(found[1]))
    address = html.unescape(values.get("src", ""))
    ours = urlsplit(tk.config["ckan.site_url"])
    try:
        parts = urlsplit(address.strip().replace("\\", "/"))
    except ValueError:
        parts = None
    if parts is not None and (parts.scheme, parts.netloc) in (("", ""), (ours.scheme, ours.netloc)):
        return found[0]
    return values.get("alt") or html.escape(address)
