"""Pages whose address is a key: whoever has it is let in, so it must not get about."""
from __future__ import annotations

from typing import Any

from flask import Response, make_response

__all__ = ["private"]


def private(answer: Any) -> Response:
    """Keep a page out of caches, search engines, frames and the addresses other sites see.

    The referrer is the portal's bare address and not left out: over https a form without any is
    refused as forged (flask-wtf, ``WTF_CSRF_SSL_STRICT``), and the buttons of the page would fail.
    """
    page = make_response(answer)
    page.headers["Cache-Control"] = "private, no-store"
    page.headers["Referrer-Policy"] = "strict-origin"
    page.headers["X-Robots-Tag"] = "noindex, nofollow"
    page.headers["X-Frame-Options"] = "DENY"
    page.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    return page
