"""`run.py serve`: the webhook, the senders, the clock."""

import gc
import signal
import sys
from types import FrameType
from typing import Any

import click
from waitress.server import create_server

import logs
from cli.context import Desk, config_option, pass_desk
from cli.lasting import lasting, share_memory
from cli.open_lines import keep_open
from cli.version import lacking
from models import DatabaseUnavailable
from nlp.classifier import warm_up
from settings import SettingsError
from web.app import LARGEST_BODY
from wiring import Server

SWITCHES_EVERY = 0.0005
"""Seconds, a tenth of Python's own: who holds the database's lock must not wait long for a turn."""

CONNECTIONS = 1000  # that wait; each of WeChat's hangs on for at most five seconds


@click.command()
@config_option
@click.option("--host", help="The address to listen on, instead of server.host.")
@click.option("--port", type=int, help="The port to listen on, instead of server.port.")
@pass_desk
def serve(desk: Desk, host: str | None, port: int | None) -> None:
    """Answer WeChat's callbacks, send what is to be told, and keep the clocks."""
    logs.set_up()
    share_memory()
    sys.setswitchinterval(SWITCHES_EVERY)
    check_tables(desk)
    server = _made(desk)
    listen = desk.settings.server
    web = create_server(
        server.app,
        host=host or listen.host,
        port=port or listen.port,
        threads=listen.threads,
        connection_limit=CONNECTIONS,
        max_request_body_size=LARGEST_BODY,  # of a page; the webhook has its own, far smaller
        clear_untrusted_proxy_headers=True,
        **_behind(listen.trusted_proxy),
        ident=None,
    )
    keep_open(web)
    stop_on_signals()
    gc.freeze()  # looking through what was made so far would hold up every request for 0.3 s
    server.start()
    try:
        click.echo(f"desk ready http://{host or listen.host}:{port or listen.port}/wechat")
        web.run()
    except KeyboardInterrupt:
        click.echo("desk stops")
    finally:
        web.task_dispatcher.shutdown(timeout=5)
        web.close()
        server.stop()


def _made(desk: Desk) -> Server:
    with lasting():
        warm_up()
        try:
            return Server(desk.settings, desk.clock)
        except SettingsError as error:
            raise click.ClickException(str(error)) from None


def _behind(proxy: str) -> dict[str, Any]:
    """Sign-in counts guesses by address: a proxy's own would lock everybody out at once (H-29)."""
    if not proxy:
        return {}
    return {
        "trusted_proxy": proxy,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }


def check_tables(desk: Desk) -> None:
    """A database that is away is waited for; one of another version is refused (R-021, R-035)."""
    try:
        with desk.database.reading():
            why = lacking(desk.database)
    except Exception as error:
        if not isinstance(error, DatabaseUnavailable) and desk.database.is_sqlite:
            raise
        click.echo(f"the database does not answer yet: {type(error).__name__}", err=True)
        return
    if why:
        raise click.ClickException(f"{why}; `run.py migrate` brings them there")


def stop_on_signals() -> None:
    """SIGTERM and Ctrl-C end what waits, once; what is under way is finished (R-016)."""
    is_asked = False  # no event: what waits for one holds the lock that setting it takes

    def on_signal(_: int, __: FrameType | None) -> None:
        nonlocal is_asked
        if not is_asked:
            is_asked = True
            raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
