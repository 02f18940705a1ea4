"""When an organisation (kunta or kuntayhtymä) may be written."""

from collections.abc import Callable
from typing import Final

from services.agreements.domain.refusals import ChangeRefused, refuse, refuse_format
from services.agreements.domain.rules.territory import existence
from services.agreements.domain.state import State
from shared.contracts.agreements import OrganisationChanged
from shared.finnish.business_id import parse_business_id, parse_ovt
from shared.finnish.errors import FormatError

_OVT_SCHEME = "0037"


def business_id_is_valid(state: State, record: OrganisationChanged) -> ChangeRefused | None:
    """The Y-tunnus must check, and so must an OVT code given as the e-invoice address."""
    del state
    address = record.e_invoice_address
    try:
        parse_business_id(record.business_id)
        if address is not None and address.startswith(_OVT_SCHEME):
            parse_ovt(address)
    except FormatError as error:
        return refuse_format(record, error)
    return None


def is_named(state: State, record: OrganisationChanged) -> ChangeRefused | None:
    """Both names must be there: invoices and screens show them."""
    del state
    if record.name_fi.strip() and record.name_sv.strip():
        return None
    return refuse(record, "organisation.name")


def kind_matches_municipality(state: State, record: OrganisationChanged) -> ChangeRefused | None:
    """A municipality says which one it is, a joint authority is none."""
    del state
    if (record.kind == "municipality") == (record.municipality is not None):
        return None
    return refuse(record, "organisation.kind")


def municipality_is_known(state: State, record: OrganisationChanged) -> ChangeRefused | None:
    """The kuntanumero must be one of Finland's."""
    del state
    if record.municipality is None or existence(record.municipality) is not None:
        return None
    return refuse(record, "municipality.unknown", code=record.municipality)


def municipality_is_one_organisation(state: State, record: OrganisationChanged) -> ChangeRefused | None:
    """A municipality is one organisation, and an organisation stays the municipality that it was."""
    before = state.organisation(record.business_id)
    if before is not None and before.municipality != record.municipality:
        return refuse(record, "organisation.municipality_changed")
    holder = None if record.municipality is None else state.organisation_of(record.municipality)
    if holder in {None, record.business_id}:
        return None
    return refuse(record, "organisation.municipality_taken", code=record.municipality or "", holder=holder or "")


ORGANISATION_RULES: Final[tuple[Callable[[State, OrganisationChanged], ChangeRefused | None], ...]] = (
    business_id_is_valid,
    is_named,
    kind_matches_municipality,
    municipality_is_known,
    municipality_is_one_organisation,
)
