"""Rudny: nine teams in the project sessions. Everything is illustrative."""

from __future__ import annotations

from qatysu.web.demo.shapes import Idea, Text

_ESTIMATE: Text = (
    "Сметада баға көзі көрсетілмеген. Екі жеткізушінің ұсынысын тіркеңіз.",
    "В смете не указан источник цен. Приложите предложения двух поставщиков.",
    "The estimate does not say where prices come from. Attach the offers of two suppliers.",
)
_OWNER: Text = (
    "Нысанды кім ұстайтыны туралы хат жоқ.",
    "Нет письма о том, кто будет содержать объект.",
    "A letter on who will maintain the object is missing.",
)
_WORK: Text = (
    "Команда аннотация мен көрнекілікті аяқтады, смета мен құжаттарды дайындап жатыр.",
    "Команда закончила аннотацию и визуализацию, готовит смету и документы.",
    "The team has finished the annotation and the drawings and is preparing the estimate and papers.",
)


def _idea(
    title: Text,
    address: Text,
    category: str,
    plan: str,
    cost: int,
    problem: Text,
    author: int,
    path: str,
    team: int,
    language: str = "ru",
    reason: Text = ("", "", ""),
) -> Idea:
    return Idea(
        title=title,
        address=address,
        category=category,
        plan=plan,
        cost_tenge=cost,
        problem=problem,
        solution=_WORK,
        language=language,
        path=path,
        reason=reason,
        author=author,
        team=team,
    )


IDEAS: tuple[Idea, ...] = (
    _idea(
        ("Тобыл жағалауындағы жаяужол", "Тропа вдоль Тобола", "Path along the Tobol"),
        ("Тобыл жағалауы", "берег Тобола", "bank of the Tobol"),
        "public",
        "alley",
        13_800_000,
        ("Өзен бойында тегіс жол жоқ.", "Вдоль реки нет ровной дорожки.", "There is no level path along the river."),
        -2,
        "in_sessions",
        4,
    ),
    _idea(
        ("Скейт алаңы", "Скейт-площадка", "Skate park"),
        ("Жеңіс саябағы", "парк Победы", "Victory park"),
        "sport",
        "streetball",
        14_500_000,
        (
            "Жасөспірімдер жол бойында сырғанайды.",
            "Подростки катаются вдоль дороги.",
            "Teenagers skate along the road.",
        ),
        1,
        "in_sessions",
        4,
    ),
    _idea(
        ("Кеншілер сквері", "Сквер горняков", "Miners' square"),
        ("Кеншілер көшесі", "ул. Горняков", "Gornyakov street"),
        "public",
        "park",
        11_900_000,
        ("Бос жатқан жерді шөп басқан.", "Пустырь зарос бурьяном.", "Waste ground is overgrown."),
        2,
        "ready",
        3,
    ),
    _idea(
        ("Аула жарығы", "Свет во дворе", "Courtyard light"),
        ("Ленин көшесі, 94", "ул. Ленина, 94", "94 Lenin street"),
        "public",
        "lighting",
        3_900_000,
        ("Аулада бір шам жанады.", "Во дворе горит один фонарь.", "One lamp lights the whole courtyard."),
        3,
        "ready",
        2,
        "kk",
    ),
    _idea(
        ("Балалар алаңы", "Детская площадка", "Playground"),
        ("Парк көшесі, 40", "ул. Парковая, 40", "40 Parkovaya street"),
        "yards",
        "playground",
        6_800_000,
        ("Әткеншектер сынған.", "Качели сломаны.", "The swings are broken."),
        4,
        "back",
        3,
        "kk",
        _ESTIMATE,
    ),
    _idea(
        ("Ауланың спорт алаңы", "Дворовая спортплощадка", "Courtyard sports ground"),
        ("Космонавтар көшесі, 7", "ул. Космонавтов, 7", "7 Kosmonavtov street"),
        "sport",
        "sports",
        5_400_000,
        (
            "Ең жақын алаң екі шақырымда.",
            "Ближайшая площадка за два километра.",
            "The nearest ground is two kilometres away.",
        ),
        5,
        "back",
        2,
        "ru",
        _OWNER,
    ),
    _idea(
        ("Мектеп велотұрағы", "Велопарковка у школы", "Bicycle racks at school"),
        ("№ 7 мектеп", "школа № 7", "school no. 7"),
        "other",
        "bikes",
        1_300_000,
        ("Велосипед қоятын орын жоқ.", "Велосипед негде оставить.", "There is nowhere to leave a bicycle."),
        6,
        "in_sessions",
        2,
    ),
    _idea(
        ("Пандус", "Пандус у дома быта", "Ramp at the service centre"),
        ("Тұрмыс үйі", "дом быта", "service centre"),
        "other",
        "ramp",
        1_500_000,
        ("Арбамен кіру мүмкін емес.", "С коляской не войти.", "A wheelchair cannot enter."),
        7,
        "ready",
        2,
        "kk",
    ),
    _idea(
        ("Контейнер алаңдары", "Контейнерные площадки", "Container sites"),
        ("үш аула", "три двора", "three courtyards"),
        "waste",
        "containers",
        2_400_000,
        ("Қоқыс ашық жатыр.", "Мусор лежит открыто.", "Waste lies in the open."),
        8,
        "in_sessions",
        2,
    ),
)
