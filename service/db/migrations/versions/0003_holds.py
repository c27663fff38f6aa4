"""holds

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Instant, Json


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account_signal',
    sa.Column('author', sa.String(length=40), nullable=False),
    sa.Column('indicator', sa.String(length=32), nullable=False),
    sa.Column('mass', sa.Float(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('author', 'indicator', name=op.f('pk_account_signal'))
    )
    op.create_table('hold',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('blocking', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('labels', Json, nullable=False),
    sa.Column('risk_level', sa.String(length=8), nullable=False),
    sa.Column('exact', sa.String(length=32), nullable=False),
    sa.Column('simhash', sa.String(length=16), nullable=False),
    sa.Column('bands', Json, nullable=False),
    sa.Column('policy', sa.String(length=64), nullable=False),
    sa.Column('caller', sa.String(length=64), nullable=False),
    sa.Column('copies', sa.Integer(), nullable=False),
    sa.Column('filed', sa.Boolean(), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.Column('decided_by', sa.String(length=64), nullable=True),
    sa.Column('decided_at', Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold'))
    )
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.create_index('ix_hold_updated_at', ['updated_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.drop_index('ix_hold_updated_at')

    op.drop_table('hold')
    op.drop_table('account_signal')
