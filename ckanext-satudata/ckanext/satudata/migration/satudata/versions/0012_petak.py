"""Grids that are being filled: a table written on a page, kept every few seconds.

So that a closed browser loses nothing, and two people on one grid see each other. What is handed
in leaves here. Down forgets what was not handed in.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "satudata_grid_draft",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False, server_default=""),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("copy", sa.Text, nullable=False, server_default=""),
        sa.Column("base", JSONB, nullable=False, server_default="{}"),
        sa.Column("columns", JSONB, nullable=False),
        sa.Column("rows", JSONB, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_by", sa.Text),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_by", sa.Text),
        sa.Column("updated_at", TIME, nullable=False),
    )
    op.create_index("satudata_grid_draft_main", "satudata_grid_draft",
                    ["package_id", "name", "mode"], unique=True,
                    postgresql_where=sa.text("copy = ''"))
    op.create_index("satudata_grid_draft_package", "satudata_grid_draft", ["package_id"])
    op.create_index("satudata_grid_draft_updated", "satudata_grid_draft", ["updated_at"])


def downgrade() -> None:
    """Forget grids that were not handed in."""
    op.drop_table("satudata_grid_draft")
