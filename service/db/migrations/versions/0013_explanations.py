"""explanations of tiers

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import Json


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('incident_tier', sa.Column('explanation', Json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('incident_tier') as batch:
        batch.drop_column('explanation')
