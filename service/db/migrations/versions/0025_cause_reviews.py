"""5-Why reviews, improvements, departments and their points

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import AutoId, Instant, Json

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('cause_review',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('incident_id', sa.String(length=40), nullable=False),
    sa.Column('monitor_id', sa.String(length=64), nullable=False),
    sa.Column('scenario', sa.String(length=64), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('owner', sa.String(length=64), nullable=True),
    sa.Column('due_at', Instant(), nullable=False),
    sa.Column('whys', Json, nullable=False),
    sa.Column('stopped_early', sa.Text(), nullable=True),
    sa.Column('root_cause', sa.Text(), nullable=True),
    sa.Column('cause_class', sa.String(length=64), nullable=True),
    sa.Column('opened_at', Instant(), nullable=False),
    sa.Column('closed_at', Instant(), nullable=True),
    sa.Column('closed_by', sa.String(length=64), nullable=True),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_cause_review_incident_id_incident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cause_review')),
    sa.UniqueConstraint('incident_id', name=op.f('uq_cause_review_incident_id'))
    )
    op.create_index('ix_cause_review_state', 'cause_review', ['state', 'due_at'], unique=False)
    op.create_table('department',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('lead', sa.String(length=64), nullable=True),
    sa.Column('disabled', sa.Boolean(), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_department'))
    )
    op.create_table('department_point',
    sa.Column('id', AutoId, autoincrement=True, nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('department_id', sa.String(length=64), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('reason', sa.String(length=32), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('incident_id', sa.String(length=40), nullable=True),
    sa.Column('review_id', sa.String(length=40), nullable=True),
    sa.Column('improvement_id', sa.String(length=40), nullable=True),
    sa.Column('redeems', AutoId, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_department_point')),
    sa.UniqueConstraint('key', name=op.f('uq_department_point_key'))
    )
    op.create_index('ix_department_point_department', 'department_point', ['department_id', 'id'], unique=False)
    op.create_table('improvement',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('review_id', sa.String(length=40), nullable=False),
    sa.Column('incident_id', sa.String(length=40), nullable=False),
    sa.Column('monitor_id', sa.String(length=64), nullable=False),
    sa.Column('department_id', sa.String(length=64), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('owner', sa.String(length=64), nullable=True),
    sa.Column('due_at', Instant(), nullable=False),
    sa.Column('impact', sa.Integer(), nullable=False),
    sa.Column('urgency', sa.Integer(), nullable=False),
    sa.Column('effort', sa.Integer(), nullable=False),
    sa.Column('rank', sa.Float(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('proposed_by', sa.String(length=64), nullable=False),
    sa.Column('proposed_at', Instant(), nullable=False),
    sa.Column('timed_from', Instant(), nullable=False),
    sa.Column('done_at', Instant(), nullable=True),
    sa.Column('done_by', sa.String(length=64), nullable=True),
    sa.Column('verified_at', Instant(), nullable=True),
    sa.Column('verified_by', sa.String(length=64), nullable=True),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_improvement_incident_id_incident')),
    sa.ForeignKeyConstraint(['review_id'], ['cause_review.id'], name=op.f('fk_improvement_review_id_cause_review')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_improvement'))
    )
    op.create_index(op.f('ix_improvement_department_id'), 'improvement', ['department_id'], unique=False)
    op.create_index(op.f('ix_improvement_incident_id'), 'improvement', ['incident_id'], unique=False)
    op.create_index(op.f('ix_improvement_review_id'), 'improvement', ['review_id'], unique=False)
    op.create_index('ix_improvement_state', 'improvement', ['state', 'due_at'], unique=False)
    op.create_table('review_department',
    sa.Column('review_id', sa.String(length=40), nullable=False),
    sa.Column('department_id', sa.String(length=64), nullable=False),
    sa.Column('added_at', Instant(), nullable=False),
    sa.Column('added_by', sa.String(length=64), nullable=False),
    sa.Column('filed_at', Instant(), nullable=True),
    sa.Column('excused', sa.Text(), nullable=True),
    sa.Column('excused_by', sa.String(length=64), nullable=True),
    sa.Column('excused_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['review_id'], ['cause_review.id'], name=op.f('fk_review_department_review_id_cause_review')),
    sa.PrimaryKeyConstraint('review_id', 'department_id', name=op.f('pk_review_department'))
    )
    op.create_index(op.f('ix_review_department_department_id'), 'review_department', ['department_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_review_department_department_id'), table_name='review_department')
    op.drop_table('review_department')
    op.drop_index('ix_improvement_state', table_name='improvement')
    op.drop_index(op.f('ix_improvement_review_id'), table_name='improvement')
    op.drop_index(op.f('ix_improvement_incident_id'), table_name='improvement')
    op.drop_index(op.f('ix_improvement_department_id'), table_name='improvement')
    op.drop_table('improvement')
    op.drop_index('ix_department_point_department', table_name='department_point')
    op.drop_table('department_point')
    op.drop_table('department')
    op.drop_index('ix_cause_review_state', table_name='cause_review')
    op.drop_table('cause_review')
