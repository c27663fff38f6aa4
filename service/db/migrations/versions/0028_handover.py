"""hand-overs to trackers

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Instant, Json

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('tracker_handover',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('subject_kind', sa.String(length=16), nullable=False),
    sa.Column('subject_id', sa.String(length=40), nullable=False),
    sa.Column('monitor_id', sa.String(length=64), nullable=False),
    sa.Column('incident_id', sa.String(length=40), nullable=True),
    sa.Column('tracker', sa.String(length=40), nullable=False),
    sa.Column('fields', Json, nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=True),
    sa.Column('url', sa.Text(), nullable=True),
    sa.Column('wanted', sa.String(length=16), nullable=False),
    sa.Column('standing', sa.String(length=16), nullable=True),
    sa.Column('word', sa.String(length=200), nullable=True),
    sa.Column('heard_at', Instant(), nullable=True),
    sa.Column('trouble', sa.String(length=32), nullable=True),
    sa.Column('last_answer', sa.Text(), nullable=True),
    sa.Column('answered_at', Instant(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('tried', sa.Boolean(), nullable=False),
    sa.Column('item_version', sa.Integer(), nullable=True),
    sa.Column('poll_at', Instant(), nullable=True),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tracker_handover')),
    sa.UniqueConstraint('subject_kind', 'subject_id', name=op.f('uq_tracker_handover_subject_kind_subject_id'))
    )
    op.create_index(op.f('ix_tracker_handover_incident_id'), 'tracker_handover', ['incident_id'], unique=False)
    op.create_index(op.f('ix_tracker_handover_poll_at'), 'tracker_handover', ['poll_at'], unique=False)
    op.create_index('ix_tracker_handover_key', 'tracker_handover', ['tracker', 'key'], unique=False)
    op.create_index('ix_tracker_handover_state', 'tracker_handover', ['state', 'created_at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_tracker_handover_state', table_name='tracker_handover')
    op.drop_index('ix_tracker_handover_key', table_name='tracker_handover')
    op.drop_index(op.f('ix_tracker_handover_poll_at'), table_name='tracker_handover')
    op.drop_index(op.f('ix_tracker_handover_incident_id'), table_name='tracker_handover')
    op.drop_table('tracker_handover')
