"""imports

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import AutoId, Instant, Json


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('import_run',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('file', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('posts', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.Column('changes', Json, nullable=False),
    sa.Column('problems', Json, nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('finished_at', Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_run'))
    )
    op.create_index(op.f('ix_import_run_state'), 'import_run', ['state'], unique=False)
    op.create_table('series',
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('unit', sa.String(length=32), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_series'))
    )
    op.create_table('import_piece',
    sa.Column('id', AutoId, autoincrement=True, nullable=False),
    sa.Column('import_id', sa.String(length=40), nullable=False),
    sa.Column('posts', sa.Integer(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['import_run.id'], name=op.f('fk_import_piece_import_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_piece'))
    )
    op.create_index(op.f('ix_import_piece_import_id'), 'import_piece', ['import_id'], unique=False)
    op.create_table('series_point',
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('value', sa.Float(precision=53), nullable=False),
    sa.ForeignKeyConstraint(['name'], ['series.name'], name=op.f('fk_series_point_name')),
    sa.PrimaryKeyConstraint('name', 'at', name=op.f('pk_series_point'))
    )


def downgrade() -> None:
    op.drop_table('series_point')
    op.drop_index(op.f('ix_import_piece_import_id'), table_name='import_piece')
    op.drop_table('import_piece')
    op.drop_table('series')
    op.drop_index(op.f('ix_import_run_state'), table_name='import_run')
    op.drop_table('import_run')
