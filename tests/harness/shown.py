"""What a worker may be shown of a client: one of each kind of row, and something held back."""

from datetime import UTC, date, datetime
from uuid import UUID

from shared.contracts.answers import ClaimRow, DecisionRow, PaymentRow, Pending, PersonView, Trimmed


def shown(client: str, event: UUID) -> PersonView:
    return PersonView(
        name="Meikäläinen, Maija",
        identity_code=client,
        municipality="837",
        safety_prohibition=False,
        looked_up=datetime(2016, 12, 31, 10, 31, 5, tzinfo=UTC),
        access_event=event,
        pending=(
            Pending(
                benefit="yleinen_asumistuki",
                received=date(2016, 12, 1),
                stage="in_process",
                estimated_decision=date(2017, 1, 15),
            ),
        ),
        decisions=(
            DecisionRow(
                benefit="kansanelake",
                result="granted",
                first=date(2015, 1, 1),
                last=None,
                amount="634.30",
                decided=date(2014, 12, 3),
            ),
        ),
        payments=(
            PaymentRow(
                benefit="kansanelake",
                payday=date(2016, 12, 7),
                first=date(2016, 12, 1),
                last=date(2016, 12, 31),
                gross="1634.30",
                withheld="400.00",
                net="1234.30",
                paid_to="client",
            ),
        ),
        claims=(
            ClaimRow(
                number="V-2016-000001",
                benefit="kansanelake",
                ground="aml_14",
                state="registered",
                first=date(2017, 1, 1),
                last=None,
                effective_payday=date(2017, 2, 7),
            ),
        ),
        trimmed=(Trimmed(group="decisions", count=3, why="window"),),
    )
