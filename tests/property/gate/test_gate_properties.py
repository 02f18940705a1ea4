from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.agreements import AgreementChanged, MandateChanged, Member, OrganisationChanged
from shared.contracts.base import Channel, DataGroup, Purpose, Refusal, Role, Text, Validity
from shared.gate.facts import CodeForm, Facts, Function, Limits, Municipality
from shared.gate.order import ORDER, Rule, decide

CODES = st.sampled_from(["297", "174", "091"])
PARTIES = st.sampled_from(["0171450-7", "1234567-1"])
DAYS = st.dates(date(2016, 1, 1), date(2017, 12, 31))
AGES = st.timedeltas(timedelta(seconds=-120), timedelta(hours=12))


@st.composite
def validities(draw: st.DrawFn) -> Validity:
    return Validity(first=draw(DAYS), last=draw(st.none() | DAYS))


def several(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(values, max_size=4).map(tuple)


ORGANISATIONS = st.builds(
    OrganisationChanged,
    business_id=PARTIES,
    version=st.just(1),
    kind=st.just("municipality"),
    municipality=CODES,
    name_fi=st.just("K"),
    name_sv=st.just("K"),
)
AGREEMENTS = st.builds(
    AgreementChanged,
    id=st.just("A"),
    version=st.just(1),
    party=PARTIES,
    validity=validities(),
    status=st.sampled_from(["open", "suspended", "terminated"]),
    law=st.sampled_from(["", "L 812/2000 21 §"]),
    purposes=several(st.sampled_from(Purpose)),
    data_groups=several(st.sampled_from(DataGroup)),
    channels=several(st.sampled_from(Channel)),
    benefits=st.none(),
    window_months=st.just(24),
    covers_claims=st.booleans(),
    security_statement=st.booleans(),
    members=several(st.builds(Member, municipality=CODES, validity=validities())),
    accounts=st.just(()),
)
MANDATES = st.builds(
    MandateChanged,
    id=st.just("M"),
    version=st.just(1),
    worker=st.just("v1." + "a" * 26),
    organisation=PARTIES,
    member=CODES,
    roles=several(st.sampled_from(Role)),
    validity=validities(),
)
FACTS = st.builds(
    Facts,
    function=st.none() | st.sampled_from(Function),
    channel=st.none() | st.sampled_from(Channel),
    day=st.none() | DAYS,
    actor_verified=st.none() | st.booleans(),
    bound_to_person=st.none() | st.booleans(),
    signed_in_for=st.none() | AGES,
    claimed_roles=st.none() | st.frozensets(st.sampled_from(Role)),
    audit_age=st.none() | AGES,
    agreements_age=st.none() | AGES,
    organisation=st.none() | ORGANISATIONS,
    member=st.none()
    | st.builds(Municipality, code=CODES, exists=st.none() | st.booleans(), successor_fi=st.none() | st.just("Kuopio")),
    agreement=st.none() | AGREEMENTS,
    mandates=st.none() | several(MANDATES),
    purpose=st.none() | st.sampled_from(Purpose),
    informed=st.none() | st.booleans(),
    identity_code=st.none() | st.sampled_from(CodeForm),
    limits=st.builds(Limits, artificial_codes=st.booleans()),
)


def languages_of(text: Text) -> list[str]:
    return [text.fi, text.sv, text.en]


@given(FACTS)
@settings(max_examples=300, deadline=None)
def test_whatever_the_facts_each_rule_answers_in_three_languages_and_never_raises(facts: Facts) -> None:
    for rule in ORDER:
        refused = rule(facts)
        if refused is not None:
            assert all(languages_of(refused.reason) + languages_of(refused.advice))
            assert refused.code.startswith(f"gate.{refused.rule}")
            assert refused.rule == rule.__module__.rpartition(".")[2]
            assert refused.law


@given(FACTS)
@settings(max_examples=300, deadline=None)
def test_whatever_the_facts_the_first_refusal_wins(facts: Facts) -> None:
    every = [rule(facts) for rule in ORDER]

    assert decide(facts) == next((refused for refused in every if refused is not None), None)


def _refusing(name: str) -> Refusal:
    text = Text(fi=name, sv=name, en=name)
    return Refusal(code=name, rule=name, law="L", reason=text, advice=text)


@given(st.lists(st.booleans(), max_size=30))
@settings(deadline=None)
def test_in_any_list_of_rules_the_first_that_refuses_is_told_and_none_after_it_is_asked(
    refuses: list[bool],
) -> None:
    asked: list[int] = []

    def make(number: int, *, refusing: bool) -> Rule:
        def rule(_: Facts) -> Refusal | None:
            asked.append(number)
            return _refusing(str(number)) if refusing else None

        return rule

    refused = decide(Facts(), [make(number, refusing=yes) for number, yes in enumerate(refuses)])

    first = refuses.index(True) if True in refuses else None
    assert (refused.code if refused else None) == (None if first is None else str(first))
    assert asked == list(range(len(refuses) if first is None else first + 1))
