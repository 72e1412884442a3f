"""Six Kazakh words in place of the first twelve digits of a fingerprint: what a person can read out on the telephone."""

from __future__ import annotations

from qatysu.core.errors import Invalid

_TEXT = """
ағаш ай айна айран ала алма алтын алты ана аң апа ара арал арба арна арқан арман арпа арыс асық ат ата аула ауыл ауа әже
әке әлем әжім әйнек бал бала балық бақ балта баспа бас бата бау бел бес бет биік бидай бие бота бөрене бөрі бұғы бұлақ бұлт
бұта бүркіт ғарыш гүл гүлзар ғалым дала дана дауыс дән дәптер диірмен домбыра доп дос дөң дүкен ебелек егін екі елік емен
ерік есік ет жаз жай жазу жақ жал жан жар жаңғақ жапырақ жастық жауын жел желкен жеті жер жібек жидек жол жолбарыс жұлдыз
жұма жүзім жүрек жылқы заң зәйтүн зер зергер игі ине инелік ірімшік іңгән кебек кеме кемпір керуен кез кеш кеште киік
киім кілем кілт кітап көбелек көже көз көк көл көпір көрпе көш күз күй күміс күн күріш күтір қабақ қаз қазан қайық қайың
қайрақ қала қалам қалқан қамыр қанат қант қар қарлығаш қарбыз қарға қасқыр қауын қобыз қозы қой қол қоңыз қоңырау қоян
құс құм құлын құмыра құрақ қыран қыр қыс қыз лақ лала май мақал мақта мал мектеп мерей мешіт мұз мұнай мүйіз мысық нан
нар нұр оймақ ойын он орақ орман от отау ою өзен өмір өнер өрік өріс өрнек пейіл пияз піл саз сазан саябақ сағат сай саман
сандық сапар сары сау сәбіз сәт сең серке сиыр сөз су суат сұлу сүт сыбызғы таба тал талап там тамақ тамыр тана таң тарақ
тары тас тау тауық тәж тәтті теңге теңіз терек тиін той топ торғай төбе төл түбек түйе түлкі тұз тұлпар ту тын үй үкі
үміт үш үстел ұя ұшқын хат шай шақпақ шалғын шам шана шеге шөл шөп шырша ши шынар шыны ыдыс ырыс
"""


def _list() -> tuple[str, ...]:
    seen: dict[str, None] = dict.fromkeys(_TEXT.split())
    return tuple(seen)[:256]


WORDS = _list()
_PLACES = {word: place for place, word in enumerate(WORDS)}


def six_words(fingerprint: str) -> tuple[str, ...]:
    """Words for the first 48 bits of a fingerprint (hex)."""
    return tuple(WORDS[byte] for byte in bytes.fromhex(fingerprint[:12]))


def prefix_of(words: str) -> str:
    """Twelve hex digits for six typed words. Raises Invalid with the first word that is not on the list."""
    typed = words.casefold().replace(",", " ").split()
    for word in typed:
        if word not in _PLACES:
            raise Invalid("unknown_word", field="q", word=word[:40])
    if len(typed) != 6:
        raise Invalid("six_words", field="q", count=len(typed))
    return bytes(_PLACES[word] for word in typed).hex()
