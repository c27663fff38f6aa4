"""lexicon

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import AutoId, Instant, Json


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('lexicon_version',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('author', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('changes', sa.Integer(), nullable=False),
    sa.Column('restored', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_lexicon_version'))
    )
    op.create_table('lexicon_change',
    sa.Column('id', AutoId, autoincrement=True, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.String(length=64), nullable=False),
    sa.Column('entry_version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('cells', Json, nullable=True),
    sa.ForeignKeyConstraint(['number'], ['lexicon_version.number'], name=op.f('fk_lexicon_change_number_lexicon_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lexicon_change')),
    sa.UniqueConstraint('entry_id', 'number', name=op.f('uq_lexicon_change_entry_id_number'))
    )
    op.create_index(op.f('ix_lexicon_change_number'), 'lexicon_change', ['number'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_lexicon_change_number'), table_name='lexicon_change')
    op.drop_table('lexicon_change')
    op.drop_table('lexicon_version')
