"""A process of its own: eight threads send at once whenever it is told what time it is."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from bot.client import WeChatClient
from bot.errors import ApiError
from bot.token_store import DatabaseTokenStore
from models import Database
from tests.bot.pushes import APP_ID, OPENID

SECRET = "5ecre7" * 5
THREADS = 8
HELLO = {"msgtype": "text", "text": {"content": "三楼"}}


def main(database_url: str, api_url: str) -> None:
    times: list[datetime] = []
    database = Database(database_url)
    store = DatabaseTokenStore(database, APP_ID, SECRET, lambda: times[-1])
    client = WeChatClient(APP_ID, SECRET, api_url, store, stable_token=False)
    print("ready", flush=True)
    with ThreadPoolExecutor(THREADS) as pool:
        for line in sys.stdin:
            times.append(datetime.fromisoformat(line.strip()))
            sent = list(pool.map(lambda _: _is_sent(client), range(THREADS)))
            print("done" if all(sent) else "failed", flush=True)
    database.dispose()


def _is_sent(client: WeChatClient) -> bool:
    try:
        client.send_custom(OPENID, HELLO)
    except ApiError:
        return False
    return True


if __name__ == "__main__":
    main(*sys.argv[1:])
