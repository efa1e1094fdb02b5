"""The feed: what harvesters read of every public dataset, kept ready in every syntax.

Up marks all datasets; the worker fills the feed from them, and a request that comes before it is
done is told to come again. Down forgets the feed: it is derived, but for the slots and the numbers
of changes, by which harvesters know where they are. After down and up they begin anew.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
PIECES = ("ttl", "xml", "jsonld", "nt", "pod", "nasional")


def upgrade() -> None:
    """Make the tables and mark what there is."""
    op.create_table(
        "satudata_feed_entry",
        sa.Column("package_id", sa.Text, primary_key=True),
        sa.Column("slot", sa.BigInteger, nullable=False, unique=True),
        sa.Column("sequence", sa.BigInteger, nullable=False, unique=True),
        sa.Column("created_sequence", sa.BigInteger, nullable=False),
        sa.Column("iri", sa.Text, nullable=False),
        sa.Column("modified", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("read_at", TIME, nullable=False),
        sa.Column("deleted_at", TIME),
        sa.Column("harvested", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("content_hash", sa.Text, nullable=False),
        *(sa.Column(name, sa.LargeBinary) for name in PIECES),
    )
    for name in PIECES:  # compressed before they come here
        op.execute(f"ALTER TABLE satudata_feed_entry ALTER COLUMN {name} SET STORAGE EXTERNAL")
    op.create_index("satudata_feed_entry_changed", "satudata_feed_entry", ["changed_at"])
    op.create_table(
        "satudata_feed_change",
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("iri", sa.Text, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
    )
    op.create_table(
        "satudata_feed_state",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("slot", sa.BigInteger, nullable=False),
        sa.Column("live", sa.BigInteger, nullable=False),
        sa.Column("local", sa.BigInteger, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("issued", TIME),
        sa.Column("modified", TIME),
        sa.Column("made_with", sa.Text, nullable=False),
        sa.Column("filled_at", TIME),
        sa.CheckConstraint("id = 1", name="satudata_feed_state_one"),
    )
    op.execute(
        "INSERT INTO satudata_feed_state (id, sequence, slot, live, local, changed_at, made_with)"
        " VALUES (1, 0, 0, 0, 0, now(), '')")
    op.create_table(
        "satudata_feed_mark",
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("at", TIME, nullable=False, server_default=sa.text("clock_timestamp()")),
    )
    op.create_index("satudata_feed_mark_urgent", "satudata_feed_mark", ["id"],
                    postgresql_where=sa.text("urgent"))


def downgrade() -> None:
    """Forget the feed."""
    for name in ("mark", "state", "change", "entry"):
        op.drop_table(f"satudata_feed_{name}")
