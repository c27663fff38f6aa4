"""Alembic's migrations of the state database; `service.db.migrate` runs them."""
