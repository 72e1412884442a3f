"""Write src/qatysu/verify/static/verify/saved.html, the page that checks receipts from a disk:  python tools/saved_page.py

It holds receipt.mjs whole, since a browser does not load modules from a file; its own policy allows this script alone and no network.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "src" / "qatysu" / "verify" / "static" / "verify"
STYLE = (
    "body{font:1.1rem/1.5 sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}"
    "label,input,button,output{display:block;width:100%;box-sizing:border-box;margin:.5rem 0}"
    "input,button{font:inherit;padding:.6rem;min-height:44px}output{white-space:pre-wrap;overflow-wrap:anywhere}"
)
SCRIPT = """const form = document.querySelector("form"), words = document.querySelector("output");
const tell = (code, more = "") => {
  const text = document.getElementById(code) ?? document.getElementById("refused");
  words.textContent = `${text.textContent.trim()}\\n${more}`.trim();
  words.dataset.code = code;
};
canCheck().then(({ ok, code, why }) => { form.hidden = !ok; if (!ok) tell("cannot", `(${code}: ${why})`); });
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [file] = form.elements.proof.files;
  const found = await checkReceipt({ proof: file ? await file.arrayBuffer() : "", vkey: form.elements.vkey.value });
  const place = `${found.origin} | ${found.index} / ${found.size} | ${found.handle}, ${found.attempt}`;
  tell(found.code, found.ok ? [place, ...(found.choices ?? [])].join("\\n") : `(${found.code}: ${found.why})`);
});
"""
PAGE = """<!doctype html>
<html lang="kk">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
content="default-src 'none'; script-src 'sha256-{script_hash}'; style-src 'sha256-{style_hash}'">
<title>Qatysu</title>
<style>{style}</style>
<h1>Түбіртекті тексеру <small lang="ru">Проверка квитанции</small> <small lang="en">Check a receipt</small></h1>
<p>Бұл бет интернетке ештеңе жібермейді. <span lang="ru">Эта страница ничего не отправляет в интернет.</span>
<span lang="en">This page sends nothing to the internet.</span></p>
<form hidden>
<label>Түбіртек файлы / <span lang="ru">Файл квитанции</span> / <span lang="en">Receipt file</span> (.tlog-proof)
<input type="file" name="proof" required></label>
<label>Жәшік кілті / <span lang="ru">Ключ урны</span> / <span lang="en">Key of the ballot box</span>
<input name="vkey" required autocomplete="off" spellcheck="false"></label>
<button>Тексеру / <span lang="ru">Проверить</span> / <span lang="en">Check</span></button>
</form>
<output></output>
<noscript><p>JavaScript керек. <span lang="ru">Нужен JavaScript.</span> <span lang="en">JavaScript is needed.</span></p></noscript>
<div hidden>
<p id="good">Бюллетень жәшікте. Бюллетень в урне. The ballot is in the box.</p>
<p id="refused">Түбіртек жарамсыз. Квитанция не подходит. The receipt is refused.</p>
<p id="cannot">Бұл браузер тексере алмайды, verify.py қолданыңыз. Этот браузер не может проверить, возьмите verify.py.
This browser cannot check; use the file and verify.py.</p>
</div>
<script type="module">{script}</script>
</html>
"""


def page() -> str:
    """The whole page."""
    module = (FOLDER / "receipt.mjs").read_text()
    script = f"\n{module}{SCRIPT}"
    hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (script, STYLE)]
    return PAGE.format(script=script, style=STYLE, script_hash=hashes[0], style_hash=hashes[1])


if __name__ == "__main__":
    (FOLDER / "saved.html").write_text(page())
