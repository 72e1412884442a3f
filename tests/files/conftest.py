"""Uploads for tests."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from qatysu.identity.models import Account

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def owner(db: None) -> Account:
    return Account.objects.create(name="А. Б.", email_hash="e" * 64, created_at=NOW)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT  # type: ignore[no-any-return]  # reason: just set


@pytest.fixture
def picture() -> Callable[..., SimpleUploadedFile]:
    def make(
        fmt: str = "JPEG", size: tuple[int, int] = (800, 600), name: str = "a.jpg", **save: Any
    ) -> SimpleUploadedFile:
        out = io.BytesIO()
        Image.new("RGB", size, (200, 30, 30)).save(out, fmt, **save)
        return SimpleUploadedFile(name, out.getvalue())

    return make
