"""casework: hand-overs, watches, links, screenshots of evidence

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import AutoId, Instant, Json


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('incident_handover',
    sa.Column('id', AutoId, autoincrement=True, nullable=False),
    sa.Column('incident_id', sa.String(length=40), nullable=False),
    sa.Column('from_person', sa.String(length=64), nullable=True),
    sa.Column('to_person', sa.String(length=64), nullable=False),
    sa.Column('offered_by', sa.String(length=64), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('offered_at', Instant(), nullable=False),
    sa.Column('answered_at', Instant(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_incident_handover_incident_id_incident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident_handover'))
    )
    op.create_index('ix_incident_handover_incident', 'incident_handover', ['incident_id', 'id'], unique=False)
    op.create_index('uq_incident_handover_offered', 'incident_handover', ['incident_id'], unique=True, sqlite_where=sa.text("state = 'offered'"), postgresql_where=sa.text("state = 'offered'"))
    op.create_table('incident_watch',
    sa.Column('incident_id', sa.String(length=40), nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('topics', Json, nullable=False),
    sa.Column('seen', AutoId, nullable=False),
    sa.Column('since', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_incident_watch_incident_id_incident')),
    sa.PrimaryKeyConstraint('incident_id', 'person', name=op.f('pk_incident_watch'))
    )
    op.create_table('incident_link',
    sa.Column('from_id', sa.String(length=40), nullable=False),
    sa.Column('to_id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['from_id'], ['incident.id'], name=op.f('fk_incident_link_from_id_incident')),
    sa.ForeignKeyConstraint(['to_id'], ['incident.id'], name=op.f('fk_incident_link_to_id_incident')),
    sa.PrimaryKeyConstraint('from_id', 'to_id', 'kind', name=op.f('pk_incident_link'))
    )
    op.create_index(op.f('ix_incident_link_to_id'), 'incident_link', ['to_id'], unique=False)
    op.create_table('evidence_screenshot',
    sa.Column('incident_id', sa.String(length=40), nullable=False),
    sa.Column('post_id', sa.String(length=40), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('media_type', sa.String(length=32), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['incident_id', 'post_id'], ['incident_post.incident_id', 'incident_post.post_id'], name='fk_evidence_screenshot_post'),
    sa.PrimaryKeyConstraint('incident_id', 'post_id', 'sha256', name=op.f('pk_evidence_screenshot'))
    )


def downgrade() -> None:
    op.drop_table('evidence_screenshot')
    op.drop_index(op.f('ix_incident_link_to_id'), table_name='incident_link')
    op.drop_table('incident_link')
    op.drop_table('incident_watch')
    op.drop_index('uq_incident_handover_offered', table_name='incident_handover')
    op.drop_index('ix_incident_handover_incident', table_name='incident_handover')
    op.drop_table('incident_handover')
