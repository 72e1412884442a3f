"""Outcomes stored before there were reasons: each old verdict says which verdict and reason it is now."""

from typing import Any

from django.db import migrations

#: Old verdict -> new verdict, reason, phase.
NOW = {
    "funded": ("funded", "selected", "rule"),
    "below_threshold": ("not_funded", "below_threshold", "before"),
    "does_not_fit": ("not_funded", "does_not_fit", "rule"),
    "after_stop": ("not_funded", "after_stop", "rule"),
    "tied": ("undecided", "tied", "rule"),
}
BEFORE = {reason: old for old, (_verdict, reason, _phase) in NOW.items()}


def _stated(constitution: Any, decision: list[str]) -> dict[str, str]:
    """Parameters of the only rule there was, by their names of now."""
    return {
        "fit": getattr(constitution, "fit", "skip"),
        "key": "score",
        "min_score": str(getattr(constitution, "threshold_votes", 0)),
        "min_score_op": getattr(constitution, "threshold_op", "ge"),
        "tie": "decision" if decision else "refuse",
        "parts": "none",
        "leftover": "none",
        **({"tie_decision": ",".join(decision)} if decision else {}),
    }


def _ties(lines: list[Any]) -> list[dict[str, Any]]:
    """The open ties: tied lines with the same votes."""
    groups: dict[int, list[str]] = {}
    for line in lines:
        if line.verdict == "tied":
            groups.setdefault(line.votes, []).append(line.entry.code)
    return [
        {"projects": sorted(codes), "key": str(votes), "phase": "rule", "decisive": True, "settled_by": "none", "proved": True}
        for votes, codes in groups.items()
    ]


def forwards(apps: Any, _schema_editor: Any) -> None:
    """Give every line its reason."""
    constitutions = apps.get_model("rounds", "Constitution").objects
    for outcome in apps.get_model("results", "Outcome").objects.all():
        lines = list(outcome.lines.select_related("entry"))
        decision = list(outcome.tie_decision)
        outcome.params = _stated(constitutions.filter(round_id=outcome.round_id).first(), decision)
        outcome.ties = _ties(lines)
        outcome.decisions = [{"order": decision, "reason": outcome.tie_reason}] if decision else []
        outcome.save(update_fields=["params", "ties", "decisions"])
        for line in lines:
            line.facts = _facts(line)
            line.verdict, line.reason, line.phase = NOW[line.verdict]
            line.key_text, line.score = str(line.votes), line.votes
            line.save(update_fields=["facts", "verdict", "reason", "phase", "key_text", "score"])


def _facts(line: Any) -> dict[str, Any]:
    if line.verdict != "does_not_fit":
        return {}
    return {"limit": "", "limit_kind": "total", "limit_left": line.left_before_tenge, "limit_missing": line.missing_tenge}


def backwards(apps: Any, _schema_editor: Any) -> None:
    """Back to the old words, where a reason had one; only the votes rule existed then."""
    for outcome in apps.get_model("results", "Outcome").objects.all():
        outcome.tie_reason = "; ".join(each["reason"] for each in outcome.decisions)[:500]
        outcome.save(update_fields=["tie_reason"])
        for line in outcome.lines.all():
            line.verdict = BEFORE.get(line.reason, "after_stop" if line.verdict != "funded" else "funded")
            line.save(update_fields=["verdict"])


class Migration(migrations.Migration):
    dependencies = [("results", "0002_reasons"), ("rounds", "0002_frozen_constitution")]
    operations = [migrations.RunPython(forwards, backwards)]
