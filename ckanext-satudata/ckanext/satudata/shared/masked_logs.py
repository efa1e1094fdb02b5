"""Addresses that are keys stay out of our logs: of such a page they say that it was asked for.

Web servers and CKAN write down the path of every request, and logs are read, copied and kept by
people who are not let in by those links.
"""
from __future__ import annotations

import logging
import re

__all__ = ["install", "masked"]

_KEYS = re.compile(
    r"(/setor/)[^\s\"'?#<>,)]{16,}|(/akses/permohonan/)[A-Za-z0-9_-]{43}"
    r"|(/unggah/)[A-Za-z0-9_-]{20,}")
#: Who writes paths down: CKAN and Flask, the server of development, gunicorn.
_LOGGERS = ("ckan.config.middleware.flask_app", "werkzeug", "gunicorn.access", "gunicorn.error")


def masked(text: str) -> str:
    """Return a line of a log without the keys in it."""
    return _KEYS.sub(lambda found: f"{found[1] or found[2] or found[3]}…", text)


class _Mask(logging.Filter):
    """Changes what is logged, and lets all of it pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the message of a record."""
        said = record.getMessage()
        shown = masked(said)
        if shown != said:
            record.msg, record.args = shown, ()
        return True


_MASK = _Mask()


def install() -> None:
    """Mask what the loggers of this process write; a second time changes nothing."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_MASK)
