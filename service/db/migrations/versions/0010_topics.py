"""topics

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Instant, Json


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('topic_model',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('monitor', sa.String(length=64), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('based_on', sa.Integer(), nullable=True),
    sa.Column('options', Json, nullable=False),
    sa.Column('activate', sa.Boolean(), nullable=False),
    sa.Column('since', Instant(), nullable=True),
    sa.Column('until', Instant(), nullable=False),
    sa.Column('progress', Json, nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('finished_at', Instant(), nullable=True),
    sa.Column('findings', Json, nullable=True),
    sa.Column('alarm', Json, nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_topic_model'))
    )
    op.create_index(op.f('ix_topic_model_state'), 'topic_model', ['state'], unique=False)
    op.create_table('topic_weights',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['number'], ['topic_model.number'], name=op.f('fk_topic_weights_number')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_topic_weights'))
    )


def downgrade() -> None:
    op.drop_table('topic_weights')
    op.drop_index(op.f('ix_topic_model_state'), table_name='topic_model')
    op.drop_table('topic_model')
