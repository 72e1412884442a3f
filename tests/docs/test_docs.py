"""Documents and program say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from qatysu.config import cli
from qatysu.config.environment import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")])


def test_every_environment_name_is_documented_as_it_is() -> None:
    text = (ROOT / "docs/operations.md").read_text()
    missing = []
    for v in VARIABLES:
        default = f"`{v.default}`" if v.default else ""
        row = f"| `{v.name}` | {v.kind} | {default} | {v.doc} |"
        if row not in text:
            missing.append(row)
    assert missing == []


def test_no_other_environment_name_is_documented() -> None:
    known = {v.name for v in VARIABLES}
    rows = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/operations.md").read_text(), re.MULTILINE)
    assert set(rows) == known


def test_only_the_table_reads_the_environment() -> None:
    readers = [
        path for path in (ROOT / "src").rglob("*.py")
        if re.search(r"os\.(getenv|environ(\.get|\[))", path.read_text()) and "config" not in path.parts
    ]
    assert readers == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_documents_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    lost = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert lost == []


def test_architecture_names_every_package() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    packages = {path.parent.name for path in (ROOT / "src/qatysu").glob("*/__init__.py")}
    assert {name for name in packages if f"{name}/" not in text} == set()


def test_layers_name_every_package() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    layers = " | ".join(settings["tool"]["importlinter"]["contracts"][0]["layers"])
    packages = {path.parent.name for path in (ROOT / "src/qatysu").glob("*/__init__.py")}
    assert packages == {name.strip() for name in layers.split("|")}


def test_commands_in_documents_exist() -> None:
    known = set(cli._parser()._subparsers._group_actions[0].choices) | set(cli.SHORT)  # type: ignore[union-attr, arg-type]
    text = "\n".join(path.read_text() for path in PAGES if "decisions" not in path.parts)
    named = set(re.findall(r"(?:^|`|bin/|&& )qatysu ([a-z]+)", text, re.MULTILINE))
    assert named - known == set()


def test_the_glossary_is_whole() -> None:
    rows = re.findall(r"^\| (.+) \|$", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)[1:]
    cells = [row.split(" | ") for row in rows if not row.startswith("---")]
    assert len(cells) >= 60
    assert [row for row in cells if len(row) != 4 or not all(cell.strip() for cell in row)] == []
    assert len({row[0] for row in cells}) == len(cells)


def test_change_fragments_have_a_kind_and_a_text() -> None:
    for path in (ROOT / "changelog.d").iterdir():
        assert re.fullmatch(r"\d+\.(added|changed|fixed|removed)\.md", path.name), path.name
        assert len(path.read_text().strip()) > 20
