"""Settings: each wrong key is named, no value that may be a secret ever is."""

from datetime import time
from pathlib import Path

import pytest

from settings import ROOT, Settings, SettingsError, read_settings

SECRET = "s3cret-that-nobody-may-read"
SECRETS = {
    "ITDESK_WECHAT__APP_SECRET": SECRET,
    "ITDESK_WECHAT__TOKEN": SECRET + "-token",
    "ITDESK_WECHAT__ENCODING_AES_KEY": SECRET + "-key",
}
SMALL = "wechat: {app_id: wx1}\n"


@pytest.fixture
def read(tmp_path):
    def read(text: str | bytes = SMALL, **environment: str) -> Settings:
        file = tmp_path / "config.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_settings(file, {**SECRETS, **environment})

    return read


def complaint(read, text=SMALL, **environment):
    with pytest.raises(SettingsError) as no:
        read(text, **environment)
    told = str(no.value)
    assert SECRET not in told
    return told


# --- what is read --------------------------------------------------------------------------------


def test_the_shipped_file_is_complete_with_secrets_from_the_environment():
    settings = read_settings(ROOT / "config.yaml", SECRETS)

    assert settings.wechat.app_secret.get_secret_value() == SECRET
    assert (settings.service.opens, settings.service.closes) == (time(8), time(18))
    assert settings.service.respond_within_minutes == 10


def test_the_shipped_file_holds_no_secret():
    told = (ROOT / "config.yaml").read_text(encoding="utf-8")

    assert not any(f"\n  {name}:" in told for name in ("app_secret", "token", "encoding_aes_key"))


def test_the_environment_comes_before_the_file(read):
    settings = read(
        SMALL + "server: {port: 9000}\n",
        ITDESK_SERVER__PORT="9001",
        ITDESK_SERVICE__OPENS="08:30",
        ITDESK_WECHAT__MODE="compat",
        PORT="1",
    )

    assert (settings.server.port, settings.wechat.mode) == (9001, "compat")
    assert settings.service.opens == time(8, 30)


def test_a_secret_may_stand_in_a_file_of_its_own(read, tmp_path):
    """As containers hand them over: without the line's end."""
    (tmp_path / "app_secret").write_text("from-a-file\n")

    settings = read(ITDESK_WECHAT__APP_SECRET_FILE=str(tmp_path / "app_secret"))

    assert settings.wechat.app_secret.get_secret_value() == "from-a-file"


@pytest.mark.parametrize("written", ["8:30", "'08:30'", "08:30", "'08:30:00'"])
def test_a_time_is_read_however_it_is_written(read, written):
    """YAML takes 8:30 for a number of minutes."""
    assert read(SMALL + f"service: {{opens: {written}}}\n").service.opens == time(8, 30)


# --- what is wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (SMALL + "service: {open: '08:00'}\n", "service.open: is not a setting"),
        (SMALL + "sevrice: {}\n", "sevrice: is not a setting"),
        (f"wechat: {{app_id: wx1, app_secrt: {SECRET}}}\n", "wechat.app_secrt: is not a setting"),
        (SMALL + "server: {port: 99999}\n", "server.port: "),
        (SMALL + f"server: {{port: {SECRET}}}\n", "server.port: "),
        (SMALL + "service: {opens: 25:00}\n", "service.opens: "),
        (SMALL + "service: {respond_within_minutes: 0}\n", "service.respond_within_minutes: "),
        (f"wechat: {{app_id: wx1, mode: {SECRET}}}\n", "wechat.mode: "),
        (f"wechat: [{SECRET}]\n", "is not a setting"),
        (SMALL + f"service: {SECRET}\n", "service: "),
    ],
)
def test_a_wrong_key_is_named_without_its_value(read, text, key):
    if "[" in text:
        assert complaint(read, text + "1: 2\n")
    else:
        assert key in complaint(read, text)


def test_every_wrong_key_is_named_at_once(read):
    told = complaint(read, SMALL + "a: 1\nserver: {port: 0, thread: 1}\n")

    assert len(told.splitlines()) == 3
    for key in ("a", "server.port", "server.thread"):
        assert f"config.yaml: {key}: " in told


def test_a_wrong_value_of_the_environment_is_named_too(read):
    assert "server.port: " in complaint(read, ITDESK_SERVER__PORT=SECRET)
    assert "servre: is not a setting" in complaint(read, ITDESK_SERVRE__PORT="1")


def test_a_missing_secret_is_named_with_the_way_to_set_it(tmp_path):
    (tmp_path / "config.yaml").write_text(SMALL)

    with pytest.raises(SettingsError) as no:
        read_settings(tmp_path / "config.yaml", {})

    assert "wechat.app_secret: field required" in str(no.value)
    assert "(set it, or ITDESK_WECHAT__APP_SECRET)" in str(no.value)


@pytest.mark.parametrize(
    "text",
    [
        f"wechat: {{app_secret: {SECRET}\n",
        f"wechat:\n  app_secret: {SECRET}: {SECRET}\n",
        f"\twechat: {SECRET}\n",
        SECRET.encode() + b"\xff",
        SECRET,
        "",
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_not_quoted(read, text):
    assert "config.yaml" in complaint(read, text)


def test_the_line_that_is_no_yaml_is_named(read):
    assert "is not YAML, line 2" in complaint(read, f"wechat:\n  a: {SECRET}: b\n")


def test_a_file_that_is_not_there_is_named(read, tmp_path):
    with pytest.raises(SettingsError, match=r"none\.yaml: No such file"):
        read_settings(tmp_path / "none.yaml", {})
    assert "gone" in complaint(read, ITDESK_WECHAT__APP_SECRET_FILE=str(tmp_path / "gone"))
    Path(tmp_path / "bytes").write_bytes(b"\xff\xfe")
    assert "bytes" in complaint(read, ITDESK_WECHAT__APP_SECRET_FILE=str(tmp_path / "bytes"))


# --- what is shown -------------------------------------------------------------------------------


def test_what_is_printed_of_the_settings_holds_no_secret(read):
    """Also the password in the database's address."""
    url = f"postgresql+psycopg://desk:{SECRET}@db/desk"

    settings = read(ITDESK_DATABASE__URL=url)

    assert settings.database.url == url
    for shown in (repr(settings), str(settings), repr(settings.wechat), str(settings.database)):
        assert SECRET not in shown


def test_settings_cannot_be_changed_afterwards(read):
    with pytest.raises(ValueError, match="frozen"):
        read().server.port = 1
