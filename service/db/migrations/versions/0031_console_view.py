"""views of the console that people have saved

Revision ID: 0031
Revises: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Instant

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('console_view',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('user_id', sa.String(length=40), nullable=False),
    sa.Column('place', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('query', sa.Text(), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_console_view_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_console_view')),
    sa.UniqueConstraint('user_id', 'place', 'name', name=op.f('uq_console_view_user_id_place_name'))
    )


def downgrade() -> None:
    op.drop_table('console_view')
