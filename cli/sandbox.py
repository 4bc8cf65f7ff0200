"""`run.py sandbox`: WeChat's servers and people's phones, and nothing of the product."""

import os
import sys

import click


@click.command()
@click.option("--config", type=click.Path(exists=True), required=True, help="Its JSON file.")
def sandbox(config: str) -> None:
    """Play WeChat's servers and people's phones on this machine (see README, sandbox)."""
    os.execv(sys.executable, [sys.executable, "-m", "sandbox", "--config", config])
