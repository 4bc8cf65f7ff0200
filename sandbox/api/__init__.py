"""The platform's HTTP API: one table of endpoints, and the gate before them."""

from sandbox.api import (
    account,
    custom,
    kf,
    library,
    media,
    menu,
    notices,
    people,
    qrcodes,
    sns,
    tags,
    template,
    tokens,
)
from sandbox.api.call import Endpoint

ENDPOINTS: dict[str, Endpoint] = {
    **tokens.ENDPOINTS,
    **account.ENDPOINTS,
    **custom.ENDPOINTS,
    **template.ENDPOINTS,
    **notices.ENDPOINTS,
    **library.ENDPOINTS,
    **menu.ENDPOINTS,
    **tags.ENDPOINTS,
    **people.ENDPOINTS,
    **media.ENDPOINTS,
    **qrcodes.ENDPOINTS,
    **kf.ENDPOINTS,
    **sns.ENDPOINTS,
}
