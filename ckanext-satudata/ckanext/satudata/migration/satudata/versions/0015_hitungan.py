"""How often data was used: numbers by day, dataset, file, version and way, and nobody's name.

``satudata_usage_batch`` says which heaps of numbers came over from Valkey, so that none counts
twice. Its first row says since when is counted. Down forgets the numbers: what was used before is
written nowhere else.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; counting begins."""
    op.create_table(
        "satudata_usage",
        sa.Column("package_id", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("resource_id", sa.Text, primary_key=True, server_default=""),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False,
                  server_default="0"),
        sa.Column("measure", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("owner_org", sa.Text, primary_key=True, server_default=""),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
    op.create_index("satudata_usage_day", "satudata_usage", ["day"])
    made = op.create_table(
        "satudata_usage_batch",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute(made.insert().values(id="awal", at=sa.func.now()))


def downgrade() -> None:
    """Forget what was counted."""
    op.drop_table("satudata_usage_batch")
    op.drop_table("satudata_usage")
