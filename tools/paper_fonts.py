"""Cut Montserrat down to the letters that printed papers need.

Run by hand when the set of letters changes (fontTools is not needed to run the portal):

    uv run --with fonttools tools/paper_fonts.py FOLDER

FOLDER holds the static TrueType files of Montserrat 9 (SIL OFL 1.1, without a reserved name), found by their endings
``400Regular.ttf``, ``400Regular_Italic.ttf``, ``600SemiBold.ttf``, ``700Bold.ttf``, ``700Bold_Italic.ttf``. Written: five subsets and
``coverage.txt``, the list of letters that all of them have.
"""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parents[1] / "src" / "qatysu" / "papers" / "fonts"
FACES = {
    "regular": "400Regular",
    "italic": "400Regular_Italic",
    "semibold": "600SemiBold",
    "bold": "700Bold",
    "bolditalic": "700Bold_Italic",
}
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum", "pnum", "case"]

LETTERS = {*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x400, 0x460), 0x490, 0x491}
LETTERS |= {ord(letter) for letter in "ӘәҒғҚқҢңӨөҰұҮүҺһІі"}
LETTERS |= {ord(letter) for letter in "‐‒–—―‘’‚“”„†•…‰′″‹›⁄€₸₽№™←↑→↓−≈≠≤≥"}
LETTERS |= {0x2009, 0x200A, 0x200B}
#: Letters that the files lack, and the letter whose form they take.
TWINS = {0x202F: 0x2009, 0x2011: 0x2D, 0xAD: 0x2D}
UNKNOWN = 0xFFFD


def cut(font: Any) -> set[int]:
    """Keep only what papers need; the letters that ``font`` then has."""
    options = subset.Options()
    options.layout_features, options.hinting, options.name_IDs = FEATURES, False, ["*"]
    options.notdef_outline, options.glyph_names = True, True
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    names = font.getBestCmap()
    box = "unknown"  # a letter of its own: the first glyph means "no glyph" to archives
    font["glyf"][box] = copy.deepcopy(font["glyf"][".notdef"])
    font["hmtx"][box] = font["hmtx"][".notdef"]
    added = {letter: names[twin] for letter, twin in TWINS.items()} | {UNKNOWN: box}
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update(added)
    return set(font.getBestCmap())


def ranges(letters: set[int]) -> list[str]:
    """Runs of letters as hexadecimal ``first-last``."""
    runs: list[list[int]] = []
    for letter in sorted(letters):
        if runs and runs[-1][1] == letter - 1:
            runs[-1][1] = letter
        else:
            runs.append([letter, letter])
    return [f"{first:04X}-{last:04X}" for first, last in runs]


def main(folder: str) -> None:
    """Write the fonts and their coverage."""
    common: set[int] | None = None
    for name, ending in FACES.items():
        [source] = Path(folder).rglob(f"*_{ending}.ttf")
        font = TTFont(source, recalcTimestamp=False)
        letters = cut(font)
        common = letters if common is None else common & letters
        font.save(TARGET / f"montserrat-{name}.ttf")
    (TARGET / "coverage.txt").write_text("\n".join(ranges(common or set())) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
