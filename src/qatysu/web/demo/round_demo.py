"""Khromtau, demonstration round: twelve projects in voting now. Everything is illustrative."""

from __future__ import annotations

from qatysu.web.demo.shapes import Idea, Remark

IDEAS: tuple[Idea, ...] = (
    Idea(
        title=(
            "Автостанция жанындағы көлеңкелі сквер",
            "Тенистый сквер у автостанции",
            "Shady square by the bus station",
        ),
        address=("Есет батыр көшесі, автостанция", "ул. Есет батыра, автостанция", "Eset Batyr street, bus station"),
        category="public",
        plan="park",
        cost_tenge=9_800_000,
        weight=14,
        author=0,
        team=4,
        problem=(
            "Автобус күткен адамдар күн астында тұрады, отыратын жер жоқ.",
            "Пассажиры ждут автобус на солнце, присесть негде.",
            "Passengers wait for the bus in the sun with nowhere to sit.",
        ),
        solution=(
            "Отыз түп ағаш отырғызып, суару жүйесін жүргіземіз, он орындық пен урналар қоямыз.",
            "Посадим тридцать деревьев с поливом, поставим десять скамеек и урны.",
            "Thirty trees with irrigation, ten benches and bins.",
        ),
    ),
    Idea(
        title=("Мектепке баратын жолды жарықтандыру", "Свет на дорожке к школе", "Light on the path to school"),
        address=(
            "№ 4 мектеп, Жастар көшесінен",
            "школа № 4, от ул. Молодёжной",
            "school no. 4, from Molodyozhnaya street",
        ),
        category="public",
        plan="lighting",
        cost_tenge=4_200_000,
        weight=18,
        author=-2,
        team=3,
        language="kk",
        problem=(
            "Қыста оқушылар бірінші сабаққа қараңғыда келеді.",
            "Зимой дети идут к первому уроку в темноте.",
            "In winter children walk to the first lesson in the dark.",
        ),
        solution=(
            "Жол бойына он төрт шам орнатып, желіге мектептің қалқанынан қосамыз.",
            "Поставим вдоль дорожки четырнадцать фонарей и подключим их от щита школы.",
            "Fourteen lamps along the path, fed from the school's switchboard.",
        ),
    ),
    Idea(
        title=("Барлық балаларға арналған алаң", "Площадка для всех детей", "A playground for every child"),
        address=("орталық саябақ", "центральный парк", "central park"),
        category="yards",
        plan="playground",
        cost_tenge=12_500_000,
        weight=16,
        author=2,
        team=5,
        problem=(
            "Мүгедектігі бар балалар қатарластарымен бірге ойнай алмайды: алаңдар оларға бейімделмеген.",
            "Дети с инвалидностью не могут играть вместе со сверстниками: площадки не приспособлены.",
            "Children with disabilities cannot play with others: no playground is made for them.",
        ),
        solution=(
            "Арбамен мінетін әткеншек, сенсорлық тақта және тегіс жабыны бар алаң саламыз.",
            "Построим площадку с качелями для колясок, сенсорной стеной и ровным покрытием.",
            "A playground with a wheelchair swing, a sensory wall and a level surface.",
        ),
    ),
    Idea(
        title=("Скейт алаңы", "Скейт-площадка", "Skate park"),
        address=("стадион жанында", "у стадиона", "by the stadium"),
        category="sport",
        plan="streetball",
        cost_tenge=14_200_000,
        weight=9,
        author=3,
        team=6,
        problem=(
            "Жасөспірімдер скейтпен баспалдақтар мен жол бойында жүреді.",
            "Подростки катаются по лестницам и вдоль дороги.",
            "Teenagers skate on stairs and along the road.",
        ),
        solution=(
            "Үш көлбеуі мен төмен кедергілері бар бетон алаң, жарық және ережелер тақтасы.",
            "Бетонная площадка с тремя горками и низкими препятствиями, свет и щит с правилами.",
            "A concrete ground with three ramps and low obstacles, light and a board with rules.",
        ),
    ),
    Idea(
        title=("Ит серуендету алаңы", "Площадка для выгула собак", "Dog park"),
        address=("Әуезов көшесі, 24 үйдің артында", "ул. Ауэзова, за домом 24", "behind 24 Auezov street"),
        category="public",
        plan="benches",
        cost_tenge=3_100_000,
        weight=6,
        author=4,
        problem=(
            "Иттерді балалар алаңында серуендетеді.",
            "Собак выгуливают на детских площадках.",
            "Dogs are walked on playgrounds.",
        ),
        solution=(
            "Қос қақпалы қоршау, урналар мен пакеттер, жаттығу құралдары.",
            "Ограждение с двойной калиткой, урны и пакеты, снаряды для дрессировки.",
            "A fence with a double gate, bins and bags, training obstacles.",
        ),
    ),
    Idea(
        title=("Саябақтағы ауыз су бұрқақтары", "Питьевые фонтанчики в парке", "Drinking fountains in the park"),
        address=("орталық саябақ", "центральный парк", "central park"),
        category="public",
        plan="park",
        cost_tenge=2_600_000,
        weight=11,
        author=5,
        language="kk",
        problem=(
            "Саябақта су ішетін жер жоқ, балалар суды дүкеннен алады.",
            "В парке негде попить воды, её покупают в магазине.",
            "There is no drinking water in the park; people buy it in the shop.",
        ),
        solution=(
            "Су құбырынан үш бұрқақ қосып, олардың бірін арбаға ыңғайлы биіктікте жасаймыз.",
            "Подключим три фонтанчика к водопроводу, один из них — на высоте для коляски.",
            "Three fountains on the mains, one at wheelchair height.",
        ),
    ),
    Idea(
        title=("Саябақтағы жазғы сахна", "Летняя сцена в парке", "Summer stage in the park"),
        address=("орталық саябақ, шығыс кіреберіс", "центральный парк, восточный вход", "central park, east entrance"),
        category="public",
        plan="alley",
        cost_tenge=8_900_000,
        weight=8,
        author=6,
        team=3,
        problem=(
            "Мереке сайын уақытша сахна жалға алынады.",
            "На каждый праздник арендуют временную сцену.",
            "A temporary stage is hired for every holiday.",
        ),
        solution=(
            "Қалқасы мен электр қалқаны бар тұрақты сахна, жүз орындық.",
            "Постоянная сцена с навесом и электрощитом, сто мест.",
            "A permanent stage with a roof, power and a hundred seats.",
        ),
    ),
    Idea(
        title=("Ауруханаға дейінгі велосипед жолы", "Велодорожка до больницы", "Cycle path to the hospital"),
        address=(
            "Жеңіс даңғылынан ауруханаға дейін",
            "от пр. Победы до больницы",
            "from Pobedy avenue to the hospital",
        ),
        category="roads",
        plan="alley",
        cost_tenge=13_600_000,
        weight=10,
        author=7,
        team=4,
        problem=(
            "Қызметкерлер велосипедпен жүк көліктерінің арасында жүреді.",
            "Сотрудники едут на велосипедах среди грузовиков.",
            "Hospital staff cycle among lorries.",
        ),
        solution=(
            "Бөлек жолақ, белгілер және екі жарық өткел, ұзындығы 1,1 км.",
            "Отдельная полоса с разметкой и двумя освещёнными переходами, 1,1 км.",
            "A separate lane with markings and two lit crossings, 1.1 km.",
        ),
    ),
    Idea(
        title=("Жылы аялдама", "Тёплая остановка", "Heated bus shelter"),
        address=("Таулы көшесі, емхана", "ул. Горная, поликлиника", "Gornaya street, clinic"),
        category="roads",
        plan="busstop",
        cost_tenge=3_400_000,
        weight=13,
        author=8,
        problem=(
            "Қаңтарда автобусты −30 °C аязда жиырма минут күтеді.",
            "В январе автобус ждут двадцать минут при −30 °C.",
            "In January people wait twenty minutes at −30 °C.",
        ),
        solution=(
            "Жылытқышы, жарығы және бейнебақылауы бар жабық павильон.",
            "Закрытый павильон с обогревом, светом и видеонаблюдением.",
            "A closed shelter with heating, light and a camera.",
        ),
    ),
    Idea(
        title=("Қысқы мұз айдыны", "Зимняя хоккейная коробка", "Winter ice rink"),
        address=("№ 2 мектеп ауласы", "двор школы № 2", "yard of school no. 2"),
        category="sport",
        plan="sports",
        cost_tenge=11_200_000,
        weight=12,
        author=9,
        team=4,
        language="kk",
        problem=(
            "Балалар мұзды ауланың ортасына өздері құяды.",
            "Дети сами заливают лёд посреди двора.",
            "Children flood the middle of the yard themselves.",
        ),
        solution=(
            "Ернеулері, жарығы және киім ауыстыратын орны бар айдын; жазда шағын футбол алаңы.",
            "Коробка с бортами, светом и раздевалкой; летом — мини-футбол.",
            "A rink with boards, light and a changing room; five-a-side football in summer.",
        ),
    ),
    Idea(
        title=("Бөлек жинау алаңдары", "Площадки раздельного сбора", "Separate collection sites"),
        address=("бес аула, тізім жобада", "пять дворов, список в проекте", "five courtyards, listed in the project"),
        category="waste",
        plan="containers",
        cost_tenge=2_200_000,
        weight=5,
        author=10,
        problem=(
            "Пластик пен қағазды тапсыратын жер жоқ.",
            "Пластик и бумагу некуда сдать.",
            "There is nowhere to bring plastic and paper.",
        ),
        solution=(
            "Бес аулада белгісі бар торлы контейнерлер; шығару шарты келісілген.",
            "Сетчатые контейнеры с подписями в пяти дворах; вывоз согласован.",
            "Marked mesh containers in five courtyards; collection is agreed.",
        ),
    ),
    Idea(
        title=("Ересектерге арналған жаттығу құралдары", "Тренажёры для старших", "Outdoor gym for seniors"),
        address=("Айтеке би көшесі, 50", "ул. Айтеке би, 50", "50 Aiteke Bi street"),
        category="sport",
        plan="playground_workout",
        cost_tenge=4_600_000,
        weight=9,
        author=11,
        team=3,
        language="kk",
        problem=(
            "Зейнеткерлер жаттығуды кіреберісте жасайды.",
            "Пенсионеры делают зарядку у подъезда.",
            "Pensioners exercise at their doorstep.",
        ),
        solution=(
            "Жүктемесі жеңіл сегіз құрал, тегіс жабын және орындықтар.",
            "Восемь тренажёров с лёгкой нагрузкой, ровное покрытие и скамейки.",
            "Eight low-load machines, a level surface and benches.",
        ),
    ),
)
#: How many synthetic voters have cast a ballot so far.
VOTERS = 318

