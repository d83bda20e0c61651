"""Lay the golden pictures out side by side, as phones show them, to be looked at.

`python -m tests.report.gallery` draws the pages of `docs/pictures.md` anew.
"""

from io import BytesIO
from pathlib import Path

from PIL import Image

from bot.report.raster import draw

GOLDEN = Path(__file__).parent / "golden" / "pictures"
IMAGES = Path(__file__).parents[2] / "docs" / "images"
PAGES = {
    "lives": ("interdependent", "merging", "deferring", "directing", "distance", "both_low"),
    "beginnings": ("empty", "first_week", "conflicting"),
    "drifting": ("drifting", "unusual_and_gaps", "year"),
    "others": ("month", "quiz", "quiz_half_done"),
}
COLUMNS, GAP = 3, 16
COLOURS = 256
LIGHT, DARK = "#ffffff", "#17212b"
"""About what stands behind a picture in Telegram's two themes."""


def page(names: tuple[str, ...], background: str) -> Image.Image:
    """Pictures three in a row, half as large in pixels as they are sent."""
    shown = [Image.open(BytesIO(draw((GOLDEN / f"{name}.svg").read_text()))) for name in names]
    width, height = shown[0].width // 2, max(image.height for image in shown) // 2
    rows = -(-len(shown) // COLUMNS)
    made = Image.new(
        "RGB", (COLUMNS * (width + GAP) + GAP, rows * (height + GAP) + GAP), background
    )
    for index, image in enumerate(shown):
        row, column = divmod(index, COLUMNS)
        small = image.convert("RGB").resize(
            (image.width // 2, image.height // 2), Image.Resampling.LANCZOS
        )
        made.paste(small, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    return made


def main() -> None:
    """Draw every page, on a light and on a dark ground in turn."""
    IMAGES.mkdir(exist_ok=True)
    for index, (name, names) in enumerate(PAGES.items()):
        made = page(names, DARK if index % 2 else LIGHT)
        made.quantize(COLOURS).save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
