"""drills and the moves of their tapes

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Instant, Json

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('drill',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=True),
    sa.Column('asked', Json, nullable=False),
    sa.Column('stream', sa.String(length=200), nullable=False),
    sa.Column('speed', sa.Float(), nullable=False),
    sa.Column('monitor', sa.String(length=64), nullable=True),
    sa.Column('tail_s', sa.Float(), nullable=False),
    sa.Column('channels', Json, nullable=False),
    sa.Column('played', sa.Integer(), nullable=False),
    sa.Column('moves', sa.Integer(), nullable=False),
    sa.Column('incidents', Json, nullable=False),
    sa.Column('sheet', Json, nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('worker', sa.String(length=200), nullable=True),
    sa.Column('beat_at', Instant(), nullable=True),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('started_at', Instant(), nullable=True),
    sa.Column('ends_at', Instant(), nullable=True),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.Column('ended_by', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drill')),
    sa.UniqueConstraint('slot', name=op.f('uq_drill_slot'))
    )
    op.create_table('drill_move',
    sa.Column('drill_id', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('offset_s', sa.Float(), nullable=False),
    sa.Column('deed', Json, nullable=False),
    sa.ForeignKeyConstraint(['drill_id'], ['drill.id'], name=op.f('fk_drill_move_drill_id_drill')),
    sa.PrimaryKeyConstraint('drill_id', 'position', name=op.f('pk_drill_move'))
    )


def downgrade() -> None:
    op.drop_table('drill_move')
    op.drop_table('drill')