REMARKS: tuple[Remark, ...] = (
    Remark(
        2,
        "ru",
        "А будут ли фонари светить в окна первого этажа?",
        "Нет: светильники с козырьком, направлены на дорожку. Схема — в техническом проекте, лист 3.",
        6,
    ),
    Remark(2, "kk", "Өте керек жоба, кешке балалар қараңғыда жүреді. Қолдаймын!", "", 5),
    Remark(
        3,
        "kk",
        "Алаңға арбамен кіретін жол бола ма?",
        "Иә, кіреберістен алаңға дейін еңісі нормаға сай тегіс жол төселеді.",
        4,
    ),
    Remark(
        4, "ru", "Кто будет следить за порядком вечером?", "Площадка под камерой стадиона, свет выключается в 23:00.", 4
    ),
    Remark(8, "ru", "Зимой дорожку будут чистить?", "Да, акимат включил её в план уборки.", 2),
    Remark(
        10, "kk", "Мұзды кім құяды?", "Мектептің шаруашылық қызметі, шығыны жобаның ұстау кестесінде көрсетілген.", 2
    ),
    Remark(
        12,
        "ru",
        "Поставьте, пожалуйста, хотя бы один тренажёр для рук — для тех, кто на коляске.",
        "Спасибо, команда добавила его вместо одного из степперов; стоимость не изменилась.",
        1,
    ),
)
