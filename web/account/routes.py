"""The routes of the account: the way in for everybody, the rest behind the sign-in."""

from flask import Blueprint

from web.account.guard import PATH, require_reader
from web.page import behind, open_to_all

SIGN_OUT = f"{PATH}/sign-out"

way_in = open_to_all("account_sign_in", PATH)


def pages(name: str) -> Blueprint:
    """Routes below /account."""
    return behind(require_reader, f"account_{name}", PATH)
