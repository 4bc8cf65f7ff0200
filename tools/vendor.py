"""Fetches the front-end files that `web/static/vendor.toml` lists, and refuses a wrong hash.

python3.11 -m tools.vendor
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "web" / "static" / "vendor.toml"
NODE_REQUIREMENTS = Path(__file__).with_name("requirements-node.txt")


class VendorError(Exception):
    """What could not be fetched, or does not have the promised hash."""


@dataclass(frozen=True)
class File:
    """One file out of a package, and where it goes."""

    source: str
    sha256: str
    destination: str

    def is_in_place(self, root: Path) -> bool:
        target = root / self.destination
        return target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == self.sha256


@dataclass(frozen=True)
class Package:
    """One npm package, as the manifest pins it."""

    name: str
    version: str
    licence: str
    integrity: str
    files: tuple[File, ...]


def main() -> None:
    try:
        fetched = fetch(read_manifest(MANIFEST), ROOT)
    except VendorError as error:
        sys.exit(f"setup: front-end files: {error}")
    for package in fetched:
        print(f"setup: fetched {package.name} {package.version} ({package.licence})")


def read_manifest(path: Path) -> list[Package]:
    """The packages that the manifest lists."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["package"]
    return [
        Package(
            name=row["name"],
            version=row["version"],
            licence=row["licence"],
            integrity=row["integrity"],
            files=tuple(File(**file) for file in row["files"]),
        )
        for row in rows
    ]


def fetch(packages: list[Package], root: Path) -> list[Package]:
    """Put the files in place that are missing or changed; answers the packages fetched."""
    missing = [p for p in packages if not all(file.is_in_place(root) for file in p.files)]
    if missing:
        with tempfile.TemporaryDirectory() as folder:
            npm = find_npm(Path(folder))
            for package in missing:
                unpack(package, download(package, npm, Path(folder)), root)
    return missing


def unpack(package: Package, archive: Path, root: Path) -> None:
    """Copy a package's files out of its archive, once all hashes are seen to be right."""
    _check_integrity(package, archive)
    with tarfile.open(archive) as tar:
        contents = [(file, _read(tar, package, file)) for file in package.files]
    for file, content in contents:
        _write(root / file.destination, content)


def _check_integrity(package: Package, archive: Path) -> None:
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != package.integrity:
        raise VendorError(
            f"{package.name} {package.version} is not the package that vendor.toml pins:"
            f" integrity sha512-{digest}"
        )


def _read(tar: tarfile.TarFile, package: Package, file: File) -> bytes:
    try:
        member = tar.extractfile(f"package/{file.source}")
    except KeyError:
        member = None
    if member is None:
        raise VendorError(f"{package.name} {package.version} has no file {file.source}")
    content = member.read()
    found = hashlib.sha256(content).hexdigest()
    if found != file.sha256:
        raise VendorError(f"{package.name}: {file.source} has sha256 {found}, not {file.sha256}")
    return content


def _write(target: Path, content: bytes) -> None:
    """All or nothing: a half-written file must not look like a finished one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.part")
    partial.write_bytes(content)
    partial.replace(target)


def download(package: Package, npm: Path, folder: Path) -> Path:
    """The package's archive, as npm's registry has it."""
    wanted = f"{package.name}@{package.version}"
    command = [str(npm), "pack", wanted, "--silent", "--ignore-scripts"]
    done = subprocess.run(
        [*command, "--pack-destination", str(folder)],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"PATH": f"{npm.parent}{os.pathsep}{os.environ.get('PATH', '')}"},
    )
    archive = folder / (done.stdout.split() or [""])[-1]
    if done.returncode or not archive.is_file():
        said = " / ".join(done.stderr.strip().splitlines()[-3:])
        raise VendorError(f"npm could not fetch {wanted}: {said or 'no word why'}")
    return archive


def find_npm(folder: Path) -> Path:
    """npm from PATH, or from a Node that pip puts into a throw-away environment."""
    on_path = shutil.which("npm")
    if on_path and shutil.which("node"):
        return Path(on_path)
    print("setup: no Node on this machine, taking one from pip for this once", flush=True)
    home = folder / "node"
    venv.create(home, with_pip=False, symlinks=True)
    pip = [str(ROOT / ".venv" / "bin" / "python"), "-m", "pip", "--python", str(home)]
    install = ["install", "--quiet", "--require-hashes", "-r", str(NODE_REQUIREMENTS)]
    done = subprocess.run([*pip, *install], check=False, capture_output=True, text=True)
    if done.returncode:
        said = " / ".join(done.stderr.strip().splitlines()[-3:])
        raise VendorError(f"pip could not fetch Node: {said}")
    return home / "bin" / "npm"


if __name__ == "__main__":
    main()
