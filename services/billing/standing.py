"""How invoices stand: what is open of them, and what of it rests until a demand for rectification is decided."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.domain.rectifying import frozen
from services.billing.store import charges, invoices, payments, rectifications
from services.billing.store.payments import Balance


async def balances(conn: AsyncConnection) -> list[Balance]:
    """How every invoice stands, by due day."""
    return [await _rested(conn, one) if one.disputed else one for one in await payments.balances(conn)]


async def _rested(conn: AsyncConnection, of: Balance) -> Balance:
    invoice = await invoices.find(conn, of.number)
    if invoice is None:
        raise RuntimeError(f"{of.number} has vanished.")
    history = await rectifications.history(conn, of.number)
    return replace(of, disputed=frozen(invoice, history, of.credited, await charges.taken_back(conn, invoice)))
