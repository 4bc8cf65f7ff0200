"""A line between page and server that holds what is sent, so that hands are quicker than it."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route


@contextmanager
def held(page: Page, address: str, *, is_lost: bool = False) -> Iterator[None]:
    """What the page sends to `address` stays on the way until the block ends, or is lost then."""
    waiting: list[Route] = []
    page.route(address, lambda route: waiting.append(route))
    with page.expect_request(address):
        yield
    page.wait_for_function("true")  # the route has been told as well
    [route] = waiting
    if is_lost:
        with page.expect_event("requestfailed"):
            route.abort()
    else:
        with page.expect_response(address):
            route.continue_()
    page.unroute(address)
