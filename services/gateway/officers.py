"""Who the signed-in person is to what the gateway itself keeps: a worker, or Kela's agreement officer."""

from services.gateway.domain.acting import Wish
from services.gateway.parts import Parts
from services.gateway.problems import not_allowed
from services.gateway.sessions import Session
from shared.contracts.base import Pseudonym, Role
from shared.gate.mandates import KELA
from shared.ids import pseudonym


def worker_of(parts: Parts, session: Session) -> Pseudonym:
    """The pseudonym of the person as a worker.

    Raises:
        Problem: 403 for a sub-ID, which is bound to nobody.
    """
    code = session.identity.identity_code
    if code is None:
        raise not_allowed("Sign in with your personal ID.")
    return pseudonym(parts.pseudonym_key, "worker", code)


def is_officer(parts: Parts, session: Session) -> bool:
    """Whether the person acts as Kela's agreement officer today, with an account that is not locked."""
    code = session.identity.identity_code
    if code is None or not parts.agreements.ready:
        return False
    acting = parts.acting_of(session, Wish())
    if acting is None or acting.organisation != KELA or Role.AGREEMENT_OFFICER not in acting.roles:
        return False
    worker = pseudonym(parts.pseudonym_key, "worker", code)
    account = parts.agreements.directory.user(KELA, worker)
    return account is None or account.status != "locked"


def officer_of(parts: Parts, session: Session) -> Pseudonym:
    """The pseudonym of Kela's agreement officer.

    Raises:
        Problem: 403 for anybody else.
    """
    if not is_officer(parts, session):
        raise not_allowed("Kela's agreement officer does this.")
    return worker_of(parts, session)
