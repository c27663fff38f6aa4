"""statements, their approvals, places and promises

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import AutoId, Instant, Json

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('statement',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('incident_id', sa.String(length=40), nullable=False),
    sa.Column('template', sa.String(length=129), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('emotion', sa.String(length=16), nullable=True),
    sa.Column('intensity', sa.String(length=16), nullable=True),
    sa.Column('blocking', sa.Integer(), nullable=False),
    sa.Column('promises', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('submitted_at', Instant(), nullable=True),
    sa.Column('approved_at', Instant(), nullable=True),
    sa.Column('published_at', Instant(), nullable=True),
    sa.Column('withdrawn_at', Instant(), nullable=True),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_statement_incident_id_incident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement'))
    )
    op.create_index('ix_statement_incident', 'statement', ['incident_id', 'created_at'], unique=False)
    op.create_index('ix_statement_state', 'statement', ['state', 'updated_at'], unique=False)
    op.create_table('statement_edition',
    sa.Column('statement_id', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('variables', Json, nullable=False),
    sa.Column('facts', Json, nullable=False),
    sa.Column('findings', Json, nullable=False),
    sa.Column('degraded', Json, nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['statement_id'], ['statement.id'], name=op.f('fk_statement_edition_statement_id_statement')),
    sa.PrimaryKeyConstraint('statement_id', 'number', name=op.f('pk_statement_edition'))
    )
    op.create_table('statement_approval',
    sa.Column('id', AutoId, autoincrement=True, nullable=False),
    sa.Column('statement_id', sa.String(length=40), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('capacity', sa.String(length=16), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('voided_at', Instant(), nullable=True),
    sa.Column('void_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['statement_id'], ['statement.id'], name=op.f('fk_statement_approval_statement_id_statement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_approval'))
    )
    op.create_index(op.f('ix_statement_approval_statement_id'), 'statement_approval', ['statement_id'], unique=False)
    op.create_table('statement_place',
    sa.Column('id', AutoId, autoincrement=True, nullable=False),
    sa.Column('statement_id', sa.String(length=40), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('url', sa.Text(), nullable=True),
    sa.Column('published_at', Instant(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('noted_at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['statement_id'], ['statement.id'], name=op.f('fk_statement_place_statement_id_statement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_place'))
    )
    op.create_index(op.f('ix_statement_place_statement_id'), 'statement_place', ['statement_id'], unique=False)
    op.create_table('promise',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('statement_id', sa.String(length=40), nullable=False),
    sa.Column('incident_id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('owner', sa.String(length=64), nullable=True),
    sa.Column('due_at', Instant(), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('made_at', Instant(), nullable=True),
    sa.Column('warned_at', Instant(), nullable=True),
    sa.Column('overdue_at', Instant(), nullable=True),
    sa.Column('escalated_at', Instant(), nullable=True),
    sa.Column('kept_at', Instant(), nullable=True),
    sa.Column('kept_by', sa.String(length=64), nullable=True),
    sa.Column('evidence', sa.Text(), nullable=True),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['statement_id'], ['statement.id'], name=op.f('fk_promise_statement_id_statement')),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_promise_incident_id_incident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promise'))
    )
    op.create_index(op.f('ix_promise_incident_id'), 'promise', ['incident_id'], unique=False)
    op.create_index(op.f('ix_promise_statement_id'), 'promise', ['statement_id'], unique=False)
    op.create_index('ix_promise_state', 'promise', ['state', 'due_at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_promise_state', table_name='promise')
    op.drop_index(op.f('ix_promise_statement_id'), table_name='promise')
    op.drop_index(op.f('ix_promise_incident_id'), table_name='promise')
    op.drop_table('promise')
    op.drop_index(op.f('ix_statement_place_statement_id'), table_name='statement_place')
    op.drop_table('statement_place')
    op.drop_index(op.f('ix_statement_approval_statement_id'), table_name='statement_approval')
    op.drop_table('statement_approval')
    op.drop_table('statement_edition')
    op.drop_index('ix_statement_state', table_name='statement')
    op.drop_index('ix_statement_incident', table_name='statement')
    op.drop_table('statement')
