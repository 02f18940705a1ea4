"""The auditor's question whether the log is what it was: its newest signature, and the proof of one entry."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.base import Contract


class LogVerificationQuery(Contract):
    """The newest checkpoint with its co-signature, and the proof of an entry where one is named."""

    kind: Literal["log_verification"] = "log_verification"
    entry: Annotated[str, Field(max_length=40)] = ""
    """Number of an entry or id of its event, as typed; empty: of none."""
