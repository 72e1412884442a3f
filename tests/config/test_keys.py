"""``qatysu keys``: from the making of a round's keys to their destruction, as the operator and the commission type it."""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qatysu.audit.models import Deed
from qatysu.ballots import commands as ballots
from qatysu.ballots import key_states, logs, sequencing, sharing
from qatysu.ballots import keys as key_files
from qatysu.ballots.box import box_of
from qatysu.ballots.models import Slate
from qatysu.ballots.queries import account_voter_id
from qatysu.bulletin.commands import submit
from qatysu.config import cli, keys
from qatysu.core.errors import Conflict, Invalid
from qatysu.core.regulation import Role, Stage
from qatysu.ledger.entries import encode
from qatysu.ledger.leaf import voter_handle
from qatysu.places.models import City
from qatysu.rounds.models import Round
from tests import counting, factories

pytestmark = pytest.mark.django_db
Run = Callable[..., int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run("seal", "khromtau-demo", typed="…")`` as ``qatysu keys seal khromtau-demo`` with that on standard input."""

    def type_(*words: str, typed: str = "") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return keys.run(cli._parser().parse_args(["keys", *words]))

    return type_


def files(name: str) -> set[str]:
    return {kind for kind in (*key_states.SECRET, "vkey") if key_files.path_of(name, kind).exists()}


def sheets_in(folder: Path) -> list[str]:
    """The words of each sheet as somebody reads them from the paper: by their numbers."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        words = {int(n): word for n, word in re.findall(r"(\d+)\. ([a-z]+)", path.read_text().split("----")[0])}
        found.append("\n".join(f"{n}. {words[n]}" for n in sorted(words)))
    return found


@pytest.fixture
def sheets(voting_round: Round, run: Run, tmp_path: Path) -> list[str]:
    """The three sheets of the round's key."""
    assert run("share", "khromtau-demo", "--folder", str(tmp_path / "sheets")) == 0
    return sheets_in(tmp_path / "sheets")


def test_any_two_of_three_sheets_give_the_key_and_one_gives_nothing(voting_round: Round, sheets: list[str]) -> None:
    digest = Slate.objects.get(round=voting_round).key_digest
    keys_ = {sharing.key_of(pair, digest) for pair in (sheets[:2], sheets[1:], [sheets[2], sheets[0]])}
    assert keys_ == {key_files.path_of("khromtau-demo", "round").read_bytes()}
    with pytest.raises(Invalid, match="sheets_same"):
        sharing.key_of([sheets[0], sheets[0]], digest)


def test_a_sheet_says_what_it_is_for_in_three_languages_and_is_private(sheets: list[str], tmp_path: Path) -> None:
    paths = sorted((tmp_path / "sheets").iterdir())
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o600] * 3
    text = paths[1].read_text()
    for part in ("ПАРАҒЫ 2/3", "ЛИСТ КЛЮЧА ГОЛОСОВАНИЯ 2 ИЗ 3", "SHEET OF THE VOTING KEY 2 OF 3", "khromtau-demo", "33. "):
        assert part in text
    assert max(map(len, text.splitlines())) <= 82  # fits on paper


def test_words_are_typed_forgivingly_and_faults_are_named(sheets: list[str]) -> None:
    words = sharing.words_of(sheets[0])
    assert len(words) == sharing.WORDS
    assert sharing.read_sheet("  ".join(word[:4].upper() for word in words)) == " ".join(words)
    with pytest.raises(Invalid) as caught:
        sharing.read_sheet(" ".join(["xqzzy", *words[1:]]))
    assert (caught.value.reason, caught.value.params["number"]) == ("sheet_word", 1)
    other = next(word for word in words if word != words[5])
    with pytest.raises(Invalid, match="sheet_checksum"):
        sharing.read_sheet(" ".join([*words[:5], other, *words[6:]]))
    with pytest.raises(Invalid, match="sheet_length"):
        sharing.read_sheet(" ".join(words[:-1]))


