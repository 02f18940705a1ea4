"""A municipality's own system that calls the interface: named in Tampere's agreement, with an invented token."""

import hashlib
from typing import Final

from deploy.demo.agreements.joint_authorities import BEGINNING
from shared.contracts.agreements import InterfaceClient
from shared.contracts.base import Role, Validity
from shared.ids import event_id

INTERFACE_PARTY: Final = "837"
INTERFACE_TOKEN: Final = str(event_id("demo-interface", INTERFACE_PARTY))
"""What the demonstration's system sends; the agreement holds its hash alone. It guards invented data, no secret."""
INTERFACE_CLIENT: Final = InterfaceClient(
    id="tampere-asiakastieto",
    token_sha256=hashlib.sha256(INTERFACE_TOKEN.encode()).hexdigest(),
    roles=(Role.FEE_CLERK, Role.ASSISTANCE_HANDLER),
    validity=Validity(first=BEGINNING),
)
