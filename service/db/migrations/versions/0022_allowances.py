"""allowances by what is sent to: channels of one robot share what it takes

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Instant

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'allowance',
        sa.Column('id', sa.String(length=80), nullable=False),
        sa.Column('spent_until', Instant(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_allowance')),
    )
    with op.batch_alter_table('channel_health') as table:
        table.drop_column('paced_until')


def downgrade() -> None:
    with op.batch_alter_table('channel_health') as table:
        table.add_column(sa.Column('paced_until', Instant(), nullable=True))
    op.drop_table('allowance')
