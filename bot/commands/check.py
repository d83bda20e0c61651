"""`ampersand check`: look over the questions, rules, help lines and templates."""

from collections.abc import Sized
from datetime import UTC, datetime
from pathlib import Path

import click


@click.command("check")
@click.option("--language", default="en", show_default=True, help="Which folder to look at.")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the folders of the languages are, if not in the package.",
)
@click.option("--warnings", is_flag=True, help="List the warnings as well.")
@click.option("--strict", is_flag=True, help="List the warnings, and let them count as errors.")
def command(language: str, folder: Path | None, *, warnings: bool, strict: bool) -> None:
    """Check all content files.

    Prints one line per error, `file:line: message`, and ends with status 1 if there is one.
    """
    from prompts.checking import check
    from prompts.findings import Level
    from prompts.loading import ROOT

    findings = check(datetime.now(UTC).date(), language, folder or ROOT)
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    others = [finding for finding in findings if finding.level is Level.WARNING]
    listed = warnings or strict
    for finding in [*errors, *others] if listed else errors:
        click.echo(str(finding))
    if not findings:
        click.echo("Nothing to complain about.", err=True)
    else:
        hint = "" if listed or not others else " (--warnings lists them)"
        counts = f"{_counted(errors, 'error')}, {_counted(others, 'warning')}"
        click.echo(f"{counts.capitalize()}{hint}.", err=True)
    if errors or (strict and others):
        raise click.exceptions.Exit(1)


def _counted(findings: Sized, name: str) -> str:
    return f"{len(findings) or 'no'} {name}{'' if len(findings) == 1 else 's'}"
