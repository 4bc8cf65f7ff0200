"""What all tables share: names of constraints, aware UTC instants, enums as their values."""

from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import Any, ClassVar, cast

from sqlalchemy import (
    JSON,
    Boolean,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase

from domain.category import Category
from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.priority import Impact, Priority, Urgency

ENUM_LENGTH = 24  # characters; the longest value in use has 16


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EnumText(TypeDecorator[StrEnum]):
    """A StrEnum as its value, readable in the database and free to grow."""

    impl = String(ENUM_LENGTH)
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__()
        self._enum = enum
        self._members = {member.value: member for member in enum}

    @property
    def many(self) -> int:
        """How many values there are."""
        return len(self._members)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self._enum(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self._members[value]


class EnumNumber(TypeDecorator[IntEnum]):
    """An IntEnum as its number, so that lists sort by it."""

    impl = Integer
    cache_ok = True

    def __init__(self, enum: type[IntEnum]) -> None:
        super().__init__()
        self._enum = enum

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> IntEnum | None:
        return None if value is None else self._enum(value)


class EnumSet(TypeDecorator[frozenset[StrEnum]]):
    """A small set of StrEnum values as one word list: `,desk,engineer,`; LIKE finds a member."""

    impl = String(200)
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__()
        self._enum = enum

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        names = sorted(self._enum(member).value for member in value)
        return f",{','.join(names)}," if names else ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else _members(self._enum, value)


@lru_cache(maxsize=1024)  # a team has few different sets, and they are read at each dispatch
def _members(enum: type[StrEnum], value: str) -> frozenset[StrEnum]:
    return frozenset(map(enum, value.split(",")[1:-1]))


class Base(DeclarativeBase):
    """The declarative base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant(),
        bool: Boolean(create_constraint=False),
        dict[str, Any]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
        Status: EnumText(Status),
        Action: EnumText(Action),
        Category: EnumText(Category),
        Impact: EnumText(Impact),
        Urgency: EnumText(Urgency),
        Priority: EnumNumber(Priority),
        DeadlineKind: EnumText(DeadlineKind),
        frozenset[Role]: EnumSet(Role),
        frozenset[Category]: EnumSet(Category),
    }


def table_of(model: type[Base]) -> Table:
    """The table behind a model, for statements that are built once."""
    return cast(Table, model.__table__)
