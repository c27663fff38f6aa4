"""deliveries that were taken back are withdrawn, and no dead letters

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE delivery SET state = 'withdrawn', reason = substr(reason, 12) "
        "WHERE state = 'dead' AND reason LIKE 'withdrawn: %'"
    )


def downgrade() -> None:
    op.execute(
        "UPDATE delivery SET state = 'dead', reason = 'withdrawn: ' || reason "
        "WHERE state = 'withdrawn'"
    )
