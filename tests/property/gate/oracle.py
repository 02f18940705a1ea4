"""What the gate should say of a case, written out again from the law and the brief: no code of `shared.gate`.

The tables are text, the rules one list in the order in which they are told. A line refuses when its test is true.
"""

import re
from collections.abc import Callable
from datetime import date

from tests.property.gate.cases import Case, Span

Test = Callable[[Case], bool]

KELA = "0246246-0"
_FUNCTIONS = """
view_person    | viewer fee_clerk assistance_handler maintenance_officer emergency_worker | CHARGE VERIFY CLAIM
view_list      | labour_market_handler                                                    | TMT_LIST INVOICE_LIST
view_notices   | notice_handler                                                           | ETOTU
handle_notices | notice_handler                                                           | ETOTU
annotate       | viewer fee_clerk assistance_handler maintenance_officer emergency_worker |
register_claim | fee_clerk assistance_handler maintenance_officer                         |
claim_status   | fee_clerk assistance_handler maintenance_officer                         |
view_claims    | fee_clerk assistance_handler maintenance_officer                         |
act_on_claim   | fee_clerk assistance_handler maintenance_officer                         |
hand_over_claims | main_user                                                              |
handle_claims  | claim_handler                                                            |
change_records | main_user agreement_officer                                              |
view_records   | main_user agreement_officer                                              |
view_billing   | billing_clerk                                                            |
handle_alerts  | log_supervisor auditor                                                   |
citizen_log    |                                                                          |
audit_search   | auditor                                                                  |
generic_report | log_supervisor auditor                                                   |
specific_report| log_supervisor auditor                                                   |
"""
_NEEDS = {
    "view_person": ("told", "code", "client"),
    "view_notices": ("client",),
    "handle_notices": ("client",),
    "register_claim": ("code", "client", "claims"),
    "claim_status": ("claims",),
    "view_claims": ("client", "claims"),
    "act_on_claim": ("client", "claims"),
    "hand_over_claims": ("client", "claims"),
    "handle_claims": ("client", "records"),
    "change_records": ("records",),
    "view_records": ("records",),
    "view_billing": ("records",),
    "handle_alerts": ("records",),
    "citizen_log": ("client", "records", "oneself"),
    "audit_search": ("client", "records"),
    "generic_report": ("records",),
    "specific_report": ("client", "records"),
}
FUNCTIONS = {
    name.strip(): (allowed.split(), purposes.split(), _NEEDS.get(name.strip(), ()))
    for name, allowed, purposes in (line.split("|") for line in _FUNCTIONS.strip().splitlines())
}
"""Function: roles, purposes, and what else it needs."""

GROUPS = {
    tuple(line.split("|")[0].split()): frozenset(line.split("|")[1].split())
    for line in """
viewer CHARGE                      | pending decisions payments
viewer VERIFY                      | pending decisions payments insurance
fee_clerk CHARGE                   | pending decisions payments claims insurance
fee_clerk VERIFY                   | pending decisions payments claims insurance
fee_clerk CLAIM                    | pending decisions payments claims recovery
assistance_handler CHARGE          | pending decisions payments claims insurance
assistance_handler VERIFY          | pending decisions payments claims insurance recovery medicine
assistance_handler CLAIM           | pending decisions payments claims recovery
maintenance_officer CHARGE         | pending decisions payments claims
maintenance_officer VERIFY         | pending decisions payments claims insurance
maintenance_officer CLAIM          | pending decisions payments claims recovery
emergency_worker VERIFY            | pending decisions payments insurance
labour_market_handler TMT_LIST     | decisions payments
labour_market_handler INVOICE_LIST | payments
notice_handler ETOTU               | pending decisions
""".strip().splitlines()
}


def on(span: Span, day: date | None) -> bool:
    return day is not None and span[0] <= day and not (span[1] is not None and span[1] < day)


def row(case: Case) -> tuple[list[str], list[str], tuple[str, ...]]:
    return FUNCTIONS.get(case.function or "", ([], [], ("unknown", "client")))


def needs(case: Case, what: str) -> bool:
    return what in row(case)[2]


def system_ok(case: Case) -> bool:
    return case.system is not None and case.party is not None and case.named and on(case.system[1], case.day)


def held(case: Case) -> list[tuple[str, ...]]:
    """The roles of each mandate that counts."""
    return [
        roles
        for organisation, member, roles, span in case.mandates or ()
        if organisation == case.organisation
        and (member == case.member or needs(case, "records"))
        and on(span, case.day)
    ]


def roles(case: Case) -> set[str]:
    if case.organisation is None or (
        case.member is None and case.channel != "interface" and not needs(case, "records")
    ):
        return set()
    if case.channel == "interface":
        granted = set(case.system[0]) if case.system and system_ok(case) else set()
    else:
        granted = {role for one in held(case) for role in one}
    own = {"agreement_officer", "claim_handler", "auditor"}
    both = {"billing_clerk"}
    stated = granted & set(case.roles or ())
    return {role for role in stated if role in both or (role in own) == (case.organisation == KELA)}


def groups(case: Case) -> frozenset[str]:
    seen: set[str] = set()
    for role in roles(case):
        seen |= GROUPS.get((role, case.purpose or ""), frozenset())
    return frozenset(seen & set(case.groups)) if case.party else frozenset()


def old(seconds: float | None, limit: float) -> bool:
    return seconds is None or not -5 <= seconds <= limit


def override_wrong(case: Case) -> bool:
    if case.emergency is None:
        return False
    reason, hours = case.emergency
    wordy = len(reason) >= 20 and reason.count(" ") >= 2
    right = (
        case.channel == "ui"
        and case.function == "view_person"
        and case.purpose == "VERIFY"
        and "emergency_worker" in roles(case)
    )
    return not (wordy and right and 0 <= hours <= 24)


