"""Emergency withdrawals: what happened, what of it is personal data, when that is deleted.

One row for each press of the red button. It outlives what it deletes: by whose decision, which
files and versions, their hashes and names, and what could not be deleted.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "satudata_purge",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("submission_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("withdrawn_at", TIME, nullable=False),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("chosen", JSONB, nullable=False, server_default="[]"),
        sa.Column("explained_by", sa.Text),
        sa.Column("explained_at", TIME),
        sa.Column("due_at", TIME),
        sa.Column("warned_at", TIME),
        sa.Column("retry_at", TIME),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("report", JSONB, nullable=False, server_default="{}"),
        sa.Column("finished_at", TIME),
    )
    op.create_index("satudata_purge_package", "satudata_purge", ["package_id", "withdrawn_at"])
    # One question at a time of one dataset, however often the button is pressed.
    op.create_index("satudata_purge_asked", "satudata_purge", ["package_id"], unique=True,
                    postgresql_where=sa.text("state = 'menunggu'"))
    # Each look of the scheduler.
    op.create_index("satudata_purge_planned", "satudata_purge", ["due_at"],
                    postgresql_where=sa.text("state IN ('terjadwal', 'berjalan')"))


def downgrade() -> None:
    """Take it away."""
    op.drop_table("satudata_purge")
