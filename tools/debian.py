"""Debian packages: installed when we are root, unpacked into a folder when we are not."""

import os
import re
import shutil
import subprocess
from pathlib import Path

APT_LISTS = Path("/var/lib/apt/lists")
OWN_APT = Path(__file__).resolve().parent.parent / ".cache" / "apt"  # when we may not write there
_INSTALLS = re.compile(r"^Inst (\S+)", re.MULTILINE)


class AptError(Exception):
    """A package manager that is missing, or what it complained about."""


def is_root() -> bool:
    return os.geteuid() == 0


def install(packages: list[str]) -> None:
    """Install the packages and what they need; root only."""
    _need("apt-get")
    _update_empty_lists()
    _apt("install", "-y", "--no-install-recommends", *packages)


def unpack(packages: list[str], folder: Path) -> None:
    """Lay the packages' files under `folder`, without root and without installing anything."""
    _need("apt-get", "dpkg")
    folder.mkdir(parents=True, exist_ok=True)
    _update_empty_lists()
    _apt("download", *packages, cwd=folder)
    for archive in sorted(folder.glob("*.deb")):
        _run(["dpkg", "-x", str(archive), str(folder)])
        archive.unlink()


def needed_for(packages: list[str]) -> list[str]:
    """The packages and everything they need that this machine does not have."""
    _need("apt-get")
    _update_empty_lists()
    plan = _apt("install", "-s", "--no-install-recommends", *packages)
    return _INSTALLS.findall(plan)


def _update_empty_lists() -> None:
    lists = APT_LISTS if _may_update_lists() else OWN_APT / "lists"
    if not any(lists.glob("*Packages*")):
        _apt("update")


def _may_update_lists() -> bool:
    """Root may; anyone else reads them where they are filled, and fetches their own if not."""
    return is_root() or any(APT_LISTS.glob("*Packages*"))


def _apt(*arguments: str, cwd: Path | None = None) -> str:
    return _run(["apt-get", "-q", *_options(), *arguments], cwd=cwd)


def _options() -> list[str]:
    if is_root():
        return ["-o", "APT::Sandbox::User=root"]  # its own account may not reach our folders
    places = {"Dir::Cache": OWN_APT / "cache"}
    if not _may_update_lists():
        places["Dir::State::Lists"] = OWN_APT / "lists"
    for folder in places.values():
        (folder / "partial").mkdir(parents=True, exist_ok=True)
    return [word for key, folder in places.items() for word in ("-o", f"{key}={folder}")]


def _run(command: list[str], cwd: Path | None = None) -> str:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=cwd, env=environment
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-3:]
        raise AptError(f"{' '.join(command[:2])} failed: {' / '.join(said)}")
    return done.stdout


def _need(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            raise AptError(f"{program} is not on this machine")
