# /// script
# requires-python = ">=3.11"
# ///
"""Fetch the real elections that tests/pure/pb/test_real_files.py reads:  python tools/pabulib.py [FOLDER]

Into var/pabulib when no folder is given. The files are those of pabulib.org at one commit; the collection has no explicit licence, so
they stay out of this repository. It was written where that address cannot be reached, so it is not tried yet.
Cite Faliszewski et al., "Participatory Budgeting: Data, Tools, and Analysis", IJCAI 2023.
"""

from __future__ import annotations

import sys
import urllib.parse
import urllib.request
from pathlib import Path

COMMIT = "88cfaba3e7692a90f3311cbcf8f08aa63fc3fbff"
FOLDER = f"https://raw.githubusercontent.com/pabulib/pabulib_files/{COMMIT}/pb_files/"
LARGEST = 50_000_000
LIST = """
Canada_Stanford_Dataset_PB_Dieppe_2018_vote_approvals
France_Toulouse_2024
Hungary_Budapest_2025_XI_Ujbuda
Netherlands_Amsterdam_252
Netherlands_Amsterdam_604
Poland_Czestochowa_2024_Dzbow
Poland_Gdansk_2020_Wrzeszcz_Gorny
Poland_Gdynia_2020_Chwarzno-Wiczlino__small
Poland_Gdynia_2021
Poland_Katowice_2022_Zarzecze
Poland_Krakow_2023_Bienczyce
Poland_Krakow_2024_Krowodrza
Poland_Lodz_2024_Baluty-Centrum
Poland_Lodz_2025
Poland_Poznan_2023_11_-_Fabianowo-Kotowo_Gorczyn_Junikowo_Kwiatowe_Lawica
Poland_Poznan_2025_2_-_Kiekrz_Krzyzowniki-Smochowice_Podolany_Strzeszyn__large
Poland_Swiecie_2023
Poland_Warszawa_2018_Niskie_Okecie
Poland_Warszawa_2021_Praga-Poludnie
Poland_Warszawa_2022_Bemowo
Poland_Warszawa_2023_Ursus
Poland_Wroclaw_2017_Rejon_nr_11_750
Poland_Zabrze_2021_Centrum_Polnoc
Switzerland_Zurich_S5D10
US_Stanford_Dataset_PB_Cambridge_2015_vote_knapsacks
US_Stanford_Dataset_Your_Voice_Your_Choice_Parks_and_Streets-_Seattle_2018_District_2_vote_approvals
Worldwide_Mechanical_Turk_Ranking_value_8
"""


def fetch(name: str, folder: Path) -> str:
    """Fetch one file unless it is there; returns what was done."""
    target = folder / f"{name}.pb"
    if target.exists():
        return "is there"
    address = FOLDER + urllib.parse.quote(target.name)
    with urllib.request.urlopen(address, timeout=60) as answer:
        data = answer.read(LARGEST + 1)
    if len(data) > LARGEST or not data.lstrip(b"\xef\xbb\xbf").startswith(b"META"):
        raise ValueError("not a .pb file")
    part = target.with_suffix(".part")
    part.write_bytes(data)
    part.replace(target)
    return f"{len(data):,} bytes"


def main() -> int:
    """0 when all files are there."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "var" / "pabulib"
    folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    for name in LIST.split():
        try:
            print(f"{name}: {fetch(name, folder)}", flush=True)
        except (OSError, ValueError) as error:
            failed += 1
            print(f"{name}: {error}", file=sys.stderr, flush=True)
    print("Source: pabulib.org, Faliszewski et al., IJCAI 2023." if not failed else f"{failed} files are missing.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
