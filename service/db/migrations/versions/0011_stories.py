"""stories

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import AutoId, Instant, Json


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('story_inbox',
    sa.Column('seq', AutoId, autoincrement=True, nullable=False),
    sa.Column('post_id', sa.String(length=40), nullable=False),
    sa.Column('space', sa.String(length=128), nullable=False),
    sa.Column('vector', sa.Text(), nullable=True),
    sa.Column('seen_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_story_inbox')),
    sa.UniqueConstraint('post_id', name=op.f('uq_story_inbox_post_id'))
    )
    op.create_table('story',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('phase', sa.String(length=8), nullable=False),
    sa.Column('space', sa.String(length=128), nullable=False),
    sa.Column('posts', sa.Integer(), nullable=False),
    sa.Column('heat', sa.Float(precision=53), nullable=False),
    sa.Column('first_at', Instant(), nullable=False),
    sa.Column('last_at', Instant(), nullable=False),
    sa.Column('data', Json, nullable=False),
    sa.Column('mean', sa.Text(), nullable=False),
    sa.Column('origin', sa.String(length=24), nullable=True),
    sa.Column('merged_into', sa.String(length=24), nullable=True),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_story'))
    )
    op.create_index('ix_story_heat', 'story', ['phase', 'heat'], unique=False)
    op.create_index('ix_story_last', 'story', ['phase', 'last_at'], unique=False)
    op.create_index(op.f('ix_story_merged_into'), 'story', ['merged_into'], unique=False)
    op.create_index(op.f('ix_story_origin'), 'story', ['origin'], unique=False)
    op.create_index('ix_story_posts', 'story', ['phase', 'posts'], unique=False)
    op.create_table('story_facet',
    sa.Column('story_id', sa.String(length=24), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=512), nullable=False),
    sa.Column('posts', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('story_id', 'kind', 'name', name=op.f('pk_story_facet'))
    )
    op.create_index('ix_story_facet_name', 'story_facet', ['kind', 'name'], unique=False)
    op.create_table('story_post',
    sa.Column('post_id', sa.String(length=40), nullable=False),
    sa.Column('story_id', sa.String(length=24), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('author', sa.String(length=32), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('sentiment', sa.String(length=16), nullable=True),
    sa.Column('monitors', Json, nullable=False),
    sa.Column('copy_group', sa.String(length=64), nullable=False),
    sa.Column('leads', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('post_id', name=op.f('pk_story_post'))
    )
    op.create_index(op.f('ix_story_post_at'), 'story_post', ['at'], unique=False)
    op.create_index(op.f('ix_story_post_author'), 'story_post', ['author'], unique=False)
    op.create_index('ix_story_post_story', 'story_post', ['story_id', 'at', 'post_id'], unique=False)
    op.create_table('story_knowledge',
    sa.Column('name', sa.String(length=128), nullable=False),
    sa.Column('seen', sa.Float(precision=53), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_story_knowledge'))
    )


def downgrade() -> None:
    for table in ('story_knowledge', 'story_post', 'story_facet', 'story', 'story_inbox'):
        op.drop_table(table)
