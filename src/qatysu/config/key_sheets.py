"""Asking for the sheets of the commission: on a terminal without showing them, or from standard input. Never as arguments."""

from __future__ import annotations

import getpass
import sys

from qatysu.ballots.sharing import NEEDED, WORDS, read_sheet, words_of
from qatysu.core.errors import Invalid

_SENTENCES = {
    "sheet_empty": "There is no word.",
    "sheet_word": "Word {number} ({word!r}) is not one of the words of such sheets.",
    "sheet_length": "A sheet has {wanted} words, not {count}.",
    "sheet_checksum": "The words do not belong together: one of them is another one than on the sheet, or they are in another order.",
    "sheets_same": "This is the same sheet twice. Sheets of two members are needed.",
    "sheets_of_two_keys": "The sheets are of two different keys, or were made at different times.",
    "sheets_of_another_round": "The sheets give a key, but not the key of this round.",
}


def said(refusal: Invalid) -> str:
    """The sentence for a refusal of sheets."""
    near = str(refusal.params.get("near") or "")
    hint = f" Perhaps: {near}." if near else ""
    return _SENTENCES[refusal.reason].format(**refusal.params) + hint


def ask() -> list[str]:
    """Two sheets in their canonical form. Raises SystemExit with a sentence for what are none."""
    if sys.stdin.isatty():
        return [_typed(number) for number in range(1, NEEDED + 1)]
    words: list[str] = []
    while len(words) < NEEDED * WORDS:
        line = sys.stdin.readline()
        if not line:
            break
        words += words_of(line)
    if len(words) != NEEDED * WORDS:
        raise SystemExit(f"Two sheets have {NEEDED * WORDS} words together; {len(words)} came on standard input.")
    try:
        return [read_sheet(" ".join(words[start : start + WORDS])) for start in range(0, NEEDED * WORDS, WORDS)]
    except Invalid as refusal:
        raise SystemExit(said(refusal)) from None


def _typed(number: int) -> str:
    """One sheet, in as many lines as the person likes; a line with a wrong word is asked for again."""
    sys.stderr.write(f"Sheet {number} of {NEEDED}: type its {WORDS} words with spaces between; they are not shown.\n")
    words: list[str] = []
    while True:
        line = words_of(getpass.getpass(f"  words {len(words) + 1} to {WORDS}: "))
        try:
            read_sheet(" ".join([*words, *line]))
        except Invalid as refusal:
            if refusal.reason == "sheet_length" and refusal.params["count"] < WORDS:
                words += line
                continue
            if refusal.reason == "sheet_empty":
                continue
            sys.stderr.write(f"  {said(refusal)} Type {'the sheet' if refusal.reason != 'sheet_word' else 'this line'} again.\n")
            words = words if refusal.reason == "sheet_word" else []
        else:
            return read_sheet(" ".join([*words, *line]))
