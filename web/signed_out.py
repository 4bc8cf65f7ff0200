"""Said by every way in: the session is over."""


class SignedOut(Exception):
    """A form came from a browser whose session is over."""
