"""What a team writes, draws and attaches in the four modules of the default course: benches by the library of an invented yard."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Locator, Page, expect

LINES = [
    ("Орындық, ағаш пен болат", "дана", "7", "145000", "«Саябақ» ЖШС ұсынысы, ойдан алынған"),
    ("Үстел, далалық", "дана", "2", "160000", "«Саябақ» ЖШС ұсынысы, ойдан алынған"),
    ("Орнату және бетон", "орын", "9", "32000", "«Құрылыс» ЖК ұсынысы, ойдан алынған"),
]
SCHEDULE = (("Дайындық", "2027-05-03", "10", "Кітапхана"), ("Орнату", "2027-05-17", "20", "«Құрылыс» ЖК"))
TEXTS = {
    "annotation": {
        "summary": "Кітапхана ауласына жеті орындық пен екі үстел қоямыз. Күткен де, оқыған да отыра алады.",
        "problem": "Кітапхананың алдында отыратын жер жоқ. Ата-аналар баласын түрегеп тұрып күтеді, қарттар тоқтамай өтіп кетеді.",
        "evidence": "Бір аптада алты рет санадық: сабақтан кейін есік алдында отыз адамға дейін түрегеп тұрады.",
        "beneficiaries": "Үйірмеге баласын әкелетін ата-аналар, кітапхана оқырмандары, көрші үйдің зейнеткерлері.",
        "beneficiaries_count": "1200",
        "counting": "Сейсенбі мен сенбіде сағат үштен алтыға дейін есік алдынан өткен адамды санап, екіге бөлдік.",
        "accessibility": "Иә: жолдың ені 1,8 метр, табалдырық жоқ, екі орындықтың жанында арбаға орын қалдырамыз.",
        "effect": "Күткен адам отырады, балалар далада оқиды, жазда аулада айына бір рет кітап кеші өтеді.",
        "effect_check": "Бір жылдан кейін дәл сол күндері қайта санап, отырғандар мен түрегеп тұрғандарды салыстырамыз.",
    },
    "visualisation": {
        "plan_notes": "1 – орындықтар, 2 – үстелдер, 3 – урналар. Жол бұрынғы орнында қалады, есікке жақын ағаш кесілмейді.",
        "materials": "Қарағай тақтай, ыстық мырышталған болат, бетон негіз. Бояуы зиянсыз, бес жылда бір жаңартылады.",
    },
    "technical": {
        "land_owner": "Қала әкімдігі",
        "operator": "Қалалық кітапхана",
        "upkeep_year": "85000",
        "upkeep_plan": "Кітапхана қызметкері апта сайын тексереді, көктемде тақтайды сырлайды, урнаны күн сайын босатады.",
        "safety": "Өткір бұрыш жоқ, бекітпе жерге бетондалады, орындықтар жолдан бір метр қашық тұрады.",
    },
}


def photo(colour: str) -> FilePayload:
    """A drawn yard as a JPEG file."""
    image = Image.new("RGB", (900, 600), colour)
    pen = ImageDraw.Draw(image)
    pen.rectangle((80, 70, 820, 260), fill="#b9a98a")
    for at in range(4):
        pen.rectangle((120 + at * 180, 420, 230 + at * 180, 450), fill="#5b4630")
    out = io.BytesIO()
    image.save(out, "JPEG")
    return {"name": "aula.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def write(page: Page, texts: dict[str, str]) -> None:
    """Fill the fields with these ids."""
    for id_, text in texts.items():
        page.locator(f"#f-{id_}").fill(text)


def press(page: Page, deed: str) -> None:
    """Press the button of the module's form and wait for the answer."""
    with page.expect_navigation():
        page.locator(f"button[name=do][value='{deed}']:not(.vh)").last.click()


def attach(page: Page, field: str, file: FilePayload) -> None:
    """Choose a file; the page sends it at once and shows it."""
    box = page.locator(f"#f-{field}")
    box.locator("input[type=file]").first.set_input_files(files=[file])
    expect(page.locator(f"#f-{field} a[href*='/files/']").first).to_be_visible()


def annotation(page: Page) -> None:
    """The first module."""
    write(page, TEXTS["annotation"])
    for group in ("from_7", "from_30", "from_60"):
        page.locator(f"#f-age_groups-{group}").check()


def visualisation(page: Page) -> None:
    """The second module: place, pictures, sizes."""
    page.locator("#f-place-address").fill("Кітапхана ауласы, басты есіктің оң жағы")
    page.locator("#f-place-lat").fill("52.964")
    page.locator("#f-place-lon").fill("63.116")
    write(page, TEXTS["visualisation"])
    press(page, "save")
    attach(page, "sketch", photo("#dfe8d2"))
    attach(page, "plan", photo("#eef0f2"))
    pairs = page.locator("#f-before_after input[type=file]")
    for number, colour in enumerate(("#c9c2b5", "#cfe0c0"), start=1):
        pairs.nth(number - 1).set_input_files(files=[photo(colour)])
        expect(page.locator("#f-before_after img")).to_have_count(number)
    row = page.locator("#f-sizes fieldset[data-row]").first
    row.locator("input[type=text]").nth(0).fill("Орындық")
    row.locator("input[type=text]").nth(1).fill("1,8")
    press(page, "save")


def cells(row: Locator, values: tuple[str, ...]) -> None:
    """Fill the inputs of a line in order."""
    for at, value in enumerate(values):
        row.locator("input.input:not([type=file])").nth(at).fill(value)


def add_line(page: Page, field: str, values: tuple[str, ...], number: int) -> None:
    """One more line; the first one is there already."""
    lines = page.locator(f"#f-{field} fieldset[data-row]")
    if number > 1:
        page.locator(f"[data-add={field}]").click()
    expect(lines).to_have_count(number)
    cells(lines.nth(number - 1), values)


def technical(page: Page) -> None:
    """The third module: estimate, schedule, land, upkeep."""
    write(page, TEXTS["technical"])
    page.locator("#f-land_status-city_land").check()
    page.locator("#f-utilities-none").check()
    for number, line in enumerate(LINES, start=1):
        add_line(page, "estimate", line, number)
    press(page, "save")
    for number, line in enumerate(SCHEDULE, start=1):
        add_line(page, "schedule", line, number)
    press(page, "save")


def documentation(page: Page, letter: FilePayload) -> None:
    """The fourth module: letters and the declaration."""
    add_line(page, "papers", ("Келісім хаты", "Кітапхана", "2026-11-02", "Келісті"), 1)
    press(page, "save")
    attach(page, "owner_letter", letter)
    attach(page, "operator_letter", letter)
    page.locator("#f-declaration-confirm").check()


FILL: dict[str, Any] = {"annotation": annotation, "visualisation": visualisation, "technical": technical}
