"""Drawings of lines (SVG, our own only) as pictures."""

from __future__ import annotations

#: Pixels for each unit of the drawing: 360 x 240 becomes 1080 x 720.
SCALE = 3


def png_of(svg: str, width: int, height: int) -> bytes:
    """The SVG drawing as PNG, ``SCALE`` times ``width`` x ``height`` pixels. ``svg`` must be ours: it is drawn as it is."""
    import typst  # reason: 34 MB that most processes never need

    page = f'#set page(width: {width}pt, height: {height}pt, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 100%)'
    body = typst.compile(page.encode(), format="png", ppi=72.0 * SCALE, sys_inputs={"svg": svg})
    return bytes(body) if isinstance(body, bytes | bytearray) else bytes(body[0])
