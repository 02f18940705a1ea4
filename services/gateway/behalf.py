"""On whose behalf a form was shown: every form carries it in its token, and is held to it when it comes back."""

from services.gateway.domain.acting import Wish
from services.gateway.parts import Parts
from services.gateway.sessions import Session
from services.gateway.typed import person_of


def behalf_now(parts: Parts, session: Session) -> Wish:
    """On whose behalf the session acts at this moment; nobody's while that is not known or not chosen."""
    acting = parts.acting_of(session, Wish()) if parts.agreements.ready else None
    return Wish() if acting is None else Wish(acting.organisation, acting.member)


def form_token(parts: Parts, session: Session) -> str:
    """The token for a form that is shown now."""
    return parts.keys.form_token(session.token, _shown(session, behalf_now(parts, session)))


def is_of_now(parts: Parts, session: Session, token: str) -> bool:
    """Whether the form was shown on the behalf on which the session acts now."""
    return parts.keys.is_shown_for(_shown(session, behalf_now(parts, session)), token)


def shown_on(parts: Parts, session: Session, token: str) -> Wish | None:
    """On whose behalf this person was shown the form, as far as their mandates of today tell."""
    available = parts.options_of(session.identity) if parts.agreements.ready else ()
    known = (behalf_now(parts, session), *(Wish(one.organisation, one.member) for one in available), Wish())
    return next((one for one in known if parts.keys.is_shown_for(_shown(session, one), token)), None)


def _shown(session: Session, behalf: Wish) -> str:
    return f"{person_of(session.identity)}|{behalf.organisation}|{behalf.member}"
