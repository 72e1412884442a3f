"""The press: compiles one document in a process of its own, which cannot outlive its limits nor take the portal with it.

Run as a script by :mod:`qatysu.papers.pdf` with one argument, the folder of the job. Reads ``job.json`` there, writes
``out.pdf``; on failure the reason goes to standard error. It must import nothing of ours: it runs without our packages' weight.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Compile the job of ``folder``. Raises typst's own error when the template refuses."""
    job = json.loads((folder / "job.json").read_text())
    resource.setrlimit(resource.RLIMIT_CPU, (job["seconds"], job["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_AS, (job["memory"], job["memory"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (job["bytes"], job["bytes"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import typst  # takes 40 ms and 60 MB: only the press pays for it

    root = folder / "root"
    nothing = str(folder / "packages")  # typst looks for packages here, and there are none
    typst.compile(
        str(root / job["template"]),
        output=str(folder / "out.pdf"),
        root=str(root),
        font_paths=[job["fonts"]],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1", "a-2a"],
        timestamp=job["made_at"],
        package_path=nothing,
        package_cache_path=nothing,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
