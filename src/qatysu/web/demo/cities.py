"""Cities, head counts and organisers.

Khromtau: the study of 2020 (ЛОНИ, December 2020) and public reference works. Aksu and Rudny: invented where marked
"illustrative". The study states a turnout of 4.16 % and no head count: 26 706 is what 1 111 votes then imply.
"""

from __future__ import annotations

from qatysu.web.demo.shapes import Head, Organisation, Text, Town

SLOGAN: Text = (
    "Қаланың өркендеуі өз қолыңызда!",
    "Благоустройство города в ваших руках!",
    "Your town is in your hands!",
)
_TOWN: Text = ("Хромтау қаласы", "город Хромтау", "town of Khromtau")
#: No source stands behind an invented head count; its territory is marked in words.
_INVENTED = "—"

ERG = Organisation(
    ("Еуразиялық топ (ERG)", "Евразийская группа (ERG)", "Eurasian Resources Group (ERG)"),
    ("Бастамашы", "Инициатор", "Initiator"),
    (
        "жобаларды қаржыландыру; бақылау; тиімді әлеуметтік саясатты қамтамасыз ету; брендинг және ақпараттық науқанға қатысу",
        "финансирование проектов; контроль; обеспечение эффективной социальной политики; брендинг и участие в инфокампании",
        "funds the projects; controls; cares for an effective social policy; brand and part in the information campaign",
    ),
    roles=("funder",),
    email="erg@demo.invalid",
)
TAU = Organisation(
    ("ТАУ", "ТАУ", "TAU"),
    ("Үйлестіруші", "Координатор", "Coordinator"),
    (
        "ұйымдастырушылардың қызметін жалпы үйлестіру; бақылау",
        "общая координация деятельности организаторов; контроль",
        "coordinates all organisers; controls",
    ),
    roles=("coordinator",),
    email="tau@demo.invalid",
)
_AKIMAT_DUTIES: Text = (
    "нормативтік құқықтық актілерді бекіту; сараптамалық комиссия құру; азаматтардың жобаларын қалаларды дамыту "
    "жоспарларымен келісу; ақпараттық науқанға қатысу; нысандарды пайдалануды қамтамасыз ету",
    "утверждение нормативных правовых актов; создание Экспертной комиссии; согласование проектов граждан и планов развития "
    "городов; участие в инфокампании; обеспечение эксплуатации объектов",
    "approves the regulations; forms the expert commission; agrees projects with the plans of the town; takes part in the "
    "information campaign; operates what is built",
)
AKIMAT = Organisation(
    ("Хромтау ауданының әкімдігі", "Акимат Хромтауского района", "Akimat of Khromtau district"),
    ("Бастамашы, үйлестіруші", "Инициатор, координатор", "Initiator, coordinator"),
    _AKIMAT_DUTIES,
    roles=("akimat_approver", "akimat_officer", "commission",),
    email="akimat@demo.invalid",
)
CENTRE = Organisation(
    (
        "«Шағын және орта кәсіпкерлікті дамыту агенттігі» қоғамдық қоры жанындағы Жоба орталығы",
        "Проектный центр при Общественном фонде «Агентство по развитию среднего и малого предпринимательства»",
        "Project Centre at the public foundation “Agency for the development of small and medium business”",
    ),
    ("Негізгі орындаушы", "Основной исполнитель", "Main executor"),
    (
        "азаматтарды оқыту; жобалық сессиялар өткізу; азаматтарға кеңес беру; жобаларды пысықтау; әкімдікпен өзара іс-қимыл",
        "обучение граждан; проведение проектных сессий; консультирование граждан; доработка проектов; взаимодействие с акиматом",
        "teaches residents; holds project sessions; advises; improves projects; works with the akimat",
    ),
    roles=("centre_lead", "coach",),
    email="centre@demo.invalid",
)
COUNCIL = Organisation(
    ("Сараптамалық кеңес", "Экспертный Совет", "Expert Council"),
    ("Сарапшылар", "Эксперты", "Experts"),
    (
        "жобалардың нормативтік құжаттама талаптарына сәйкестігін тексеру; дауыс беру нәтижелерін бекіту; даулы мәселелерді шешу",
        "проверка соответствия проектов БУ требованиям нормативной документации; утверждение результатов голосования граждан; "
        "решения по спорным вопросам",
        "checks projects against the regulations; approves the results of the vote; decides disputes",
    ),
    roles=("chair", "expert", "secretary",),
    email="council@demo.invalid",
)
LONI = Organisation(
    ("ЛОНИ", "ЛОНИ", "LONI"),
    ("Кеңесшілер", "Консультанты", "Consultants"),
    (
        "нормативтік құжаттаманы әзірлеу; Жоба орталығын, азаматтарды, әкімдікті оқыту; команданы әдістемелік сүйемелдеу",
        "разработка нормативной документации; обучение Проектного центра, граждан, Акимата; методическое и консультационное "
        "сопровождение команды",
        "drafts the regulations; teaches the Project Centre, residents and the akimat; advises the team on method",
    ),
    roles=("consultant",),
    email="loni@demo.invalid",
)
BTS = Organisation(
    ("BTS digital", "BTS digital", "BTS digital"),
    ("IT-қолдау", "IT-сопровождение", "IT support"),
    (
        "жоба порталын әзірлеу; дауыс беруді техникалық қолдау және сүйемелдеу",
        "разработка портала проекта; техническая поддержка и сопровождение голосования",
        "builds the portal; technical support of the vote",
    ),
    roles=("operator",),
    email="bts@demo.invalid",
)
FUND = Organisation(
    ("«Қамқорлық» қоғамдық қоры", "Общественный фонд «Камкорлык»", "Public foundation “Kamkorlyk”"),
    ("Жобаларды іске асыру", "Реализация проектов", "Carries projects out"),
    (
        "іріктеу жеңімпаздарының жобаларын іске асыруды қамтамасыз ету",
        "обеспечение реализации проектов победителей отбора",
        "sees to it that the winning projects are built",
    ),
    roles=("implementer",),
    email="fund@demo.invalid",
)
_HOURS: Text = (
    "дүйсенбі – жұма: 10.00-ден 18.00-ге дейін (Ақтөбе уақыты), сенбі – жексенбі: демалыс",
    "понедельник – пятница: с 10.00 до 18.00 (по времени Актобе), суббота – воскресенье: выходной",
    "Monday to Friday, 10:00–18:00 (Aktobe time); closed on Saturday and Sunday",
)
_HOURS_PLAIN: Text = (
    "дүйсенбі – жұма: 10.00-ден 18.00-ге дейін (шартты мысал)",
    "понедельник – пятница: с 10.00 до 18.00 (условный пример)",
    "Monday to Friday, 10:00–18:00 (illustrative)",
)

