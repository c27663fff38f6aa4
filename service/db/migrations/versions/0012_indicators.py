"""indicators

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import AutoId, Instant


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('indicator_crossing',
    sa.Column('id', AutoId, autoincrement=True, nullable=False),
    sa.Column('monitor_id', sa.String(length=64), nullable=False),
    sa.Column('indicator', sa.String(length=32), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('before', sa.String(length=16), nullable=False),
    sa.Column('after', sa.String(length=16), nullable=False),
    sa.Column('measured', sa.String(length=16), nullable=False),
    sa.Column('value', sa.Float(precision=53), nullable=True),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('window_since', Instant(), nullable=False),
    sa.Column('window_until', Instant(), nullable=False),
    sa.Column('paged', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator_crossing'))
    )
    op.create_index('ix_indicator_crossing_monitor', 'indicator_crossing', ['monitor_id', 'id'], unique=False)
    op.create_table('indicator_level',
    sa.Column('monitor_id', sa.String(length=64), nullable=False),
    sa.Column('indicator', sa.String(length=32), nullable=False),
    sa.Column('level', sa.String(length=16), nullable=False),
    sa.Column('since', Instant(), nullable=False),
    sa.Column('looked_at', Instant(), nullable=False),
    sa.Column('value', sa.Float(precision=53), nullable=True),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('monitor_id', 'indicator', name=op.f('pk_indicator_level'))
    )
    op.create_table('indicator_threshold',
    sa.Column('monitor_id', sa.String(length=64), nullable=False),
    sa.Column('indicator', sa.String(length=32), nullable=False),
    sa.Column('measured', sa.String(length=16), nullable=False),
    sa.Column('yellow', sa.Float(precision=53), nullable=True),
    sa.Column('orange', sa.Float(precision=53), nullable=True),
    sa.Column('red', sa.Float(precision=53), nullable=True),
    sa.Column('least', sa.Integer(), nullable=False),
    sa.Column('margin', sa.Float(precision=53), nullable=False),
    sa.Column('alert', sa.Boolean(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('monitor_id', 'indicator', name=op.f('pk_indicator_threshold'))
    )


def downgrade() -> None:
    op.drop_table('indicator_threshold')
    op.drop_table('indicator_level')
    op.drop_index('ix_indicator_crossing_monitor', table_name='indicator_crossing')
    op.drop_table('indicator_crossing')
