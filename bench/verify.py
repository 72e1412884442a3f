"""How fast a log is checked and counted: ``python -m bench.verify 1000000``. Makes a log of casts and openings, then runs both."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.verify import logs

SINGLE = Path(__file__).parents[1] / "src" / "qatysu" / "verify" / "standalone" / "verify.py"


def run(command: list[str]) -> tuple[float, float, int, dict[str, Any]]:
    """Seconds, seconds of the processor, most memory in MB, and the answer of a program."""
    started, most = time.monotonic(), 0
    with tempfile.TemporaryFile() as said, subprocess.Popen(command, stdout=said) as process:
        status = Path(f"/proc/{process.pid}/status")
        # The kernel counts what this process held at the fork to the child's ru_maxrss; the high-water mark begins at its exec.
        while process.returncode is None:
            found = re.search(r"VmHWM:\s+(\d+)", status.read_text())
            most = max(most, int(found[1]) // 1024 if found else 0)
            ended, code, used = os.wait4(process.pid, os.WNOHANG)
            process.returncode = os.waitstatus_to_exitcode(code) if ended else None
            time.sleep(0.02)
        said.seek(0)
        answer = said.read()
    if process.returncode:
        raise SystemExit(f"{command} failed: {answer[-500:]!r}")
    return time.monotonic() - started, used.ru_utime + used.ru_stime, most, json.loads(answer)


def main() -> int:
    """One line for each program: seconds, entries in a second, most memory."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as place:
        voters = entries * 10 // 21
        files = logs.publish(logs.raw(entry) for entry in logs.whole_round(voters))
        folder = files.write(Path(place))
        for name, words in (("verify.py", ["-I", "-S", str(SINGLE)]), ("qatysu verify", ["-m", "qatysu.verify"])):
            took, worked, most, answer = run([sys.executable, *words, str(folder), "--json"])
            speed = f"{took:.1f} s (of the processor {worked:.1f} s), {answer['size'] / took:,.0f} a second"
            print(f"{name}: {answer['size']:,} entries, {speed}, at most {most} MB, {answer['ballots']:,} counted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