def test_a_rehearsal_is_kept_in_the_trail_and_no_word_of_a_sheet_is(
    voting_round: Round, run: Run, sheets: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    slate = key_states.slate_of(voting_round)
    assert not key_states.was_rehearsed(slate)
    assert run("rehearse", "khromtau-demo", typed=f"{sheets[2]}\n\n{sheets[0]}\n") == 0
    assert key_states.was_rehearsed(slate)
    deeds = {deed.action: deed for deed in Deed.objects.filter(place="khromtau-demo")}
    assert deeds["keys_shared"].detail == {"digest": slate.key_digest, "sheets": 3, "needed": 2}
    said = " ".join(str(deed.detail) + deed.reason + deed.target for deed in deeds.values()) + "".join(capsys.readouterr())
    assert not [word for sheet in sheets for word in sharing.words_of(sheet) if len(word) > 6 and re.search(rf"\b{word}\b", said)]


def test_sheets_of_another_round_or_too_few_words_prove_nothing(voting_round: Round, run: Run, sheets: list[str]) -> None:
    foreign = sharing.make_sheets(os.urandom(32))
    for typed, said in (
        ("\n".join(foreign[:2]), "not the key of this round"), (f"{sheets[0]}\n{foreign[1]}", "two different keys"),
        (sheets[0], "33 came on standard input"), (f"{sheets[0]}\n{sheets[0]}", "same sheet twice"),
    ):
        with pytest.raises(SystemExit, match=said):
            run("rehearse", "khromtau-demo", typed=typed)
    assert not key_states.was_rehearsed(key_states.slate_of(voting_round))


def test_on_a_terminal_words_are_not_shown_and_a_wrong_line_is_asked_again(
    voting_round: Round, run: Run, sheets: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = (sharing.words_of(sheet) for sheet in sheets[:2])
    lines = [" ".join(one[:10]), "", "nosuchword", " ".join(one[10:]), " ".join(two)]
    monkeypatch.setattr("getpass.getpass", lambda _prompt: lines.pop(0))
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]  # reason: stands for a terminal
    monkeypatch.setattr("sys.stdin", terminal)
    assert keys.run(cli._parser().parse_args(["keys", "rehearse", "khromtau-demo"])) == 0
    said = capsys.readouterr().err
    assert "Word 11 ('nosuchword') is not one of the words" in said
    assert "Sheet 2 of 2" in said
    assert key_states.was_rehearsed(key_states.slate_of(voting_round))


def test_the_round_key_leaves_only_after_the_close_and_a_rehearsal(
    voting_round: Round, run: Run, sheets: list[str], now: datetime
) -> None:
    factories.cast(voting_round, "code:anna", ["1"])
    with pytest.raises(SystemExit, match="not closed"):
        run("seal", "khromtau-demo")
    counting.close(voting_round, now)
    assert not key_states.seal_due(voting_round, now)
    with pytest.raises(SystemExit, match="qatysu keys rehearse khromtau-demo"):
        run("seal", "khromtau-demo")
    run("rehearse", "khromtau-demo", typed="\n".join(sheets[:2]))
    opens = box_of(voting_round).keys().open
    assert run("seal", "khromtau-demo") == 0
    assert files("khromtau-demo") == {"open", "promise", "log", "vkey"}
    assert key_files.path_of("khromtau-demo", "open").stat().st_mode & 0o777 == 0o600
    assert key_files.open_key("khromtau-demo") == opens
    with pytest.raises(Conflict, match="round_key_sealed"):
        box_of(voting_round).handle("code:anna")
    with pytest.raises(SystemExit, match="sealed away already"):
        run("seal", "khromtau-demo")
    counting.open_all(voting_round, now)


def test_without_sheets_sealing_must_be_asked_for_and_says_what_it_means(
    voting_round: Round, run: Run, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    counting.close(voting_round, now)
    with pytest.raises(SystemExit, match="No sheets of this key were made"):
        run("seal", "khromtau-demo")
    assert run("seal", "khromtau-demo", "--without-shares") == 0
    assert "gone for ever" in capsys.readouterr().err
    assert Deed.objects.get(action="keys_sealed").detail["without_sheets"] is True


def test_the_worker_seals_a_rehearsed_key_by_itself_once(voting_round: Round, run: Run, sheets: list[str], now: datetime) -> None:
    run("rehearse", "khromtau-demo", typed="\n".join(sheets[:2]))
    assert not key_states.seal_due(voting_round, now)
    counting.close(voting_round, now)
    sequencing.tick(now)
    assert files("khromtau-demo") == {"open", "promise", "log", "vkey"}
    assert not key_states.seal_due(voting_round, now)
    run("unseal", "khromtau-demo", "--restore", typed="\n".join(sheets[1:]))
    assert not key_states.seal_due(voting_round, now)  # somebody has put it back on purpose
    assert run("seal", "khromtau-demo") == 0


def test_new_sheets_must_be_rehearsed_anew(voting_round: Round, run: Run, sheets: list[str], tmp_path: Path) -> None:
    run("rehearse", "khromtau-demo", typed="\n".join(sheets[:2]))
    run("share", "khromtau-demo", "--folder", str(tmp_path / "again"))
    assert not key_states.was_rehearsed(key_states.slate_of(voting_round))
    with pytest.raises(SystemExit, match="there already"):
        run("share", "khromtau-demo", "--folder", str(tmp_path / "again"))


def test_a_sealing_that_was_cut_short_goes_on(voting_round: Round, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    counting.close(voting_round, now)
    slate = key_states.slate_of(voting_round)

    def die(_path: Path) -> bool:
        raise OSError("the machine stops here")

    monkeypatch.setattr(key_states, "wipe", die)
    with pytest.raises(OSError, match="stops here"):
        key_states.seal(slate, now, without_sheets=True)
    monkeypatch.undo()
    assert {"round", "open"} <= files("khromtau-demo")
    key_states.seal(slate, now, without_sheets=True)
    assert "round" not in files("khromtau-demo")


def test_handles_are_made_from_two_sheets_and_the_key_stays_off_the_disk(
    voting_round: Round, run: Run, sheets: list[str], now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    account = factories.make_account(city=voting_round.city)
    code = factories.make_codes(voting_round)[0]
    key = box_of(voting_round).keys().voter
    by_code = voter_handle(key, box_of(voting_round).origin, ballots.find_code(voting_round, code.replace("-", "")))
    by_account = voter_handle(key, box_of(voting_round).origin, account_voter_id(account))
    counting.close(voting_round, now)
    run("rehearse", "khromtau-demo", typed="\n".join(sheets[:2]))
    run("seal", "khromtau-demo")
    capsys.readouterr()
    typed = f"{sheets[0]}\n{sheets[2]}\n"
    assert run("handle", "khromtau-demo", "--code", code, typed=typed) == 0
    assert run("handle", "khromtau-demo", "--code", "-", typed=f"{typed}{code.lower()}\n") == 0
    assert run("handle", "khromtau-demo", "--account", str(account.public_id), typed=typed) == 0
    assert capsys.readouterr().out.split() == [by_code, by_code, by_account]
    more = f"{typed}code {code}\naccount {account.public_id}\naccount 12\nwhat\n\n"
    assert run("unseal", "khromtau-demo", typed=more) == 0
    said = capsys.readouterr()
    assert said.out.split() == [by_code, by_account]
    assert "no account with this public id" in said.err
    assert "round" not in files("khromtau-demo")
    deeds = Deed.objects.filter(action="keys_handle")
    assert deeds.count() == 5
    assert not [deed for deed in deeds if by_code in str(deed.detail) or str(account.public_id) in str(deed.detail)]


def destruction(round_: Round, act: str = "12", what: str = "keys_destroyed") -> None:
    """The entry by which two people order it, published."""
    digest = Slate.objects.get(round=round_).key_digest
    fields = {
        "t": "amend", "v": 1, "act": act, "document": "0" * 64, "what": what, "value": digest, "by": ["commission-1", "coordinator-2"],
    }  # fmt: skip
    submit(logs.log_of(round_), encode(fields), is_voters=False)
    counting.seal(round_)


@pytest.fixture
def published_round(voting_round: Round, city: City, now: datetime) -> Round:
    """Voted, opened, counted, approved, published."""
    for voter, choice in (("anna", "1"), ("bolat", "1"), ("vera", "2")):
        factories.cast(voting_round, voter, [choice])
    round_ = counting.open_all(voting_round, now)
    lead, chair = factories.make_staff(Role.COORDINATOR, city), factories.make_staff(Role.CHAIR, city)
    counting.declare(lead, round_, now)
    counting.publish(lead, chair, round_, now)
    return factories.fresh(round_)


def test_keys_are_destroyed_by_a_protocol_after_the_publication(
    published_round: Round, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, secrets_ = tmp_path / "protocol.txt", [key_files.path_of("khromtau-demo", kind) for kind in ("round", "log", "promise")]
    before = [path.read_bytes() for path in secrets_]
    wanted = ("destroy", "khromtau-demo", "--output", str(target), "--protocol")
    with pytest.raises(SystemExit, match="no entry by which two people order"):
        run(*wanted, "12")
    destruction(published_round, what="something_else")
    destruction(published_round)
    with pytest.raises(SystemExit, match="names the protocol '12'"):
        run(*wanted, "13")
    assert not target.exists()
    assert run(*wanted, "12") == 0
    log = logs.log_of(published_round)
    assert log.frozen_at is not None
    assert files("khromtau-demo") == {"vkey"}
    text = target.read_text()
    for part in ("№ 12", "ПРОТОКОЛ УНИЧТОЖЕНИЯ КЛЮЧЕЙ", "PROTOCOL OF THE DESTRUCTION", log.root, log.origin, f"{log.size} entries"):
        assert part in text
    assert not [key for key in before if key.hex() in text]
    deed = Deed.objects.get(action="keys_destroyed")
    assert deed.detail["kinds"] == ["round", "promise", "log"]
    with pytest.raises(SystemExit, match="there already"):
        run(*wanted, "12")
    assert key_states.standing(key_states.slate_of(published_round)).state is key_states.State.DESTROYED


def test_keys_of_a_round_without_published_results_are_not_destroyed(voting_round: Round, run: Run, tmp_path: Path) -> None:
    destruction(voting_round)
    with pytest.raises(SystemExit, match="not published"):
        run("destroy", "khromtau-demo", "--protocol", "12", "--output", str(tmp_path / "p.txt"))
    assert files("khromtau-demo") == {"round", "promise", "log", "vkey"}


def test_a_destruction_needs_the_quorum_of_witnesses(published_round: Round, run: Run, tmp_path: Path, settings: Any) -> None:
    from qatysu.ledger.notes import Signer
    from qatysu.ledger.witnesses import WitnessKey

    destruction(published_round)
    key = WitnessKey("newspaper.example", Signer("newspaper.example", os.urandom(32)).verifier.public)
    (tmp_path / "witnesses").write_text(f"quorum 1\n{key} http://127.0.0.1:9\n")
    settings.WITNESSES = str(tmp_path / "witnesses")
    with pytest.raises(SystemExit, match="needs 1 witnesses"):
        run("destroy", "khromtau-demo", "--protocol", "12", "--output", str(tmp_path / "p.txt"))
    assert files("khromtau-demo") == {"round", "promise", "log", "vkey"}
    assert logs.log_of(published_round).frozen_at is None


@pytest.fixture
def unfrozen(city: City, now: datetime) -> Round:
    """A round whose ballot can be frozen."""
    round_ = factories.make_round(city, stage=Stage.COUNCIL, now=now)
    factories.make_proposal(round_, state=factories.State.ADMITTED)
    return factories.fresh(round_)


def freeze(round_: Round, now: datetime) -> Slate:
    from qatysu.ballots.freezing import freeze_slate

    return freeze_slate(actor=factories.make_staff(Role.COORDINATOR, round_.city), round=round_, now=now)


def test_keys_made_ahead_are_those_that_freezing_uses(
    unfrozen: Round, run: Run, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("make", "khromtau-demo") == 0
    vkey = capsys.readouterr().out.strip()
    made = {kind: key_files.path_of("khromtau-demo", kind).read_bytes() for kind in ("round", "promise", "log")}
    with pytest.raises(SystemExit, match="never keyed twice"):
        run("make", "khromtau-demo")
    slate = freeze(unfrozen, now)
    assert (slate.key_digest, slate.log and slate.log.vkey) == (hashlib.sha256(made["round"]).hexdigest(), vkey)
    assert made == {kind: key_files.path_of("khromtau-demo", kind).read_bytes() for kind in made}
    with pytest.raises(SystemExit, match="is frozen"):
        run("make", "khromtau-demo")


def test_the_log_key_can_live_with_another_user(
    unfrozen: Round, run: Run, now: datetime, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web, settings.KEY_FOLDER, settings.LOG_KEY_FOLDER = settings.KEY_FOLDER, tmp_path / "worker", tmp_path / "worker"
    assert run("make", "khromtau-demo", "--only-log") == 0
    vkey = capsys.readouterr().out.strip()
    settings.KEY_FOLDER = web
    settings.LOG_KEY_FOLDER = tmp_path / "nobody"
    with pytest.raises(SystemExit, match="this key is named"):
        run("make", "khromtau-demo", "--vkey", _of_another(vkey))
    assert run("make", "khromtau-demo", "--vkey", vkey) == 0
    slate = freeze(unfrozen, now)
    assert slate.log is not None
    assert slate.log.vkey == vkey
    assert files("khromtau-demo") == {"round", "promise", "vkey"}
    settings.LOG_KEY_FOLDER = tmp_path / "worker"
    assert str(key_files.log_signer("khromtau-demo", slate.origin).verifier) == vkey


def _of_another(vkey: str) -> str:
    from qatysu.ledger.notes import VerifierKey

    return str(VerifierKey("vote.example.kz/log/another", VerifierKey.parse(vkey).public))


def test_a_freezing_that_fails_keeps_what_was_made_ahead(unfrozen: Round, run: Run, now: datetime, monkeypatch: Any) -> None:
    run("make", "khromtau-demo")
    monkeypatch.setattr("qatysu.ballots.freezing._submit_manifest", lambda *_words: (_ for _ in ()).throw(Invalid("manifest")))
    with pytest.raises(Invalid):
        freeze(unfrozen, now)
    assert files("khromtau-demo") == {"round", "promise", "log", "vkey"}


def test_a_freezing_that_fails_leaves_no_key_of_its_own(unfrozen: Round, now: datetime, monkeypatch: Any) -> None:
    monkeypatch.setattr("qatysu.ballots.freezing._submit_manifest", lambda *_words: (_ for _ in ()).throw(Invalid("manifest")))
    with pytest.raises(Invalid):
        freeze(unfrozen, now)
    assert files("khromtau-demo") == set()


def test_the_list_says_where_each_key_is(
    voting_round: Round, run: Run, sheets: list[str], now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    run("list")
    line = capsys.readouterr().out
    assert line == "khromtau-demo: round key on this server; files: round, promise, log; sheets made, not rehearsed\n"
    counting.close(voting_round, now)
    run("list")
    assert "voting is closed: seal the key away" in capsys.readouterr().out
    run("rehearse", "khromtau-demo", typed="\n".join(sheets[:2]))
    key_states.seal_due(voting_round, now + timedelta(minutes=1))
    capsys.readouterr()
    run("list")
    assert "round key with the commission; files: open, promise, log; sheets rehearsed" in capsys.readouterr().out


def test_unknown_rounds_and_unfrozen_ones_are_refused_with_a_sentence(unfrozen: Round, run: Run) -> None:
    with pytest.raises(SystemExit, match="There is no round 'nowhere'"):
        run("seal", "nowhere")
    with pytest.raises(SystemExit, match="not frozen yet"):
        run("share", "khromtau-demo", "--folder", "x")
