"""`ampersand check`: look over the questions, rules, help lines and templates."""

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
@click.option("--strict", is_flag=True, help="Let warnings count as errors.")
def command(language: str, folder: Path | None, *, strict: bool) -> None:
    """Check all content files.

    Prints one line per finding, `file:line: message`, and ends with status 1 if there is an error.
    """
    from prompts.checking import check, has_errors
    from prompts.loading import ROOT

    findings = check(datetime.now(UTC).date(), language, folder or ROOT)
    for finding in findings:
        click.echo(str(finding))
    if has_errors(findings) or (strict and findings):
        click.echo(f"{len(findings)} findings", err=True)
        raise click.exceptions.Exit(1)
    click.echo(
        f"No errors, {len(findings)} warnings." if findings else "Nothing to complain about.",
        err=True,
    )
