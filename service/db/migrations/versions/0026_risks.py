"""the risk register: entries, their changes and links, rates of exchange

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import AutoId, Instant, Json

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('exchange_rate',
    sa.Column('reporting', sa.String(length=3), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('rate', sa.String(length=40), nullable=False),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('reporting', 'currency', 'day', name=op.f('pk_exchange_rate'))
    )
    op.create_table('risk',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('body', Json, nullable=False),
    sa.Column('stage', sa.String(length=8), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_risk'))
    )
    op.create_table('risk_change',
    sa.Column('id', AutoId, autoincrement=True, nullable=False),
    sa.Column('risk_id', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('data', Json, nullable=False),
    sa.Column('body', Json, nullable=False),
    sa.Column('stage', sa.String(length=8), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['risk_id'], ['risk.id'], name=op.f('fk_risk_change_risk_id_risk')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_risk_change'))
    )
    op.create_index('ix_risk_change_at', 'risk_change', ['at'], unique=False)
    op.create_index('ux_risk_change_version', 'risk_change', ['risk_id', 'version'], unique=True)
    op.create_table('risk_link',
    sa.Column('risk_id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('target_id', sa.String(length=40), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['risk_id'], ['risk.id'], name=op.f('fk_risk_link_risk_id_risk')),
    sa.PrimaryKeyConstraint('risk_id', 'kind', 'target_id', name=op.f('pk_risk_link'))
    )
    op.create_index('ix_risk_link_target', 'risk_link', ['kind', 'target_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_risk_link_target', table_name='risk_link')
    op.drop_table('risk_link')
    op.drop_index('ux_risk_change_version', table_name='risk_change')
    op.drop_index('ix_risk_change_at', table_name='risk_change')
    op.drop_table('risk_change')
    op.drop_table('risk')
    op.drop_table('exchange_rate')
