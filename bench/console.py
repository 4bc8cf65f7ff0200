"""The console on a full desk: `python -m bench.console --tickets 1000 100000 --out figures.json`.

Each page is opened over HTTP by a signed-in clerk, one after the other on one connection (T6);
then 200 consoles stand open beside quick requests (T12).
"""

import argparse
import json
import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from bench import console_report, open_consoles, report
from bench.archive import REQUESTERS
from bench.browser import Browser, signed_in
from bench.databases import KINDS, databases
from bench.product import write_config
from bench.seed import seed
from bench.servers import ROOT, Server, serving
from models import Database, Person, Ticket
from tests.databases import migrate

log = logging.getLogger(__name__)

DOCUMENT = ROOT / "docs" / "performance-console.md"

PAGES = {
    "queue, default": "/console/queue",
    "queue, all open": "/console/queue?view=open",
    "queue, ended": "/console/queue?view=ended",
    "ticket": "/console/tickets/{number}",
    "search, whole number": "/console/search?q={number}",
    "search, last digits": "/console/search?q={short}",
    "search, word": "/console/search?q=打印机卡纸",
    "search, two characters": "/console/search?q=打印",
    "search, one character": "/console/search?q=网",
    "search, name": "/console/search?q={name}",
    "search, initials": "/console/search?q={initials}",
    "search, whole phone": "/console/search?q={phone}",
    "search, end of phone": "/console/search?q={phone_end}",
    "search, department": "/console/search?q=财务部",
    "search, rare word": "/console/search?q=蓝屏 0x0000007E",
    "suggestions, two characters": "/console/search/hint?q=网络",
}

CONSOLES_SHOW = (
    "/console/queue",
    "/console/queue?view=open",
    "/console/queue?view=new",
    "/console/queue?view=late",
)


def main() -> None:
    asked = _parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    pages = {name: path for name, path in PAGES.items() if asked.only in name}
    pages |= {path: path for path in asked.page}
    found: dict[str, Any] = {}
    for kind in [asked.database] if asked.database else KINDS:
        for tickets in asked.tickets:
            with _desk(kind, tickets, asked.url) as (server, url):
                found[f"{kind} {tickets}"] = _measured(server, url, tickets, pages, asked)
    found["growth"] = _growth(found)
    words = json.dumps(found, ensure_ascii=False, indent=1)
    print(words)
    if asked.out:
        Path(asked.out).write_text(words, encoding="utf-8")
    if asked.write:
        DOCUMENT.write_text(console_report.document(found, report.machine()), encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.console", description=__doc__)
    parser.add_argument("--tickets", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--database", choices=KINDS, help="this one only")
    parser.add_argument("--url", help="a database that bench.seed has filled; with --database")
    parser.add_argument("--many", type=int, default=30, help="how often each page is opened")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each part of T12; 0: none")
    parser.add_argument("--only", default="", help="pages whose name has this in it")
    parser.add_argument("--page", action="append", default=[], help="one more path")
    parser.add_argument("--out", help="a file for the figures")
    parser.add_argument("--write", action="store_true", help="docs/performance-console.md")
    return parser


@contextmanager
def _desk(kind: str, tickets: int, filled: str | None) -> Iterator[tuple[Server, str]]:
    """The product on a database with so many tickets."""
    with tempfile.TemporaryDirectory(prefix="itdesk-bench-") as name, ExitStack() as stack:
        folder, url = Path(name), filled
        if url is None:
            url = stack.enter_context(databases(kind, folder))(f"desk_{tickets}")
            migrate(url)
            seed(url, tickets, datetime.now(UTC))
        platform = stack.enter_context(serving("platform", ["-m", "bench.api"], folder))
        config = write_config(url, folder, platform.port)
        arguments = ["run.py", "serve", "--config", str(config)]
        yield stack.enter_context(serving("product", arguments, folder)), url


def _measured(
    server: Server, url: str, tickets: int, pages: Mapping[str, str], asked: argparse.Namespace
) -> dict[str, Any]:
    token, facts = signed_in(url), _facts(url)
    browser = Browser(server.port, token)
    found: dict[str, Any] = {}
    for name, path in pages.items():
        way = quote(path.format(**facts), safe="/?=&")
        found[name] = browser.times(way, asked.many).figures()
        log.info("%-30s %s", name, found[name])
    found["memory, MiB"] = round(server.memory(), 1)
    if asked.seconds:
        found["T12"] = open_consoles.measure(
            server,
            url,
            CONSOLES_SHOW,
            tickets=tickets,
            seconds=asked.seconds,
            people=REQUESTERS,
        )
        log.info("T12 %s", found["T12"])
    return found


def _facts(url: str) -> dict[str, str]:
    """A ticket from the middle of the archive, and who reported it."""
    database = Database(url)
    try:
        with database.reading() as session:
            ids = session.scalars(select(Ticket.id).order_by(Ticket.id.desc()).limit(1)).one()
            ticket = session.get_one(Ticket, ids // 2)
            person = session.get_one(Person, ticket.requester_id)
            phone = person.phone or ""
            return {
                "number": ticket.number,
                "short": ticket.number.rpartition("-")[2],
                "name": person.name or "",
                "initials": person.initials or "",
                "phone": phone,
                "phone_end": phone[-4:],
            }
    finally:
        database.dispose()


def _growth(found: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """By database and page: the median on the largest desk ÷ the median on the one before."""
    growth: dict[str, dict[str, float]] = {}
    for kind in KINDS:
        sizes = [pages for key, pages in found.items() if key.startswith(f"{kind} ")]
        if len(sizes) > 1:
            small, large = sizes[-2:]
            growth[kind] = {
                name: round(large[name]["median"] / small[name]["median"], 2)
                for name in large
                if "median" in (large[name] if isinstance(large[name], dict) else {})
            }
    return growth


if __name__ == "__main__":
    main()
