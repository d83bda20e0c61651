"""What a drawing process can be given in place of a picture, to see what becomes of it."""

import os
import time


def die(_: str) -> bytes:
    """Take the process down, as a crash of the rasteriser would."""
    os._exit(3)


def dawdle(svg: str) -> bytes:
    """Take a moment over it."""
    time.sleep(0.2)
    return svg.encode()


def hang(_: str) -> bytes:
    """Never come to an end."""
    while True:
        time.sleep(60)
