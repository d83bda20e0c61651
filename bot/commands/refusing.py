"""Refusing in one clear line: what commands do when something is not as it has to be."""

import sys
from typing import NoReturn

import click

WRONG = 2
"""Something has to be put right first: trying again would not help."""

LATER = 1
"""The disk is full, or it is not to be had: trying again later may help."""


def refuse(error: Exception | str, code: int = WRONG) -> NoReturn:
    """Say why on standard error and end."""
    click.echo(f"ampersand: {' '.join(str(error).split())}", err=True)
    sys.exit(code)
