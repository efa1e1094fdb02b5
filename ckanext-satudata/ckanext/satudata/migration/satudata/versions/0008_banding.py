"""Comparisons of two versions of a file, kept so that they are made once.

Down forgets them: they are made again from the files when somebody asks.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "satudata_diff",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("old_sha256", sa.Text, nullable=False),
        sa.Column("new_sha256", sa.Text, nullable=False),
        sa.Column("asked", JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("progress", sa.Integer, nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("result", JSONB),
        sa.Column("list_sha256", sa.Text),
        sa.Column("error", JSONB),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("started_at", TIME),
        sa.Column("finished_at", TIME),
    )
    for column in ("old_sha256", "new_sha256", "list_sha256"):
        op.create_index(f"satudata_diff_{column}", "satudata_diff", [column])
    op.create_index("satudata_diff_open", "satudata_diff", ["created_at"],
                    postgresql_where=sa.text("finished_at IS NULL"))


def downgrade() -> None:
    """Take it away."""
    op.drop_table("satudata_diff")
