# SPDX-License-Identifier: EUPL-1.2
"""Pictures, with Pillow in a thread: cleaned, scaled, put beside each other; and a plain sketch of a map."""

import asyncio
import io
import math
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageDraw, ImageFont, ImageOps

from bot.domain.place import Point
from bot.services.report_ports import PictureError, Sketch

LARGEST_BYTES = 20 * 1024 * 1024
"""What Telegram hands out at most (Bot API, getFile); a larger file is refused before it is fetched."""
LARGEST_PIXELS = 80_000_000
"""A picture that unpacks to more is a mistake or an attack; phones make up to 50 million pixels."""
LONGEST_SIDE = 1600
"""Pixels that are kept: enough to see what is the matter."""
QUALITY = 82
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
"""What is read. The name of a file says nothing: the content is looked at. Only formats that Pillow knows
without looking for more: it fails with a KeyError on any other."""
TOO_BIG = "reports.photo.too-big"
NO_PICTURE = "reports.photo.not-a-picture"

_HEIGHT = 720
_GAP = 24
_WHITE, _INK, _PALE, _RED, _WATER = "#ffffff", "#1d2733", "#c9d3dd", "#c62828", "#eef3f7"
_MAP = 720
_SPAN_METRES = 600.0
"""How much ground the sketch shows when no known place is near."""
_WIDEST_METRES = 6_000.0


class PillowPictures:
    """Work on pictures. One at a time: a large one takes a hundred megabytes while it is open."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Semaphore(1)

    async def clean(self, content: bytes) -> bytes:
        """Scale down and leave out all that is not the picture (EXIF). Raises PictureError."""
        if len(content) > LARGEST_BYTES:
            raise PictureError(TOO_BIG)
        return await self._run(lambda: clean(content))

    async def beside(self, before: bytes, after: bytes) -> bytes:
        """Put before and after beside each other."""
        return await self._run(lambda: beside(before, after))

    async def card(self, photo: bytes | None, sketch: Sketch | None) -> bytes | None:
        """Put a photo and the sketch of a map together; None where there is neither."""
        if photo is None and sketch is None:
            return None
        return await self._run(lambda: _card(photo, sketch))

    async def _run(self, work: Callable[[], bytes]) -> bytes:
        async with self._one_at_a_time:
            return await asyncio.to_thread(work)


def clean(content: bytes) -> bytes:
    """Return the picture alone: turned upright, scaled, as JPEG without EXIF. Raises PictureError."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            # The size stands in the header: a bomb is refused before it is unpacked.
            _check_pixels(picture)
            picture.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _jpeg(_opaque(upright))
    except PictureError:
        raise
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as error:
        raise PictureError(NO_PICTURE) from error


def _check_pixels(picture: Image.Image) -> None:
    if picture.width * picture.height > LARGEST_PIXELS:
        raise PictureError(TOO_BIG)


def beside(before: bytes, after: bytes) -> bytes:
    """Return both pictures at one height, an arrow between them."""
    left, right = _at_height(before), _at_height(after)
    arrow = 96
    whole = Image.new("RGB", (left.width + right.width + arrow, _HEIGHT), _WHITE)
    whole.paste(left, (0, 0))
    whole.paste(right, (left.width + arrow, 0))
    x, y = left.width + arrow // 2, _HEIGHT // 2
    ImageDraw.Draw(whole).polygon(
        [(x - 26, y - 12), (x + 4, y - 12), (x + 4, y - 32), (x + 34, y), (x + 4, y + 32), (x + 4, y + 12),
         (x - 26, y + 12)], fill=_INK,
    )  # fmt: skip
    return _jpeg(whole)


