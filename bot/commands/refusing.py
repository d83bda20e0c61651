"""Refusing in one clear line: what commands do when something is not as it has to be."""

import sys
from typing import NoReturn

import click

from storage.errors import ReadOnlyError, StorageFullError

WRONG = 2
"""Something has to be put right first: trying again would not help."""

LATER = 1
"""The disk is full, or does not answer: trying again later may help."""


def refuse(error: Exception | str, hint: str = "") -> NoReturn:
    """Say why on standard error, with what can be done about it, and end."""
    click.echo(f"ampersand: {' '.join(f'{error}{hint}'.split())}", err=True)
    full = isinstance(error, StorageFullError) and not isinstance(error, ReadOnlyError)
    sys.exit(LATER if full else WRONG)
