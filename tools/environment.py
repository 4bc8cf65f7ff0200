"""Makes `.venv` from the hashed requirement files, and skips what is already there.

python3.11 -m tools.environment [--dev]
"""

import argparse
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tools import debian

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = "requirements.txt"
DEV = "requirements-dev.txt"

# A file with hashes is complete: pip has nothing to resolve, only to check and to install.
# Building by PEP 517 lets an old pip build jieba and emoji without the wheel package.
INSTALL = ("install", "--require-hashes", "--no-deps", "--use-pep517", "--no-compile", "--quiet")
PIN = re.compile(r"^\w.*\n?(?:^[ \t]+.*\n?)*", re.MULTILINE)  # with its hashes below it
# pip would compile on one core; what cannot be compiled is left as it is, as pip leaves it.
COMPILE = (
    "import compileall, sysconfig;"
    " compileall.compile_dir(sysconfig.get_path('purelib'), quiet=2, workers=0)"
)


class SetupError(Exception):
    """What went wrong, in words for the person who typed `make`."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="the test and check tools as well")
    wanted = [RUNTIME, DEV] if parser.parse_args().dev else [RUNTIME]
    try:
        prepare(ROOT, wanted)
    except SetupError as error:
        sys.exit(f"setup: {error}")


def prepare(root: Path, wanted: list[str]) -> None:
    """Leave a `.venv` in `root` that holds exactly what the wanted files name."""
    venv = root / ".venv"
    if not _is_alive(venv):
        _create(venv)
    _install(venv, [root / name for name in wanted])


def _is_alive(venv: Path) -> bool:
    """Whether the environment is there and its Python still starts."""
    python = venv / "bin" / "python"
    if not python.exists():
        return False
    probe = [str(python), "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0


def _create(venv: Path) -> None:
    print(f"setup: making .venv with Python {sys.version.split()[0]}", flush=True)
    shutil.rmtree(venv, ignore_errors=True)
    bare = importlib.util.find_spec("ensurepip") is None
    command = [sys.executable, "-m", "venv", *(["--without-pip"] if bare else []), str(venv)]
    _run(command, "could not make .venv")
    if bare:
        _add_pip(venv)


def _add_pip(venv: Path) -> None:
    """Debian cuts pip out of Python; its own package of it needs no root to be unpacked."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            debian.unpack(["python3-pip-whl"], Path(folder))
            wheel = next(Path(folder).rglob("pip-*.whl"))
        except (debian.AptError, StopIteration) as error:
            raise SetupError(
                f"this Python has no pip and Debian's could not be fetched ({error});"
                " install python3-venv"
            ) from error
        python, pip = str(venv / "bin" / "python"), str(wheel / "pip")
        command = [python, pip, "install", "--no-index", str(wheel)]
        _run(command, "could not put pip into .venv")


def _install(venv: Path, wanted: list[Path]) -> None:
    """One file beside the other, on two cores; what both name is left to the first."""
    missing = [each for each in wanted if not _is_installed(venv, each)]
    if not missing:
        return
    named: set[str] = set()
    parts = []
    for each in missing:
        pins = [pin for pin in PIN.findall(each.read_text()) if pin.split()[0] not in named]
        named |= {pin.split()[0] for pin in pins}
        parts.append((each.name, "".join(pins)))
    with ThreadPoolExecutor() as pool:
        list(pool.map(partial(_install_pins, venv), *zip(*parts, strict=True)))
    python = str(venv / "bin" / "python")
    _run([python, "-m", "pip", "check"], "what is required does not fit together")
    _run([python, "-c", COMPILE], "could not compile what was installed")
    for each in missing:
        _stamp(venv, each).write_text(_digest(each))


def _install_pins(venv: Path, name: str, pins: str) -> None:
    print(f"setup: installing {name}, each file checked by its hash", flush=True)
    part = venv / f".{name}"
    part.write_text(pins)
    command = [str(venv / "bin" / "python"), "-m", "pip", *INSTALL, "-r", str(part)]
    _run(command, f"could not install {name}")
    part.unlink()


def _is_installed(venv: Path, requirements: Path) -> bool:
    stamp = _stamp(venv, requirements)
    return stamp.exists() and stamp.read_text() == _digest(requirements)


def _stamp(venv: Path, requirements: Path) -> Path:
    return venv / f".{requirements.stem}.installed"


def _digest(requirements: Path) -> str:
    return hashlib.sha256(requirements.read_bytes()).hexdigest()


def _run(command: list[str], failure: str) -> None:
    """What the command says is shown only when it fails."""
    quiet = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    done = subprocess.run(command, check=False, env=quiet, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout, done.stderr, sep="", file=sys.stderr)
        raise SetupError(f"{failure} (exit {done.returncode}, see above)")


if __name__ == "__main__":
    main()
