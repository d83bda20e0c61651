"""The same picture drawn by matplotlib, to compare with: as large, with the same shapes."""

from io import BytesIO
from math import nan
from operator import attrgetter
from typing import Any, Final

from bot.drift.rules import Axis
from bot.drift.weeks import Reading
from bot.report.circles import Arc, Circles, arc, circles
from bot.report.figure import Figure, Place, Slot, Standing, figure
from bot.report.labels import Labels
from bot.report.picture import ARC_RADIUS, MIDDLE

WIDTH, HEIGHT = 480.0, 606.0
PIXELS: Final = (800, 1010)
DPI: Final = 200
INK, PAPER, CARD = "#46423d", "#f4efe5", "#fdfaf4"
COLOURS: Final = {Axis.SELF: "#c4610f", Axis.TOGETHER: "#2b638f", Axis.SAY: "#5a5068"}
BANDS: Final = (attrgetter("low"), attrgetter("mean"), attrgetter("high"))


def picture(reading: Reading, labels: Labels, weeks: int) -> bytes:
    """The weekly picture as PNG, made as matplotlib's guide for servers says: without pyplot."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    shown = figure(reading, weeks)
    canvas = Canvas(figsize=(PIXELS[0] / DPI, PIXELS[1] / DPI), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(canvas)
    axes = canvas.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(HEIGHT, 0)
    axes.axis("off")
    both = circles(shown.pair, *MIDDLE)
    bow = arc(shown.pair, both, *MIDDLE, ARC_RADIUS)
    _circles(axes, both)
    _say(axes, bow)
    _names(axes, both, bow, labels)
    for row, axis in enumerate(Axis):
        strip = canvas.add_axes(
            (108 / WIDTH, 1 - (386 + 78 * row) / HEIGHT, 352 / WIDTH, 68 / HEIGHT), facecolor=CARD
        )
        _strip(strip, axis, [_place(slot, axis) for slot in shown.slots])
        name = {Axis.SELF: labels.own, Axis.TOGETHER: labels.together}.get(axis, labels.decides)
        axes.text(96, 352 + 78 * row, name, ha="right", va="center", fontsize=7, color=INK)
    _months(axes, shown, labels)
    png = BytesIO()
    canvas.savefig(png, format="png")
    return png.getvalue()


def _circles(axes: Any, both: Circles) -> None:
    from matplotlib.patches import Circle

    for axis, circle in ((Axis.TOGETHER, both.together), (Axis.SELF, both.own)):
        colour, at = COLOURS[axis], (circle.x, circle.y)
        axes.add_patch(Circle(at, circle.outer, facecolor=colour, alpha=0.12, linewidth=0))
        axes.add_patch(Circle(at, circle.inner, facecolor=colour, alpha=0.25, linewidth=0))
        axes.add_patch(Circle(at, circle.radius, fill=False, edgecolor=colour, linewidth=1.1))


def _say(axes: Any, bow: Arc) -> None:
    from matplotlib.patches import Arc as Bow

    colour = COLOURS[Axis.SAY]
    around = 2 * ARC_RADIUS
    axes.add_patch(Bow(MIDDLE, around, around, theta1=154, theta2=206, edgecolor=INK, alpha=0.2))
    band = (bow.band_top, bow.here, bow.band_bottom)
    axes.plot(*zip(*band, strict=True), color=colour, alpha=0.3, linewidth=6)
    axes.plot(*zip(bow.here, bow.edge, strict=True), color=colour, alpha=0.4)
    axes.plot([bow.here[0]], [bow.here[1]], "o", color=colour, markersize=5)


def _names(axes: Any, both: Circles, bow: Arc, labels: Labels) -> None:
    for x, y, label, size in (
        (both.own.label_x, both.own.label_y, labels.own, 9),
        (both.together.label_x, both.together.label_y, labels.together, 9),
        (bow.top[0] + 24, bow.top[1] - 18, labels.decides, 7),
        (bow.bottom[0] + 30, bow.bottom[1] + 20, labels.gives_way, 7),
    ):
        axes.text(x, y, label, ha="center", va="center", fontsize=size, color=INK)


def _strip(strip: Any, axis: Axis, places: list[Place]) -> None:
    strip.set_ylim(-1.1 if axis is Axis.SAY else -0.1, 1.1)
    strip.set_yticks([])
    strip.set_xticks([])
    for side in strip.spines.values():
        side.set_visible(False)
    low, mean, high = (
        [nan if place.standing is Standing.UNKNOWN else pick(place.at) for place in places]
        for pick in BANDS
    )
    across = list(range(len(places)))
    strip.fill_between(across, low, high, color=COLOURS[axis], alpha=0.22, linewidth=0)
    strip.plot(across, mean, color=COLOURS[axis], linewidth=1.2)


def _months(axes: Any, shown: Figure, labels: Labels) -> None:
    months = sorted({(slot.first.year, slot.first.month) for slot in shown.slots})
    for index, (_, month) in enumerate(months):
        x = 124 + 320 * index / len(months)
        axes.text(x, 580, labels.months[month - 1], fontsize=6, color=INK)


def _place(slot: Slot, axis: Axis) -> Place:
    pair = slot.pair
    return {Axis.SELF: pair.own, Axis.TOGETHER: pair.together, Axis.SAY: pair.say}[axis]
