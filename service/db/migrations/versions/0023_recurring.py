"""recurring duties and their rounds

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Instant, Json

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('recurring_duty',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('body', Json, nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recurring_duty'))
    )
    op.create_table('recurring_round',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('duty_id', sa.String(length=64), nullable=False),
    sa.Column('due_at', Instant(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('done_at', Instant(), nullable=True),
    sa.Column('done_by', sa.String(length=64), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('evidence', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['duty_id'], ['recurring_duty.id'], name=op.f('fk_recurring_round_duty_id_recurring_duty')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recurring_round'))
    )
    op.create_index('ix_recurring_round_duty', 'recurring_round', ['duty_id', 'due_at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_recurring_round_duty', table_name='recurring_round')
    op.drop_table('recurring_round')
    op.drop_table('recurring_duty')
