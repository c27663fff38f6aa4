"""complaints

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import AutoId, Instant, Json

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('complaint',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('monitor_id', sa.String(length=64), nullable=False),
    sa.Column('scenario', sa.String(length=64), nullable=True),
    sa.Column('cause', sa.String(length=64), nullable=False),
    sa.Column('origin', sa.String(length=16), nullable=False),
    sa.Column('rule_id', sa.String(length=64), nullable=True),
    sa.Column('drill', sa.Boolean(), nullable=False),
    sa.Column('author', sa.String(length=64), nullable=True),
    sa.Column('post_id', sa.String(length=64), nullable=True),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('url', sa.Text(), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('lang', sa.String(length=16), nullable=True),
    sa.Column('emotion', sa.String(length=16), nullable=True),
    sa.Column('intensity', sa.String(length=16), nullable=True),
    sa.Column('posted_at', Instant(), nullable=False),
    sa.Column('last_post_at', Instant(), nullable=False),
    sa.Column('posts', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('assignee', sa.String(length=64), nullable=True),
    sa.Column('incident_id', sa.String(length=40), nullable=True),
    sa.Column('previous_id', sa.String(length=40), nullable=True),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('reopened', sa.Integer(), nullable=False),
    sa.Column('disputed', sa.Integer(), nullable=False),
    sa.Column('breaches', sa.Integer(), nullable=False),
    sa.Column('resting', sa.Integer(), nullable=False),
    sa.Column('due_at', Instant(), nullable=False),
    sa.Column('csat', sa.Integer(), nullable=True),
    sa.Column('nps', sa.Integer(), nullable=True),
    sa.Column('opened_at', Instant(), nullable=False),
    sa.Column('opened_by', sa.String(length=64), nullable=False),
    sa.Column('answered_at', Instant(), nullable=True),
    sa.Column('responded_at', Instant(), nullable=True),
    sa.Column('resolved_at', Instant(), nullable=True),
    sa.Column('told_at', Instant(), nullable=True),
    sa.Column('rated_at', Instant(), nullable=True),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.Column('erased_at', Instant(), nullable=True),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint'))
    )
    with op.batch_alter_table('complaint', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_author'), ['author'], unique=False)
        batch_op.create_index('ix_complaint_due', ['resting', 'due_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_incident_id'), ['incident_id'], unique=False)
        batch_op.create_index('ix_complaint_opened', ['opened_at'], unique=False)
        batch_op.create_index('ix_complaint_subject', ['subject', 'ordinal'], unique=True)
    op.create_table('complaint_rule',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('body', Json, nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_rule'))
    )
    op.create_table('complaint_answer',
    sa.Column('id', AutoId, autoincrement=True, nullable=False),
    sa.Column('complaint_id', sa.String(length=40), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('channel', sa.String(length=64), nullable=False),
    sa.Column('url', sa.Text(), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('published_at', Instant(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_answer_complaint_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_answer'))
    )
    with op.batch_alter_table('complaint_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_answer_complaint_id'), ['complaint_id'], unique=False)
    op.create_table('complaint_clock',
    sa.Column('complaint_id', sa.String(length=40), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('clock', sa.String(length=16), nullable=False),
    sa.Column('started_at', Instant(), nullable=False),
    sa.Column('due_at', Instant(), nullable=False),
    sa.Column('warned_at', Instant(), nullable=True),
    sa.Column('breached_at', Instant(), nullable=True),
    sa.Column('escalated_at', Instant(), nullable=True),
    sa.Column('met_at', Instant(), nullable=True),
    sa.Column('dropped_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_clock_complaint_id')),
    sa.PrimaryKeyConstraint('complaint_id', 'round', 'clock', name=op.f('pk_complaint_clock'))
    )
    op.create_table('complaint_event',
    sa.Column('id', AutoId, autoincrement=True, nullable=False),
    sa.Column('complaint_id', sa.String(length=40), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('kind', sa.String(length=48), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('data', Json, nullable=False),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_event_complaint_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_event'))
    )
    with op.batch_alter_table('complaint_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_event_complaint_id'), ['complaint_id'], unique=False)
    op.create_table('complaint_post',
    sa.Column('complaint_id', sa.String(length=40), nullable=False),
    sa.Column('post_id', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('author', sa.String(length=64), nullable=True),
    sa.Column('copy_group', sa.String(length=64), nullable=False),
    sa.Column('posted_at', Instant(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_post_complaint_id')),
    sa.PrimaryKeyConstraint('complaint_id', 'post_id', name=op.f('pk_complaint_post'))
    )
    with op.batch_alter_table('complaint_post', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_post_author'), ['author'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_post_copy_group'), ['copy_group'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_post_post_id'), ['post_id'], unique=False)
    op.create_table('complaint_rating',
    sa.Column('id', AutoId, autoincrement=True, nullable=False),
    sa.Column('complaint_id', sa.String(length=40), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('csat', sa.Integer(), nullable=True),
    sa.Column('nps', sa.Integer(), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('said_by', sa.String(length=64), nullable=True),
    sa.Column('said_at', Instant(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_rating_complaint_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_rating'))
    )
    with op.batch_alter_table('complaint_rating', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_rating_complaint_id'), ['complaint_id'], unique=False)


def downgrade() -> None:
    op.drop_table('complaint_rating')
    with op.batch_alter_table('complaint_post', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_complaint_post_post_id'))
        batch_op.drop_index(batch_op.f('ix_complaint_post_copy_group'))
        batch_op.drop_index(batch_op.f('ix_complaint_post_author'))
    op.drop_table('complaint_post')
    with op.batch_alter_table('complaint_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_complaint_event_complaint_id'))
    op.drop_table('complaint_event')
    op.drop_table('complaint_clock')
    with op.batch_alter_table('complaint_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_complaint_answer_complaint_id'))
    op.drop_table('complaint_answer')
    op.drop_table('complaint_rule')
    with op.batch_alter_table('complaint', schema=None) as batch_op:
        batch_op.drop_index('ix_complaint_subject')
        batch_op.drop_index('ix_complaint_opened')
        batch_op.drop_index(batch_op.f('ix_complaint_incident_id'))
        batch_op.drop_index('ix_complaint_due')
        batch_op.drop_index(batch_op.f('ix_complaint_author'))
    op.drop_table('complaint')
