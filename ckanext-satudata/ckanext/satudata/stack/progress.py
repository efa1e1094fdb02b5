"""What the person sees while the portal starts: a line a step, with its time."""
from __future__ import annotations

import time
from pathlib import Path
from typing import Any, TextIO

__all__ = ["Printer", "step_line"]

WIDTH = 34


def step_line(label: str, seconds: float) -> str:
    """Return the line of a step that is done."""
    return f"  {label} {'.' * max(2, WIDTH - len(label))} {seconds:5.1f} s"


class Printer:
    """Prints events of the supervisor; without a terminal each line once, none rewritten."""

    def __init__(self, out: TextIO, home: Path) -> None:
        self.out, self.home = out, home
        self.terminal = out.isatty()
        self.began = time.monotonic()
        self._shown = ""
        self._quarters: dict[str, int] = {}

    def show(self, event: dict[str, Any]) -> None:
        kind = event["event"]
        if kind == "begin":
            self._transient(f"  {event['label']} ...")
        elif kind == "progress":
            self._progress(event)
        elif kind == "done":
            self._line(step_line(event["label"], event["seconds"]))
        elif kind == "ready":
            self._ready(event)
        elif kind == "failed":
            self._transient("")

    def _progress(self, event: dict[str, Any]) -> None:
        if self.terminal:
            self._transient(f"  {event['label']} {event['detail']}")
            return
        # "40/127 jars": without a terminal a line every quarter
        numbers = event["detail"].split()[0].partition("/")
        if numbers[0].isdigit() and numbers[2].isdigit() and int(numbers[2]):
            quarter = 4 * int(numbers[0]) // int(numbers[2])
            if 0 < quarter < 4 and quarter > self._quarters.get(event["name"], 0):
                self._quarters[event["name"]] = quarter
                self._line(f"  {event['label']}: {event['detail']}")

    def _ready(self, event: dict[str, Any]) -> None:
        self._line(f"\nThe portal is up after {time.monotonic() - self.began:.1f} s:\n")
        self._line(f"  {event['url']}\n")
        if admin := event.get("sysadmin"):
            self._line(f"  Sysadmin  {admin['name']}\n  Password  {admin['password']}\n")
            self._line("  The password is shown this once and kept nowhere; change it after the "
                       "first login\n  (your name, top right, then settings).\n")

        if event.get("demo"):
            self._line("  The demo's people (contoh-walidata, contoh-produsen-bpbd, ...) and their "
                       "password stand\n  in a log: ./deploy/portal logs demo\n")

    def _line(self, text: str) -> None:
        self._transient("")
        print(text, file=self.out, flush=True)

    def _transient(self, text: str) -> None:
        if not self.terminal:
            return
        print("\r" + text + " " * max(0, len(self._shown) - len(text)) + ("" if text else "\r"),
              end="", file=self.out, flush=True)
        self._shown = text
