"""Versions: what each one said and gave, so that an earlier one stays readable.

Down forgets earlier versions; what is public now stays public.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and what a submission says of its version."""
    op.create_table(
        "satudata_version",
        sa.Column("submission_id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("published_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("withdrawn_at", TIME),
        sa.Column("purged_at", TIME),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("changes", JSONB, nullable=False, server_default="{}"),
        sa.UniqueConstraint("package_id", "number", name="satudata_version_number"),
    )
    op.create_index("satudata_version_current", "satudata_version", ["package_id"], unique=True,
                    postgresql_where=sa.text("ended_at IS NULL"))
    op.create_table(
        "satudata_version_file",
        sa.Column("submission_id", sa.Text, sa.ForeignKey(
            "satudata_version.submission_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("resource_id", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False, server_default=""),
        sa.Column("filename", sa.Text, nullable=False, server_default=""),
        sa.Column("format", sa.Text, nullable=False, server_default=""),
        sa.Column("mimetype", sa.Text, nullable=False, server_default=""),
        sa.Column("size", sa.BigInteger),
        sa.Column("sha256", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("table_sha256", sa.Text),
    )
    op.create_index("satudata_version_file_sha256", "satudata_version_file", ["sha256"])
    op.create_index("satudata_version_file_table", "satudata_version_file", ["table_sha256"])
    for column, kind, default in (
            ("kind", sa.Text, ""), ("reason", sa.Text, ""), ("snapshots", JSONB, "{}")):
        op.add_column("satudata_submission", sa.Column(
            column, kind, nullable=False, server_default=default))
    # A cancelled attempt leaves no gap in the numbers people see: the next one takes its number.
    op.drop_constraint("satudata_submission_number", "satudata_submission")
    op.create_index("satudata_submission_number", "satudata_submission", ["package_id", "number"],
                    unique=True, postgresql_where=sa.text("published_at IS NOT NULL"))
    # The journal of tables that are changing places: asked at every read of the datastore.
    op.create_index("satudata_outbox_tables", "satudata_outbox", ["kind"],
                    postgresql_where=sa.text("done_at IS NULL AND kind = 'tabel'"))


def downgrade() -> None:
    """Take them away."""
    op.drop_index("satudata_outbox_tables", "satudata_outbox")
    op.drop_index("satudata_submission_number", "satudata_submission")
    op.execute("""
        UPDATE satudata_submission s SET number = n.number FROM (
            SELECT id, row_number() OVER (PARTITION BY package_id ORDER BY number, created, id)
                AS number
            FROM satudata_submission) n
        WHERE n.id = s.id AND n.number <> s.number""")
    op.create_unique_constraint(
        "satudata_submission_number", "satudata_submission", ["package_id", "number"])
    for column in ("snapshots", "reason", "kind"):
        op.drop_column("satudata_submission", column)
    op.drop_table("satudata_version_file")
    op.drop_table("satudata_version")
