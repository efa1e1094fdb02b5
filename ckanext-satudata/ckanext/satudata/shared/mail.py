"""One mail through CKAN's own mailer, so that INotifier plugins have their say.

``ckan.lib.mailer`` opens its connection without a time limit and lets an error of the final
QUIT look as if nothing had been sent; both are mended here, from outside.
"""
from __future__ import annotations

import datetime as dt
import hashlib
import smtplib
import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib import mailer

from ckanext.satudata.domain.mail_text import one_line
from ckanext.satudata.shared.outbox import GiveUpError

__all__ = ["LIFE", "SECONDS", "deliver", "deliver_to", "is_set_up", "post", "send"]

#: How long one answer of the mail server may take.
SECONDS = 20.0
#: What could not be delivered for so long is news no more; the portal has it.
LIFE = dt.timedelta(days=3)


def is_set_up() -> bool:
    """Tell whether anything would deliver a mail: a server with a sender, or an INotifier plugin.

    ``smtp.server`` alone says nothing, CKAN's default for it is ``localhost``; and without
    ``smtp.mail_from`` its mailer fails at each mail.
    """
    by_server = bool(tk.config.get("smtp.server") and tk.config.get("smtp.mail_from"))
    return by_server or any(p.PluginImplementations(p.INotifier))


def deliver(user: model.User, key: str, letter: tuple[str, str, str], since: dt.datetime) -> None:
    """Send a user a letter (subject, text, HTML) for a message of the outbox.

    :param since: when what it tells of happened
    :raises GiveUpError: it failed, and that is longer ago than ``LIFE``
    :raises Exception: it failed; the outbox tries again
    """
    with _given_up_after_a_while(since):
        send(user, key, *letter)


def deliver_to(
    name: str, address: str, key: str, letter: tuple[str, str, str], since: dt.datetime
) -> None:
    """Send a letter to somebody without an account; as :func:`deliver`."""
    with _given_up_after_a_while(since):
        post(name, address, key, *letter)


@contextmanager
def _given_up_after_a_while(since: dt.datetime) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if dt.datetime.now(dt.timezone.utc) - since > LIFE:
            raise GiveUpError(f"Gave up after {LIFE.days} days: {error}") from error
        raise


def send(user: model.User, key: str, subject: str, text: str, html: str) -> bool:
    """Send one mail to a user; as :func:`post`.

    :returns: False where mail is not set up or the user has no address
    """
    return post(user.display_name, user.email or "", key, subject, text, html)


def post(name: str, address: str, key: str, subject: str, text: str, html: str) -> bool:
    """Send one mail.

    Where mail is not set up nothing is sent and nothing waits: what somebody's later
    configuration would let out is news of long ago.

    :param key: says what this mail is; a second copy, sent because the first process died, has
        the same Message-ID, by which mail programs drop it
    :returns: False where mail is not set up or there is no address
    :raises Exception: whatever the mailer raised: nothing was sent
    """
    address = address.strip()
    if not is_set_up() or not address or len(address.splitlines()) != 1:
        return False
    host = urlsplit(tk.config["ckan.site_url"]).hostname or "localhost"
    digest = hashlib.sha256(f"{tk.config['ckan.site_id']}\x00{key}".encode()).hexdigest()[:40]
    headers = {
        "Message-ID": f"<satudata-{digest}@{host}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: no answer by an absence notice
    }
    with _time_limit():
        try:
            mailer.mail_recipient(
                one_line(name, 80), address, one_line(subject, 200), text,
                body_html=html, headers=headers)
        except smtplib.SMTPServerDisconnected as error:
            if not _only_the_goodbye_failed(error):
                raise
    return True


class _Limit:
    """How many threads are mailing, and the process's own limit to go back to after the last."""

    lock = threading.Lock()
    users = 0
    before: float | None = None


@contextmanager
def _time_limit() -> Iterator[None]:
    """Bound every new socket of this process for a while: the mailer takes no limit of its own."""
    with _Limit.lock:
        if _Limit.users == 0:
            _Limit.before = socket.getdefaulttimeout()
            socket.setdefaulttimeout(SECONDS)
        _Limit.users += 1
    try:
        yield
    finally:
        with _Limit.lock:
            _Limit.users -= 1
            if _Limit.users == 0:
                socket.setdefaulttimeout(_Limit.before)


def _only_the_goodbye_failed(error: BaseException) -> bool:
    """Tell whether the server took the mail and hung up before QUIT was answered."""
    step: BaseException | None = error
    calls: set[str] = set()
    while step is not None:
        if isinstance(step, mailer.MailerException):
            return False
        calls.update(frame.name for frame in traceback.extract_tb(step.__traceback__))
        step = step.__context__
    return "quit" in calls and "sendmail" not in calls
