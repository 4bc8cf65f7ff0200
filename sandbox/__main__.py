"""The command line of the sandbox, run by `python -m sandbox`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sandbox.server import serve
from sandbox.settings import Settings, read_people

_PEOPLE = Path(__file__).with_name("people.json")

# What may stand in the file of --config as well; what is typed counts more.
_OPTIONS = {
    "host": "where it listens; this machine only",
    "port": "its port",
    "callback_url": "the product's webhook",
    "app_id": "the account's AppID",
    "app_secret": "the account's AppSecret",
    "token": "the token of the callback",
    "aes_key": "its EncodingAESKey",
    "original_id": "the account's gh_ id",
    "wechat_name": "its WeChat id",
    "account_title": "its name on the phones",
    "mode": "safe, compat or plain",
    "data": "a folder that outlives a restart",
    "people": "a JSON file with the phones' owners",
}


def main(arguments: list[str] | None = None) -> None:
    given = vars(_parser().parse_args(arguments))
    try:
        settings = settings_of(given)
    except (ValidationError, ValueError, OSError) as error:
        sys.exit(f"sandbox: {_why(error)}")
    serve(settings)


def settings_of(given: dict[str, Any]) -> Settings:
    """The settings from the file and the command line."""
    config = given.get("config")
    values: dict[str, Any] = json.loads(Path(config).read_text(encoding="utf-8")) if config else {}
    values |= {name: given[name] for name in _OPTIONS if given.get(name) is not None}
    people = values.get("people", str(_PEOPLE))
    if isinstance(people, str):
        values["people"] = read_people(Path(people))
    return Settings.model_validate(values)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--config", help="a JSON file with any of these, and rules")
    for name, words in _OPTIONS.items():
        parser.add_argument("--" + name.replace("_", "-"), help=words)
    return parser


def _why(error: Exception) -> str:
    """What is wrong, without the values: some are secret."""
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()
        )
    return str(error)


if __name__ == "__main__":
    main()
