"""Text with marks, as it may be shown on a page that asks nothing of another host."""
from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from markupsafe import Markup

__all__ = ["markdown_extract", "render_markdown"]

#: CKAN cleans its output with a parser of HTML: tags are whole and values stand in double quotes.
_IMAGE = re.compile(r"<img\b([^>]*)>")
_VALUE = re.compile(r'\b(src|alt)="([^"]*)"')
#: First words kept in a process, and the longest text whose first words are kept.
_KEPT, _LONGEST = 2_000, 5_000


@tk.chained_helper
def render_markdown(next_helper: Callable[..., Any], data: str, *args: Any, **options: Any) -> Any:
    """Return text with marks as HTML, with pictures of other hosts as their words.

    A picture from elsewhere would tell that host who reads which dataset.
    """
    shown = next_helper(data, *args, **options)
    return Markup(_IMAGE.sub(_own_image, str(shown))) if shown else shown


@tk.chained_helper
def markdown_extract(next_helper: Callable[..., Any], text: str, extract_length: int = 190) -> Any:
    """Return the first words of a text with marks, without the marks.

    CKAN sets up a parser of Markdown for each; a page of results would do that twenty times to
    say what it said the last time.
    """
    if not isinstance(text, str) or len(text) > _LONGEST:
        return next_helper(text, extract_length)
    return _extract(next_helper, text, extract_length)


@lru_cache(_KEPT)
def _extract(next_helper: Callable[..., Any], text: str, extract_length: int) -> Any:
    return next_helper(text, extract_length)


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
