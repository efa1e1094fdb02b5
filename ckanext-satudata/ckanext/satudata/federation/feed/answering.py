"""Answers of the feed over HTTP, which wait until it knows all that was committed before."""
from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import ckan.lib.search as search
import ckan.plugins.toolkit as tk
from ckanext.dcat.exceptions import RDFProfileException

from ckanext.satudata.federation.feed.reading import settled
from ckanext.satudata.federation.feed.settling import UnsettledError
from ckanext.satudata.shared.answering import (
    FOREVER,
    Answer,
    PublicResponse,
    opened,
    preflight,
    refused,
    send,
    streamed,
    version_of,
)

__all__ = [
    "FOREVER", "Answer", "PublicResponse", "come_again", "current", "preflight", "refused", "send",
    "streamed", "version_of",
]

#: Seconds after which who comes too early shall try again.
AGAIN = 5


def current(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer from a feed that knows all that was committed before, or say when to come again.

    The view is given that moment of the feed first; it is over before anything is sent.
    """
    @wraps(view)
    def answered(*args: Any, **named: Any) -> Any:
        try:
            with settled() as reading:
                return view(reading, *args, **named)
        except tk.ValidationError as error:
            return refused(_words(error), 409)
        except search.SearchError:
            return refused(tk._("Pencarian tidak berjalan"), 409)
        except (search.SolrConnectionError, UnsettledError):
            return come_again(tk._("Katalog sedang diperbarui. Coba lagi beberapa detik lagi."))
        except RDFProfileException as error:
            return refused(str(error), 409)
    return answered


def _words(error: Any) -> str:
    return "; ".join(str(each) for several in error.error_dict.values() for each in (
        several if isinstance(several, list) else [several]))


def come_again(message: str) -> PublicResponse:
    """Say that the feed cannot answer now: an answer cut short would be taken for deletions."""
    response = PublicResponse(message + "\n", 503, content_type="text/plain; charset=utf-8")
    response.headers["Retry-After"] = str(AGAIN)
    response.cache = "no-store"
    return opened(response, {})
