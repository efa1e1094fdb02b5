"""Readers hammer a running portal while one version after another is published.

Each answer is of exactly one version, no reader ever sees an older one after a newer one, and the
only other thing they are told is to come again in a moment. 15 switches, with the readers at work
about each; ``SATUDATA_EXHAUSTIVE=1`` makes it 200, and the readers never rest.
"""
from __future__ import annotations

import os
import random
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from marks import CUT, GONE, LATER, STEADY, Answer, Shapes

sys.path.insert(0, str(Path(__file__).parent))
from switching import Series, series

EXHAUSTIVE = bool(os.environ.get("SATUDATA_EXHAUSTIVE"))
SWITCHES = 200 if EXHAUSTIVE else 15
READERS = 4
#: Seconds readers go on after a switch: the index follows.
AFTER = 0.2


class Reader(threading.Thread):
    """Looks at one place after another and remembers what was wrong."""

    def __init__(self, series: Series, shapes: Shapes, awake: threading.Event, seed: int) -> None:
        super().__init__(daemon=True)
        self.series, self.shapes, self.awake = series, shapes, awake
        self.order = random.Random(seed)
        self.done, self.wrong = False, list[str]()
        self.read, self.longest, self.later = 0, 0.0, list[tuple[float, float]]()
        self.newest: dict[str, int] = defaultdict(int)

    def run(self) -> None:
        session = requests.Session()
        session.trust_env = False
        places = list(self.series.dataset.places().items())
        while not self.done:
            self.order.shuffle(places)
            for place, path in places:
                self.awake.wait()
                if self.done:
                    return
                try:
                    self._look(session, place, path)
                except Exception as error:  # an answer cut off is as wrong as a mixed one
                    self.wrong.append(str(error)[:1000])

    def _look(self, session: requests.Session, place: str, path: str) -> None:
        began = time.monotonic()
        try:
            answer = session.get(self.series.url + path, timeout=60, allow_redirects=False)
            said = Answer(answer.status_code, answer.headers, answer.content)
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            said = CUT
        ended = time.monotonic()
        self.read, self.longest = self.read + 1, max(self.longest, ended - began)
        seen = self.shapes.version(place, said)
        assert seen != GONE, f"{place}: gone, {said.status}"
        if seen == LATER:
            assert place not in STEADY
            self.later.append((began, ended))
        elif seen is not None:
            assert seen >= self.newest[place], f"{place}: {seen} after {self.newest[place]}"
            self.newest[place] = seen


@pytest.fixture(scope="module")
def run(portal: Any, api_token: str) -> Iterator[Series]:
    with series(portal, api_token) as made:
        yield made


def test_every_answer_is_of_one_version(run: Series, capsys: pytest.CaptureFixture[str]) -> None:
    shapes = Shapes()
    shapes.learn(run.dataset, 1, run.get)
    awake = threading.Event()
    readers = [Reader(run, shapes, awake, seed) for seed in range(READERS)]
    for reader in readers:
        reader.start()
    took, noticed = [], []
    if EXHAUSTIVE:
        awake.set()
    try:
        for _ in range(SWITCHES):
            run.write()
            awake.set()
            began = time.monotonic()
            run.publish()
            took.append(time.monotonic() - began)
            run.number += 1
            time.sleep(AFTER)
            if not EXHAUSTIVE:
                awake.clear()
            noticed.append(_noticed(readers, began))
            wrong = [each for reader in readers for each in reader.wrong]
            assert not wrong, f"{len(wrong)} wrong answers\n" + "\n".join(wrong[:20])
    finally:
        for reader in readers:
            reader.done = True
        awake.set()
        for reader in readers:
            reader.join(60)
        with capsys.disabled():  # also when it is stopped or fails on the way
            print(f"\n{len(took)} switches, {sum(reader.read for reader in readers)} answers, "
                  f"{sum(len(reader.later) for reader in readers)} of them to come again, none "
                  f"later than {1000 * max(reader.longest for reader in readers):.0f} ms. "
                  f"Publishing took {_ms(took)}, tables were away {_ms(noticed)}")
    for place, path in run.dataset.places().items():
        assert shapes.version(place, run.get(path)) in (run.number, None), place


def _noticed(readers: list[Reader], since: float) -> float:
    """Return the seconds between the first and the last answer "come again" of a switch."""
    told = [each for reader in readers for each in list(reader.later) if each[1] >= since]
    return max(end for _, end in told) - min(begin for begin, _ in told) if told else 0.0


def _ms(seconds: list[float]) -> str:
    if not seconds:
        return "nothing"
    return f"{1000 * statistics.median(seconds):.0f} ms (worst {1000 * max(seconds):.0f})"
