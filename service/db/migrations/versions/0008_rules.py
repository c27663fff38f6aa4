"""rules of the installation, shadow matches, back-tests

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import AutoId, Instant, Json


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rule_overlay',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('data', Json, nullable=False),
    sa.Column('author', sa.String(length=64), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_overlay'))
    )
    op.create_table('shadow_match',
    sa.Column('id', AutoId, autoincrement=True, nullable=False),
    sa.Column('rule_id', sa.String(length=64), nullable=False),
    sa.Column('monitor_id', sa.String(length=64), nullable=False),
    sa.Column('scenario', sa.String(length=64), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('last_at', Instant(), nullable=False),
    sa.Column('ticks', sa.Integer(), nullable=False),
    sa.Column('tier', sa.String(length=64), nullable=False),
    sa.Column('reasons', Json, nullable=False),
    sa.Column('content', sa.String(length=16), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shadow_match'))
    )
    op.create_index('ix_shadow_match_rule', 'shadow_match', ['rule_id', 'at'], unique=False)
    op.create_index('ix_shadow_match_segment', 'shadow_match', ['rule_id', 'monitor_id', 'scenario', 'last_at'], unique=False)
    op.create_table('backtest',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('asked', Json, nullable=False),
    sa.Column('stage', sa.String(length=32), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('of', sa.Integer(), nullable=False),
    sa.Column('result', Json, nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('worker', sa.String(length=200), nullable=True),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('beat_at', Instant(), nullable=True),
    sa.Column('finished_at', Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_backtest'))
    )
    op.create_index(op.f('ix_backtest_state'), 'backtest', ['state'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_backtest_state'), table_name='backtest')
    op.drop_table('backtest')
    op.drop_index('ix_shadow_match_segment', table_name='shadow_match')
    op.drop_index('ix_shadow_match_rule', table_name='shadow_match')
    op.drop_table('shadow_match')
    op.drop_table('rule_overlay')
