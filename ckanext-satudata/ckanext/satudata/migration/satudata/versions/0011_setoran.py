"""What is handed in: uploads under way, setoran, links to hand in by, and recaps from units.

Parts of an upload lie in the database until it is whole, so that any web process takes the next
one. A setoran is the file as it came (hash, who, when) and what became of it; the bytes lie among
the blobs. Of a link only the hash of its token is kept. A unit of a recap is a link.

Down forgets them; files that became part of a dataset stay there as they are.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "satudata_upload",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("sha256", sa.Text),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("touched_at", TIME, nullable=False),
    )
    op.create_index("satudata_upload_owner", "satudata_upload", ["owner", "touched_at"])
    op.create_index("satudata_upload_touched", "satudata_upload", ["touched_at"])
    op.create_table(
        "satudata_upload_part",
        sa.Column("upload_id", sa.Text, sa.ForeignKey("satudata_upload.id", ondelete="CASCADE"),
                  primary_key=True),
        sa.Column("start", sa.BigInteger, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "satudata_recap",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("unit_kind", sa.Text, nullable=False),
        sa.Column("due_at", TIME),
        sa.Column("created_by", sa.Text),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("closed_at", TIME),
        sa.Column("merged_at", TIME),
        sa.Column("intake_id", sa.Text),
    )
    op.create_index("satudata_recap_package", "satudata_recap", ["package_id"])
    op.create_table(
        "satudata_upload_link",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("token_sha256", sa.Text, nullable=False, unique=True),
        sa.Column("label", sa.Text, nullable=False, server_default=""),
        sa.Column("single", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("max_bytes", sa.BigInteger, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("created_by", sa.Text),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("revoked_by", sa.Text),
        sa.Column("revoked_at", TIME),
        sa.Column("opened_at", TIME),
        sa.Column("reminded_at", TIME),
        sa.Column("recap_id", sa.Text, sa.ForeignKey("satudata_recap.id", ondelete="CASCADE")),
        sa.Column("unit_code", sa.Text),
        sa.Column("unit_name", sa.Text),
        sa.Column("contact", JSONB, nullable=False, server_default="{}"),
    )
    op.create_index("satudata_upload_link_package", "satudata_upload_link", ["package_id"])
    op.create_index("satudata_upload_link_recap", "satudata_upload_link",
                    ["recap_id", "unit_code"], unique=True,
                    postgresql_where=sa.text("recap_id IS NOT NULL"))
    op.create_table(
        "satudata_intake",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("content_id", sa.Text),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("sent_by", sa.Text),
        sa.Column("sender", JSONB, nullable=False, server_default="{}"),
        sa.Column("receipt_sha256", sa.Text),
        sa.Column("link_id", sa.Text),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("recipe", JSONB, nullable=False, server_default="{}"),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("replaces", sa.Text),
        sa.Column("resources", JSONB, nullable=False, server_default="[]"),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", TIME),
        sa.Column("purged_at", TIME),
    )
    op.create_index("satudata_intake_package", "satudata_intake", ["package_id", "created_at"])
    op.create_index("satudata_intake_link", "satudata_intake", ["link_id"])
    op.create_index("satudata_intake_receipt", "satudata_intake", ["receipt_sha256"])


def downgrade() -> None:
    """Forget what was handed in."""
    for name in ("satudata_intake", "satudata_upload_link", "satudata_recap",
                 "satudata_upload_part", "satudata_upload"):
        op.drop_table(name)
