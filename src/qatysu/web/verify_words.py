"""What the checking page says, by the keys that its script asks for: codes of the verifiers, states, sentences around them.

Names in braces are filled in by the script.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from qatysu.web.words import Words

_FILE = _("The file is not a receipt of this ballot box, or it was changed or cut off. Take it again from the page “Receipt”.")
_UNREAD = _("A file of the box is missing or damaged. Reload the page; if it stays so, tell the Expert Council and others.")
_RULE = _("An entry breaks the rules of the box. Write the code down and tell the Expert Council and others: anybody can check it.")

#: Codes of ``receipt.mjs``, ``box.mjs`` and ``promise.mjs``, the same as those of ``qatysu verify`` where it has one.
CODES: Mapping[str, Words] = {
    "no_secure_context": _(
        "This page did not come by https, so the browser does not let it check signatures. Use the saved page or verify.py instead."
    ),
    "no_ed25519": _(
        "This browser is too old to check signatures (Safari from 17, Firefox from 129, Chrome from 137 can). "
        "Open the page in another browser, or use verify.py on a computer."
    ),
    "proof": _FILE,
    "receipt": _FILE,
    "entry": _("The ballot in the file is not written as ballots of this box are. The file was changed, or it is not from here."),
    "promise": _("This promise is not signed by this ballot box, or it was changed. Take the file again from the page “Receipt”."),
    "broken_promise": _(
        "BROKEN PROMISE. The box promised to take this ballot in, the time is over, and it is not there. "
        "Keep the file: it proves this to everybody. Tell the Expert Council and others."
    ),
    "key": _("The key of the box cannot be read. Compare it with the key on the poster or in the minutes of the commission."),
    "checkpoint": _("The signature is not of the key of this box: the file is from another box, or it was changed."),
    "checkpoint_missing": _("Nothing is sealed in this box yet. Come back later; the receipt stays valid."),
    "inclusion": _("The receipt does not lead to the signed state of the box: the ballot is not at the place that it names."),
    "commitment": _("The choice in the file is not the choice of the ballot in the box."),
    "receipt_missing": _(
        "The box now shows another entry in the place of this ballot. Keep the file: it proves this. "
        "Tell the Expert Council and others."
    ),
    "rollback": _(
        "The box has become shorter than this browser has seen it. Entries were taken out, or an old state is shown. "
        "Keep both texts below and show them to others."
    ),
    "split_view": _(
        "The box is not the one that this browser has seen before: somebody is shown something else. "
        "Keep both texts below and show them to others: together they prove it."
    ),
    "origin": _("The file is of another ballot box. Choose the round of your receipt."),
    "tile_missing": _UNREAD,
    "tile_length": _UNREAD,
    "tile_differs": _("The files of the box do not give the signed state. Tell the Expert Council and others."),
    "entries_missing": _UNREAD,
    "entries_cut": _UNREAD,
    "root": _("The entries of the box do not give the signed state. Tell the Expert Council and others."),
    "too_large": _("The box is too large for a browser. Use verify.py on a computer."),
    "unreachable": _("The box cannot be reached at the moment. Your receipt stays valid; try again later."),
    **dict.fromkeys(
        (
            "manifest_place", "unknown_ballot", "missing_attempt", "one_person", "reason", "after_result", "annulled_twice",
            "not_annulled", "cast_after_close", "too_many_attempts", "closed_twice", "close_numbers", "open_before_close",
            "opened_twice", "opened_replaced", "result_twice",
        ),
        _RULE,
    ),
    "double_vote": _("Two ballots with one number stand in the box for this voter. Tell the Expert Council and others."),
    "not_opened": _("A result is declared although this ballot was not opened. Tell the Expert Council and others."),
}

#: Everything else that the script says.
SAYS: Mapping[str, Words] = {
    "pin.first": _(
        "This browser sees the box for the first time: {size} entries. It keeps that in mind and compares at every later visit."
    ),
    "pin.same": _("As at your last visit: {size} entries, unchanged."),
    "pin.grown": _("At your last visit there were {old} entries, now there are {size}. The earlier ones stand unchanged."),
    "pin.not_kept": _("{size} entries. This browser keeps nothing between visits, so it cannot compare with earlier ones."),
    "working": _("Checking…"),
    "refused": _("This does not hold"),
    "fault": _("The check stopped"),
    "nothing": _("Nothing to check yet"),
    "nothing_more": _("Choose a file, or paste its text."),
    "copied": _("Copied"),
    "good.receipt": _("The receipt holds: the ballot is in the box"),
    "good.receipt_more": _(
        "The key of the box has signed a state in which this ballot stands, and the box shown now still holds it. "
        "Your browser computed this itself."
    ),
    "good.promise_in_box": _("The promise was kept: the ballot is in the box"),
    "good.promise_in_box_more": _("All fingerprints of the box were read; yours is among them. Now you may take the receipt."),
    "good.promise_accepted": _("The promise holds, and the ballot may still come"),
    "good.promise_accepted_more": _(
        "It is not sealed in the box yet, and the time of the promise is not over. Keep the file and look again after that time."
    ),
    "fact.place": _("Place in the box"),
    "fact.size": _("Entries in the box"),
    "fact.attempt": _("Ballot of this voter no."),
    "fact.by": _("Promised by"),
    "state.accepted": _("The ballot is not sealed in the box yet"),
    "state.in_box": _("The ballot is in the box and counts so far"),
    "state.counted": _("The ballot counts: the box is closed, and nothing replaces or annuls it"),
    "state.replaced": _("The ballot was replaced by ballot no. {attempt} of the same voter"),
    "state.annulled": _("The ballot is annulled: {reason}; minutes {act}"),
    "whole.open": _("The whole box was read and gives the signed state. Voting is not closed in it yet."),
    "whole.closed": _("The whole box was read and gives the signed state. Voting is closed in it; the result is not declared yet."),
    "whole.result": _("The whole box was read and gives the signed state. The result is declared; verify.py counts all votes again."),
}


def words(reasons: Mapping[str, Words]) -> list[tuple[str, Words]]:
    """(key, text) of everything that the script may say; ``reasons`` are the words for codes of annulment."""
    named = [(f"code.{code}", text) for code, text in CODES.items()]
    return [*named, *SAYS.items(), *((f"reason.{code}", text) for code, text in reasons.items())]
