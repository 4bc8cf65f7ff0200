"""Icons: small drawings within the page, so that they take its colour and ask for nothing more."""

from functools import cache

from markupsafe import Markup

from web.assets import Assets
from web.site import site


def icon(name: str) -> Markup:
    """The drawing of this name (Tabler's); KeyError for one that vendor.toml does not list."""
    return _drawn(site().assets, name)


@cache
def _drawn(assets: Assets, name: str) -> Markup:
    drawing = assets.content(f"shared/vendor/icons/{name}.svg").decode()
    shape = drawing[drawing.index("<svg") :]
    return Markup(shape.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1))
