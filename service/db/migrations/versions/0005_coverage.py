"""coverage

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import AutoId, Instant, Json


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('feed',
    sa.Column('id', sa.String(length=128), nullable=False),
    sa.Column('pushed', sa.Boolean(), nullable=False),
    sa.Column('platforms', Json, nullable=False),
    sa.Column('channels', Json, nullable=False),
    sa.Column('known_since', Instant(), nullable=False),
    sa.Column('last_post_at', Instant(), nullable=True),
    sa.Column('last_pull_at', Instant(), nullable=True),
    sa.Column('sight', sa.String(length=16), nullable=False),
    sa.Column('since', Instant(), nullable=False),
    sa.Column('cause', sa.String(length=32), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('dark', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed'))
    )
    op.create_table('feed_hour',
    sa.Column('feed_id', sa.String(length=128), nullable=False),
    sa.Column('hour', Instant(), nullable=False),
    sa.Column('posts', sa.Integer(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.Column('due', sa.Integer(), nullable=False),
    sa.Column('collected', sa.Integer(), nullable=False),
    sa.Column('outcomes', Json, nullable=False),
    sa.Column('lags', Json, nullable=False),
    sa.PrimaryKeyConstraint('feed_id', 'hour', name=op.f('pk_feed_hour'))
    )
    op.create_index('ix_feed_hour_hour', 'feed_hour', ['hour'], unique=False)
    op.create_table('feed_gap',
    sa.Column('id', AutoId, autoincrement=True, nullable=False),
    sa.Column('feed_id', sa.String(length=128), nullable=False),
    sa.Column('sight', sa.String(length=16), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('since', Instant(), nullable=False),
    sa.Column('until', Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_gap'))
    )
    op.create_index(op.f('ix_feed_gap_feed_id'), 'feed_gap', ['feed_id'], unique=False)
    op.create_index(op.f('ix_feed_gap_until'), 'feed_gap', ['until'], unique=False)
    op.create_table('post_sample',
    sa.Column('post_id', sa.String(length=40), nullable=False),
    sa.Column('feed_id', sa.String(length=128), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('digests', Json, nullable=False),
    sa.Column('checked_at', Instant(), nullable=True),
    sa.Column('wrong', Json, nullable=True),
    sa.PrimaryKeyConstraint('post_id', name=op.f('pk_post_sample'))
    )
    op.create_index(op.f('ix_post_sample_at'), 'post_sample', ['at'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_post_sample_at'), table_name='post_sample')
    op.drop_table('post_sample')
    op.drop_index(op.f('ix_feed_gap_until'), table_name='feed_gap')
    op.drop_index(op.f('ix_feed_gap_feed_id'), table_name='feed_gap')
    op.drop_table('feed_gap')
    op.drop_index('ix_feed_hour_hour', table_name='feed_hour')
    op.drop_table('feed_hour')
    op.drop_table('feed')
