"""What the invented teams wrote in their modules. Kazakh, Russian, English; everything is illustrative."""

from __future__ import annotations

from collections.abc import Mapping

from qatysu.web.demo.shapes import Text

EVIDENCE: tuple[Text, ...] = (
    (
        "Үш кеш қатарынан 18:00-ден 20:00-ге дейін санадық: орта есеппен сағатына 46 адам өтеді. Көршілердің 31-і осылай дейді.",
        "Три вечера подряд считали с 18:00 до 20:00: в среднем проходит 46 человек в час. Так говорят и 31 сосед.",
        "We counted on three evenings from 18:00 to 20:00: 46 people an hour on average. So say 31 neighbours as well.",
    ),
    (
        "Екі апта бойы түскен суреттер мен әкімдікке жазылған төрт өтініш бар.",
        "Есть снимки за две недели и четыре обращения в акимат.",
        "There are photos of two weeks and four letters to the akimat.",
    ),
)
DAILY: Text = (
    "Бұл жерді күн сайын жүздеген адам пайдаланады, қыста жағдай тіпті қиындайды.",
    "Сюда каждый день приходят сотни людей, а зимой становится ещё труднее.",
    "Hundreds of people use this place every day, and in winter it gets even harder.",
)
BENEFICIARIES: Text = (
    "Осы маңдағы үйлердің тұрғындары, мектеп оқушылары және күн сайын осы жерден өтетіндер.",
    "Жители соседних домов, школьники и все, кто проходит здесь каждый день.",
    "People of the houses around, pupils, and everybody who passes every day.",
)
COUNTING: Text = (
    "Төрт үйдегі пәтер санын 2,6 адамға көбейттік, аялдамадан келетіндерді бөлек санадық.",
    "Число квартир в четырёх домах умножили на 2,6 человека, отдельно посчитали тех, кто идёт от остановки.",
    "Flats of four houses times 2.6 people; those who come from the bus stop were counted apart.",
)
ACCESS: Text = (
    "Жиектастар төмендетіледі, жол ені 1,8 метр: арба мен мүгедек арбасы өтеді.",
    "Бордюры понижены, ширина прохода 1,8 метра: проедут и коляска, и кресло.",
    "Kerbs are lowered and the path is 1.8 metres wide: a pram and a wheelchair can pass.",
)
EFFECT: Text = (
    "Бір жылдан кейін мұнда кешке екі есе көп адам келеді, ал шағым болмайды.",
    "Через год вечером здесь вдвое больше людей, а жалоб нет.",
    "A year later twice as many people come in the evening, and there are no complaints.",
)
CHECK: Text = (
    "Келесі қыркүйекте сол үш кеште, сол сағаттарда қайта санаймыз.",
    "В сентябре посчитаем снова в те же три вечера и часы.",
    "Next September we count again on the same three evenings and hours.",
)
PLAN_NOTES: Text = (
    "Нысан үй қабырғасынан 12 метр, жолдан 6 метр қашықтықта. Екі ағаш орнында қалады.",
    "Объект в 12 метрах от стены дома и в 6 метрах от дороги. Оба дерева остаются.",
    "It stands 12 metres from the wall of the house and 6 metres from the road. Both trees stay.",
)
MATERIALS: Text = (
    "Мырышталған болат, бетон плитка, ылғалға төзімді ағаш. Бояу күнге оңбайды.",
    "Оцинкованная сталь, бетонная плитка, влагостойкая древесина. Краска не выгорает.",
    "Galvanised steel, concrete slabs, weatherproof wood. The paint does not fade.",
)
SAFETY: Text = (
    "Жұмыс орны қоршалады, балалар жолы үйдің екінші жағынан өтеді.",
    "Место работ огорожено, дорога детей идёт с другой стороны дома.",
    "The site is fenced; the children's way leads round the other side of the house.",
)
UPKEEP: Text = (
    "Айына бір рет қарап шығу, жылына бір рет бояу, қыста қар тазалау.",
    "Осмотр раз в месяц, покраска раз в год, уборка снега зимой.",
    "A look once a month, paint once a year, snow cleared in winter.",
)
NOTE: Text = (
    "Қосымша ескерту жоқ.",
    "Дополнительных замечаний нет.",
    "Nothing to add.",
)
#: Answers by field id; other long texts get ``NOTE``.
LONG: Mapping[str, Text] = {
    "evidence": EVIDENCE[0],
    "beneficiaries": BENEFICIARIES,
    "counting": COUNTING,
    "accessibility": ACCESS,
    "effect": EFFECT,
    "effect_check": CHECK,
    "plan_notes": PLAN_NOTES,
    "materials": MATERIALS,
    "safety": SAFETY,
    "upkeep_plan": UPKEEP,
}
SHORT: Mapping[str, Text] = {
    "operator": (
        "Қала әкімдігінің тұрғын үй-коммуналдық бөлімі",
        "Отдел жилищно-коммунального хозяйства акимата",
        "Housing department of the akimat",
    ),
    "land_owner": ("Қала жері", "Земля города", "Land of the city"),
}
#: Works of the schedule with their length in days.
WORKS: tuple[tuple[Text, int], ...] = (
    (("Дайындық және белгілеу", "Подготовка и разметка", "Preparation and marking"), 5),
    (("Негіз және жер жұмыстары", "Основание и земляные работы", "Ground and foundation"), 14),
    (("Орнату", "Монтаж", "Installation"), 18),
    (("Көгалдандыру және тексеру", "Благоустройство и приёмка", "Finishing and acceptance"), 8),
)
CONTRACTOR: Text = ("мердігер", "подрядчик", "contractor")
#: Lines of an estimate for projects of no known type, as parts of a hundred of the whole.
PARTS: tuple[tuple[Text, int], ...] = (
    (("Материалдар", "Материалы", "Materials"), 46),
    (("Құрастыру жұмыстары", "Монтажные работы", "Installation"), 29),
    (("Жер жұмыстары", "Земляные работы", "Earthworks"), 15),
    (("Жеткізу", "Доставка", "Delivery"), 10),
)
SET: Text = ("жиынтық", "комплект", "set")
SOURCE: Text = (
    "үлгі баға, ойдан алынған",
    "примерная цена, придумана для примера",
    "model price, made up",
)
REMARKS: Mapping[str, tuple[str, Text]] = {
    "annotation": (
        "counting",
        (
            "Төрт үйдің қайсысы екенін жазыңыз, сонда есепті тексеруге болады.",
            "Напишите, какие это четыре дома: тогда счёт можно проверить.",
            "Say which four houses: then the count can be checked.",
        ),
    ),
    "visualisation": (
        "before_after",
        (
            "«Дейін» мен «кейін» суреттері әр жерден түсірілген. Бір нүктеден түсіріңіз.",
            "Снимки «до» и «после» сделаны с разных мест. Снимите с одной точки.",
            "The pictures before and after are from different places. Take both from one point.",
        ),
    ),
    "technical": (
        "estimate",
        (
            "Екі жолда баға көзі жоқ. Жеткізушінің ұсынысын тіркеңіз.",
            "В двух строках нет источника цены. Приложите предложение поставщика.",
            "Two lines have no source of the price. Attach a supplier's offer.",
        ),
    ),
    "documentation": (
        "",
        (
            "Нысанды кім ұстайтыны туралы хат жоқ.",
            "Нет письма о том, кто будет содержать объект.",
            "A letter on who will maintain the object is missing.",
        ),
    ),
}
EXPERT: Text = (
    "Жоба іске асырылады. Қыста қар шығаруға орын қалдырыңыз.",
    "Проект осуществим. Оставьте место для вывоза снега зимой.",
    "It can be built. Leave room to clear snow in winter.",
)
ASKED: Text = (
    "Осы жерде жылу құбыры бар ма, қандай қашықтық керек?",
    "Есть ли здесь теплотрасса и какое нужно расстояние?",
    "Is there a heating pipe here, and what distance is needed?",
)
ANSWERED: Text = (
    "Құбыр үш метр жерде. Қазу алдында бізге хабарлаңыз, маман келеді.",
    "Труба в трёх метрах. Перед копкой сообщите нам, придёт мастер.",
    "The pipe is three metres away. Tell us before you dig, a foreman will come.",
)
