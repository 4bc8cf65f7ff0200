"""Floors: the least that a webhook can do, in the web server that the product uses.

python -m bench.floors 0 --port 8080                        answers `success`
python -m bench.floors 1 --port 8080                        an echo, opened and sealed
python -m bench.floors 2 --database sqlite:///x --port 8080 floor 1 and one durable transaction
"""

import argparse
from datetime import UTC, datetime

import waitress  # type: ignore[import-untyped, unused-ignore]
from flask import Flask, Response, request

from bench.account import KEYS, LOOPBACK, WEBHOOK
from bench.by_hand import Keeper, keeper
from bot.envelope import SUCCESS, open_callback, seal_reply
from bot.inbound import Inbound
from bot.xml import cdata
from settings import Server

THREADS = Server().threads  # as shipped


def floor(number: int, keep_in: Keeper | None) -> Flask:
    """The floor of this number; floor 2 keeps its messages in `keep_in`."""
    app = Flask(__name__)
    answer = _success if number == 0 else lambda: _echo(keep_in)
    app.add_url_rule(WEBHOOK, "webhook", answer, methods=["POST"])
    app.add_url_rule("/readyz", "ready", lambda: "ready")
    return app


def _success() -> Response:
    return Response(SUCCESS, mimetype="text/plain")


def _echo(keep_in: Keeper | None) -> Response:
    now = datetime.now(UTC)
    opened = open_callback(request.args, request.get_data(), KEYS, now)
    message = opened.message
    if keep_in is not None:
        keep_in.keep(message.openid, message.key, message.text, now.isoformat())
    sealed = seal_reply(_reply(message, now), KEYS, opened=opened, now=now)
    return Response(sealed, mimetype="text/xml")


def _reply(message: Inbound, now: datetime) -> str:
    return (
        f"<xml><ToUserName>{cdata(message.openid)}</ToUserName>"
        f"<FromUserName>{cdata(message.account)}</FromUserName>"
        f"<CreateTime>{int(now.timestamp())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content>{cdata(message.text)}</Content></xml>"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.floors")
    parser.add_argument("number", type=int, choices=(0, 1, 2))
    parser.add_argument("--database", help="floor 2 keeps its messages here")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, default=THREADS)
    asked = parser.parse_args()
    if asked.number == 2 and not asked.database:
        parser.error("floor 2 needs --database")
    keep_in = keeper(asked.database, asked.threads) if asked.number == 2 else None
    waitress.serve(
        floor(asked.number, keep_in), host=LOOPBACK, port=asked.port, threads=asked.threads
    )


if __name__ == "__main__":
    main()
