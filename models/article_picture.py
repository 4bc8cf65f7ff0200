"""Pictures in articles: each belongs to the versions whose text names it (K2)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ArticlePicture(Base):
    """A picture that a writer put in; one that no version names is kept for a while only."""

    __tablename__ = "article_pictures"
    __table_args__ = (
        Index(None, "keep_until"),  # what is swept
        Index(None, "added_by_id", "keep_until"),  # how many wait for their text
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(String(80))  # of the store
    thumbnail: Mapped[str | None] = mapped_column(String(80))
    width: Mapped[int]  # pixels, so that a page keeps its place free
    height: Mapped[int]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime]
    keep_until: Mapped[datetime]  # though no version names it


class VersionPicture(Base):
    """That the text of a version names a picture: who may read the one may see the other."""

    __tablename__ = "article_version_pictures"
    __table_args__ = (Index(None, "picture_id"),)  # which versions have it

    version_id: Mapped[int] = mapped_column(ForeignKey("article_versions.id"), primary_key=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("article_pictures.id"), primary_key=True)
