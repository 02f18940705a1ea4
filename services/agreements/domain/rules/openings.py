"""When an agreement may be opened: after its path (request, statement, signature), where there is one (domain 5.1)."""

from services.agreements.domain.records import key_of
from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.state import State
from shared.contracts.agreements import AgreementChanged, AgreementPath


def path_is_signed(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """A party that asked for an agreement in the service opens it when it is signed, not before.

    An agreement of a party without a path was made on paper before: allowed. One that was open before is only
    resumed. A path that led to another agreement, or was withdrawn, opens nothing.
    """
    opened_before = any(
        isinstance(version, AgreementChanged) and version.status == "open" for version in state.versions(key_of(record))
    )
    paths = [path for path in state.paths(record.party) if path.step != "withdrawn"]
    if record.status != "open" or opened_before or not paths or any(_opens(path, record) for path in paths):
        return None
    return refuse(record, "agreement.path")


def _opens(path: AgreementPath, record: AgreementChanged) -> bool:
    members = {member.municipality for member in record.members}
    return path.step == "signed" and path.law == record.law and members >= set(path.municipalities)
