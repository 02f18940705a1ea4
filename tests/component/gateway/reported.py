"""What audit answers about reports of the log in the walk over the routes."""

import base64
from datetime import date
from uuid import UUID

from shared.contracts.answers import (
    Answer,
    Consulted,
    GenericReportFile,
    GenericReportList,
    GenericReportRow,
    SpecificReportDone,
    SpecificReportFile,
    SpecificReportList,
    SpecificReportRow,
    SpecificReportView,
)
from shared.contracts.asking import (
    AskSpecificReport,
    DecideSpecificReport,
    GenericReportQuery,
    GenericReportsQuery,
    SpecificReportFileQuery,
    SpecificReportQuery,
    SpecificReportsQuery,
)
from shared.contracts.base import Contract, Instant

CANARY, CANARY_NAME = "010180Y9026", "Kanarialintu Keijo"
CANARY_EVENT = UUID("ca4a41a0-0000-4000-8000-00000ca4a41a")
"""Stands in answers that hold nothing else than ids."""
OF_REPORTS = (
    GenericReportsQuery,
    GenericReportQuery,
    AskSpecificReport,
    DecideSpecificReport,
    SpecificReportsQuery,
    SpecificReportQuery,
    SpecificReportFileQuery,
)
_DAY = date(2016, 12, 31)
_WORKER = f"v1.{'a' * 26}"


def report_answer(body: Contract, at: Instant) -> Answer:
    """The answer to a question about reports."""
    match body:
        case GenericReportsQuery():
            row = GenericReportRow(
                report=CANARY_EVENT, month="2016-12", organisation="0211675-2", municipality="837", made=at, overrides=1
            )
            return GenericReportList(rows=(row,), event=CANARY_EVENT)
        case GenericReportQuery():
            content = base64.b64encode(f"{CANARY_NAME} {CANARY_EVENT}".encode()).decode()
            return GenericReportFile(name="2016-12.csv", media="text/csv", content=content, event=CANARY_EVENT)
        case SpecificReportsQuery():
            return SpecificReportList(rows=(_order(at),), event=CANARY_EVENT)
        case SpecificReportQuery():
            return _view(at)
        case SpecificReportFileQuery():
            content = base64.b64encode(f"{CANARY_NAME} {CANARY}".encode()).decode()
            return SpecificReportFile(name="specific.csv", media="text/csv", content=content, event=CANARY_EVENT)
        case _:
            return SpecificReportDone(row=_order(at), event=CANARY_EVENT)


def _order(at: Instant) -> SpecificReportRow:
    return SpecificReportRow(
        report=CANARY_EVENT,
        organisation="0211675-2",
        about="worker",
        subject=_WORKER,
        first=_DAY,
        last=_DAY,
        reason=CANARY_NAME,
        state="asked",
        asked_by=_WORKER,
        asked_at=at,
    )


def _view(at: Instant) -> SpecificReportView:
    return SpecificReportView(
        row=_order(at),
        attempts=1,
        outcomes={"granted": 1},
        actions={},
        rules={},
        purposes={},
        groups={},
        hours={8: 1},
        overrides=(at,),
        consulted=(Consulted(identity_code=CANARY, times=1),),
        cut=False,
        event=CANARY_EVENT,
    )
