"""briefings, the monitors they are of, and their schedules

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Instant, Json

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('briefing',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('brand_id', sa.String(length=64), nullable=True),
    sa.Column('since', Instant(), nullable=False),
    sa.Column('until', Instant(), nullable=False),
    sa.Column('lang', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('schedule_id', sa.String(length=64), nullable=True),
    sa.Column('due_at', Instant(), nullable=True),
    sa.Column('channels', Json, nullable=False),
    sa.Column('body', Json, nullable=False),
    sa.Column('prose', Json, nullable=False),
    sa.Column('prepared_by', sa.String(length=64), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('edited_at', Instant(), nullable=True),
    sa.Column('edited_by', sa.String(length=64), nullable=True),
    sa.Column('approved_at', Instant(), nullable=True),
    sa.Column('approved_by', sa.String(length=64), nullable=True),
    sa.Column('delivered_at', Instant(), nullable=True),
    sa.Column('delivered_by', sa.String(length=64), nullable=True),
    sa.Column('delivered_to', Json, nullable=False),
    sa.Column('discarded_at', Instant(), nullable=True),
    sa.Column('discarded_by', sa.String(length=64), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_briefing'))
    )
    op.create_index('ix_briefing_newest', 'briefing', ['created_at', 'id'], unique=False)
    op.create_index('ux_briefing_due', 'briefing', ['schedule_id', 'due_at'], unique=True)
    op.create_table('briefing_monitor',
    sa.Column('briefing_id', sa.String(length=40), nullable=False),
    sa.Column('monitor_id', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['briefing_id'], ['briefing.id'], name=op.f('fk_briefing_monitor_briefing_id_briefing')),
    sa.PrimaryKeyConstraint('briefing_id', 'monitor_id', name=op.f('pk_briefing_monitor'))
    )
    op.create_index('ix_briefing_monitor_monitor', 'briefing_monitor', ['monitor_id'], unique=False)
    op.create_table('briefing_schedule',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('body', Json, nullable=False),
    sa.Column('counted_from', Instant(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_briefing_schedule'))
    )


def downgrade() -> None:
    op.drop_table('briefing_schedule')
    op.drop_index('ix_briefing_monitor_monitor', table_name='briefing_monitor')
    op.drop_table('briefing_monitor')
    op.drop_index('ux_briefing_due', table_name='briefing')
    op.drop_index('ix_briefing_newest', table_name='briefing')
    op.drop_table('briefing')
