"""The forms of an entry in tables of their own: a page of one form lies side by side.

In one row, each form stood in pieces between those of the others, and a page of a hundred entries
was gathered from four hundred blocks. Now a row that fits in a block is not cut up, and the blocks
of a form hold nothing else. Both ways nothing is lost.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

FORMS = ("ttl", "xml", "jsonld", "nt", "pod", "nasional")
ENTRY = "satudata_feed_entry"


def upgrade() -> None:
    """Move the forms out of the entries, in the order of their slots."""
    for form in FORMS:
        op.create_table(
            f"satudata_feed_{form}",
            sa.Column("slot", sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column("piece", sa.LargeBinary, nullable=False),
        )
        # Compressed before it comes here; cut up only where it does not fit in a block.
        op.execute(f"ALTER TABLE satudata_feed_{form} ALTER COLUMN piece SET STORAGE EXTERNAL,"
                   f" SET (toast_tuple_target = 8160)")
        op.execute(f"INSERT INTO satudata_feed_{form} (slot, piece)"
                   f" SELECT slot, {form} FROM {ENTRY} WHERE {form} IS NOT NULL ORDER BY slot")
        op.drop_column(ENTRY, form)
    # What a dropped column held stays until the rows are written anew.
    op.execute(f"CLUSTER {ENTRY} USING {ENTRY}_slot_key")
    op.execute(f"ALTER TABLE {ENTRY} SET WITHOUT CLUSTER")


def downgrade() -> None:
    """Move the forms back."""
    for form in FORMS:
        op.add_column(ENTRY, sa.Column(form, sa.LargeBinary))
        op.execute(f"ALTER TABLE {ENTRY} ALTER COLUMN {form} SET STORAGE EXTERNAL")
    said = ", ".join(f"{form} = {form}.piece" for form in FORMS)
    joined = " ".join(f"JOIN satudata_feed_{form} {form} USING (slot)" for form in FORMS[1:])
    op.execute(f"UPDATE {ENTRY} e SET {said} FROM satudata_feed_{FORMS[0]} {FORMS[0]} {joined}"
               f" WHERE e.slot = {FORMS[0]}.slot")
    for form in FORMS:
        op.drop_table(f"satudata_feed_{form}")
