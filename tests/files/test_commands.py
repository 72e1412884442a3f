"""What comes in is inspected; what is stored was drawn by us."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from qatysu.core.errors import Invalid
from qatysu.files.commands import accept_upload, discard_file, location, thumb_path
from qatysu.files.models import StoredFile
from qatysu.identity.models import Account

from .conftest import NOW

Make = Callable[..., SimpleUploadedFile]
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def accept(owner: Account, upload: SimpleUploadedFile) -> StoredFile:
    return accept_upload(owner=owner, upload=upload, now=NOW)


def refused(owner: Account, name: str, body: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        accept(owner, SimpleUploadedFile(name, body))
    assert caught.value.field == "file"
    assert StoredFile.objects.count() == 0
    return caught.value.reason


@pytest.mark.parametrize(("fmt", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("PNG", "a.exe")])
def test_images_become_webp_with_thumbnail(owner: Account, picture: Make, fmt: str, name: str) -> None:
    stored = accept(owner, picture(fmt, (3200, 1000), name))
    assert (stored.kind, stored.media_type, stored.width, stored.height) == ("image", "image/webp", 1600, 500)
    assert stored.name == "a.webp"
    with Image.open(location(thumb_path(stored.path))) as thumb:
        assert thumb.format == "WEBP"
        assert thumb.width == 480


def test_heic_of_phones_is_taken(owner: Account) -> None:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "green")).save(out)
    assert accept(owner, SimpleUploadedFile("IMG_1.HEIC", out.getvalue())).width == 64


def test_orientation_is_applied_and_metadata_is_gone(owner: Account, picture: Make) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret place"
    stored = accept(owner, picture("JPEG", (400, 200), exif=exif))
    body = location(stored.path).read_bytes()
    assert (stored.width, stored.height) == (200, 400)
    assert b"secret place" not in body
    assert b"EXIF" not in body


def test_animation_keeps_its_first_frame_only(owner: Account) -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    stored = accept(owner, SimpleUploadedFile("a.webp", out.getvalue()))
    with Image.open(location(stored.path)) as image:
        assert getattr(image, "n_frames", 1) == 1


def test_polyglot_loses_its_second_half(owner: Account, picture: Make) -> None:
    upload = picture()
    stored = accept(owner, SimpleUploadedFile("a.jpg", upload.read() + b"<script>alert(1)</script>"))
    assert b"<script>" not in location(stored.path).read_bytes()


def test_transparent_picture_stands_on_white(owner: Account) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    stored = accept(owner, SimpleUploadedFile("a.png", out.getvalue()))
    with Image.open(location(stored.path)) as image:
        assert image.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def _huge_png(side: int) -> bytes:
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    data = zlib.compress(b"\0" * 1000)
    body = struct.pack(">I", len(data)) + b"IDAT" + data + struct.pack(">I", zlib.crc32(b"IDAT" + data))
    return b"\x89PNG\r\n\x1a\n" + chunk + body


@pytest.mark.parametrize("side", [7100, 10_000, 30_000])
def test_too_many_pixels_are_refused_before_decoding(owner: Account, side: int) -> None:
    assert refused(owner, "a.png", _huge_png(side)) == "image_too_large_px"


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("a.jpg", b"", "file_empty"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "file_type"),
        ("a.jpg", b"<html><script>alert(1)</script>", "file_type"),
        ("a.gif", b"GIF89a" + b"\0" * 100, "file_type"),
        ("a.zip", b"PK\x03\x04" + b"\0" * 100, "file_type"),
        ("a.pdf", b"%PDF-1.4 no end", "file_broken"),
        ("a.pdf", b"<html>" + PDF, "file_type"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 200, "file_broken"),
        ("a.png", _huge_png(50), "file_broken"),
        ("a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 300, "file_broken"),
        ("a.jpg", b"\xff\xd8\xff" + b"\0" * (15 * 1024 * 1024), "file_too_large"),
    ],
)
def test_wrong_files_are_refused_with_a_reason(owner: Account, name: str, body: bytes, reason: str) -> None:
    assert refused(owner, name, body) == reason


def test_truncated_jpeg_is_refused(owner: Account, picture: Make) -> None:
    body = picture(size=(1200, 900)).read()
    assert refused(owner, "a.jpg", body[: len(body) // 2]) == "file_broken"


def test_pdf_is_kept_byte_for_byte_under_a_harmless_name(owner: Account) -> None:
    stored = accept(owner, SimpleUploadedFile('..\\..\\а"<b>.html', PDF))
    assert location(stored.path).read_bytes() == PDF
    assert stored.name == "аb.pdf"
    assert stored.path.endswith(f"{stored.public_id.hex}.pdf")


@pytest.mark.django_db(transaction=True)
def test_discarded_file_leaves_no_bytes(owner: Account, picture: Make, media: Path) -> None:
    discard_file(stored=accept(owner, picture()))
    assert [p for p in media.rglob("*") if p.is_file()] == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.binary(max_size=300),
    prefix=st.sampled_from([b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x24\0\0\0WEBPVP8 "]),
)
def test_damaged_input_never_breaks_the_program(owner: Account, cut: bytes, prefix: bytes) -> None:
    with pytest.raises(Invalid):
        accept(owner, SimpleUploadedFile("a", prefix + cut))
