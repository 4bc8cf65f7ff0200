"""One reading session for all of a question that is asked again and again (T12).

To open and end one costs as much as what such a question asks of the database. It looks without a
transaction: should its statements see two states of the desk, the next question sees the second.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from flask import g

from models import Session
from web import live
from web.site import site

_OPEN, _ENDS = "reading_session", "reading_ends"


@contextmanager
def reading() -> Iterator[Session]:
    """A session that only reads; of a page that moves it is the request's only one."""
    if (session := g.get(_OPEN)) is not None:
        with site().database.reading_on(session):
            yield session
    elif live.is_asked():
        with ExitStack() as stack:
            session = stack.enter_context(site().database.glancing())
            yield session
            g.setdefault(_OPEN, session)
            g.setdefault(_ENDS, stack.pop_all())
    else:
        with site().database.reading() as session:
            yield session


def end(_: BaseException | None = None) -> None:
    """With the request."""
    g.pop(_OPEN, None)
    if (stack := g.pop(_ENDS, None)) is not None:
        stack.close()
