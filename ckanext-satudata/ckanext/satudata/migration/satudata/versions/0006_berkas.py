"""Stored files: when each was last given, and since when nobody refers to it.

Down forgets both; the files stay, and the next collection takes them in anew.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "satudata_blob",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("touched_at", TIME, nullable=False),
        sa.Column("unreferenced_since", TIME),
    )
    op.create_index("satudata_blob_unreferenced", "satudata_blob", ["unreferenced_since"],
                    postgresql_where=sa.text("unreferenced_since IS NOT NULL"))


def downgrade() -> None:
    """Take it away."""
    op.drop_table("satudata_blob", if_exists=True)
