"""`ampersand rules`: which rules there are."""

import json

import click


@click.command("rules")
@click.option("--json", "as_json", is_flag=True, help="A JSON array of id, axis, reversed, anchor.")
@click.option("--language", default="en", show_default=True, help="Which folder to read.")
def command(language: str, *, as_json: bool) -> None:
    """List the rules: what is measured, on which axis and how.

    A high answer to a reversed rule speaks against its axis, on say for giving way. An anchor has
    a daily tap and a point in the weekly check-in beside its quiz item.
    """
    from prompts.loading import ContentError, load_rules

    try:
        rules = load_rules(language)
    except ContentError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        listed = [
            {"id": rule.id, "axis": rule.axis, "reversed": rule.reversed, "anchor": rule.anchor}
            for rule in rules.rules
        ]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    width = max(len(rule.id) for rule in rules.rules)
    click.echo(f"{'rule':<{width}}  {'axis':<8}  {'reversed':<8}  {'anchor':<6}  about")
    for rule in rules.rules:
        keyed, anchor = "yes" if rule.reversed else "", "yes" if rule.anchor else ""
        click.echo(
            f"{rule.id:<{width}}  {rule.axis:<8}  {keyed:<8}  {anchor:<6}  {rule.plain}".rstrip()
        )
    click.echo(f"{len(rules)} rules, {len(rules.anchors)} anchors, version {rules.version}")
