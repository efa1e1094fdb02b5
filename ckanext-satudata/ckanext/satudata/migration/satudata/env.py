"""Runs our migrations: only tables named ``satudata_*``, their version in a table of their own."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from ckanext.satudata.berita_acara import model as berita_acara  # noqa: F401  (declare tables)
from ckanext.satudata.entry_sheets import grid_model as grids  # noqa: F401
from ckanext.satudata.federation.feed import model as feed  # noqa: F401
from ckanext.satudata.notices import model as notices  # noqa: F401
from ckanext.satudata.shared import actor, audit, feed_marks, outbox  # noqa: F401
from ckanext.satudata.shared.db import Base
from ckanext.satudata.usage import model as usage  # noqa: F401
from ckanext.satudata.vocabulary import model as vocabularies  # noqa: F401
from ckanext.satudata.workflow import model  # noqa: F401

PREFIX = "satudata"


def ours(_object, name, kind, _reflected, _compare_to):
    """Leave CKAN's and other plugins' tables out of comparisons."""
    return kind != "table" or str(name).startswith(f"{PREFIX}_")


settings = {
    "target_metadata": Base.metadata,
    "version_table": f"{PREFIX}_alembic_version",
    "include_object": ours,
}
url = context.config.get_main_option("sqlalchemy.url")
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True, **settings)
    with context.begin_transaction():
        context.run_migrations()
else:
    with sa.create_engine(url, poolclass=sa.pool.NullPool).connect() as connection:
        context.configure(connection=connection, **settings)
        with context.begin_transaction():
            context.run_migrations()
