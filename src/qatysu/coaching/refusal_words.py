"""Refusals of the sessions as sentences: what is wrong and the nearest way on."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qatysu.core.errors import QatysuError, StageClosed
from qatysu.workbook.errors import BadSheet

SENTENCES: Mapping[str, Promise] = {
    "work_submitted": _("The work is with the coach now. Take it back to write on, or wait for the answer."),
    "work_accepted": _("This module is accepted and no longer changes."),
    "not_in_sessions": _("The project is not in the sessions now; its texts can be read, not changed."),
    "work_incomplete": _("Some required fields are still empty: they are listed below."),
    "unread_answers": _("Some answers were not understood: mend them first."),
    "clashes_open": _("Two people wrote in the same place: choose a text first."),
    "remark_needed": _("Write at least one remark: the team must know what to mend."),
    "passport_incomplete": _("The project is not complete yet. What is missing is listed below."),
    "unknown_field": _("There is no such field in this module."),
    "too_long": _("The text is too long."),
    "text_needed": _("Write a few words."),
    "verdict": _("Choose one of the three answers."),
    "days": _("The link may be valid from 1 to %(limit)s days."),
    "not_a_coach": _("This person is not a coach of the round."),
    "coach_of_own_team": _("Nobody coaches the own team."),
    "own_proposal": _("Nobody decides on the own project."),
    "project_type": _("Choose a type from the list."),
    "course_installed": _("The round has a course already."),
    "file_in_use": _("An answer still names this file. Take it out there first."),
    "picture_needed": _("A picture is needed here: JPG, PNG, WebP or HEIC."),
    "too_many_files": _("This team has as many files as there may be: %(limit)s."),
    "file_empty": _("The file is empty. Choose it again."),
    "file_too_large": _("The file is larger than %(limit_mb)s MB. Choose a smaller one."),
    "file_type": _("This kind of file is not accepted. Use a photo, a PDF, an XLSX or a DOCX."),
    "file_broken": _("The file is damaged or incomplete. Choose it again or take a new photo."),
    "image_too_large_px": _("The photo has more than 50 megapixels. Choose a smaller one."),
    "reason_code": _("Choose a reason from the list."),
    "reason_text_needed": _("Explain the reason in words."),
    "illegal_move": _("Somebody has decided meanwhile. Look at the page again."),
    "nothing_to_translate": _("There is no text to translate here yet."),
    "answered_often": _("You have answered five times. Ask the Project Centre for a new link."),
    "role": _("Your role does not allow this."),
    "point": _("There is no such point in the checklist."),
}
OFFICE: Mapping[str, Promise] = {
    "office_macros": _("The file holds macros or foreign objects. Save it without them, or as a PDF."),
    "office_links": _("The file fetches something from elsewhere when it is opened. Save it as a PDF."),
}
#: Why a workbook file was refused; %(place)s is a cell or a part of the file.
SHEETS: Mapping[str, Promise] = {
    "sheet_too_large": _("The file is larger than 2 MB."),
    "old_format": _("This is the old format XLS. Save it as XLSX and choose it again."),
    "not_a_workbook": _("This is not an XLSX file, whatever its name says."),
    "macros": _("The file holds macros or foreign objects. Save the table as a plain XLSX."),
    "external_links": _("The file points to other files or databases. Paste values and save it again."),
    "formula": _("Cell %(place)s holds a formula: %(value)s. Paste its value."),
    "cell_type": _("Cell %(place)s holds %(value)s, which is neither text nor number."),
    "no_header": _("No line of headings was found. It needs at least: work, quantity, price."),
    "no_lines": _("There are no lines below the headings."),
    "too_many_lines": _("There are %(value)s lines; 300 are the most."),
    "archive_broken": _("The file is damaged."),
    "archive_disguised": _("The file is two kinds of file at once. Save it again from your spreadsheet."),
    "archive_encrypted": _("The file is protected by a password."),
    "archive_path": _("The file is damaged."),
    "archive_twice": _("The file is damaged."),
    "archive_too_large": _("Unpacked, the file would be far too large."),
}
CLOSED = _("The stage of project sessions is not open. Everything written is kept.")


def sheet_words(error: BadSheet) -> list[str]:
    """Every reason why a workbook file was refused, in words."""
    return [str(SHEETS[fault.reason]) % {"place": fault.place, "value": fault.value} for fault in error.faults]


def say(error: QatysuError) -> str:
    """The sentence for a refusal in the reader's language."""
    if isinstance(error, BadSheet):
        return " ".join(sheet_words(error))
    if isinstance(error, StageClosed):
        return str(CLOSED)
    found = SENTENCES.get(error.reason) or OFFICE.get(error.reason) or SHEETS.get(error.reason) or SENTENCES.get(error.code)
    if found is None:
        return str(_("This cannot be done now."))
    try:
        return str(found) % error.params
    except (KeyError, TypeError, ValueError):
        return str(found)
