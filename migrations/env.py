"""Alembic's entry: a connection handed over by the command line, or one made of the address."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, TypeDecorator, create_engine

from models import Base
from models.search import is_compared


def plain_type(kind: str, item: Any, _: object) -> str | Literal[False]:
    """A migration names the columns' own types, so that it never depends on today's code."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    return f"sa.{item.impl!r}"


def migrate(connection: Connection) -> None:
    """Run the chosen migrations in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_item=plain_type,
        include_object=is_compared,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


handed = context.config.attributes.get("connection")
if handed is not None:
    migrate(handed)
else:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()
