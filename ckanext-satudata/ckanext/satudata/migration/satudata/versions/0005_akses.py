"""Access to restricted files: permissions, requests, the log of downloads, withheld addresses.

A trigger keeps the log as it was written. Down gives the withheld addresses up with their table:
publish the datasets openly, or note them, before going back.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and the keeper of the log."""
    _grants()
    _downloads()
    op.create_table(
        "satudata_withheld_url",
        sa.Column("resource_id", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("more", JSONB, nullable=False, server_default="{}"),
    )


def _grants() -> None:
    op.create_table(
        "satudata_access_grant",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("files", JSONB, nullable=False, server_default="[]"),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("request_id", sa.Text),
        sa.Column("granted_by", sa.Text),
        sa.Column("granted_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME),
        sa.Column("revoked_by", sa.Text),
        sa.Column("revoke_reason", sa.Text, nullable=False, server_default=""),
        sa.CheckConstraint("kind IN ('orang', 'instansi', 'peran', 'permohonan')",
                           name="satudata_access_grant_kind"),
        sa.CheckConstraint("since < until", name="satudata_access_grant_bounded"),
    )
    # Asked at every read of restricted data: those of one dataset that may hold still.
    op.create_index("satudata_access_grant_package", "satudata_access_grant", ["package_id"],
                    postgresql_where=sa.text("revoked_at IS NULL"))
    op.create_index("satudata_access_grant_granted", "satudata_access_grant", ["granted_at"])


def _downloads() -> None:
    op.create_table(
        "satudata_download",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("resource_id", sa.Text),
        sa.Column("owner_org", sa.Text, nullable=False, server_default=""),
        sa.Column("number", sa.Integer),
        sa.Column("sha256", sa.Text),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger),
        sa.Column("rows", sa.BigInteger),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text),
        sa.Column("right", sa.Text, nullable=False),
        sa.Column("role", sa.Text),
        sa.Column("grant_id", sa.Text),
    )
    for column in ("package_id", "user_id", "owner_org"):
        op.create_index(f"satudata_download_{column}", "satudata_download", [column, "id"])
    op.create_index("satudata_download_at", "satudata_download", ["at"])
    op.execute("""
        CREATE OR REPLACE FUNCTION satudata_download_is_kept() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the log of downloads is kept: % refused', TG_OP;
        END $$""")
    op.execute("""
        CREATE TRIGGER satudata_download_kept BEFORE UPDATE OR DELETE OR TRUNCATE
        ON satudata_download
        FOR EACH STATEMENT EXECUTE FUNCTION satudata_download_is_kept()""")


def downgrade() -> None:
    """Take them away."""
    for table in ("withheld_url", "download", "access_grant"):
        op.execute(f"DROP TABLE IF EXISTS satudata_{table}")
    op.execute("DROP FUNCTION IF EXISTS satudata_download_is_kept()")
