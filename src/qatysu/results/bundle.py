"""The bundle with which anybody runs the count again (SPEC 9): log, election, rules, program, and what has to come out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from string import Template
from typing import Any

import qatysu.verify
from qatysu.ballots import logs
from qatysu.bulletin.archiving import published_files, zipped
from qatysu.core.errors import Conflict
from qatysu.results import queries
from qatysu.results.exporting import declared_outcome, pb_text
from qatysu.results.models import Outcome
from qatysu.rounds.freezing import constitution_text
from qatysu.rounds.models import Round

_VERIFY = Path(qatysu.verify.__file__).parent
_README = Path(__file__).with_name("bundle_readme.txt")


def bundle(round_: Round) -> Iterator[bytes]:
    """The bytes of the ZIP archive, piece by piece; nothing is held that grows with the log.

    Raises NotFound("results") before the results are approved, Conflict ``no_log`` for a round whose ballots stand in no log,
    ``rules.pb.model.PbError`` for what the format of the election cannot say; all before the first piece.
    """
    outcome = declared_outcome(round_)
    if not logs.has_log(round_):
        raise Conflict("no_log")
    small = _small_files(round_, outcome)
    return zipped((f"{round_}/{path}", data) for path, data in _files(round_, small))


def _files(round_: Round, small: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(small.items()))
    yield from small.items()
    yield "SHA256SUMS", sums.encode()
    log = logs.log_of(round_)
    for path, data in published_files(log, logs.storage_of(log)):
        yield f"log/{path}", data


def _small_files(round_: Round, outcome: Outcome) -> dict[str, bytes]:
    told = expected(outcome)
    answer = {
        "round": str(round_),
        "program": f"qatysu {version('qatysu')}",
        "rule": outcome.rule,
        "params": outcome.params,
        "tie_decision": outcome.tie_decision,
        "log": outcome.box,
        "outcome": outcome.digest,
        "expected": told,
        "expected_sha256": result_hash(told),
    }
    log = logs.log_of(round_)
    values = {"name": str(round_), "vkey": log.vkey, "origin": log.origin, "program": answer["program"], "hash": result_hash(told)}
    return {
        "README.txt": Template(_README.read_text("utf-8")).substitute(values).encode(),
        "expected.json": (json.dumps(answer, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode(),
        **constitutions(round_),
        f"{round_}.pb": pb_text(round_).encode(),
        "verify.py": (_VERIFY / "standalone" / "verify.py").read_bytes(),
        "saved.html": (_VERIFY / "static" / "verify" / "saved.html").read_bytes(),
    }


def constitutions(round_: Round) -> dict[str, bytes]:
    """``constitution.json`` as it was frozen, and after each amendment ``constitution-<number>.json``.

    Without a line feed at the end: the SHA-256 of the first is ``rules_hash`` of the first entry, of the others the value of
    the entry that amended it.
    """
    texts = [*round_.amendments.order_by("number").values_list("old_text", flat=True), constitution_text(round_)]
    return {f"constitution{f'-{n}' if n else ''}.json": text.encode() for n, text in enumerate(texts)}


def expected(outcome: Outcome) -> dict[str, Any]:
    """What ``verify.py --json`` has to say of the count: votes by project, ballots counted, winners in order, tenge spent."""
    rows = queries.lines(outcome)
    computed = queries.rule_outcome(outcome, rows)
    return {
        "ballots": outcome.ballots,
        "counts": {row.entry.code: row.votes for row in rows},
        "spent": computed.spent,
        "winners": list(computed.winners),
    }


def result_hash(told: dict[str, Any]) -> str:
    """SHA-256 (hex) of ``expected`` as JSON with sorted keys and no spaces."""
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
