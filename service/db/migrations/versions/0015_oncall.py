"""on call: rosters, escalations, seats, silences

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Instant, Json


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

BOOKS = ('chain', 'contact', 'duty', 'rota')


def upgrade() -> None:
    for book in BOOKS:
        op.create_table(book,
        sa.Column('id', sa.String(length=64), nullable=False),
        sa.Column('name', sa.String(length=200), nullable=False),
        sa.Column('body', Json, nullable=False),
        sa.Column('created_at', Instant(), nullable=False),
        sa.Column('updated_at', Instant(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{book}'))
        )
    op.create_table('escalation',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('incident_id', sa.String(length=40), nullable=False),
    sa.Column('tier_rank', sa.Integer(), nullable=False),
    sa.Column('chain', Json, nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('firings', sa.Integer(), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('lapses', sa.Integer(), nullable=False),
    sa.Column('started_at', Instant(), nullable=False),
    sa.Column('held_at', Instant(), nullable=True),
    sa.Column('held_by', sa.String(length=64), nullable=True),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_escalation_incident_id_incident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_escalation'))
    )
    op.create_index(op.f('ix_escalation_incident_id'), 'escalation', ['incident_id'], unique=False)
    op.create_table('page',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('incident_id', sa.String(length=40), nullable=False),
    sa.Column('escalation_id', sa.String(length=40), nullable=True),
    sa.Column('persons', Json, nullable=False),
    sa.Column('why', sa.String(length=32), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('withdrawn_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_page_incident_id_incident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_page'))
    )
    op.create_index(op.f('ix_page_escalation_id'), 'page', ['escalation_id'], unique=False)
    op.create_index(op.f('ix_page_incident_id'), 'page', ['incident_id'], unique=False)
    op.create_table('seat',
    sa.Column('incident_id', sa.String(length=40), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('holder', sa.String(length=64), nullable=True),
    sa.Column('asked_at', Instant(), nullable=False),
    sa.Column('deputy_asked_at', Instant(), nullable=True),
    sa.Column('answered_at', Instant(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_seat_incident_id_incident')),
    sa.PrimaryKeyConstraint('incident_id', 'role', name=op.f('pk_seat'))
    )
    op.create_table('silence',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('matcher', Json, nullable=False),
    sa.Column('gravest', sa.Boolean(), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('starts_at', Instant(), nullable=False),
    sa.Column('ends_at', Instant(), nullable=False),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.Column('ended_by', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_silence'))
    )
    op.create_index('ix_silence_standing', 'silence', ['ended_at', 'ends_at'], unique=False)
    op.add_column('incident', sa.Column('reached_nobody_at', Instant(), nullable=True))


def downgrade() -> None:
    # Not in a batch: that would make the table anew, and lose the condition of its unique index.
    op.drop_column('incident', 'reached_nobody_at')
    op.drop_index('ix_silence_standing', table_name='silence')
    op.drop_table('silence')
    op.drop_table('seat')
    op.drop_index(op.f('ix_page_incident_id'), table_name='page')
    op.drop_index(op.f('ix_page_escalation_id'), table_name='page')
    op.drop_table('page')
    op.drop_index(op.f('ix_escalation_incident_id'), table_name='escalation')
    op.drop_table('escalation')
    for book in reversed(BOOKS):
        op.drop_table(book)
