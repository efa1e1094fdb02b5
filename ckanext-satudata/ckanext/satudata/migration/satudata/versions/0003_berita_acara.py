"""Documents that close an inspection or a desk session, kept as they were confirmed.

A trigger holds what the code promises: the content of a numbered document never changes, a
document both sides confirmed (or one refused) does not change at all, and no number is lost.
Down takes the documents away with their table; what happened stays in the events.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table and its keeper."""
    op.create_table(
        "satudata_berita_acara",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("owner_org", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("draft", JSONB, nullable=False, server_default="{}"),
        sa.Column("jenis_data", JSONB, nullable=False, server_default="[]"),
        sa.Column("year", sa.Integer),
        sa.Column("sequence", sa.Integer),
        sa.Column("number", sa.Text),
        sa.Column("content", JSONB),
        sa.Column("content_hash", sa.Text),
        sa.Column("confirmations", JSONB, nullable=False, server_default="[]"),
        sa.Column("pdf", sa.LargeBinary),
        sa.Column("pdf_hash", sa.Text),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("replaces", sa.Text),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("modified", TIME, nullable=False),
        sa.Column("issued_by", sa.Text),
        sa.Column("issued_at", TIME),
        sa.Column("closed_by", sa.Text),
        sa.Column("closed_at", TIME),
        sa.UniqueConstraint("year", "sequence", name="satudata_berita_acara_sequence"),
        sa.UniqueConstraint("number", name="satudata_berita_acara_number"),
        sa.UniqueConstraint("content_hash", name="satudata_berita_acara_hash"),
        sa.CheckConstraint(
            "(number IS NULL) = (state IN ('draf', 'dibatalkan')) "
            "AND (number IS NULL) = (content IS NULL) "
            "AND (number IS NULL) = (content_hash IS NULL) "
            "AND (number IS NULL) = (year IS NULL) AND (year IS NULL) = (sequence IS NULL) "
            "AND (state = 'sah') = (pdf IS NOT NULL) AND (pdf IS NULL) = (pdf_hash IS NULL)",
            name="satudata_berita_acara_whole"),
    )
    op.create_index("satudata_berita_acara_owner", "satudata_berita_acara",
                    ["owner_org", "modified"])
    op.create_index("satudata_berita_acara_modified", "satudata_berita_acara", ["modified"])
    op.create_index("satudata_berita_acara_pdf", "satudata_berita_acara", ["pdf_hash"])
    op.execute("""
        CREATE OR REPLACE FUNCTION satudata_berita_acara_is_kept() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.number IS NULL THEN
                RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
            END IF;
            IF TG_OP = 'DELETE' OR OLD.state <> 'menunggu' OR (
                NEW.id, NEW.owner_org, NEW.kind, NEW.year, NEW.sequence, NEW.number, NEW.content,
                NEW.content_hash, NEW.created_by, NEW.issued_by, NEW.issued_at, NEW.replaces
            ) IS DISTINCT FROM (
                OLD.id, OLD.owner_org, OLD.kind, OLD.year, OLD.sequence, OLD.number, OLD.content,
                OLD.content_hash, OLD.created_by, OLD.issued_by, OLD.issued_at, OLD.replaces
            ) THEN
                RAISE EXCEPTION 'Berita Acara % is issued: % refused', OLD.number, TG_OP;
            END IF;
            RETURN NEW;
        END $$""")
    op.execute("""
        CREATE TRIGGER satudata_berita_acara_kept BEFORE UPDATE OR DELETE
        ON satudata_berita_acara
        FOR EACH ROW EXECUTE FUNCTION satudata_berita_acara_is_kept()""")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("satudata_berita_acara")
    op.execute("DROP FUNCTION IF EXISTS satudata_berita_acara_is_kept()")
