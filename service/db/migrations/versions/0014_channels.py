"""channels that prove arrival: addressed events, stand-ins, digests, health, used links

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Instant, Json


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('outbox', sa.Column('only_channels', Json, nullable=True))
    op.add_column('outbox', sa.Column('person', sa.String(length=64), nullable=True))
    op.add_column('delivery', sa.Column('fallback_of', sa.String(length=40), nullable=True))
    op.add_column('delivery', sa.Column('digest', sa.String(length=40), nullable=True))
    op.create_table(
        'channel_health',
        sa.Column('channel_id', sa.String(length=64), nullable=False),
        sa.Column('failing_since', Instant(), nullable=True),
        sa.Column('switched_off_at', Instant(), nullable=True),
        sa.Column('paced_until', Instant(), nullable=True),
        sa.PrimaryKeyConstraint('channel_id', name=op.f('pk_channel_health')),
    )
    op.create_table(
        'used_proof',
        sa.Column('id', sa.String(length=40), nullable=False),
        sa.Column('kind', sa.String(length=16), nullable=False),
        sa.Column('subject_id', sa.String(length=128), nullable=False),
        sa.Column('at', Instant(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_used_proof')),
    )


def downgrade() -> None:
    op.drop_table('used_proof')
    op.drop_table('channel_health')
    with op.batch_alter_table('delivery') as batch:
        batch.drop_column('digest')
        batch.drop_column('fallback_of')
    with op.batch_alter_table('outbox') as batch:
        batch.drop_column('person')
        batch.drop_column('only_channels')
