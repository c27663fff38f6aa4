"""Alembic's entry: migrates over the connection that `service.db.migrate` hands in."""

from __future__ import annotations

from alembic import context

from service.db.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most columns: tables are made anew and copied.
    render_as_batch=True,
    transactional_ddl=True,
    render_item=context.config.attributes.get("render_item"),
)
with context.begin_transaction():
    context.run_migrations()
