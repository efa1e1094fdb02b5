"""A real mail server on this machine, whose temper a test sets."""
from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP


class PostOffice:
    """Takes mail, or refuses it as a test says.

    :ivar refuses: the answer to every recipient, e.g. ``"451 Try later"``; ``None`` takes all
    :ivar hangs_up: break the connection instead of answering QUIT
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.tried = 0
        self.refuses: str | None = None
        self.hangs_up = False
        self.port = 0

    def to(self, address: str) -> list[EmailMessage]:
        """Return what came for an address, in order."""
        return [mail for mail, whom in zip(self.mails, self.recipients, strict=True)
                if whom == address]

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self.tried += 1
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        for address in envelope.rcpt_tos:
            self.mails.append(mail)
            self.recipients.append(address)
        return "250 OK"

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        if self.hangs_up:
            server.transport.abort()
        return "221 Bye"


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """Run a post office on a free port of the loopback."""
    office = PostOffice()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def open_it() -> asyncio.Server:
        return await loop.create_server(
            lambda: SMTP(office, loop=loop, hostname="localhost"), "127.0.0.1", 0)

    server = asyncio.run_coroutine_threadsafe(open_it(), loop).result(10)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
