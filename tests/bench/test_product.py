"""The product is started with settings that it knows, and never with an operator's."""

import pytest

from bench import product, servers
from bench.figures import WrongAnswers
from bench.floors import THREADS
from settings import read_settings


def test_the_config_of_the_bench_is_one_that_the_settings_accept(tmp_path):
    config = product.write_config("sqlite:///desk.sqlite", tmp_path, platform=8090)

    settings = read_settings(config, environment={})

    assert settings.wechat.api_base_url == "http://127.0.0.1:8090"
    assert settings.server.threads == THREADS
    assert settings.storage.spool.is_relative_to(tmp_path)


def test_an_operators_settings_do_not_reach_the_servers_of_the_bench(monkeypatch):
    monkeypatch.setenv("ITDESK_DATABASE__URL", "sqlite:///var/desk.sqlite")
    monkeypatch.setenv("TZ", "UTC")

    assert servers.environment().get("ITDESK_DATABASE__URL") is None
    assert servers.environment()["TZ"] == "UTC"


def test_a_wrong_answer_is_told_with_what_the_product_logged(tmp_path):
    (tmp_path / "product.log").write_text("event=turn_failed\n")

    with pytest.raises(WrongAnswers, match=r"(?s)1 wrong.*turn_failed"), product.quoted(tmp_path):
        raise WrongAnswers("1 wrong")
