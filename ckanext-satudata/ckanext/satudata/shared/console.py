"""How long commands say where they are."""
from __future__ import annotations

import sys
import time
from typing import Any

import ckan.plugins.toolkit as tk
import click

__all__ = ["Progress", "megabytes"]

#: Seconds between two lines where there is no terminal.
_EVERY = 10.0


class Progress:
    """A bar with the time left on a terminal, a line every ten seconds anywhere else.

    :param label: what is being done, translated
    :param total: how many steps there will be
    """

    def __init__(self, label: str, total: int) -> None:
        self._label, self._total = label, total
        self._done = 0
        self._start = self._said = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> Progress:
        if sys.stderr.isatty() and self._total:
            self._bar = click.progressbar(
                length=self._total, label=self._label, file=sys.stderr, show_pos=True)
            self._bar.render_progress()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.render_finish()

    def count(self, steps: int) -> None:
        """Say how many were looked at where nobody knows how many there are."""
        self._done += steps
        now = time.monotonic()
        if now - self._said >= _EVERY:
            self._said = now
            click.echo(f"{self._label}: {self._done}", err=True)

    def step(self, steps: int = 1) -> None:
        """Say that so many steps more are done."""
        self._done += steps
        if self._bar is not None:
            self._bar.update(steps)
            return
        now = time.monotonic()
        if now - self._said < _EVERY:
            return
        self._said = now
        left = (now - self._start) / self._done * max(0, self._total - self._done)
        click.echo(tk._("{label}: {done}/{total}, kira-kira {seconds} detik lagi").format(
            label=self._label, done=self._done, total=self._total, seconds=round(left)), err=True)


def megabytes(size: float) -> str:
    """Return a size as people write it here: ``1,5 MB``."""
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")