KHROMTAU = Town(
    slug="khromtau",
    name=("Хромтау", "Хромтау", "Khromtau"),
    zone="Asia/Aqtobe",
    middle=(50.2586, 58.4411),
    slogan=SLOGAN,
    hours=_HOURS,
    kato="156020100",
    address=(
        "Хромтау, Абай көшесі, 1 (шартты мекенжай)",
        "Хромтау, ул. Абая, 1 (условный адрес)",
        "1 Abai street, Khromtau (illustrative address)",
    ),
    heads=(
        Head(26_641, (2018, 1, 1), _TOWN, "Wikipedia: Хромтау (2018)"),
        Head(
            26_706,
            (2020, 1, 1),
            # The English name is the key of a territory (``places.queries.denominators``): it must stay that of the town.
            (
                "Хромтау қаласы: зерттеудегі 4,16 % көрсеткішінен шығатын сан",
                "город Хромтау: как следует из 4,16 % в исследовании",
                _TOWN[2],
            ),
            "1 111 ÷ 4,16 % (ЛОНИ, 12.2020, http://loni.pro)",
        ),
        Head(29_579, (2021, 1, 1), _TOWN, "Wikipedia: Хромтау (2021)"),
        Head(
            45_828,
            (2021, 9, 1),
            (
                "Хромтау ауданы, 2021 жылғы санақ",
                "Хромтауский район, перепись 2021 года",
                "Khromtau district, census of 2021",
            ),
            "Wikipedia: Audan Chromtau (2021)",
        ),
    ),
    organisers=(ERG, TAU, AKIMAT, CENTRE, COUNCIL, LONI, BTS, FUND),
)


def _akimat(name: Text) -> Organisation:
    return Organisation(name, AKIMAT.role, _AKIMAT_DUTIES, ("coordinator", *AKIMAT.roles), AKIMAT.email)


_TOWN_CENTRE = Organisation(
    ("Жоба орталығы", "Проектный центр", "Project Centre"), CENTRE.role, CENTRE.duties, CENTRE.roles, CENTRE.email
)
AKSU = Town(
    slug="aksu",
    name=("Ақсу", "Аксу", "Aksu"),
    zone="Asia/Almaty",
    middle=(52.0333, 76.9167),
    half=(0.03, 0.05),
    slogan=SLOGAN,
    hours=_HOURS_PLAIN,
    address=(
        "Ақсу, Астана көшесі, 5 (шартты мекенжай)",
        "Аксу, ул. Астана, 5 (условный адрес)",
        "5 Astana street, Aksu (illustrative)",
    ),
    heads=(
        Head(
            45_000,
            (2026, 1, 1),
            ("Ақсу қаласы (шартты)", "город Аксу (условно)", "town of Aksu (illustrative)"),
            _INVENTED,
        ),
    ),
    organisers=(
        ERG,
        _akimat(("Ақсу қаласының әкімдігі", "Акимат города Аксу", "Akimat of Aksu")),
        _TOWN_CENTRE,
        COUNCIL,
    ),
)
RUDNY = Town(
    slug="rudny",
    name=("Рудный", "Рудный", "Rudny"),
    zone="Asia/Qostanay",
    middle=(52.9667, 63.1333),
    half=(0.03, 0.05),
    slogan=SLOGAN,
    hours=_HOURS_PLAIN,
    address=(
        "Рудный, Ленин көшесі, 10 (шартты мекенжай)",
        "Рудный, ул. Ленина, 10 (условный адрес)",
        "10 Lenin street, Rudny (illustrative)",
    ),
    heads=(
        Head(
            125_000,
            (2026, 1, 1),
            ("Рудный қаласы (шартты)", "город Рудный (условно)", "town of Rudny (illustrative)"),
            _INVENTED,
        ),
    ),
    organisers=(
        ERG,
        _akimat(("Рудный қаласының әкімдігі", "Акимат города Рудного", "Akimat of Rudny")),
        _TOWN_CENTRE,
        COUNCIL,
    ),
)
TOWNS: tuple[Town, ...] = (KHROMTAU, AKSU, RUDNY)
