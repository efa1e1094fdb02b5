"""What the walidata decides of the kode referensi: versions of lists, their codes, files waiting.

What is delivered with the software stays in it; here is only what differs. Down gives the changes
up with their tables: take the lists out as CSV before going back.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "satudata_vocabulary_version",
        # Given by us under a lock, in the order of commits.
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("vocabulary", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("source", JSONB, nullable=False, server_default="{}"),
        sa.Column("about", JSONB, nullable=False, server_default="{}"),
        sa.Column("codes", sa.Integer, nullable=False),
        sa.UniqueConstraint("vocabulary", "number", name="satudata_vocabulary_version_number"),
    )
    op.create_table(
        "satudata_vocabulary_row",
        sa.Column("sequence", sa.BigInteger,
                  sa.ForeignKey("satudata_vocabulary_version.sequence"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("before", JSONB),
        sa.Column("after", JSONB, nullable=False),
    )
    op.create_table(
        "satudata_vocabulary_import",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("vocabulary", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("rows", JSONB, nullable=False),
        sa.Column("source", JSONB, nullable=False, server_default="{}"),
        sa.Column("retire_absent", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("vocabulary", "actor", name="satudata_vocabulary_import_own"),
    )


def downgrade() -> None:
    """Forget what was decided; what was delivered is current again."""
    for name in ("import", "row", "version"):
        op.drop_table(f"satudata_vocabulary_{name}")
