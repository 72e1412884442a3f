"""How fast a log is checked: ``python -m bench.verify 100000``. Makes a log of casts and openings, then runs both programs."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.verify import logs

SINGLE = Path(__file__).parents[1] / "src" / "qatysu" / "verify" / "standalone" / "verify.py"


def main() -> int:
    """One line for each program: seconds, entries in a second, most memory."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as place:
        voters = entries * 10 // 21
        files = logs.publish(logs.raw(entry) for entry in logs.whole_round(voters))
        folder = files.write(Path(place))
        for name, words in (("verify.py", ["-I", "-S", str(SINGLE)]), ("qatysu verify", ["-m", "qatysu.verify"])):
            started = time.monotonic()
            done = subprocess.run([sys.executable, *words, str(folder), "--json"], capture_output=True, text=True, check=True)
            took, answer = time.monotonic() - started, json.loads(done.stdout)
            most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            print(f"{name}: {answer['size']} entries, {took:.1f} s, {answer['size'] / took:.0f} a second, at most {most} MB so far")
    return 0


if __name__ == "__main__":
    sys.exit(main())
