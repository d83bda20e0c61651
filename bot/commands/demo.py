"""``ampersand demo``: the whole bot in a browser, without Telegram and without a token."""

import asyncio
import os
import signal
import sys
import webbrowser
from pathlib import Path

import click

from bot.logs import set_up_logging


@click.command(name="demo")
@click.option("--port", type=click.IntRange(0, 65535), help="Listen here; 0 takes a free port.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option(
    "--keep",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the first person's bot in this database, and go on with it next time.",
)
def command(port: int | None, no_browser: bool, keep: Path | None) -> None:
    """Try Ampersand in the browser, without Telegram and without a token.

    The real bot runs beside a Bot API server of its own, on this machine only. Nothing is kept
    when it stops, but for FILE.
    """
    set_up_logging("WARNING", "text", "no token is used here")
    from bot.demo.demo import PortError
    from bot.demo.keeping import ForeignFileError
    from prompts.source import ContentError

    try:
        asyncio.run(_run(port, keep, open_browser=not no_browser and has_browser()))
    except (ContentError, ForeignFileError, PortError) as error:
        sys.exit(_refuse(str(error)))


def has_browser() -> bool:
    """Whether a browser would open in a window, and not in the terminal."""
    if sys.platform.startswith(("darwin", "win")):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


async def _run(port: int | None, keep: Path | None, *, open_browser: bool) -> None:
    from bot.demo.demo import Demo

    demo = Demo(keep)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    try:
        address = await demo.open(port)
        click.echo(f"Ampersand is at {address}")
        kept = f"{keep} is kept" if keep else "nothing is kept"
        click.echo(f"Ctrl-C stops it; {kept}.")
        if open_browser:
            await asyncio.to_thread(webbrowser.open, address)
        await stopped.wait()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            # A second Ctrl-C does not wait any more.
            loop.remove_signal_handler(number)
        await demo.close()


def _refuse(reason: str) -> int:
    click.echo(f"ampersand: {reason}", err=True)
    return 2
