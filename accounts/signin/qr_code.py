from typing import NamedTuple

from qrcode import QRCode


class Drawing(NamedTuple):
    """The path of the dark squares, each one unit wide, and the width of the whole."""

    path: str
    size: int


def qr_code(text: str) -> Drawing:
    """A QR code with the white border that its standard wants. Templates draw it, without inline style."""
    code = QRCode()
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return Drawing(path, len(rows))
