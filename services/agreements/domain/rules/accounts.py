"""Bank accounts of an agreement: claims choose among the confirmed ones, so a second person confirms (golden R8)."""

from services.agreements.domain.authors import Author
from services.agreements.domain.records import key_of
from services.agreements.domain.refusals import ChangeRefused, refuse, refuse_format
from services.agreements.domain.state import State
from shared.contracts.agreements import Account, AgreementChanged
from shared.finnish.errors import FormatError
from shared.finnish.iban import parse_iban


def accounts_are_valid(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """Accounts are Finnish IBANs, each with an id of its own: claims choose by it (golden R8)."""
    del state
    ids = [account.id for account in record.accounts]
    if len(ids) != len(set(ids)):
        return refuse(record, "account.repeated")
    try:
        for account in record.accounts:
            parse_iban(account.iban)
    except FormatError as error:
        return refuse_format(record, error)
    return None


def second_person_confirms(state: State, record: AgreementChanged, author: Author) -> ChangeRefused | None:
    """An account becomes confirmed only in a version of somebody else than who added or changed it.

    Accounts of an agreement that is entered from paper stand there over two signatures: its first version may bring
    them confirmed. Later ones may not, whoever enters them.
    """
    if record.version == 1 and author.paper:
        return None
    for account in record.accounts:
        fault = _confirmation_fault(state, record, account, author)
        if fault is not None:
            return fault
    return None


def _confirmation_fault(
    state: State, record: AgreementChanged, account: Account, author: Author
) -> ChangeRefused | None:
    history = _history(state, record, account)
    if not account.confirmed or (history and history[-1][1].confirmed):
        return None
    if not history:
        return refuse(record, "account.unseen", account=account.id)
    if history[0][0] != author.name:
        return None
    return refuse(record, "account.second_person", account=account.id)


def _history(state: State, record: AgreementChanged, account: Account) -> list[tuple[str, Account]]:
    """The latest versions in a row that hold the account with this number, oldest first, each with its actor."""
    key = key_of(record)
    found: list[tuple[str, Account]] = []
    for version, actor in zip(reversed(state.versions(key)), reversed(state.actors(key)), strict=True):
        accounts = version.accounts if isinstance(version, AgreementChanged) else ()
        same = next((one for one in accounts if (one.id, one.iban) == (account.id, account.iban)), None)
        if same is None:
            break
        found.append((actor, same))
    return found[::-1]
