"""What the database refuses: history that changes, and an unfinished project at the Council's door."""

from django.db import migrations

from qatysu.vault.triggers import append_only, guarded, install

#: Some module of the round is not accepted for this project. A round without a course has nothing to demand.
_UNFINISHED = (
    "NEW.state = 'ready' AND OLD.state = 'in_sessions' AND EXISTS (SELECT 1 FROM coaching_module m "
    "WHERE m.round_id = NEW.round_id AND NOT EXISTS (SELECT 1 FROM coaching_work w "
    "JOIN coaching_workspace s ON s.id = w.workspace_id "
    "WHERE s.proposal_id = NEW.id AND w.module_id = m.id AND w.state = 'accepted'))"
)


class Migration(migrations.Migration):
    dependencies = [("coaching", "0001_initial"), ("proposals", "0001_initial")]

    operations = [
        install(
            *append_only("coaching_workversion"),
            *append_only("coaching_passport"),
            *append_only("coaching_opinion"),
            *append_only("coaching_quizattempt"),
            guarded("proposals_proposal", "UPDATE", _UNFINISHED, "qatysu:gate:passport_incomplete"),
        )
    ]
