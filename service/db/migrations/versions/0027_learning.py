"""corrections of people, evaluations of candidates, switches

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import AutoId, Instant, Json

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('correction',
    sa.Column('id', AutoId, autoincrement=True, nullable=False),
    sa.Column('post_id', sa.String(length=40), nullable=False),
    sa.Column('head', sa.String(length=16), nullable=False),
    sa.Column('label', sa.String(length=64), nullable=False),
    sa.Column('wording', sa.String(length=64), nullable=False),
    sa.Column('machine', sa.String(length=64), nullable=True),
    sa.Column('versions', Json, nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('author', sa.String(length=64), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction'))
    )
    op.create_index(op.f('ix_correction_at'), 'correction', ['at'], unique=False)
    op.create_index('ix_correction_post', 'correction', ['post_id', 'head', 'id'], unique=False)
    op.create_table('model_evaluation',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('content', sa.Text(), nullable=True),
    sa.Column('set_sha256', sa.String(length=64), nullable=False),
    sa.Column('set_rows', sa.Integer(), nullable=False),
    sa.Column('set_until', Instant(), nullable=True),
    sa.Column('result', Json, nullable=False),
    sa.Column('author', sa.String(length=64), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_model_evaluation'))
    )
    op.create_index(op.f('ix_model_evaluation_at'), 'model_evaluation', ['at'], unique=False)
    op.create_index(op.f('ix_model_evaluation_fingerprint'), 'model_evaluation', ['fingerprint'], unique=False)
    op.create_table('model_switch',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('before', Json, nullable=True),
    sa.Column('after', Json, nullable=True),
    sa.Column('undoes', sa.Integer(), nullable=True),
    sa.Column('evaluation_id', sa.String(length=40), nullable=True),
    sa.Column('forced', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('author', sa.String(length=64), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['evaluation_id'], ['model_evaluation.id'], name=op.f('fk_model_switch_evaluation_id_model_evaluation')),
    sa.ForeignKeyConstraint(['undoes'], ['model_switch.number'], name=op.f('fk_model_switch_undoes_model_switch')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_model_switch'))
    )
    op.create_index(op.f('ix_model_switch_kind'), 'model_switch', ['kind'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_model_switch_kind'), table_name='model_switch')
    op.drop_table('model_switch')
    op.drop_index(op.f('ix_model_evaluation_fingerprint'), table_name='model_evaluation')
    op.drop_index(op.f('ix_model_evaluation_at'), table_name='model_evaluation')
    op.drop_table('model_evaluation')
    op.drop_index('ix_correction_post', table_name='correction')
    op.drop_index(op.f('ix_correction_at'), table_name='correction')
    op.drop_table('correction')
