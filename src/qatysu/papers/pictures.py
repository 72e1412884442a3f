"""Pictures for print: decoded within bounds and written anew as JPEG of a size that paper can show."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from qatysu.core.errors import Invalid

MAX_PIXELS = 50_000_000
LONGEST_SIDE_PX = 1400  # 86 mm at 400 dots an inch
_FORMATS = ("JPEG", "PNG", "WEBP")


def for_print(data: bytes, longest: int = LONGEST_SIDE_PX) -> bytes:
    """``data`` (JPEG, PNG or WebP) as an upright JPEG on white ground, its longer side at most ``longest`` pixels.

    Raises Invalid: ``image_too_large_px`` above 50 megapixels (before decoding), ``file_broken`` when it cannot be decoded.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Invalid("image_too_large_px", field="file", limit=MAX_PIXELS)
            image.draft("RGB", (longest * 2, longest * 2))
            image.load()
            upright = _on_white(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid("image_too_large_px", field="file", limit=MAX_PIXELS) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, RuntimeError) as error:
        # Decoders raise all of these on damaged input; for a person they are one refusal.
        raise Invalid("file_broken", field="file") from error
    upright.thumbnail((longest, longest))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=84, optimize=True)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    flat = Image.new("RGB", layer.size, "white")
    flat.paste(layer, mask=layer.getchannel("A"))
    return flat
