"""What each page tells the browser: nothing inline, nothing framed, nothing kept."""

from flask import Response

from web.site import site

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",  # data: WeUI's icons; blob: a photo before it is sent
        "media-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Frame-Options": "DENY",  # for WebViews that know no frame-ancestors
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
}
_TWO_YEARS = 2 * 365 * 24 * 3600


def put_on(response: Response) -> Response:
    """H-43, H-44; a view that sets one of these itself keeps it."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    response.vary.add("Cookie")
    if site().is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={_TWO_YEARS}"
    return response
