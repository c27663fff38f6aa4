"""what stands around a text that people review: its parent, and what came before

Revision ID: 0032
Revises: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Json

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('review_item', sa.Column('parent', sa.Text()))
    op.add_column('review_item', sa.Column('session', Json))


def downgrade() -> None:
    op.drop_column('review_item', 'session')
    op.drop_column('review_item', 'parent')
