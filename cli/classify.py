"""`run.py classify`: how a message is read, and how well."""

import click

from nlp import classifier


@click.command()
@click.argument("text")
def classify(text: str) -> None:
    """Say how a message is read."""
    click.echo(str(classifier.read(text)))
