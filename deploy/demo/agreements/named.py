"""Named people for the demonstration and the development sign-in, each with a place in the story.

Adding one is adding a row at the end: a row's position gives the identity code.
"""

from datetime import date
from functools import lru_cache
from typing import Final

from deploy.demo.agreements.bearers import LAST_DAY_BEFORE_MERGERS
from deploy.demo.agreements.joint_authorities import BEGINNING
from deploy.demo.agreements.workers import ASSISTANCE, BOTH, FEES, DemoWorker, Grant
from shared.contracts.base import Role, Validity
from shared.finnish.municipalities import FIRST_DAY_OF_MERGERS

_ALWAYS: Final = Validity(first=BEGINNING)
_OLD: Final = Validity(first=BEGINNING, last=LAST_DAY_BEFORE_MERGERS)
_NEW: Final = Validity(first=FIRST_DAY_OF_MERGERS)
_ENDED: Final = Validity(first=BEGINNING, last=date(2016, 11, 30))


def _own(code: str, roles: tuple[Role, ...] = BOTH, days: Validity = _ALWAYS) -> tuple[Grant, ...]:
    return (Grant(code, code, roles, days),)


_ROWS: Final[tuple[tuple[str, str, str, tuple[Grant, ...], str], ...]] = (
    ("tampere", "Mäkinen Anna", "837", _own("837"), "the ordinary worker: everything is in order"),
    ("tampere_colleague", "Korpi Jari", "837", _own("837", FEES), "a fee clerk of the same city"),
    ("kuopio", "Korhonen Pekka", "297", _own("297"), "Kuopio, which Juankoski joins on 1.1.2017"),
    (
        "juankoski",
        "Räsänen Liisa",
        "174",
        (*_own("174", days=_OLD), Grant("297", "297", BOTH, _NEW)),
        "Juankoski until midnight, then Kuopio with a mandate of its own",
    ),
    (
        "juankoski_without",
        "Pitkänen Timo",
        "174",
        _own("174", ASSISTANCE, _OLD),
        "Juankoski until midnight; nobody gave a mandate of Kuopio",
    ),
    (
        "luvia",
        "Salminen Ritva",
        "442",
        (*_own("442", days=_OLD), Grant("051", "051", BOTH, _NEW)),
        "Luvia until midnight, then Eurajoki",
    ),
    (
        "siunsote",
        "Hirvonen Kaisa",
        "167",
        (
            *_own("167", days=_OLD),
            Grant("siunsote", "167", BOTH, _NEW),
            Grant("siunsote", "426", BOTH, _NEW),
        ),
        "Joensuu until midnight, then Siun sote for Joensuu and Liperi, not for Kitee",
    ),
    (
        "kainuu",
        "Kemppainen Juha",
        "kainuu",
        (Grant("kainuu", "205", BOTH, _ALWAYS), Grant("kainuu", "765", BOTH, _ALWAYS)),
        "Kainuun sote for Kajaani and Sotkamo",
    ),
    ("kajaani", "Heikkinen Outi", "205", _own("205"), "Kajaani itself, which has no agreement of its own"),
    (
        "savonlinna",
        "Kosonen Eero",
        "740",
        (*_own("740"), Grant("740", "768", BOTH, _ALWAYS, left_over=True)),
        "Savonlinna, with a mandate for Sulkava that nobody took back",
    ),
    ("expired", "Sipola Mari", "072", _own("072"), "Hailuoto, whose own agreement ended 30.9.2016"),
    ("terminated", "Auvinen Reijo", "046", _own("046"), "Enonkoski, whose agreement is terminated"),
    ("suspended", "Kulpakko Satu", "583", _own("583"), "Pelkosenniemi, whose agreement is suspended"),
    ("no_charge", "Arajärvi Niilo", "742", _own("742"), "Savukoski, without the purpose CHARGE"),
    ("no_statement", "Nordlund Britt", "231", _own("231"), "Kaskinen, without a data-protection statement"),
    ("no_claims", "Paananen Sirpa", "265", _own("265"), "Kivijärvi, without claims"),
    ("ui_only", "Tuomela Aki", "435", _own("435"), "Luhanka, not over the interface"),
    ("interface_only", "Moisio Raija", "495", _own("495"), "Multia, not on the page"),
    (
        "claims_group_only",
        "Rajala Ville",
        "151",
        _own("151", (Role.VIEWER,)),
        "Isojoki: a viewer under an agreement that shows claims only",
    ),
    ("no_payments", "Kentta Irma", "218", _own("218"), "Karijoki, without payments"),
    ("narrow_benefits", "Peura Osmo", "312", _own("312"), "Kyyjärvi, two benefits only"),
    ("short_window", "Urpilainen Eija", "256", _own("256"), "Kinnula, three months back"),
    ("unconfirmed_account", "Alatalo Seppo", "483", _own("483"), "Merijärvi, account not confirmed"),
    ("viewer", "Lindholm Petra", "049", _own("049", (Role.VIEWER,)), "Espoo: looks, registers no claims"),
    (
        "billing_clerk",
        "Nieminen Hanna",
        "091",
        _own("091", (Role.BILLING_CLERK,)),
        "Helsinki: sees invoices, never a client",
    ),
    (
        "main_user",
        "Saarela Tiina",
        "091",
        _own("091", (Role.MAIN_USER,)),
        "Helsinki: gives mandates, never looks",
    ),
    (
        "log_supervisor",
        "Vuori Matti",
        "091",
        _own("091", (Role.LOG_SUPERVISOR,)),
        "Helsinki: looks at the log, never at a client",
    ),
    (
        "maintenance",
        "Mattsson Carola",
        "564",
        _own("564", (Role.MAINTENANCE_OFFICER,)),
        "Oulu: child maintenance",
    ),
    ("aland", "Karlsson Anders", "170", _own("170"), "Jomala in Åland, in Swedish"),
    ("mandate_ended", "Laine Ville", "853", _own("853", days=_ENDED), "Turku, mandate ended 30.11.2016"),
    (
        "labour_market",
        "Hämäläinen Sari",
        "837",
        _own("837", (Role.LABOUR_MARKET_HANDLER,)),
        "Tampere: lists of labour market support",
    ),
    ("notices", "Rautio Kalle", "837", _own("837", (Role.NOTICE_HANDLER,)), "Tampere: notices from Kela"),
    (
        "emergency",
        "Lehtonen Miia",
        "837",
        _own("837", (Role.EMERGENCY_WORKER,)),
        "Tampere: social emergency services (sosiaalipäivystys)",
    ),
    (
        "protected",
        "Salonen Harri",
        "837",
        _own("837", (Role.ASSISTANCE_HANDLER, Role.PROTECTED_DATA_HANDLER)),
        "Tampere: sees what a safety prohibition hides",
    ),
    ("main_user_tampere", "Koskela Marja", "837", _own("837", (Role.MAIN_USER,)), "Tampere: gives mandates, unlocks"),
    (
        "officer",
        "Ranta Kristiina",
        "kela",
        (Grant("kela", "091", (Role.AGREEMENT_OFFICER,), _ALWAYS),),
        "Kela's agreement officer; the municipality of the mandate says where Kela sits, nothing more",
    ),
    ("locked", "Heikkilä Ossi", "837", _own("837"), "Tampere: not seen for longer than 45 days, locked"),
    (
        "responsible_elsewhere",
        "Piispanen Tuire",
        "216",
        _own("216"),
        "Kannonkoski, whose social welfare Saarijärvi bears since 1.12.2016",
    ),
    (
        "log_supervisor_tampere",
        "Ylinen Heikki",
        "837",
        _own("837", (Role.LOG_SUPERVISOR,)),
        "Tampere: is told at once of emergency overrides",
    ),
    (
        "claim_handler",
        "Sillanpää Jorma",
        "kela",
        (Grant("kela", "091", (Role.CLAIM_HANDLER,), _ALWAYS),),
        "Kela's claim handler",
    ),
    (
        "auditor",
        "Lehtonen Aune",
        "kela",
        (Grant("kela", "091", (Role.AUDITOR,), _ALWAYS),),
        "Kela's auditor: searches the log with a stated reason",
    ),
)

DEMO_WORKERS: Final[tuple[DemoWorker, ...]] = (
    *(
        DemoWorker(key, name, ordinal, home, grants, shows)
        for ordinal, (key, name, home, grants, shows) in enumerate(_ROWS)
    ),
    DemoWorker(
        "citizen", "Kuntalainen Kaarina", 98, "837", (), "a citizen: reads the log of her own data", citizen=True
    ),
    DemoWorker("sub_id", "alitunniste 7", 99, "837", (), "Tampere: a sub-ID bound to nobody", personal=False),
)


@lru_cache(maxsize=1)
def _by_key() -> dict[str, DemoWorker]:
    return {worker.key: worker for worker in DEMO_WORKERS}


def demo_worker(key: str) -> DemoWorker:
    """Return a named worker.

    Raises:
        KeyError: Nobody has this key.
    """
    return _by_key()[key]
