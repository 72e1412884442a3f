"""The checking page: who searches finds, and who compares sees the same facts as the files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

import qatysu.verify
from qatysu.ballots import logs, manifest, queries
from qatysu.ballots.models import Ballot
from qatysu.bulletin.models import Log
from qatysu.core.regulation import Stage
from qatysu.ledger.notes import Checkpoint, Signer, parse
from qatysu.ledger.receipts import Proof
from qatysu.ledger.witnesses import WitnessKey, cosign
from qatysu.rounds.models import Round
from qatysu.web import queries_verify
from qatysu.web.motion_words import REASONS
from qatysu.web.verify_words import CODES, words
from tests import counting, factories

pytestmark = pytest.mark.django_db
PAGE = "/ru/khromtau/demo/verify/"
MODULES = Path(qatysu.verify.__file__).parent / "static" / "verify"


@pytest.fixture
def sealed(voting_round: Round) -> Round:
    """One voter voted twice, another once."""
    for voter, choice in (("a", "1"), ("a", "2"), ("b", "3")):
        factories.cast(voting_round, voter, [choice])
    counting.seal(voting_round)
    return voting_round


def ask(query: str) -> Any:
    return Client().get(PAGE, {"q": query})


def found_of(round_: Round) -> list[queries.Found]:
    leaves = Ballot.objects.filter(round=round_).order_by("handle", "attempt").values_list("leaf", flat=True)
    return [found for leaf in leaves if (found := queries.find(round_, bytes(leaf).hex())) is not None]


def test_a_ballot_is_found_by_words_by_fingerprint_and_by_place(sealed: Round) -> None:
    for found in found_of(sealed):
        answers = [ask(found.fingerprint), ask(found.fingerprint[:12].upper()), ask(f" {found.idx} ")]
        answers.append(ask(", ".join(answers[0].context["words"]).upper()))
        answers.append(ask(answers[0].context["fingerprint"]))
        assert {answer.context["found"] for answer in answers} == {found}


def test_a_replaced_ballot_is_found_as_replaced(sealed: Round) -> None:
    states = sorted(str(ask(str(idx)).context["found"].state) for idx in (1, 2, 3))
    assert states == ["in_box", "in_box", "replaced"]


@pytest.mark.parametrize("query", ["0", "4", "999999999", "0" * 12, "f" * 64])
def test_what_is_no_ballot_is_not_found(sealed: Round, query: str) -> None:
    answer = ask(query)
    assert (answer.status_code, answer.context["found"], answer.context["searched"]) == (200, None, True)


@pytest.mark.parametrize("query", ["abcdef", "бар жоқ", "ағаш ағаш", "9" * 11])
def test_a_query_that_cannot_be_one_is_explained(sealed: Round, query: str) -> None:
    answer = ask(query)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_ballot_that_waits_is_found_and_has_no_place_and_no_file(sealed: Round) -> None:
    stored = factories.cast(sealed, "c", ["1"])
    answer = ask(stored.leaf.hex())
    assert (answer.context["found"].state, answer.context["found"].idx) == (queries.State.ACCEPTED, None)
    assert Client().get(PAGE + "proof/", {"q": stored.leaf.hex()})["Location"] == PAGE


def test_the_file_of_a_found_ballot_is_for_everybody_because_it_says_no_more_than_the_log(sealed: Round) -> None:
    found = found_of(sealed)[0]
    answer = Client().get(PAGE + "proof/", {"q": found.fingerprint})
    assert Proof.decode(answer.content).index == found.idx
    for wrong in ("", found.fingerprint[:12], "f" * 64, "x" * 64):
        assert Client().get(PAGE + "proof/", {"q": wrong}).status_code == 302


def test_the_facts_are_those_of_the_files(sealed: Round) -> None:
    facts = queries_verify.box_facts(sealed, timezone.now())
    assert facts is not None
    head = Checkpoint.parse(parse(Client().get("/log/khromtau-demo/checkpoint").content).text)
    assert (facts.size, facts.root, facts.waiting, facts.address) == (head.size, head.root.hex(), 0, "/log/khromtau-demo")
    text = Client().get(PAGE).text
    assert facts.vkey in text
    assert facts.short_root in text


def test_what_waits_is_said_with_the_pace_of_the_round(sealed: Round) -> None:
    factories.cast(sealed, "c", ["1"])
    facts = queries_verify.box_facts(sealed, timezone.now())
    assert facts is not None
    assert (facts.waiting, facts.batch) == (1, logs.log_of(sealed).min_batch)


DURATIONS = [(5, "5 seconds"), (1, "1 second"), (600, "10 minutes"), (3600, "1 hour"), (86400, "24 hours")]


@pytest.mark.parametrize(("seconds", "text"), DURATIONS)
def test_a_duration_is_said_in_its_longest_whole_unit(seconds: int, text: str) -> None:
    with translation.override("en"):
        assert queries_verify.duration(seconds).replace("\u00a0", " ") == text


def test_witnesses_are_named_with_the_time_at_which_they_signed(sealed: Round, settings: Any, tmp_path: Path) -> None:
    signers = [Signer(f"{name}.example", name.encode() * 32) for name in ("a", "b")]
    keys = [WitnessKey(signer.name, signer.verifier.public) for signer in signers]
    file = tmp_path / "witnesses"
    file.write_text("quorum 2\n" + "".join(f"{key} https://{key.name}\n" for key in keys))
    settings.WITNESSES = str(file)
    storage = logs.storage_of(logs.log_of(sealed))
    old = storage.get("checkpoint")
    assert old is not None
    storage.replace_checkpoint(old + cosign(signers[0], parse(old).text, 1_800_000_000).encode(), old)
    facts = queries_verify.box_facts(sealed, timezone.now())
    assert facts is not None
    assert [(seal.name, seal.seen_at and int(seal.seen_at.timestamp())) for seal in facts.seals] == [
        ("a.example", 1_800_000_000), ("b.example", None),
    ]  # fmt: skip
    assert (facts.signed, facts.quorum) == (1, 2)
    assert "a.example" in Client().get(PAGE).text


def test_without_witnesses_the_page_says_so(sealed: Round) -> None:
    assert "No witness signs yet" in Client().get(PAGE.replace("/ru/", "/en/")).text


def test_a_refused_log_has_a_red_banner_and_the_page_still_works(sealed: Round) -> None:
    Log.objects.filter(pk=logs.log_of(sealed).pk).update(refused_code="log_differs", refused_text="tile/0/000")
    answer = Client().get(PAGE)
    assert answer.status_code == 200
    assert "notice--stop" in answer.text


def test_files_that_are_not_of_this_log_do_not_break_the_page(sealed: Round) -> None:
    storage = logs.storage_of(logs.log_of(sealed))
    storage.replace_checkpoint(b"something else\n", storage.get("checkpoint"))
    assert Client().get(PAGE).status_code == 200


def test_a_round_without_a_box_says_so(round_at: Any) -> None:
    round_at(Stage.IDEAS)
    for query in ("", "12", "ағаш"):
        answer = ask(query)
        assert (answer.status_code, answer.context["box"]) == (200, None)
        assert "data-check" not in answer.text


def test_only_the_pages_own_script_is_on_it(sealed: Round) -> None:
    text = Client().get(PAGE).text
    assert re.findall(r"<script[^>]*>", text) == ['<script type="module" src="/static/web/verify.mjs">']
    assert "style=" not in text


def codes_of(module: Path) -> set[str]:
    """Codes with which a module refuses."""
    text = module.read_text()
    found = set(re.findall(r'(?:refuse|answer)\(\s*(?:annul \? )?"([a-z_0-9]+)"', text))
    found |= set(re.findall(r'(?:un64|decoded)\([^)"]*"([a-z_]+)"', text)) | set(re.findall(r': "(not_annulled)"', text))
    return found - {"good"}


def test_there_are_words_for_every_code_of_the_modules_and_no_others() -> None:
    used = set().union(*(codes_of(module) for module in MODULES.glob("*.mjs")))
    assert {"proof", "split_view", "broken_promise", "no_ed25519"} <= used
    assert used == set(CODES)


def test_the_script_finds_all_its_sentences() -> None:
    script = (Path(queries_verify.__file__).parent / "static" / "web" / "verify.mjs").read_text()
    keys = {key for key, _ in words(REASONS)}
    plain = set(re.findall(r'"((?:pin|good|fact|whole|state|code|reason)\.[a-z_]+)"', script))
    plain |= set(re.findall(r'say\("([a-z_]+)"', script))
    assert plain
    assert plain <= keys
    states = ("accepted", "in_box", "counted", "replaced", "annulled")
    made = {f"state.{state}" for state in states}
    made |= {f"good.promise_{state}{more}" for state in ("in_box", "accepted") for more in ("", "_more")}
    assert made | {f"reason.{code}" for code in manifest.REASONS} <= keys