def sees_home(case: Case) -> bool:
    """Whether it may be told where the client lives: to all, or of a protected one to the protected data handler."""
    covering = roles(case) & set(row(case)[0])
    return not case.protected or ("protected_data_handler" in roles(case) and bool(covering))


def relation(case: Case) -> str | None:
    return next(
        (
            name
            for name, holds in (
                ("home", case.member is not None and case.home == case.member and sees_home(case)),
                ("claim", case.own_claim),
                ("notice", case.notice),
                ("stated", re.search(r"[^\W_]", case.reference or "") is not None),
                ("emergency", case.emergency is not None and not override_wrong(case)),
            )
            if holds and case.client
        ),
        None,
    )


def delegated(case: Case) -> bool:
    own = case.organisation == "0171450-7" and case.member == "297"
    return own or any(
        principal == case.member and agent == case.organisation and on(span, case.day)
        for principal, agent, span in case.delegations
    )


def worker_without_mandate(case: Case) -> bool:
    if needs(case, "oneself"):
        return False
    if case.day is None or (case.member is None and not needs(case, "records")):
        return True
    return not (system_ok(case) if case.channel == "interface" else held(case))


def years_old(case: Case, years: int) -> bool:
    return case.day is not None and case.day.isoformat() >= f"{case.born.year + years}{case.born.isoformat()[4:]}"


def for_member(test: Test) -> Test:
    return lambda case: not needs(case, "records") and test(case)


def with_purpose(test: Test) -> Test:
    return lambda case: bool(row(case)[1]) and test(case)


def of_client(test: Test) -> Test:
    return lambda case: test(case) if case.client else needs(case, "client")


RULES: list[tuple[str, Test]] = [
    ("actor_verified", lambda c: not c.verified),
    ("bound_to_person", lambda c: not (system_ok(c) if c.channel == "interface" else c.bound)),
    ("session_age", lambda c: old(c.signed_in, 8 * 3600)),
    ("audit_fresh", lambda c: (not needs(c, "records") or needs(c, "client")) and old(c.audit, 60)),
    ("agreements_fresh", lambda c: old(c.heard, 60)),
    ("organisation_known", lambda c: c.organisation is None and not needs(c, "oneself")),
    ("municipality_exists", for_member(lambda c: c.member is None or not c.exists)),
    ("agreement_exists", for_member(lambda c: c.party is None or c.party != c.organisation)),
    ("agreement_valid", for_member(lambda c: not on(c.agreement, c.day))),
    ("agreement_not_terminated", for_member(lambda c: c.status == "terminated")),
    ("agreement_not_suspended", for_member(lambda c: c.status != "open" or any(on(s, c.day) for s in c.suspensions))),
    ("law_section", for_member(lambda c: not c.law.strip())),
    ("security_statement", for_member(lambda c: not c.statement)),
    (
        "channel_covered",
        lambda c: (
            (c.channel == "citizen") != needs(c, "oneself")
            or c.channel not in (("ui", "citizen") if needs(c, "records") else c.channels)
        ),
    ),
    ("claims_covered", lambda c: needs(c, "unknown") or (needs(c, "claims") and not c.claims)),
    (
        "responsible_body",
        for_member(lambda c: c.bearer is not None and not (c.bearer[0] == c.organisation and on(c.bearer[1], c.day))),
    ),
    (
        "mandate_of_municipality",
        for_member(lambda c: not (any(code == c.member and on(s, c.day) for code, s in c.members) and delegated(c))),
    ),
    (
        "user_active",
        lambda c: (
            not needs(c, "oneself")
            and c.user is not None
            and c.channel != "interface"
            and (c.user[0] != c.organisation or c.user[1] == "locked")
        ),
    ),
    ("mandate_of_worker", worker_without_mandate),
    ("role_covers_function", lambda c: not needs(c, "oneself") and not roles(c) & set(row(c)[0])),
    ("purpose_chosen", with_purpose(lambda c: c.purpose is None)),
    ("purpose_fits_function", with_purpose(lambda c: c.purpose not in row(c)[1])),
    ("purpose_covered", with_purpose(lambda c: c.purpose not in c.purposes)),
    ("purpose_of_role", with_purpose(lambda c: not any((role, c.purpose) in GROUPS for role in roles(c)))),
    ("data_group_covered", with_purpose(lambda c: not groups(c))),
    (
        "list_date",
        lambda c: (
            c.function == "view_list"
            if c.list_from is None
            else c.day is None or c.day.toordinal() < c.list_from.toordinal()
        ),
    ),
    ("emergency_override", override_wrong),
    ("client_informed", lambda c: needs(c, "told") and not c.informed),
    (
        "identity_code_valid",
        lambda c: needs(c, "code") and not (c.code == "valid" or (c.code == "artificial" and c.artificial)),
    ),
    ("not_own_code", of_client(lambda c: c.kinship == "self")),
    ("not_of_relative", of_client(lambda c: c.kinship is not None)),
    ("client_relation", of_client(lambda c: relation(c) is None)),
    (
        "deceased",
        of_client(
            lambda c: (
                c.died is not None
                and c.day is not None
                and not (
                    c.born <= c.died <= c.day and c.day.isoformat() <= f"{c.died.year + 1}{c.died.isoformat()[4:]}"
                )
            )
        ),
    ),
    (
        "minors_right",
        of_client(lambda c: not years_old(c, 0) or (c.forbids and c.purpose == "CHARGE" and not years_old(c, 18))),
    ),
]


def expected(case: Case) -> str | None:
    """The rule that should refuse; None when the request should pass."""
    return next((name for name, refuses in RULES if refuses(case)), None)
