"""when an incident was reopened: it takes posts again from then

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Instant

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('incident', sa.Column('reopened_at', Instant()))


def downgrade() -> None:
    op.drop_column('incident', 'reopened_at')
