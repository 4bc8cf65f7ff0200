"""The account that every server of the bench plays, and the people who write to it."""

from bot.envelope import Keys

LOOPBACK = "127.0.0.1"
WEBHOOK = "/wechat"

APP_ID = "wx00be0c40be0c40be"
APP_SECRET = "benchsecretbenchsecretbenchsecre"
TOKEN = "bench_token"
AES_KEY = "be0chBENCHbe0chBENCHbe0chBENCHbe0chBENCH123"
ORIGINAL_ID = "gh_be0c40be0c40"
KEYS = Keys(APP_ID, TOKEN, (AES_KEY,), ORIGINAL_ID)


def openid(number: int) -> str:
    """The person with this number; a real OpenID has 28 characters, too."""
    return f"oBench{number:022d}"
