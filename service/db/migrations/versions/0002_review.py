"""review

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.db.columns import AutoId, Instant, Json

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('review_item',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('origin', sa.String(length=16), nullable=False),
    sa.Column('line', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('caller', sa.String(length=64), nullable=False),
    sa.Column('caller_item', sa.Text(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('policy', sa.String(length=200), nullable=False),
    sa.Column('suggestion', sa.String(length=16), nullable=False),
    sa.Column('held', sa.Boolean(), nullable=False),
    sa.Column('hold_id', sa.String(length=64), nullable=True),
    sa.Column('risk_level', sa.String(length=16), nullable=False),
    sa.Column('risk_order', sa.Integer(), nullable=False),
    sa.Column('labels', Json, nullable=False),
    sa.Column('author', sa.String(length=64), nullable=True),
    sa.Column('versions', Json, nullable=False),
    sa.Column('judged_at', Instant(), nullable=False),
    sa.Column('filed_at', Instant(), nullable=False),
    sa.Column('entered_at', Instant(), nullable=False),
    sa.Column('due_at', Instant(), nullable=False),
    sa.Column('warned_at', Instant(), nullable=True),
    sa.Column('overdue_at', Instant(), nullable=True),
    sa.Column('urgency', sa.Integer(), nullable=False),
    sa.Column('holder', sa.String(length=64), nullable=True),
    sa.Column('lease_until', Instant(), nullable=True),
    sa.Column('ruling', sa.String(length=16), nullable=True),
    sa.Column('appealed_at', Instant(), nullable=True),
    sa.Column('appeal_words', sa.Text(), nullable=True),
    sa.Column('appealed_by', sa.String(length=64), nullable=True),
    sa.Column('twin_of', sa.String(length=40), nullable=True),
    sa.Column('barred', sa.String(length=64), nullable=True),
    sa.Column('sealed', sa.Boolean(), nullable=False),
    sa.Column('decided_at', Instant(), nullable=True),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_item'))
    )

    with op.batch_alter_table('review_item', schema=None) as batch_op:
        batch_op.create_index('ix_review_item_due', ['state', 'line', 'urgency', 'due_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_item_hold_id'), ['hold_id'], unique=False)
        batch_op.create_index('ix_review_item_risk', ['state', 'line', 'urgency', 'risk_order', 'due_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_item_twin_of'), ['twin_of'], unique=False)

    op.create_table('review_event',
    sa.Column('id', AutoId, autoincrement=True, nullable=False),
    sa.Column('item_id', sa.String(length=40), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('kind', sa.String(length=48), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('data', Json, nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['review_item.id'], name=op.f('fk_review_event_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_event'))
    )

    with op.batch_alter_table('review_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_event_item_id'), ['item_id'], unique=False)

    op.create_table('review_label',
    sa.Column('item_id', sa.String(length=40), nullable=False),
    sa.Column('label', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['review_item.id'], name=op.f('fk_review_label_item_id')),
    sa.PrimaryKeyConstraint('item_id', 'label', name=op.f('pk_review_label'))
    )

    with op.batch_alter_table('review_label', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_label_label'), ['label'], unique=False)

    op.create_table('review_verdict',
    sa.Column('item_id', sa.String(length=40), nullable=False),
    sa.Column('line', sa.String(length=16), nullable=False),
    sa.Column('ruling', sa.String(length=16), nullable=False),
    sa.Column('labels', Json, nullable=False),
    sa.Column('reason', sa.String(length=64), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('rubric_version', sa.String(length=64), nullable=False),
    sa.Column('reviewer', sa.String(length=64), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['review_item.id'], name=op.f('fk_review_verdict_item_id')),
    sa.PrimaryKeyConstraint('item_id', 'line', name=op.f('pk_review_verdict'))
    )

    with op.batch_alter_table('review_verdict', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_verdict_at'), ['at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('review_verdict', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_verdict_at'))

    op.drop_table('review_verdict')

    with op.batch_alter_table('review_label', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_label_label'))

    op.drop_table('review_label')

    with op.batch_alter_table('review_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_event_item_id'))

    op.drop_table('review_event')

    with op.batch_alter_table('review_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_item_twin_of'))
        batch_op.drop_index('ix_review_item_risk')
        batch_op.drop_index(batch_op.f('ix_review_item_hold_id'))
        batch_op.drop_index('ix_review_item_due')

    op.drop_table('review_item')
