"""Rudny, round of 2025: fourteen projects, 906 ballots, money for half of them. Everything is illustrative.

Dear projects that half of the town wants stand against small ones of the courtyards: here the rule decides who wins.
"""

from __future__ import annotations

from qatysu.web.demo.shapes import Group, Idea, Text


def _idea(
    title: Text,
    address: Text,
    category: str,
    plan: str,
    cost: int,
    problem: Text,
    solution: Text,
    author: int,
    language: str = "ru",
) -> Idea:
    return Idea(
        title=title, address=address, category=category, plan=plan, cost_tenge=cost, problem=problem, solution=solution,
        language=language, author=author, team=2 + author % 3,
    )  # fmt: skip


IDEAS: tuple[Idea, ...] = (
    _idea(
        ("Саябақтағы жазғы сахна", "Летняя сцена в парке", "Summer stage in the park"),
        ("орталық саябақ", "центральный парк", "central park"),
        "public",
        "park",
        14_800_000,
        (
            "Мерекелерді өткізетін ашық орын жоқ.",
            "Праздники негде проводить под открытым небом.",
            "Feasts have no open-air place.",
        ),
        (
            "Жабық сахна, екі жүз орындық және жарық.",
            "Крытая сцена, двести мест для зрителей и свет.",
            "A roofed stage, two hundred seats and light.",
        ),
        0,
        "kk",
    ),
    _idea(
        ("Стадион трибунасы", "Трибуна стадиона", "Stand of the stadium"),
        ("«Горняк» стадионы", "стадион «Горняк»", "Gornyak stadium"),
        "sport",
        "stadium",
        14_500_000,
        ("Ескі трибуна жабылды.", "Старая трибуна закрыта.", "The old stand is closed."),
        (
            "Үш жүз орындық жаңа трибуна және пандус.",
            "Новая трибуна на триста мест с пандусом.",
            "A new stand for three hundred people with a ramp.",
        ),
        1,
    ),
    _idea(
        ("Субұрқақ алаңы", "Площадь с фонтаном", "Square with a fountain"),
        ("мәдениет үйінің алды", "перед домом культуры", "in front of the house of culture"),
        "public",
        "benches",
        15_000_000,
        (
            "Жазда алаңда салқын орын жоқ.",
            "Летом на площади негде укрыться от жары.",
            "In summer the square has no cool place.",
        ),
        (
            "Құрғақ субұрқақ, көлеңкелі орындықтар және ағаштар.",
            "Сухой фонтан, скамейки в тени и деревья.",
            "A level fountain, benches in the shade and trees.",
        ),
        2,
    ),
    _idea(
        ("Жабық теннис корты", "Крытый теннисный корт", "Covered tennis court"),
        ("Жеңіс саябағы", "парк Победы", "Victory park"),
        "sport",
        "tennis",
        13_900_000,
        (
            "Қыста теннис ойнайтын орын жоқ.",
            "Зимой в теннис играть негде.",
            "In winter there is nowhere to play tennis.",
        ),
        (
            "Жеңіл шатыры мен жарығы бар екі корт.",
            "Два корта под лёгкой крышей, со светом.",
            "Two courts under a light roof, with lamps.",
        ),
        3,
    ),
    _idea(
        ("Үш ауланың балалар алаңы", "Детская площадка трёх дворов", "Playground of three courtyards"),
        ("Ленин көшесі, 112", "ул. Ленина, 112", "112 Lenin street"),
        "yards",
        "playground",
        6_200_000,
        (
            "Үш аулада бір де ойын алаңы жоқ.",
            "На три двора нет ни одной площадки.",
            "Three courtyards have no playground.",
        ),
        (
            "Ойын кешені, құмсалғыш және жұмсақ жабын.",
            "Игровой комплекс, песочница и мягкое покрытие.",
            "A play set, a sandpit and a soft surface.",
        ),
        4,
        "kk",
    ),
    _idea(
        ("Ауладағы турниктер", "Турники во дворе", "Pull-up bars in the courtyard"),
        ("Космонавтар көшесі, 12", "ул. Космонавтов, 12", "12 Kosmonavtov street"),
        "sport",
        "playground_workout",
        4_800_000,
        ("Жасөспірімдер жаттығатын орын жоқ.", "Подросткам негде заниматься.", "Teenagers have nowhere to train."),
        (
            "Турниктер, брусьялар және резеңке жабын.",
            "Турники, брусья и резиновое покрытие.",
            "Bars and a rubber surface.",
        ),
        5,
    ),
    _idea(
        ("Мектеп жолының жарығы", "Свет на дороге к школе", "Light on the way to school"),
        ("№ 10 мектеп", "школа № 10", "school no. 10"),
        "roads",
        "lighting",
        3_900_000,
        ("Балалар қараңғыда жүреді.", "Дети ходят в темноте.", "Children walk in the dark."),
        ("Он екі үнемді шам.", "Двенадцать экономичных светильников.", "Twelve economical lamps."),
        6,
        "kk",
    ),
    _idea(
        ("Жылы аялдама", "Тёплая остановка", "Warm bus stop"),
        ("қалалық аурухана", "городская больница", "town hospital"),
        "other",
        "busstop",
        3_200_000,
        ("Аязда автобусты далада күтеді.", "В мороз автобус ждут на улице.", "People wait for the bus in the frost."),
        (
            "Жабық аялдама, орындық және жылытқыш.",
            "Закрытая остановка, скамья и обогрев.",
            "A closed stop with a bench and a heater.",
        ),
        7,
    ),
    _idea(
        ("Емхана жанындағы автотұрақ", "Парковка у поликлиники", "Parking at the clinic"),
        ("№ 2 емхана", "поликлиника № 2", "clinic no. 2"),
        "roads",
        "parking",
        5_600_000,
        ("Көліктер жаяужолда тұрады.", "Машины стоят на тротуаре.", "Cars stand on the pavement."),
        (
            "Отыз орын, төртеуі — мүгедектігі бар адамдарға.",
            "Тридцать мест, четыре — для людей с инвалидностью.",
            "Thirty places, four for people with disabilities.",
        ),
        8,
    ),
    _idea(
        ("Бес ауланың контейнерлері", "Контейнеры пяти дворов", "Containers of five courtyards"),
        ("5-ықшамаудан", "5-й микрорайон", "5th microdistrict"),
        "waste",
        "containers",
        2_100_000,
        ("Жел қоқысты шашады.", "Ветер разносит мусор.", "The wind scatters the waste."),
        (
            "Қақпағы бар контейнерлер мен қоршау.",
            "Контейнеры с крышками и ограждение.",
            "Lidded containers and a fence.",
        ),
        9,
    ),
    _idea(
        ("Кітапхана пандусы", "Пандус библиотеки", "Ramp of the library"),
        ("орталық кітапхана", "центральная библиотека", "central library"),
        "other",
        "ramp",
        1_400_000,
        ("Арбамен кіру мүмкін емес.", "С коляской не войти.", "A wheelchair cannot enter."),
        ("Пандус, тұтқалар және кең есік.", "Пандус, перила и широкая дверь.", "A ramp, rails and a wide door."),
        10,
        "kk",
    ),
    _idea(
        ("Демалыс орындары", "Места отдыха", "Places to rest"),
        ("Парк көшесі", "ул. Парковая", "Parkovaya street"),
        "public",
        "benches",
        1_800_000,
        ("Қарт адамдар отыратын орын жоқ.", "Пожилым людям негде присесть.", "Old people have nowhere to sit."),
        ("Арқалығы бар жиырма орындық.", "Двадцать скамеек со спинками.", "Twenty benches with backs."),
        11,
    ),
    _idea(
        ("Колледж велотұрағы", "Велопарковка колледжа", "Bicycle racks of the college"),
        ("индустриялық колледж", "индустриальный колледж", "industrial college"),
        "other",
        "bikes",
        1_200_000,
        ("Велосипедтер қоршауға байланады.", "Велосипеды привязывают к забору.", "Bicycles are tied to the fence."),
        ("Қырық орындық жабық тұрақ.", "Крытая стоянка на сорок мест.", "A covered rack for forty bicycles."),
        12,
    ),
    _idea(
        ("Ардагерлер аллеясы", "Аллея ветеранов", "Alley of veterans"),
        ("Кеншілер көшесі", "ул. Горняков", "Gornyakov street"),
        "public",
        "alley",
        7_400_000,
        ("Аллеядағы ағаштар қурап қалған.", "Деревья на аллее засохли.", "The trees of the alley have withered."),
        ("Алпыс ағаш, суару және жарық.", "Шестьдесят деревьев, полив и свет.", "Sixty trees, irrigation and light."),
        13,
        "kk",
    ),
)
#: Who wants what: shares of interest in the order of IDEAS. Everybody marks up to three projects.
GROUPS: tuple[Group, ...] = (
    Group(468, (16, 14, 13, 12, 6, 1, 3, 2, 3, 0, 1, 2, 1, 5)),
    Group(262, (1, 1, 1, 0, 14, 9, 8, 5, 3, 7, 3, 4, 1, 3)),
    Group(176, (1, 2, 0, 1, 2, 3, 6, 9, 10, 3, 6, 4, 1, 9)),
)
