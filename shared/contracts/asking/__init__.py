"""What a gateway may ask of a service: one body a question or command, by subject (`<service>.requests`, sealed)."""

from typing import Annotated

from pydantic import Field

from shared.contracts.asking.claims import (
    CareStated,
    ClaimAct,
    ClaimCommand,
    ClaimQuery,
    ClaimsQuery,
    ClaimStatusQuery,
    MonthAdvance,
    RegisterClaim,
    ReturnStated,
    SettlementsQuery,
    ValidateClaim,
)
from shared.contracts.asking.municipal import (
    AnnotateLookUp,
    ListName,
    ListQuery,
    NoticeCommand,
    NoticeQuery,
    NoticesQuery,
    NoticeState,
    NoticeStatisticsQuery,
)
from shared.contracts.asking.people import EmergencyOverride, PersonQuery, StatedRelation
from shared.contracts.asking.records import ChangeRecords, RecordChange, RecordsQuery, UserSeen
from shared.contracts.asking.words import Day, IdempotencyKey, MonthText, NoticeId, Place, Sentence

__all__ = [
    "AnnotateLookUp",
    "Body",
    "CareStated",
    "ChangeRecords",
    "ClaimAct",
    "ClaimCommand",
    "ClaimQuery",
    "ClaimStatusQuery",
    "ClaimsQuery",
    "Day",
    "EmergencyOverride",
    "IdempotencyKey",
    "ListName",
    "ListQuery",
    "MonthAdvance",
    "MonthText",
    "NoticeCommand",
    "NoticeId",
    "NoticeQuery",
    "NoticeState",
    "NoticeStatisticsQuery",
    "NoticesQuery",
    "PersonQuery",
    "Place",
    "RecordChange",
    "RecordsQuery",
    "RegisterClaim",
    "ReturnStated",
    "Sentence",
    "SettlementsQuery",
    "StatedRelation",
    "UserSeen",
    "ValidateClaim",
]

Body = Annotated[
    PersonQuery
    | ListQuery
    | NoticesQuery
    | NoticeQuery
    | NoticeCommand
    | NoticeStatisticsQuery
    | AnnotateLookUp
    | RegisterClaim
    | ClaimStatusQuery
    | ValidateClaim
    | ClaimCommand
    | ClaimQuery
    | ClaimsQuery
    | SettlementsQuery
    | ChangeRecords
    | UserSeen
    | RecordsQuery,
    Field(discriminator="kind"),
]
