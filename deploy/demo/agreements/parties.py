"""The organisations of the seed: every municipality of 2016 and the joint authorities, with artificial business ids."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from schwifty import IBAN

from deploy.demo.agreements.joint_authorities import BY_KEY, JointAuthority
from shared.contracts.agreements import Account, OrganisationChanged
from shared.finnish.business_id import ovt_code, parse_business_id
from shared.finnish.errors import FormatError
from shared.finnish.municipalities import Municipality, municipalities
from shared.gate.mandates import KELA as KELAS_BUSINESS_ID

_INTERMEDIARY = "KELMUDEMO"
"""Invented operator of e-invoices (välittäjä)."""
_BANK = "500"
KELA: Final = "kela"
"""Kela itself, which gives mandates to its agreement officers and makes no agreement."""


@lru_cache(maxsize=1024)
def business_id(party: str) -> str:
    """Return the artificial Y-tunnus of a municipality (by code) or joint authority (by key), or Kela's own.

    Numbers from 9 million on: such ids check but are not in use.
    """
    if party == KELA:
        return KELAS_BUSINESS_ID
    serial = 1000 + BY_KEY[party].number if party in BY_KEY else int(party)
    for attempt in range(2):
        for digit in range(10):
            try:
                return parse_business_id(f"{9_000_000 + attempt * 100_000 + serial:07d}-{digit}")
            except FormatError:
                continue  # one digit of ten fits; a number without any was never issued
    raise ValueError(f"no business id for {party}")


def agreement_id(party: str) -> str:
    """Return the id of the party's agreement."""
    return f"S-{party}"


def accounts(party: str, *, confirmed: bool = True) -> tuple[Account, ...]:
    """Return the party's bank account, an artificial IBAN that checks."""
    iban = IBAN.generate("FI", bank_code=_BANK, account_code=business_id(party).replace("-", ""))
    return (Account(id=f"T-{party}", iban=str(iban), confirmed=confirmed),)


def organisations() -> Iterator[OrganisationChanged]:
    """Every municipality of 2016 by code, then the joint authorities, then Kela."""
    for municipality in municipalities().values():
        yield _municipality(municipality)
    for authority in BY_KEY.values():
        yield _joint(authority)
    yield _kela()


def _kela() -> OrganisationChanged:
    """Kela, as an organisation that is no municipality: the contract tells no more kinds apart."""
    return OrganisationChanged(
        business_id=business_id(KELA),
        version=1,
        kind="joint_authority",
        name_fi="Kansaneläkelaitos",
        name_sv="Folkpensionsanstalten",
    )


def _municipality(row: Municipality) -> OrganisationChanged:
    return OrganisationChanged(
        business_id=business_id(row.code),
        version=1,
        kind="municipality",
        municipality=row.code,
        name_fi=row.name_fi,
        name_sv=row.name_sv,
        language=row.languages[0],
        **_invoicing(row.code, row.name(row.languages[0])),
    )


def _joint(row: JointAuthority) -> OrganisationChanged:
    return OrganisationChanged(
        business_id=business_id(row.key),
        version=1,
        kind="joint_authority",
        name_fi=row.name_fi,
        name_sv=row.name_sv,
        **_invoicing(row.key, row.town),
    )


def _invoicing(party: str, town: str) -> dict[str, str]:
    return {
        "e_invoice_address": ovt_code(business_id(party)),
        "intermediary": _INTERMEDIARY,
        "billing_reference": f"KELMU/{party}",
        "street": "PL 1",
        "town": town,
    }
