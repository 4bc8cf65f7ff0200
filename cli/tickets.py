"""`run.py ticket`: tickets as the desk keeps them."""

import click


@click.group()
def ticket() -> None:
    """Tickets as they stand."""
