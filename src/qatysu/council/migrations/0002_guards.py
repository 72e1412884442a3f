"""What the database refuses: votes after the question is closed, decisions and protocols that change, projects that pass by the Council."""

from django.db import migrations

from qatysu.vault.triggers import append_only, guarded, install


def _changed(*names: str) -> str:
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in names)


_POLL = (
    "item_id", "position", "verdict", "reasons", "text_kk", "text_ru", "rework_until", "options", "target_id", "opened_by_id", "opened_at",
)
_DECISION = (
    "matter_id", "poll_id", "turn", "verdict", "reasons", "text_kk", "text_ru", "rework_until", "chosen", "target_id", "decided_at",
    "appeal_until",
)
_FIXED = ("meeting_id", "number", "round_id", "content", "digest", "made_by_id", "made_at")
_SIGNED = ("protocol_id", "seat_id", "kind", "file_id", "container", "digest", "at")
_CLOSED_POLL = "(SELECT closed_at FROM council_poll p WHERE p.id = NEW.poll_id) IS NOT NULL"
_SUBMITTED = "(SELECT submitted_at FROM council_review r WHERE r.id = {row}.review_id) IS NOT NULL"
_RECORDED = "(SELECT state FROM council_meeting m WHERE m.id = {row}.meeting_id) = 'recorded'"
#: A round that has a Council admits and refuses only by its decision, which is then marked as followed in the same transaction.
_PAST_COUNCIL = (
    "NEW.state <> OLD.state AND NEW.state IN ('admitted', 'not_admitted') "
    "AND EXISTS (SELECT 1 FROM council_seat s WHERE s.round_id = NEW.round_id) "
    "AND NOT EXISTS (SELECT 1 FROM council_decision d JOIN council_matter m ON m.id = d.matter_id "
    "WHERE m.proposal_id = NEW.id AND m.kind = 'admission' AND d.applied_at IS NULL "
    "AND d.verdict = CASE NEW.state WHEN 'admitted' THEN 'admit' ELSE 'not_admit' END)"
)


class Migration(migrations.Migration):
    dependencies = [("council", "0001_initial"), ("proposals", "0001_initial"), ("coaching", "0002_guards")]

    operations = [
        install(
            guarded("council_poll", "UPDATE", f"OLD.closed_at IS NOT NULL OR {_changed(*_POLL)}", "qatysu:council:poll_kept"),
            guarded("council_poll", "DELETE", "", "qatysu:council:poll_kept"),
            *append_only("council_pollvote"),
            guarded("council_pollvote", "INSERT", _CLOSED_POLL, "qatysu:council:poll_closed"),
            *append_only("council_recusal"),
            guarded(
                "council_decision", "UPDATE", f"OLD.applied_at IS NOT NULL OR {_changed(*_DECISION)}", "qatysu:council:decision_kept"
            ),
            guarded("council_decision", "DELETE", "", "qatysu:council:decision_kept"),
            guarded(
                "council_protocol", "UPDATE",
                f"OLD.state IN ('frozen', 'published') AND ({_changed(*_FIXED)} OR OLD.state = 'published' OR NEW.state <> 'published')",
                "qatysu:council:protocol_kept",
            ),
            guarded("council_protocol", "DELETE", "", "qatysu:council:protocol_kept"),
            guarded("council_signature", "UPDATE", f"OLD.void_at IS NOT NULL OR {_changed(*_SIGNED)}", "qatysu:council:signature_kept"),
            guarded("council_signature", "DELETE", "", "qatysu:council:signature_kept"),
            guarded("council_seat", "DELETE", "", "qatysu:council:seat_kept"),
            guarded("council_seat", "UPDATE", "OLD.state IN ('declined', 'ended')", "qatysu:council:seat_kept"),
            guarded("council_meeting", "DELETE", "OLD.state <> 'draft'", "qatysu:council:meeting_kept"),
            guarded("council_meeting", "UPDATE", "OLD.state IN ('recorded', 'cancelled')", "qatysu:council:meeting_kept"),
            guarded("council_agendaitem", "UPDATE", _RECORDED.format(row="OLD"), "qatysu:council:agenda_kept"),
            guarded("council_agendaitem", "INSERT", _RECORDED.format(row="NEW"), "qatysu:council:agenda_kept"),
            guarded("council_attendance", "UPDATE", _RECORDED.format(row="OLD"), "qatysu:council:attendance_kept"),
            guarded("council_attendance", "INSERT", _RECORDED.format(row="NEW"), "qatysu:council:attendance_kept"),
            guarded("council_attendance", "DELETE", "", "qatysu:council:attendance_kept"),
            guarded("council_pointanswer", "INSERT", _SUBMITTED.format(row="NEW"), "qatysu:council:review_kept"),
            guarded("council_pointanswer", "UPDATE", _SUBMITTED.format(row="OLD"), "qatysu:council:review_kept"),
            guarded("council_pointanswer", "DELETE", _SUBMITTED.format(row="OLD"), "qatysu:council:review_kept"),
            guarded("council_review", "UPDATE", "OLD.submitted_at IS NOT NULL", "qatysu:council:review_fixed"),
            guarded("proposals_proposal", "UPDATE", _PAST_COUNCIL, "qatysu:gate:council_decides"),
        )
    ]
