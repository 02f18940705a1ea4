"""The life of an alert: open → acknowledged → closed with a reason. Who may take which step, and why not."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from shared.contracts.anomalies import AlertHandled, AlertState, AlertStep, AnomalyFound
from shared.contracts.asking import AlertCommand
from shared.contracts.base import BusinessId, Pseudonym, Refusal, Text
from shared.refusals import refusal

LAW: Final = "L 812/2000 21 §"


_refusal = partial(refusal, law=LAW)


UNKNOWN: Final = _refusal(
    "alert.unknown",
    Text(fi="Hälytystä ei löydy.", sv="Larmet finns inte.", en="There is no such alert."),
    Text(
        fi="Avaa hälytykset uudelleen. Muiden organisaatioiden hälytyksiä ei voi käsitellä.",
        sv="Öppna larmen på nytt. Andra organisationers larm kan inte behandlas.",
        en="Open the alerts again. Alerts of other organisations cannot be handled.",
    ),
)
CHANGED: Final = _refusal(
    "alert.changed",
    Text(
        fi="Joku muu on jo käsitellyt hälytystä.",
        sv="Någon annan har redan behandlat larmet.",
        en="Somebody else has handled the alert in the meantime.",
    ),
    Text(
        fi="Avaa hälytykset uudelleen ja katso, mitä on tehty.",
        sv="Öppna larmen på nytt och se vad som har gjorts.",
        en="Open the alerts again and see what was done.",
    ),
)
CLOSED: Final = _refusal(
    "alert.closed",
    Text(fi="Hälytys on jo suljettu.", sv="Larmet är redan stängt.", en="The alert is closed already."),
    Text(
        fi="Suljettua hälytystä ei avata uudelleen; tilaa tarvittaessa erityisraportti.",
        sv="Ett stängt larm öppnas inte på nytt; beställ vid behov en specialrapport.",
        en="A closed alert is not opened again; order a specific report if need be.",
    ),
)
ACKNOWLEDGED: Final = _refusal(
    "alert.acknowledged",
    Text(fi="Hälytys on jo kuitattu.", sv="Larmet är redan kvitterat.", en="The alert is acknowledged already."),
    Text(fi="Sulje se perusteella.", sv="Stäng det med en grund.", en="Close it with a reason."),
)
REASON_MISSING: Final = _refusal(
    "alert.reason",
    Text(
        fi="Sulkemiselle ei ole valittu perustetta.",
        sv="Ingen grund har valts för stängningen.",
        en="No reason was chosen for closing it.",
    ),
    Text(fi="Valitse peruste.", sv="Välj en grund.", en="Choose a reason."),
)
OWN: Final = _refusal(
    "alert.own",
    Text(
        fi="Hälytys koskee omia hakujasi.",
        sv="Larmet gäller dina egna sökningar.",
        en="The alert is about your own look-ups.",
    ),
    Text(
        fi="Toisen lokivalvojan tai Kelan tarkastajan on käsiteltävä se.",
        sv="En annan loggövervakare eller FPA:s granskare ska behandla det.",
        en="Another log supervisor, or Kela's auditor, must handle it.",
    ),
)


@dataclass(frozen=True, slots=True)
class Handler:
    """Who handles alerts.

    Attributes:
        worker: Pseudonym.
        organisation: The worker's.
        every: Whether alerts of all organisations, as Kela's auditor may.
    """

    worker: Pseudonym
    organisation: BusinessId
    every: bool


def handle(
    anomaly: AnomalyFound, state: AlertState, version: int, command: AlertCommand, by: Handler, at: datetime
) -> AlertHandled | Refusal:
    """What a step makes of an alert, or why it is not taken.

    Args:
        anomaly: What was found.
        state: Where the alert stands.
        version: Its version.
        command: The step.
        by: Who takes it; what is not theirs to see must have been left out before.
        at: Business clock.
    """
    if anomaly.worker == by.worker:
        return OWN
    if state is AlertState.CLOSED:
        return CLOSED
    if command.version != version:
        return CHANGED
    closing = command.step is AlertStep.CLOSE
    if not closing and state is AlertState.ACKNOWLEDGED:
        return ACKNOWLEDGED
    if closing and command.reason is None:
        return REASON_MISSING
    return AlertHandled(
        alert=anomaly.alert,
        version=version + 1,
        step=command.step,
        reason=command.reason if closing else None,
        organisation=anomaly.organisation,
        time=at,
        by_organisation=by.organisation,
        by_worker=by.worker,
    )


def may_see(anomaly: AnomalyFound, by: Handler) -> bool:
    """Whether an alert is theirs to see: of their organisation, or every one."""
    return by.every or anomaly.organisation == by.organisation
