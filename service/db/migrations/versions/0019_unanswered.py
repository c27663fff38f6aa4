"""how often a chain has begun anew, and since when nobody answers

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Instant

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        'escalation', sa.Column('anew', sa.Integer(), nullable=False, server_default='0')
    )
    op.add_column('escalation', sa.Column('unanswered_at', Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column('escalation', 'unanswered_at')
    op.drop_column('escalation', 'anew')
