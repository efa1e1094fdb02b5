"""What a call asks of the database, for tests of what must not cost more with longer lists."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from ckan import model


@contextmanager
def listened() -> Iterator[list[str]]:
    """Collect the statements that CKAN's database is asked meanwhile."""
    found: list[str] = []

    def told(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        found.append(statement)

    engine = model.ensure_engine()
    sa.event.listen(engine, "before_cursor_execute", told)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", told)
