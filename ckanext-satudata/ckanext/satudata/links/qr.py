"""The address of a link as a QR code: to print for a meeting, or to show on a screen."""
from __future__ import annotations

from reportlab.graphics.barcode import qrencoder

__all__ = ["svg"]

_QUIET = 4  # modules of white around it (ISO/IEC 18004)


def svg(text: str) -> str:
    """Return a QR code as SVG, of error correction level M.

    :param text: ASCII, as addresses are
    """
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    size = code.getModuleCount()
    path = "".join(f"M{x + _QUIET} {y + _QUIET}h1v1h-1z" for y in range(size) for x in range(size)
                   if code.isDark(y, x))
    side = size + 2 * _QUIET
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="480" '
            f'height="480" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}'
            f'H0z"/><path d="{path}"/></svg>')
