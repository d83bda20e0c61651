"""The maker of pictures, as the sender knows it."""

from collections.abc import Mapping
from typing import Any

from bot.report.drawing import Drawer
from bot.transport.making import Build, File
from storage.store import Store


class PictureMaker:
    """Draws the SVG that an order holds, in the drawer's own process."""

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer

    def gather(self, _: Store, __: int, order: Mapping[str, Any]) -> Build | None:
        """Nothing has to be fetched: the order holds the picture as text."""
        svg = str(order["svg"])

        async def build() -> File:
            return File("photo", "report.png", await self._drawer.draw(svg))

        return build
