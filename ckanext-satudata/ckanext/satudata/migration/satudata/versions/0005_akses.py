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
    make_requests()
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


def make_requests() -> None:
    """Requests, each with its number, and the personal links to them."""
    op.create_table(
        "satudata_access_request",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("owner_org", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("institution", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("files", JSONB, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("received_at", TIME),
        sa.Column("due_at", TIME),
        sa.Column("extended_at", TIME),
        sa.Column("extension_reason", sa.Text, nullable=False, server_default=""),
        sa.Column("closed_at", TIME),
        sa.Column("answered_by", sa.Text),
        sa.Column("answer", JSONB, nullable=False, server_default="{}"),
        sa.Column("grant_id", sa.Text),
        sa.UniqueConstraint("year", "sequence", name="satudata_access_request_sequence"),
        sa.UniqueConstraint("number", name="satudata_access_request_number"),
        sa.CheckConstraint(
            "(received_at IS NULL) = (due_at IS NULL) "
            "AND (state NOT IN ('masuk', 'diperpanjang') OR received_at IS NOT NULL) "
            "AND (closed_at IS NOT NULL) = "
            "(state IN ('dikabulkan', 'sebagian', 'ditolak', 'dibatalkan'))",
            name="satudata_access_request_whole"),
    )
    # The desk: what is open, late first.
    op.create_index("satudata_access_request_open", "satudata_access_request", ["due_at"],
                    postgresql_where=sa.text("closed_at IS NULL"))
    op.create_index("satudata_access_request_package", "satudata_access_request",
                    ["package_id", "created_at"])
    op.create_index("satudata_access_request_user", "satudata_access_request",
                    ["user_id", "created_at"])
    op.create_index("satudata_access_request_email", "satudata_access_request",
                    [sa.text("lower(email)"), "created_at"])
    op.create_table(
        "satudata_access_token",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("request_id", sa.Text, sa.ForeignKey(
            "satudata_access_request.id", ondelete="CASCADE"), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
    )
    op.create_index("satudata_access_token_request", "satudata_access_token", ["request_id"])
    # What the clock told already is told once: a reminder says so under this name.
    op.create_index("satudata_event_access_once", "satudata_event", [sa.text("(data ->> 'once')")],
                    postgresql_where=sa.text("kind = 'akses'"))


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
    op.execute("DROP INDEX IF EXISTS satudata_event_access_once")
    for table in ("withheld_url", "download", "access_token", "access_request", "access_grant"):
        op.execute(f"DROP TABLE IF EXISTS satudata_{table}")
    op.execute("DROP FUNCTION IF EXISTS satudata_download_is_kept()")
