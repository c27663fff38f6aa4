"""feeds that are gone, and incidents that feeds share

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Instant


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('feed', sa.Column('incident_id', sa.String(length=40), nullable=True))
    op.add_column('feed', sa.Column('gone_at', Instant(), nullable=True))


def downgrade() -> None:
    # An older version would watch feeds whose sources were deleted.
    op.execute('DELETE FROM feed WHERE gone_at IS NOT NULL')
    with op.batch_alter_table('feed') as batch:
        batch.drop_column('gone_at')
        batch.drop_column('incident_id')
