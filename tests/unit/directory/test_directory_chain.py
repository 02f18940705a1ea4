"""What the directory says of systems, delegations, the responsible body and accounts."""

from datetime import date

import pytest

from shared.contracts.agreements import Bearer, DelegationChanged, InterfaceClient, ResponsibilityChanged, UserChanged
from shared.contracts.base import Role, Validity
from shared.directory.model import UNKNOWN_BEARER, Directory
from shared.directory.responsibility import basic_assistance_at_kela, keeps_social_assistance
from shared.finnish.municipalities import municipalities
from shared.gate.facts import Facts, Function
from shared.gate.rules import responsible_body
from tests.unit.agreements.made import agreement, joint, member

EVE, NEW_YEAR = date(2016, 12, 31), date(2017, 1, 1)
OLD = Validity(first=date(2015, 1, 1), last=EVE)
NEW = Validity(first=NEW_YEAR)
WORKER = "v1." + "a" * 26
KUOPIO, JOINT = "9000297-3", "1234567-1"


def system(client_id: str = "kuopio-system", **proof: str) -> InterfaceClient:
    body = {"id": client_id, "roles": (Role.FEE_CLERK,), "validity": OLD, **(proof or {"token_sha256": "a" * 64})}
    return InterfaceClient.model_validate(body)


def delegation(version: int = 1, validity: Validity = OLD, principal: str = "297") -> DelegationChanged:
    return DelegationChanged(id="D-1", version=version, principal=principal, agent=JOINT, validity=validity)


def user(version: int = 1, status: str = "active") -> UserChanged:
    return UserChanged.model_validate(
        {
            "id": f"{KUOPIO}/{WORKER}",
            "version": version,
            "worker": WORKER,
            "organisation": KUOPIO,
            "status": status,
            "why": "opened",
            "since": EVE,
        }
    )


def test_given_a_system_when_asked_by_id_token_or_certificate_then_it_comes_with_its_agreement() -> None:
    by_token, by_certificate = system(), system("kuopio-other", certificate_sha256="b" * 64)
    whole = agreement(interface_clients=(by_token, by_certificate))
    directory = Directory([whole])

    assert directory.interface_client("kuopio-system") == (whole, by_token)
    assert directory.interface_client_by_token("a" * 64) == (whole, by_token)
    assert directory.interface_client_by_certificate("b" * 64) == (whole, by_certificate)


@pytest.mark.parametrize("hash_", ["b" * 64, "None", ""])
def test_given_no_such_proof_then_no_system_is_found(hash_: str) -> None:
    directory = Directory(
        [agreement(interface_clients=(system(), system("kuopio-other", certificate_sha256="c" * 64)))]
    )

    assert directory.interface_client_by_token(hash_) is None
    assert directory.interface_client_by_certificate(hash_) is None
    assert directory.interface_client("nobody") is None


def test_given_a_system_that_moves_to_another_agreement_then_the_new_one_answers() -> None:
    before = agreement(interface_clients=(system(),))
    without = before.model_copy(update={"version": 2, "interface_clients": ()})
    other = agreement(id="S-2", members=(member("837"),), interface_clients=(system(),))
    directory = Directory([before, without])

    assert directory.interface_client("kuopio-system") is None
    directory.apply(other)
    found = directory.interface_client("kuopio-system")
    assert found is not None
    assert found[0] == other
    assert directory.forget("S-2")
    assert directory.interface_client("kuopio-system") is None


def test_given_two_agreements_that_claim_one_system_then_neither_is_answered() -> None:
    both = [agreement(interface_clients=(system(),)), agreement(id="S-2", interface_clients=(system(),))]

    assert Directory(both).interface_client("kuopio-system") is None
    assert Directory(both).interface_client_by_token("a" * 64) is None


def test_given_delegations_when_asked_by_principal_and_day_then_those_that_hold_answer() -> None:
    directory = Directory([delegation()])

    assert directory.delegations("297", EVE) == (delegation(),)
    assert directory.delegations("297", NEW_YEAR) == ()
    assert directory.delegations("837", EVE) == ()
    assert directory.apply(delegation(2, NEW))
    assert directory.delegations("297", EVE) == ()
    assert directory.forget("D-1")
    assert directory.delegations("297", NEW_YEAR) == ()


def test_given_a_responsible_body_that_changes_when_asked_by_day_then_the_body_of_that_day_answers() -> None:
    own = Bearer(organisation=KUOPIO, form="own", validity=OLD)
    joint = Bearer(organisation=JOINT, form="joint_authority", validity=NEW)
    directory = Directory([ResponsibilityChanged(municipality="297", version=1, bearers=(own, joint))])

    assert (directory.bearer("297", EVE), directory.bearer("297", NEW_YEAR)) == (own, joint)
    assert directory.bearer("837", EVE) is None


@pytest.mark.parametrize("known", [True, False])
def test_given_a_responsible_body_that_cannot_be_read_then_nobody_passes_as_it(*, known: bool) -> None:
    stated = ResponsibilityChanged(
        municipality="297", version=1, bearers=(Bearer(organisation=KUOPIO, form="own", validity=OLD),)
    )
    directory = Directory([stated] if known else [])

    assert directory.forget("297") is known
    assert directory.bearer("297", EVE) == UNKNOWN_BEARER
    assert responsible_body.refuse(
        Facts(
            function=Function.VIEW_PERSON,
            day=EVE,
            organisation=joint(),
            bearer=directory.bearer("297", EVE),
        )
    )
    assert directory.apply(stated.model_copy(update={"version": 2}))
    assert directory.bearer("297", EVE) == stated.bearers[0]


def test_given_an_account_never_known_that_cannot_be_read_then_it_counts_as_locked() -> None:
    directory = Directory()

    assert not directory.forget(f"{KUOPIO}/{WORKER}")
    held = directory.user(KUOPIO, WORKER)
    assert held is not None
    assert (held.status, held.organisation) == ("locked", KUOPIO)
    assert directory.user(JOINT, WORKER) is None
    assert directory.apply(user(2))
    assert directory.user(KUOPIO, WORKER) == user(2)


def test_given_an_account_when_its_newest_version_is_unreadable_then_it_counts_as_locked() -> None:
    directory = Directory([user()])

    assert directory.user(KUOPIO, WORKER) == user()
    assert directory.forget(f"{KUOPIO}/{WORKER}")
    held = directory.user(KUOPIO, WORKER)
    assert held is not None
    assert held.status == "locked"
    assert not directory.apply(user())
    assert directory.apply(user(2))
    assert list(directory.users()) == [user(2)]


def test_given_a_day_then_basic_assistance_is_kelas_from_2017_except_in_aland() -> None:
    aland = {code for code, known in municipalities().items() if known.is_in_aland}
    at_kela = {code for code in municipalities() if basic_assistance_at_kela(code, NEW_YEAR)}

    assert len(aland) == 16
    assert at_kela == set(municipalities()) - aland - {"174", "442"}
    assert not any(basic_assistance_at_kela(code, EVE) for code in municipalities())
    assert all(keeps_social_assistance(code, NEW_YEAR) for code in aland)
    assert keeps_social_assistance("174", EVE)


def test_given_a_municipality_that_is_none_then_nobody_pays_there() -> None:
    for code in ("174", "999"):
        assert not basic_assistance_at_kela(code, NEW_YEAR)
        assert not keeps_social_assistance(code, NEW_YEAR)