def draw_sketch(sketch: Sketch) -> Image.Image:
    """Draw a plain map: the point in the middle, known places around it, a scale and north.

    It draws only what is known. Known places further away are an arrow at the edge with their distance.
    """
    distances = [place.point.metres_to(sketch.point) for place in sketch.places if place.point]
    near = [each for each in distances if each <= _WIDEST_METRES / 2]
    span = max(_SPAN_METRES, 2.4 * max(near, default=0))
    scale = _MAP / span
    picture = Image.new("RGB", (_MAP, _MAP), _WATER)
    draw = ImageDraw.Draw(picture)
    for ring in (0.25, 0.5):
        _circle(draw, _MAP / 2, _MAP / 2, ring * _MAP - 8, outline=_PALE)
    for place in sketch.places:
        if place.point is not None:
            _draw_place(draw, sketch.point, place.point, place.name, place.approximate, scale)
    _circle(draw, _MAP / 2, _MAP / 2, 16, fill=_RED)
    _circle(draw, _MAP / 2, _MAP / 2, 6, fill=_WHITE)
    _draw_scale(draw, scale)
    draw.polygon([(_MAP - 48, 20), (_MAP - 62, 62), (_MAP - 48, 52), (_MAP - 34, 62)], fill=_INK)
    draw.text((_MAP - 48, 82), "N", fill=_INK, font=_font(26), anchor="mm")
    return picture


def _draw_place(
    draw: ImageDraw.ImageDraw, point: Point, place: Point, name: str, approximate: bool, scale: float
) -> None:
    east = math.radians(place.lon - point.lon) * math.cos(math.radians(point.lat)) * 6_371_000
    north = math.radians(place.lat - point.lat) * 6_371_000
    x, y = _MAP / 2 + east * scale, _MAP / 2 - north * scale
    margin = 120
    inside = margin < x < _MAP - margin and margin < y < _MAP - margin
    label = f"ca. {name}" if approximate else name
    if not inside:
        label = f"{label} {_distance(point.metres_to(place))}"
        far = max(abs(x - _MAP / 2), abs(y - _MAP / 2)) / (_MAP / 2 - margin)
        x, y = _MAP / 2 + (x - _MAP / 2) / far, _MAP / 2 + (y - _MAP / 2) / far
        draw.line([(_MAP / 2 + (x - _MAP / 2) * 0.85, _MAP / 2 + (y - _MAP / 2) * 0.85), (x, y)], _INK, 3)
    _circle(draw, x, y, 7, fill=_INK)
    draw.text((x, y + 14), label, fill=_INK, font=_font(24), anchor="ma")


def _draw_scale(draw: ImageDraw.ImageDraw, scale: float) -> None:
    """Draw a bar of a round length, at most a third of the width."""
    metres = max(each for each in (50, 100, 200, 500, 1000, 2000) if each * scale <= _MAP / 3 or each == 50)
    left, y = 24, _MAP - 28
    right = left + metres * scale
    draw.line([(left, y - 8), (left, y), (right, y), (right, y - 8)], _INK, 4)
    draw.text(((left + right) / 2, y - 12), _distance(metres), fill=_INK, font=_font(22), anchor="mb")


def _distance(metres: float) -> str:
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km".replace(".0 ", " ")


def _circle(
    draw: ImageDraw.ImageDraw,
    x: float,
    y: float,
    radius: float,
    fill: str | None = None,
    outline: str | None = None,
) -> None:
    draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=fill, outline=outline, width=2)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _card(photo: bytes | None, sketch: Sketch | None) -> bytes:
    parts = []
    if photo is not None:
        parts.append(_at_height(photo))
    if sketch is not None:
        parts.append(draw_sketch(sketch))
    whole = Image.new("RGB", (sum(part.width for part in parts) + _GAP * (len(parts) - 1), _HEIGHT), _WHITE)
    x = 0
    for part in parts:
        whole.paste(part, (x, 0))
        x += part.width + _GAP
    return _jpeg(whole)


def _at_height(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        # Very wide and very high ones are cut in the middle: the other one must stay visible.
        width = round(min(max(picture.width * _HEIGHT / picture.height, 400), 1100))
        return ImageOps.fit(_opaque(picture), (width, _HEIGHT))


def _opaque(picture: Image.Image) -> Image.Image:
    if picture.mode in {"RGBA", "LA", "P"}:
        ground = Image.new("RGBA", picture.size, _WHITE)
        ground.alpha_composite(picture.convert("RGBA"))
        return ground.convert("RGB")
    return picture.convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    # A new picture: nothing of the file that it came from is written along.
    plain = Image.new("RGB", picture.size)
    plain.paste(picture)
    output = io.BytesIO()
    plain.save(output, "JPEG", quality=QUALITY, optimize=True)
    return output.getvalue()
