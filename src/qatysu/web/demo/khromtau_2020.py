"""Khromtau 2020: the 17 projects on the ballot.

Published in the study: the titles (Russian) and votes of the 13 winners, their total of 61 040 000 tenge, 1 111 votes.
Square brackets complete a title which the study cuts short. Everything else here (single costs, most addresses, problems and
solutions, and the four projects that lost with 30 votes together) is illustrative.
"""

from __future__ import annotations

from qatysu.web.demo.shapes import Idea, Text

_PLAY_TITLE: Text = (
    "Балалар спорт алаңын сатып алу және орнату",
    "Приобретение и установка детской спортивной площадки",
    "Children's sports ground: purchase and installation",
)

WINNERS: tuple[Idea, ...] = (
    Idea(
        title=(
            "Мектеп стадионының жүгіру жолы, спорт [алаңы] үшін бетон негізін дайындау",
            "Подготовка бетонного основания школьного стадиона для беговой дорожки, спортивной [площадки]",
            "Concrete base of the school stadium for a running track and a sports [ground]",
        ),
        address=("мектеп ауласы, Абай көшесі", "двор школы, ул. Абая", "school yard, Abai street"),
        category="sport",
        plan="stadium",
        cost_tenge=13_400_000,
        votes=269,
        author=0,
        team=5,
        problem=(
            "Стадионның топырақ жолы жаңбырдан кейін бір апта кеппейді, дене шынықтыру сабақтары дәлізде өтеді.",
            "Грунтовая дорожка стадиона после дождя не сохнет неделю, уроки физкультуры идут в коридоре.",
            "The dirt track stays wet for a week after rain, so PE lessons are held in the corridor.",
        ),
        solution=(
            "Жүгіру жолы мен спорт алаңының астына су ағызғышы бар бетон негіз құямыз, келесі жылы жабын төселеді.",
            "Зальём бетонное основание с водоотводом под дорожку и площадку; покрытие укладывают на следующий год.",
            "A drained concrete base is laid under the track and the ground; the surface follows next year.",
        ),
    ),
    Idea(
        title=(
            "Балалар алаңын және Work Out аймағын сатып алу және орнату",
            "Приобретение и установка детской площадки и зоны Work Outa",
            "Playground and workout area: purchase and installation",
        ),
        address=("Айтеке би көшесі, 36 және 38", "ул. Айтеке би, д. 36 и 38", "36 and 38 Aiteke Bi street"),
        category="yards",
        plan="playground_workout",
        cost_tenge=7_850_000,
        votes=132,
        author=1,
        team=4,
        problem=(
            "Екі үйдің ауласында бір ескі әткеншек қана бар, жасөспірімдер гараждардың арасында жүреді.",
            "На два дома одна старая качель, а подростки проводят вечера между гаражами.",
            "Two houses share one old swing, and teenagers spend evenings between the garages.",
        ),
        solution=(
            "Кішкентайларға ойын кешенін, жасөспірімдерге турник пен брусья орнатып, жұмсақ жабын төсейміз.",
            "Поставим игровой комплекс для малышей, турники и брусья для подростков, мягкое покрытие.",
            "A play set for small children, bars for teenagers, soft surface under both.",
        ),
    ),
    Idea(
        title=("Балалар алаңын қайта жаңарту", "Реконструкция детской площадки", "Playground reconstruction"),
        address=(
            "Шығыс ықшамауданы, 4–6 үйлердің ауласы",
            "мкр. Восточный, двор домов 4–6",
            "Vostochny, courtyard of houses 4–6",
        ),
        category="yards",
        plan="playground",
        cost_tenge=5_600_000,
        votes=112,
        author=2,
        team=3,
        problem=(
            "Алаңдағы темір сырғанақ тот басқан, өткен жазда екі рет жабылды.",
            "Железная горка проржавела, прошлым летом площадку дважды закрывали.",
            "The iron slide has rusted through; the ground was closed twice last summer.",
        ),
        solution=(
            "Қауіпті құралдарды алып тастап, жаңаларын қоямыз, құмсалғыш пен қоршауды жаңартамыз.",
            "Уберём опасное оборудование, поставим новое, обновим песочницу и ограждение.",
            "Dangerous equipment is replaced; the sandpit and the fence are renewed.",
        ),
    ),
    Idea(
        title=_PLAY_TITLE,
        address=("Ш. Уәлиханов көшесі, 5 және 7", "ул. Ш. Уалиханова, д. 5 и 7", "5 and 7 Sh. Ualikhanov street"),
        category="yards",
        plan="sports",
        cost_tenge=4_480_000,
        votes=86,
        author=3,
        team=2,
        language="kk",
        problem=(
            "Балалар допты тұрақтағы көліктердің арасында тебеді.",
            "Дети играют в мяч между припаркованными машинами.",
            "Children play ball between parked cars.",
        ),
        solution=(
            "Бос тұрған жерге қоршауы бар шағын спорт алаңын саламыз.",
            "На пустующем месте поставим небольшую спортивную площадку с ограждением.",
            "A small fenced sports ground takes the place of waste land.",
        ),
    ),
    Idea(
        title=(
            "Көпфункциялы балалар ойын [алаңын] сатып алу және орнату",
            "Приобретение и установка многофункциональной детской игровой [площадки]",
            "Multi-purpose children's play [ground]: purchase and installation",
        ),
        address=("Спорт көшесі, 12", "ул. Спортивная, 12", "12 Sportivnaya street"),
        category="yards",
        plan="playground",
        cost_tenge=5_950_000,
        votes=83,
        author=4,
        team=6,
        problem=(
            "Ықшамауданда үш жасқа дейінгі балаларға арналған бірде-бір алаң жоқ.",
            "В микрорайоне нет ни одной площадки для детей до трёх лет.",
            "The neighbourhood has no playground at all for children under three.",
        ),
        solution=(
            "Жасына қарай бөлінген аймақтары, көлеңкелі қалқасы бар ойын алаңын орнатамыз.",
            "Установим площадку с зонами по возрасту и теневым навесом.",
            "A playground with areas by age and a shade roof.",
        ),
    ),
    Idea(
        title=("Ауланы жарықтандыру", "Установка дворового освещения", "Courtyard lighting"),
        address=("Әуезов көшесі, 12, 14 және 16", "ул. Ауэзова, д. 12, 14 и 16", "12, 14 and 16 Auezov street"),
        category="public",
        plan="lighting",
        cost_tenge=3_260_000,
        votes=79,
        author=5,
        team=3,
        problem=(
            "Қыста аула кешкі бестен қараңғы: балалар мектептен, жұмысшылар екінші ауысымнан қараңғыда қайтады.",
            "Зимой во дворе темно с пяти часов вечера. Дети идут из школы, люди — со второй смены.",
            "In winter the courtyard is dark from five: children come from school and people from the second shift.",
        ),
        solution=(
            "Тоғыз тірек пен фотореле арқылы қосылатын он екі үнемді шам орнатамыз. Жарығы терезеге түспейді.",
            "Девять опор и двенадцать экономичных светильников, которые включаются по фотореле и не светят в окна.",
            "Nine posts and twelve economical lamps on a light sensor, shielded from the windows.",
        ),
    ),
    Idea(
        title=("Қоғамдық аллея", "Общественная аллея", "Public alley"),
        address=(
            "Жеңіс даңғылы, скверден мектепке дейін",
            "пр. Победы, от сквера до школы",
            "Pobedy avenue, from the square to the school",
        ),
        category="public",
        plan="alley",
        cost_tenge=4_870_000,
        votes=76,
        author=6,
        team=4,
        problem=(
            "Скверден мектепке апаратын жарты шақырым жолда бірде-бір ағаш, орындық жоқ.",
            "На полкилометра от сквера до школы нет ни дерева, ни скамейки.",
            "Half a kilometre from the square to the school has neither a tree nor a bench.",
        ),
        solution=(
            "Екі қатар ағаш отырғызып, орындықтар қоямыз, арбаға ыңғайлы тегіс жаяужол төсейміз.",
            "Посадим два ряда деревьев, поставим скамейки, уложим ровную дорожку, удобную для колясок.",
            "Two rows of trees, benches and a level path fit for prams and wheelchairs.",
        ),
    ),
    Idea(
        title=("Аялдама кешені", "Остановочный комплекс", "Bus shelter"),
        address=("Таулы көшесі, базар жанында", "ул. Горная, у рынка", "Gornaya street, by the market"),
        category="roads",
        plan="busstop",
        cost_tenge=2_140_000,
        votes=68,
        author=7,
        team=2,
        problem=(
            "Базар жанында автобусты жел өтінде, көлік жүретін жолдың шетінде күтеді.",
            "Автобус у рынка ждут на ветру, на краю проезжей части.",
            "By the market people wait for the bus in the wind, at the edge of the road.",
        ),
        solution=(
            "Желден қорғайтын қабырғасы, орындығы және жарығы бар жабық аялдама орнатамыз.",
            "Поставим закрытую остановку со стенкой от ветра, скамейкой и светом.",
            "A covered stop with a wind wall, a bench and light.",
        ),
    ),
    Idea(
        title=_PLAY_TITLE,
        address=("Шеткі көшесі, 21", "ул. Окраинная, 21", "21 Okrainnaya street"),
        category="yards",
        plan="sports",
        cost_tenge=4_120_000,
        votes=55,
        author=8,
        team=3,
        problem=(
            "Ең жақын алаң трассаның арғы бетінде, балаларды жалғыз жібермейді.",
            "Ближайшая площадка за трассой, детей туда одних не отпускают.",
            "The nearest ground is beyond the highway; children may not go there alone.",
        ),
        solution=(
            "Үй жанындағы қоғамдық жерге баскетбол қалқаны мен турниктері бар алаң саламыз.",
            "На общественной земле у дома сделаем площадку с кольцом и турниками.",
            "A ground with a hoop and bars on public land beside the house.",
        ),
    ),
    Idea(
        title=("Автотұрақ", "Автопарковка", "Car park"),
        address=("Жастар көшесі, 3", "ул. Молодёжная, 3", "3 Molodyozhnaya street"),
        category="roads",
        plan="parking",
        cost_tenge=3_540_000,
        votes=52,
        author=9,
        team=3,
        problem=(
            "Көліктер көгалға қойылады, жедел жәрдем кіреберіске жете алмайды.",
            "Машины стоят на газоне, скорая не может подъехать к подъезду.",
            "Cars stand on the lawn and an ambulance cannot reach the entrance.",
        ),
        solution=(
            "Жиырма екі орындық тұрақ жасаймыз, оның екеуі — мүгедектігі бар адамдарға; жаяу өтетін жолды бөлеміз.",
            "Сделаем парковку на двадцать два места, два — для людей с инвалидностью, и отделим проход.",
            "Twenty-two places, two of them for people with disabilities, and a separate footway.",
        ),
    ),
    Idea(
        title=_PLAY_TITLE,
        address=("Дала көшесі, 9", "ул. Степная, 9", "9 Stepnaya street"),
        category="yards",
        plan="sports",
        cost_tenge=2_690_000,
        votes=26,
        author=3,
        team=2,
        problem=(
            "Аулада тек кір жаятын бағандар қалған.",
            "Во дворе остались только столбы для белья.",
            "Nothing is left in the courtyard but washing-line posts.",
        ),
        solution=(
            "Шағын спорт кешені мен резеңке жабын орнатамыз.",
            "Установим небольшой спортивный комплекс и резиновое покрытие.",
            "A small sports set and a rubber surface.",
        ),
    ),
    Idea(
        title=("Стритбол алаңын салу", "Строительство Стритбол площадки", "Streetball court"),
        address=("қалалық саябақ", "парк города Хромтау", "Khromtau town park"),
        category="sport",
        plan="streetball",
        cost_tenge=2_260_000,
        votes=25,
        author=2,
        team=4,
        problem=(
            "Мектеп жабық кезде жастардың баскетбол ойнайтын жері жоқ.",
            "Когда школа закрыта, играть в баскетбол негде.",
            "When the school is closed there is nowhere to play basketball.",
        ),
        solution=(
            "Саябақта екі қалқаны, сызықтары мен жарығы бар алаң саламыз.",
            "Построим в парке площадку с двумя кольцами, разметкой и светом.",
            "A court with two hoops, lines and light in the park.",
        ),
    ),
    Idea(
        title=(
            "Үстел теннисіне арналған берік үстелдер",
            "Антивандальные столы для настольного тенниса",
            "Vandal-proof table-tennis tables",
        ),
        address=("Бейбітшілік көшесіндегі үш аула", "три двора по ул. Мира", "three courtyards in Mira street"),
        category="sport",
        plan="tennis",
        cost_tenge=880_000,
        votes=18,
        author=1,
        team=2,
        problem=(
            "Үлкендер мен балалар бірге ойнайтын орын жоқ.",
            "Нет места, где взрослые и дети играли бы вместе.",
            "There is no place where adults and children could play together.",
        ),
        solution=(
            "Үш аулаға бетон негізге бекітілген металл торлы берік үстел қоямыз.",
            "Поставим в трёх дворах прочные столы с металлической сеткой на бетонном основании.",
            "Sturdy tables with a metal net on a concrete base, one in each of three courtyards.",
        ),
    ),
)

