"""Figures for monitoring in Prometheus' text format, by hand: a handful of gauges needs no library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Count, Sum

from qatysu.ballots.models import Ballot, FailedCast, Participation
from qatysu.bulletin.models import Entry, Log
from qatysu.outbox.models import Message
from qatysu.rounds.models import Round


def _gauge(name: str, help_: str, samples: Iterable[tuple[str, int]]) -> list[str]:
    lines = [f"# HELP {name} {help_}", f"# TYPE {name} gauge"]
    return lines + [f"{name}{labels} {value}" for labels, value in samples]


def _rounds() -> dict[int, str]:
    """Labels of the public rounds by key. Slugs hold nothing that needs escaping."""
    return {r.pk: f'{{round="{r}"}}' for r in Round.objects.filter(is_public=True).select_related("city")}


def text() -> str:
    """Turnout and stored ballots of public rounds, failed submissions, messages that wait."""
    labels = _rounds()
    public = {"round_id__in": labels}
    voters = Participation.objects.filter(**public).values_list("round_id").annotate(n=Count("pk")).order_by("round_id")
    ballots = Ballot.objects.filter(**public).values_list("round_id").annotate(n=Count("pk")).order_by("round_id")
    failed = FailedCast.objects.filter(**public).values_list("round_id", "reason").annotate(n=Sum("count")).order_by("round_id")
    waiting = Message.objects.filter(state=Message.State.WAITING).count()
    lost = Message.objects.filter(state=Message.State.FAILED).count()
    lines = [
        *_gauge("qatysu_voters", "People who voted in a round.", ((labels[pk], n) for pk, n in voters)),
        *_gauge("qatysu_ballots_stored", "Ballots stored, repeated votes included.", ((labels[pk], n) for pk, n in ballots)),
        *_gauge(
            "qatysu_failed_casts", "Submissions that were not stored, by reason.",
            ((f'{labels[pk][:-1]},reason="{reason}"}}', n) for pk, reason, n in failed),
        ),
        *_gauge("qatysu_messages", "Messages by state.", (('{state="waiting"}', waiting), ('{state="failed"}', lost))),
    ]
    return "\n".join([*lines, *_logs(labels)]) + "\n"


def _logs(labels: Mapping[int, str]) -> list[str]:
    """How far the public logs are. An alarm belongs on waiting entries that do not become fewer, and on a refusal."""
    rows = Log.objects.filter(slate__round_id__in=labels).order_by("slate__round_id")
    waiting = dict(
        Entry.objects.filter(log__in=rows, idx=None).order_by().values_list("log_id").annotate(n=Count("pk"))
    )
    known = [
        (labels[pk], size, waiting.get(log_id, 0), bool(code))
        for pk, log_id, size, code in rows.values_list("slate__round_id", "pk", "published_size", "refused_code")
    ]
    return [
        *_gauge("qatysu_log_published", "Entries of a log below its checkpoint.", ((label, n) for label, n, _w, _r in known)),
        *_gauge("qatysu_log_waiting", "Entries that have no place in the log yet.", ((label, n) for label, _n, n, _r in known)),
        *_gauge("qatysu_log_refused", "1 when nothing is signed any more.", ((label, int(is_)) for label, _n, _w, is_ in known)),
    ]
