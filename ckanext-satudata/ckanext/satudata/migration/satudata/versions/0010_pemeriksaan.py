"""What a machine found in each uploaded file, and how the officer corrected its reading.

An inspection belongs to one file of one draft; its result files lie among the blobs. A recipe is
never changed: each correction is a further row, so that who read a sheet how, and when, stays
known. What was found stands in the submission beside the notes of people; ``said`` keeps its
sentence as a template, for readers of another language.

Down forgets inspections, which are made again from the files, the corrections, and the notes that
no person wrote: without their inspection nothing would ever settle them, and they stop a hand-in.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and the column."""
    op.create_table(
        "satudata_inspection",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("content_id", sa.Text, nullable=False),
        sa.Column("resource_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("recipe_hash", sa.Text, nullable=False, server_default=""),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("asked", JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("progress", sa.Integer, nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("report", JSONB),
        sa.Column("files", JSONB, nullable=False, server_default="{}"),
        sa.Column("counts", JSONB, nullable=False, server_default="{}"),
        sa.Column("scores", JSONB, nullable=False, server_default="{}"),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("started_at", TIME),
        sa.Column("finished_at", TIME),
        sa.Column("stripped_at", TIME),
    )
    op.create_index("satudata_inspection_resource", "satudata_inspection",
                    ["resource_id", "asked_at"])
    op.create_index("satudata_inspection_package", "satudata_inspection", ["package_id", "sha256"])
    op.create_index("satudata_inspection_key", "satudata_inspection", ["key"])
    op.create_index("satudata_inspection_open", "satudata_inspection", ["asked_at"],
                    postgresql_where=sa.text("finished_at IS NULL"))
    op.create_table(
        "satudata_recipe",
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("recipe", JSONB, nullable=False),
        sa.Column("created_by", sa.Text),
        sa.Column("created_at", TIME, nullable=False),
    )
    op.create_index("satudata_recipe_package", "satudata_recipe", ["package_id", "id"])
    op.add_column("satudata_finding", sa.Column("said", JSONB))


def downgrade() -> None:
    """Take them away, with the notes of the machine."""
    op.execute("DELETE FROM satudata_finding WHERE check_name <> ''")
    op.drop_column("satudata_finding", "said")
    op.drop_table("satudata_recipe")
    op.drop_table("satudata_inspection")
