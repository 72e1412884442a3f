"""What the database refuses: a text in force that changes, an edition that is removed, words put into people's mouths."""

from django.db import migrations

from qatysu.vault.triggers import guarded, install


def _changed(*names: str) -> str:
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in names)


_TEXT = ("document_id", "number", "title_kk", "title_ru", "body_kk", "body_ru", "content", "digest", "submitted_by_id", "submitted_at")
_ACT = ("approved_by_id", "approved_at", "act_number", "act_on", "signatory_kk", "signatory_ru")
_FINAL = "OLD.state IN ('superseded', 'withdrawn', 'dropped')"
_IN_FORCE = f"(OLD.state = 'adopted' AND ({_changed(*_TEXT, *_ACT)} OR NEW.state NOT IN ('adopted', 'superseded', 'withdrawn')))"
#: What was handed in is approved as it is, or goes back to be a draft.
_HANDED_IN = f"(OLD.state = 'submitted' AND NEW.state <> 'draft' AND ({_changed(*_TEXT)}))"
_SAID = ("edition_id", "author_id", "text", "language", "at")


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        install(
            guarded("documents_edition", "INSERT", "NEW.state <> 'draft'", "qatysu:document:draft_first"),
            guarded("documents_edition", "UPDATE", f"{_FINAL} OR {_IN_FORCE} OR {_HANDED_IN}", "qatysu:document:text_kept"),
            guarded(
                "documents_edition", "UPDATE",
                "OLD.state <> 'adopted' AND NEW.state = 'adopted' AND OLD.state <> 'submitted'", "qatysu:document:handed_in_first",
            ),
            guarded("documents_edition", "DELETE", "", "qatysu:document:text_kept"),
            guarded("documents_document", "DELETE", "", "qatysu:document:kept"),
            guarded("documents_document", "UPDATE", _changed("round_id", "kind", "slug"), "qatysu:document:kept"),
            guarded("documents_editioncomment", "UPDATE", _changed(*_SAID), "qatysu:document:words_kept"),
            guarded("documents_editioncomment", "DELETE", "", "qatysu:document:words_kept"),
        )
    ]
