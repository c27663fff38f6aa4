"""rereading

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Instant, Json


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('hot_post',
    sa.Column('post_id', sa.String(length=40), nullable=False),
    sa.Column('source_id', sa.String(length=64), nullable=False),
    sa.Column('native_id', sa.Text(), nullable=False),
    sa.Column('heat', sa.String(length=16), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('still', sa.Integer(), nullable=False),
    sa.Column('missed', sa.Boolean(), nullable=False),
    sa.Column('hot_since', Instant(), nullable=False),
    sa.Column('looked_at', Instant(), nullable=True),
    sa.Column('due_at', Instant(), nullable=True),
    sa.PrimaryKeyConstraint('post_id', name=op.f('pk_hot_post'))
    )
    op.create_index('ix_hot_post_due', 'hot_post', ['source_id', 'due_at'], unique=False)
    op.create_table('source_backfill',
    sa.Column('source_id', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('since', Instant(), nullable=False),
    sa.Column('until', Instant(), nullable=False),
    sa.Column('cursor', Json, nullable=True),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('posts', sa.Integer(), nullable=False),
    sa.Column('stored', sa.Integer(), nullable=False),
    sa.Column('reached', Instant(), nullable=True),
    sa.Column('share', sa.Float(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('requested_by', sa.String(length=64), nullable=False),
    sa.Column('requested_at', Instant(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.Column('due_at', Instant(), nullable=True),
    sa.PrimaryKeyConstraint('source_id', name=op.f('pk_source_backfill'))
    )
    op.add_column('incident_post', sa.Column('deleted_at', Instant(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('incident_post') as batch:
        batch.drop_column('deleted_at')
    op.drop_table('source_backfill')
    op.drop_index('ix_hot_post_due', table_name='hot_post')
    op.drop_table('hot_post')
