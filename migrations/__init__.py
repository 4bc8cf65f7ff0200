"""Alembic migrations; they always run forward from the last release with data in place."""
