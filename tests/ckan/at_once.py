"""Several people who press at the same instant: threads with sessions of their own."""
from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from ckan import model
from workflow_world import told


def at_once(app: Any, calls: Sequence[Callable[[], Any]]) -> Counter[str]:
    """Make calls in threads that start together; return what each was told."""
    answers: list[str] = []
    start = threading.Barrier(len(calls))

    def one(call: Callable[[], Any]) -> None:
        with app.flask_app.test_request_context():
            start.wait(30)
            try:
                answers.append(told(call))
            except Exception as error:
                answers.append(repr(error))
            finally:
                model.Session.remove()

    model.Session.remove()
    threads = [threading.Thread(target=one, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(answers) == len(calls)
    return Counter(answers)
