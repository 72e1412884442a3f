"""Pictures of people, decoded and written anew: what is stored was drawn by us, so nothing else can hide in it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

import pillow_heif
from PIL import Image, ImageCms, ImageOps

from qatysu.core.errors import Invalid

pillow_heif.register_heif_opener()

MAX_PIXELS = 50_000_000
LONGEST_SIDE_PX = 1600
THUMB_SIDE_PX = 480
#: Pillow's decoder for each sniffed type; no other decoder is ever asked.
DECODERS: dict[str, str] = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/heif": "HEIF",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A re-encoded picture: WebP without metadata, upright, and its thumbnail."""

    webp: bytes
    thumb: bytes
    width: int
    height: int


def redraw(stream: BinaryIO, media_type: str) -> Picture:
    """The picture of ``stream`` as WebP; of an animation the first frame.

    Raises Invalid: ``image_too_large_px`` above 50 megapixels (before decoding), ``file_broken`` when it ends
    early or cannot be decoded.
    """
    try:
        with Image.open(stream, formats=[DECODERS[media_type]]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Invalid("image_too_large_px", field="file", limit=MAX_PIXELS)
            image.draft("RGB", (LONGEST_SIDE_PX * 2, LONGEST_SIDE_PX * 2))
            image.load()
            upright = ImageOps.exif_transpose(_in_srgb(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid("image_too_large_px", field="file", limit=MAX_PIXELS) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, RuntimeError) as error:
        # Decoders of four formats raise all of these on damaged input; for a person they are one refusal.
        raise Invalid("file_broken", field="file") from error
    large = _fitted(upright, LONGEST_SIDE_PX)
    return Picture(_webp(large, 82), _webp(_fitted(large, THUMB_SIDE_PX), 78), large.width, large.height)


def _in_srgb(image: Image.Image) -> Image.Image:
    """RGB in the colours of the web on white ground; a damaged colour profile is ignored."""
    profile, exif = image.info.get("icc_profile"), image.getexif()
    if "A" in image.getbands() or "transparency" in image.info:
        layer = image.convert("RGBA")
        flat = Image.new("RGB", layer.size, "white")
        flat.paste(layer, mask=layer.getchannel("A"))
    else:
        flat = image.convert("RGB")
    if profile and image.mode in ("RGB", "RGBA"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            ImageCms.profileToProfile(flat, source, ImageCms.createProfile("sRGB"), inPlace=True)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    flat.info = {}
    flat.getexif()[0x0112] = exif.get(0x0112, 1)
    return flat


def _fitted(image: Image.Image, side: int) -> Image.Image:
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    return copy


def _webp(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    Image.frombytes("RGB", image.size, image.tobytes()).save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()
