"""Roles, submissions, catatan, events and the outbox; what is public already keeps its place.

Data that stood online before this portal had a workflow stays public: each becomes a ``terbit``
submission with the mark "belum diperiksa menurut SDI". What was private becomes a draft. Down
takes the tables away and leaves every dataset as visible as it is at that moment.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
OPEN = ("'draf', 'dikembalikan', 'diajukan', 'diperiksa_walidata', 'diperiksa_pembina', "
        "'dikembalikan_pembina', 'disetujui'")


def upgrade() -> None:
    """Make the tables, then enter what CKAN holds."""
    _roles()
    _submissions()
    _findings()
    _events()
    _outbox()
    _enter_existing()


def downgrade() -> None:
    """Drop the tables."""
    op.execute("DROP TRIGGER IF EXISTS satudata_event_kept ON satudata_event")
    for table in ("outbox", "event", "finding", "submission", "role_grant"):
        op.drop_table(f"satudata_{table}")
    op.execute("DROP FUNCTION IF EXISTS satudata_event_is_kept()")


def _roles() -> None:
    op.create_table(
        "satudata_role_grant",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False, server_default=""),
        sa.Column("decree", sa.Text, nullable=False, server_default=""),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME),
        sa.Column("granted_by", sa.Text),
        sa.Column("granted_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME),
        sa.Column("revoked_by", sa.Text),
        sa.Column("revoke_reason", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("satudata_role_grant_user", "satudata_role_grant", ["user_id"])
    op.create_index("satudata_role_grant_role", "satudata_role_grant", ["role", "scope"])


def _submissions() -> None:
    op.create_table(
        "satudata_submission",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("content_id", sa.Text, nullable=False),
        sa.Column("package_type", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False, server_default=""),
        sa.Column("owner_org", sa.Text, nullable=False, server_default=""),
        sa.Column("number", sa.Integer, nullable=False, server_default="1"),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("state_since", TIME, nullable=False),
        sa.Column("due_at", TIME),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("jenis_data", sa.Text, nullable=False, server_default=""),
        sa.Column("prioritas", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("restricted", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("at_pembina", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("inspector_id", sa.Text),
        sa.Column("pembina_id", sa.Text),
        sa.Column("created_by", sa.Text),
        sa.Column("editors", JSONB, nullable=False, server_default="[]"),
        sa.Column("submitted_by", sa.Text),
        sa.Column("submitted_at", TIME),
        sa.Column("on_behalf_by", sa.Text),
        sa.Column("confirmed_by", sa.Text),
        sa.Column("confirmed_at", TIME),
        sa.Column("letter", JSONB, nullable=False, server_default="{}"),
        sa.Column("signed_by", sa.Text),
        sa.Column("checklist", JSONB, nullable=False, server_default="{}"),
        sa.Column("approved_by", sa.Text),
        sa.Column("approved_at", TIME),
        sa.Column("release_at", TIME),
        sa.Column("published_at", TIME),
        sa.Column("belum_diperiksa", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("content_hash", sa.Text),
        sa.Column("escalated_at", TIME),
        sa.Column("created", TIME, nullable=False),
        sa.Column("modified", TIME, nullable=False),
        sa.UniqueConstraint("package_id", "number", name="satudata_submission_number"),
    )
    # One version under way and one public version at a time, whatever the code above does.
    op.create_index("satudata_submission_one_open", "satudata_submission", ["package_id"],
                    unique=True, postgresql_where=sa.text(f"state IN ({OPEN})"))
    op.create_index("satudata_submission_one_public", "satudata_submission", ["package_id"],
                    unique=True, postgresql_where=sa.text("state = 'terbit'"))
    op.create_index("satudata_submission_content", "satudata_submission", ["content_id", "number"])
    op.create_index("satudata_submission_state", "satudata_submission", ["state", "due_at"])
    op.create_index("satudata_submission_owner", "satudata_submission",
                    ["owner_org", "state", "due_at"])
    op.create_index("satudata_submission_modified", "satudata_submission", ["modified"])
    op.create_index("satudata_submission_release", "satudata_submission", ["release_at"],
                    postgresql_where=sa.text("state = 'disetujui'"))


def _findings() -> None:
    op.create_table(
        "satudata_finding",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("submission_id", sa.Text, nullable=False),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("principle", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False, server_default=""),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("place", JSONB, nullable=False, server_default="{}"),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False, server_default=""),
        sa.Column("proposed", JSONB),
        sa.Column("created_by", sa.Text),
        sa.Column("check_name", sa.Text, nullable=False, server_default=""),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("shared_at", TIME),
        sa.Column("answer", sa.Text, nullable=False, server_default=""),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", TIME),
        sa.Column("accepted", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("resolved_at", TIME),
        sa.Column("resolved_by", sa.Text),
        sa.Column("withdrawn_at", TIME),
    )
    op.create_index("satudata_finding_submission", "satudata_finding", ["submission_id"])


def _events() -> None:
    op.create_table(
        "satudata_event",
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("submission_id", sa.Text),
        sa.Column("package_id", sa.Text),
        sa.Column("transition", sa.Text),
        sa.Column("from_state", sa.Text),
        sa.Column("to_state", sa.Text),
        sa.Column("actor_id", sa.Text),
        sa.Column("at", TIME, nullable=False),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("content_hash", sa.Text),
        sa.Column("version", sa.Integer),
        sa.Column("data", JSONB, nullable=False, server_default="{}"),
    )
    op.create_index("satudata_event_submission", "satudata_event", ["submission_id", "id"])
    op.create_index("satudata_event_package", "satudata_event", ["package_id", "id"])
    op.create_index("satudata_event_kind", "satudata_event", ["kind", "at"])
    # No event is ever erased; only the table as a whole can go, with this migration.
    op.execute("""
        CREATE OR REPLACE FUNCTION satudata_event_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'satudata_event is append-only: % refused', TG_OP;
        END $$""")
    op.execute("""
        CREATE TRIGGER satudata_event_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON satudata_event
        FOR EACH STATEMENT EXECUTE FUNCTION satudata_event_is_kept()""")


def _outbox() -> None:
    op.create_table(
        "satudata_outbox",
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("payload", JSONB, nullable=False, server_default="{}"),
        sa.Column("event_id", sa.BigInteger),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("not_before", TIME, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("done_at", TIME),
        sa.Column("error", sa.Text),
    )
    op.create_index("satudata_outbox_waiting", "satudata_outbox", ["not_before", "id"],
                    postgresql_where=sa.text("done_at IS NULL"))


def _enter_existing() -> None:
    op.execute("""
        INSERT INTO satudata_submission (
            id, package_id, content_id, package_type, title, owner_org, number, state, state_since,
            jenis_data, prioritas, restricted, created_by, editors, published_at, belum_diperiksa,
            created, modified)
        SELECT gen_random_uuid()::text, p.id, p.id, p.type, coalesce(p.title, ''),
            coalesce(p.owner_org, ''), 1,
            CASE WHEN online THEN 'terbit' ELSE 'draf' END, now(),
            coalesce(p.extras ->> 'jenis_data', ''),
            coalesce(p.extras ->> 'prioritas_tahun', '') NOT IN ('', '[]'),
            coalesce(p.extras ->> 'access_rights', '') IN ('terbatas', 'tertutup'),
            p.creator_user_id,
            CASE WHEN p.creator_user_id IS NULL THEN '[]'::jsonb
                 ELSE jsonb_build_array(p.creator_user_id) END,
            CASE WHEN online THEN now() END, online, now(), now()
        FROM (SELECT *, state = 'active' AND NOT coalesce(private, false) AS online
              FROM package) p
        WHERE p.type IN ('dataset', 'kegiatan', 'indikator') AND p.state <> 'deleted'""")
    op.execute("""
        INSERT INTO satudata_event (kind, submission_id, package_id, to_state, at, version)
        SELECT 'pindahan', id, package_id, state, now(), version FROM satudata_submission""")
