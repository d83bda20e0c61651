"""Raster: from SVG to PNG with the packaged font.

This is all that the drawing process loads, so it imports as little as can be.
"""

import os
import signal
import threading
from multiprocessing import connection, parent_process
from pathlib import Path
from typing import Final

FAMILY: Final = "Atkinson Hyperlegible"
FONT: Final = Path(__file__).parent / "fonts" / "AtkinsonHyperlegible-Regular.ttf"

PIXELS_A_UNIT: Final = 2
"""Phones have two to three pixels to a point; more would only be made smaller on the way."""


class DrawingError(Exception):
    """A picture could not be drawn; the report goes without one."""


def draw(svg: str, font: Path = FONT) -> bytes:
    """A picture as PNG, twice as large in pixels as it says it is, drawn in this process.

    No other font than the one given is used, so that the pixels are the same everywhere. The
    interpreter is held meanwhile: in a process with an event loop use ``Drawer``.

    Raises:
        DrawingError: If this is no SVG that can be drawn.
    """
    # imported late: only who draws pays for it, in memory and in time to start
    import resvg_py

    try:
        png = resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=PIXELS_A_UNIT,
            skip_system_fonts=True,
            font_files=[str(font)],
            font_family=FAMILY,
        )
    except ValueError:
        raise DrawingError("this is no SVG that can be drawn") from None
    return bytes(png)


def settle_in() -> None:
    """In the drawing process: leave stopping to the parent, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        # a killed parent cannot ask for anything any more, and there is nothing to put in order
        os._exit(1)