OTHERS: tuple[Idea, ...] = (
    Idea(
        title=(
            "Бөлек жинауға арналған контейнерлер",
            "Контейнеры для раздельного сбора",
            "Containers for separate collection",
        ),
        address=("Кенесары көшесі, 43–45", "ул. Кенесары, 43–45", "43–45 Kenesary street"),
        category="waste",
        plan="containers",
        cost_tenge=1_480_000,
        votes=10,
        author=0,
        problem=(
            "Пластик пен қағаз жалпы қоқыспен бірге кетеді, жел оны аулаға шашады.",
            "Пластик и бумага уходят вместе со всем мусором, ветер разносит их по двору.",
            "Plastic and paper go with all other waste, and the wind spreads them over the yard.",
        ),
        solution=(
            "Қақпағы бар төрт контейнерлік қоршалған алаң орнатамыз.",
            "Установим огороженную площадку с четырьмя закрытыми контейнерами.",
            "A fenced site with four lidded containers.",
        ),
    ),
    Idea(
        title=(
            "Емхана жанындағы орындықтар мен көлеңке",
            "Скамейки и тень у поликлиники",
            "Benches and shade by the clinic",
        ),
        address=("Аурухана көшесі, 1", "ул. Больничная, 1", "1 Bolnichnaya street"),
        category="public",
        plan="benches",
        cost_tenge=1_960_000,
        votes=9,
        author=4,
        team=3,
        language="kk",
        problem=(
            "Қарттар дәрігер қабылдауын күн астында тұрып күтеді.",
            "Пожилые люди ждут приёма стоя, на солнце.",
            "Old people wait for the doctor standing in the sun.",
        ),
        solution=(
            "Арқалығы бар сегіз орындық, қалқа және он түп ағаш.",
            "Восемь скамеек со спинками, навес и десять деревьев.",
            "Eight benches with backs, a roof and ten trees.",
        ),
    ),
    Idea(
        title=(
            "Кітапхана жанындағы пандус пен тұтқалар",
            "Пандус и перила у библиотеки",
            "Ramp and handrails at the library",
        ),
        address=("Абай көшесі, 10", "ул. Абая, 10", "10 Abai street"),
        category="other",
        plan="ramp",
        cost_tenge=1_120_000,
        votes=7,
        author=5,
        problem=(
            "Кітапханаға арбамен кіру мүмкін емес: биік жеті баспалдақ.",
            "В библиотеку не попасть с коляской: семь высоких ступеней.",
            "Seven high steps keep wheelchairs and prams out of the library.",
        ),
        solution=(
            "Еңісі нормаға сай пандус пен екі жақты тұтқа орнатамыз.",
            "Сделаем пандус с нормативным уклоном и перила с двух сторон.",
            "A ramp of the prescribed slope with rails on both sides.",
        ),
    ),
    Idea(
        title=("Үш мектептегі велотұрақтар", "Велопарковки у трёх школ", "Bicycle racks at three schools"),
        address=("№ 2, 5 және 6 мектептер", "школы № 2, 5 и 6", "schools no. 2, 5 and 6"),
        category="other",
        plan="bikes",
        cost_tenge=940_000,
        votes=4,
        author=6,
        problem=(
            "Оқушылар велосипедін мектеп қоршауына байлайды.",
            "Школьники пристёгивают велосипеды к школьной ограде.",
            "Pupils chain their bicycles to the school fence.",
        ),
        solution=(
            "Әр мектепке жиырма орындық жабық тұрақ қоямыз.",
            "У каждой школы поставим крытую стойку на двадцать мест.",
            "A covered rack for twenty bicycles at each school.",
        ),
    ),
)
ADMITTED: tuple[Idea, ...] = WINNERS + OTHERS
