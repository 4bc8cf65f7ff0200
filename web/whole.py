"""All pages of a desk and its API, as one application; loaded once the edge answers (T10)."""

from flask import Flask

from web import h5
from web.api.pages import ApiPages
from web.app import make_app
from web.installing import AREAS, Pages
from web.site import Site

__all__ = ["whole"]


def whole(shared: Site) -> Flask:
    """All areas; those inside WeChat only where phones have an address of ours to open."""
    areas = [each for each in AREAS if shared.public_url or each is not h5.AREA]
    return make_app([], Pages(shared, areas), ApiPages(shared))
