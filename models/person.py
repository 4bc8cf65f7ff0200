"""People: requesters and staff, what engineers can do, and how somebody joins."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.category import Category
from domain.permissions import Role
from models.base import Base


class Person(Base):
    """Somebody whom the desk serves or who works for it; one person may hold several roles."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    openid: Mapped[str | None] = mapped_column(String(64), unique=True)
    name: Mapped[str | None] = mapped_column(String(40))
    initials: Mapped[str | None] = mapped_column(String(40), index=True)  # 王芳: wf; the look-up
    staff_number: Mapped[str | None] = mapped_column(String(20), unique=True, index=True)  # 工号
    department: Mapped[str | None] = mapped_column(String(60))
    office: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(24), index=True)  # who is calling
    extension: Mapped[str | None] = mapped_column(String(12), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    is_active: Mapped[bool] = mapped_column(default=True)  # has not left
    roles: Mapped[frozenset[Role]]
    is_following: Mapped[bool] = mapped_column(default=True)
    tag: Mapped[str | None] = mapped_column(
        String(30)
    )  # the menu's tag that the platform has put on
    remark: Mapped[str | None] = mapped_column(String(30))  # what clerks read in the backend (W1)
    unreached_since: Mapped[datetime | None]  # a notice did not get through; their next act ends it
    created_at: Mapped[datetime]

    engineer: Mapped["Engineer | None"] = relationship(back_populates="person", lazy="raise")

    @property
    def reached_by(self) -> str | None:
        """The number that others dial."""
        return self.phone or self.extension


class Team(Base):
    """Colleagues who work together; a word for lists and figures, never for rights."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", use_alter=True))


class Engineer(Base):
    """What dispatch must know of somebody who works on tickets; counts are kept, not counted."""

    __tablename__ = "engineers"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 3", name="level_is_1_to_3"),
        CheckConstraint("open_tickets >= 0 AND workload >= 0", name="load_is_not_negative"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    level: Mapped[int] = mapped_column(default=1)
    skills: Mapped[frozenset[Category]]
    areas: Mapped[list[str]]
    is_on_duty: Mapped[bool] = mapped_column(default=False)
    signed_at: Mapped[datetime | None]  # when they last signed in or out
    open_tickets: Mapped[int] = mapped_column(default=0)
    workload: Mapped[int] = mapped_column(default=0)  # open tickets weighed by priority
    last_assigned_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="engineer", lazy="joined")


class BindCode(Base):
    """A one-time code with which a member of staff joins by chat; only its hash is kept (H-28)."""

    __tablename__ = "bind_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64), index=True)  # the look-up when one is typed
    expires_at: Mapped[datetime]


class BindGuess(Base):
    """A wrong code, remembered so that guessing stays limited over a restart (H-28)."""

    __tablename__ = "bind_guesses"
    __table_args__ = (Index(None, "openid", "guessed_at"),)  # the guesses of one person

    id: Mapped[int] = mapped_column(primary_key=True)
    openid: Mapped[str] = mapped_column(String(64))
    guessed_at: Mapped[datetime] = mapped_column(index=True)  # all guesses of an hour
