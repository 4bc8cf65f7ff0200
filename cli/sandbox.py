"""`run.py sandbox`: WeChat's servers and people's phones, and nothing of the product."""

import os
import sys

import click

from settings import ROOT


@click.command()
@click.option("--config", type=click.Path(exists=True), required=True, help="Its JSON file.")
def sandbox(config: str) -> None:
    """Play WeChat's servers and people's phones on this machine (see README, sandbox)."""
    paths = filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))  # wherever it is started from
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-m", "sandbox", "--config", config]
    os.execve(sys.executable, command, environment)
