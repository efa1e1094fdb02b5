"""Notices of each person and what they want to hear of; nothing is told of what went before.

Down forgets who read what. The events themselves stay, and what was mailed was mailed.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; nobody has set anything yet, so the defaults hold."""
    op.create_table(
        "satudata_notice",
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("submission_id", sa.Text),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("read_at", TIME),
        # However often a message is handled, a person hears once.
        sa.UniqueConstraint("user_id", "event_id", "kind", name="satudata_notice_once"),
    )
    op.create_index("satudata_notice_user", "satudata_notice", ["user_id", "id"])
    # The header of every page of a person who is logged in counts these.
    op.create_index("satudata_notice_unread", "satudata_notice", ["user_id"],
                    postgresql_where=sa.text("read_at IS NULL"))
    op.create_index("satudata_notice_submission", "satudata_notice", ["submission_id"],
                    postgresql_where=sa.text("read_at IS NULL"))
    op.create_table(
        "satudata_notice_setting",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("portal", sa.Boolean, nullable=False),
        sa.Column("mail", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("satudata_notice_setting")
    op.drop_table("satudata_notice")
