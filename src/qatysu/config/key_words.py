"""What is printed about keys, in three languages: the sheet of a member of the commission, the protocol of the destruction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from qatysu.ballots.key_states import Ended
from qatysu.ballots.sharing import SHEETS

LANGUAGES = ("kk", "ru", "en")
COLUMNS = 3
_RULE = "-" * 78

_SHEET: Mapping[str, str] = MappingProxyType(
    {
        "kk": """ДАУЫС БЕРУ КІЛТІНІҢ ПАРАҒЫ {number}/{sheets}

Кезең: {name}    Жасалған күні: {day}
Кезең кілтінің SHA-256 ізі:
{digest}

Бұл парақ аудит комиссиясының бір мүшесіне беріледі. Үш парақтың кез келген
екеуі бірге кезең кілтін береді, біреуі ештеңе бермейді. Кілтті білген адам
кімнің дауыс бергенін біле алады: парақты суретке түсірмеңіз, көшірмеңіз,
конвертте құлыпта сақтаңыз, басқа мүшенің парағынан бөлек.

Парақ мына кезде керек:
  1. Дауыс беру басталғанға дейін: сынақ (qatysu keys rehearse {name}).
  2. Дауыс беру біткен соң, шағым болса (qatysu keys unseal {name}).
  3. Кілт жойылғанда парақ хаттамамен бірге жойылады.

Сөздерді нөмірі бойынша теріңіз; алғашқы төрт әріп жеткілікті.""",
        "ru": """ЛИСТ КЛЮЧА ГОЛОСОВАНИЯ {number} ИЗ {sheets}

Раунд: {name}    Изготовлен: {day}
Отпечаток SHA-256 ключа раунда:
{digest}

Этот лист получает один член аудиторской комиссии. Любые два листа из трёх
вместе дают ключ раунда, один не даёт ничего. Зная ключ, можно узнать, кто
голосовал: не фотографируйте и не копируйте лист, храните его в конверте под
замком, отдельно от листов других членов комиссии.

Лист понадобится:
  1. До начала голосования: проба (qatysu keys rehearse {name}).
  2. После голосования, если есть жалоба (qatysu keys unseal {name}).
  3. При уничтожении ключа лист уничтожают вместе с ним, по протоколу.

Слова вводят по номерам; достаточно первых четырёх букв.""",
        "en": """SHEET OF THE VOTING KEY {number} OF {sheets}

Round: {name}    Made on: {day}
SHA-256 fingerprint of the round key:
{digest}

This sheet is for one member of the audit commission. Any two of the three sheets
together give the key of the round, one alone gives nothing. Whoever knows the
key can find out who has voted: take no picture and no copy, keep the sheet in
an envelope under lock, away from the sheets of the others.

The sheet is needed:
  1. Before voting opens, for the rehearsal (qatysu keys rehearse {name}).
  2. After voting, when there is a complaint (qatysu keys unseal {name}).
  3. When the key is destroyed the sheet is destroyed with it, by a protocol.

Type the words by their numbers; the first four letters of each are enough.""",
    }
)
_SIGNED = "{name}: ______________________________   {signature}: ____________________"
_SIGN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"kk": ("Аты-жөні", "Қолы"), "ru": ("Ф. И. О.", "Подпись"), "en": ("Name", "Signature")}
)

_PROTOCOL: Mapping[str, str] = MappingProxyType(
    {
        "kk": """КІЛТТЕРДІ ЖОЮ ХАТТАМАСЫ № {act}

Кезең: {name}    Жойылған уақыты: {at}
Журнал: {origin}
Соңғы бақылау нүктесі: {size} жазба, түбірі
{root}
Куәгерлер қолдары: {witnesses}
Жойылған кілттер: {destroyed}
Бұл серверде болмаған кілттер: {absent}

Журнал қатырылды: оған ештеңе қосылмайды, оны ешкім қайта жаза алмайды. Енді
дауыс берушіні бюллетенімен ешкім байланыстыра алмайды. Комиссия парақтары мен
кілттердің сақтық көшірмелері осы хаттамамен бірге жойылды: иә / жоқ.""",
        "ru": """ПРОТОКОЛ УНИЧТОЖЕНИЯ КЛЮЧЕЙ № {act}

Раунд: {name}    Уничтожено: {at}
Журнал: {origin}
Последняя контрольная точка: записей {size}, корень
{root}
Подписи свидетелей: {witnesses}
Уничтожены ключи: {destroyed}
Ключи, которых на этом сервере не было: {absent}

Журнал закрыт: к нему ничего не добавляется, и никто не может его переписать.
Связать избирателя с бюллетенем больше не может никто. Листы комиссии и копии
ключей уничтожены вместе с этим протоколом: да / нет.""",
        "en": """PROTOCOL OF THE DESTRUCTION OF KEYS No. {act}

Round: {name}    Destroyed at: {at}
Log: {origin}
Final checkpoint: {size} entries, root
{root}
Signed by witnesses: {witnesses}
Keys destroyed: {destroyed}
Keys that were not on this server: {absent}

The log is ended: nothing is added to it, and nobody can write it anew. Nobody can
link a voter to a ballot any more. The sheets of the commission and the copies of
the keys were destroyed with this protocol: yes / no.""",
    }
)
_NOBODY = {"kk": "жоқ", "ru": "нет", "en": "none"}
_KINDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "round": ("кезең кілті", "ключ раунда", "round key"),
        "open": ("ашу кілті", "ключ открытия", "opening key"),
        "promise": ("уәде кілті", "ключ обещаний", "promise key"),
        "log": ("журнал кілті", "ключ журнала", "log key"),
    }
)


def _numbered(words: str) -> str:
    """The words in columns, numbered downwards."""
    split = words.split()
    rows = -(-len(split) // COLUMNS)
    lines = []
    for row in range(rows):
        cells = [f"{at + 1:>2}. {split[at]:<12}" for at in range(row, len(split), rows)]
        lines.append("      " + "        ".join(cells).rstrip())
    return "\n".join(lines)


def sheet(words: str, *, number: int, name: str, digest: str, made: datetime) -> str:
    """The text of one sheet, to be printed."""
    fields = {"number": number, "sheets": SHEETS, "name": name, "digest": digest, "day": made.strftime("%Y-%m-%d")}
    parts = [_numbered(words)]
    for language in LANGUAGES:
        who, signature = _SIGN[language]
        parts.append(_SHEET[language].format(**fields) + "\n\n" + _SIGNED.format(name=who, signature=signature))
    return f"\n{_RULE}\n\n".join(f"{part}\n" for part in parts)


def protocol(ended: Ended, at: datetime) -> str:
    """The protocol of a destruction, to be printed and signed by the commission."""
    parts = []
    for place, language in enumerate(LANGUAGES):
        fields = {
            "act": ended.act, "name": ended.name, "origin": ended.origin, "size": ended.size, "root": ended.root,
            "at": at.strftime("%Y-%m-%d %H:%M UTC"), "witnesses": ", ".join(ended.witnesses) or _NOBODY[language],
            "destroyed": ", ".join(_KINDS[kind][place] for kind in ended.destroyed) or _NOBODY[language],
            "absent": ", ".join(_KINDS[kind][place] for kind in ended.absent) or _NOBODY[language],
        }  # fmt: skip
        who, signature = _SIGN[language]
        signed = "\n\n".join([_SIGNED.format(name=who, signature=signature)] * SHEETS)
        parts.append(_PROTOCOL[language].format(**fields) + "\n\n" + signed)
    return f"\n{_RULE}\n\n".join(f"{part}\n" for part in parts)
