"""The app's two pictures, drawn here: a bridge. `python -m zendesk_app.pictures` draws them anew into app/assets/.

No crown, nobody's logo, and no words: people read the app's name beside it."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

ASSETS = Path(__file__).parent / "app" / "assets"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
BLUE, WHITE = (0, 58, 105), (255, 255, 255)
FINE = 4  # points for each pixel's side, so that slants are smooth
RGBA = 6

Shape = Callable[[float, float], bool]


def bridge(x: float, y: float) -> bool:
    """Whether the point is of the bridge; both from 0 to 1, from the top left."""
    deck = 0.10 <= x <= 0.90 and 0.60 <= y <= 0.66
    towers = min(abs(x - 0.28), abs(x - 0.72)) <= 0.025 and 0.28 <= y <= 0.80
    return deck or towers or (0.10 <= x <= 0.90 and abs(y - _cable(x)) <= 0.016)


def _cable(x: float) -> float:
    """How far down the cable hangs there: in a bow between the towers, straight beyond."""
    from_middle = abs(x - 0.5)
    if from_middle <= 0.22:
        return 0.56 - 0.26 * (from_middle / 0.22) ** 2
    return 0.30 + 0.30 * (from_middle - 0.22) / 0.18


def badge(x: float, y: float) -> bool:
    """Whether the point is within a square with round corners."""
    radius = 0.18
    across, down = max(abs(x - 0.5) - 0.5 + radius, 0), max(abs(y - 0.5) - 0.5 + radius, 0)
    return across**2 + down**2 <= radius**2


def everywhere(x: float, y: float) -> bool:
    """The large picture's corners are made round by whoever shows it."""
    return True


def draw(side: int, background: Shape) -> bytes:
    """A PNG of that many pixels a side, clear where there is no background."""
    rows = [b"\0" + b"".join(_pixel(column, row, side, background) for column in range(side)) for row in range(side)]
    header = struct.pack(">IIBBBBB", side, side, 8, RGBA, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(_part(kind, data) for kind, data in parts)


def size(png: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None where it is no PNG."""
    if png[:8] != SIGNATURE or png[12:16] != b"IHDR" or len(png) < 33:
        return None
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def _pixel(column: int, row: int, side: int, background: Shape) -> bytes:
    steps = [(step + 0.5) / FINE for step in range(FINE)]
    points = [((column + right) / side, (row + down) / side) for right in steps for down in steps]
    shown = [point for point in points if background(*point)]
    if not shown:
        return bytes(4)
    share = sum(bridge(*point) for point in shown) / len(shown)
    colour = [round(over * share + under * (1 - share)) for over, under in zip(WHITE, BLUE, strict=True)]
    return bytes([*colour, round(255 * len(shown) / len(points))])


def _part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


if __name__ == "__main__":
    (ASSETS / "logo.png").write_bytes(draw(320, everywhere))
    (ASSETS / "logo-small.png").write_bytes(draw(128, badge))
