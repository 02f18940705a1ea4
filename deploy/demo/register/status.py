"""What the register knows of a person beside benefits: insurance, the medicine ceiling, and notices to municipalities.

How often each occurs is invented.
"""

import hashlib
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from deploy.demo.register.filing import File
from deploy.demo.register.people import Resident
from deploy.demo.register.tables import NoticeTerms, medicine_ceilings, notice_terms
from shared.clock.civil import at_helsinki
from shared.contracts.register import Attachment, Insurance, Medicine, Notice
from shared.finnish.banking_days import on_or_after
from shared.finnish.municipalities import current_code
from shared.money import cents

_NOT_COVERED, _MOVED_HERE, _BUYS_MEDICINE, _REACHED, _NOTICE = 0.02, 0.05, 0.12, 0.2, 0.06
_YEAR_DAYS: Final = 365.25
_OFFICE_MINUTES: Final = (8 * 60, 16 * 60)
_BASIC_ASSISTANCE_BENEFITS: Final = frozenset({"tyomarkkinatuki", "perustoimeentulotuki"})
_MORE_LIKELY: Final = 3
_FILES: Final = ("Hakemus", "Vuokrasopimus", "Tiliote", "Selvitys menoista")


def add_insurance(file: File, resident: Resident) -> None:
    """File whether the person is covered, and since when."""
    rng = file.rng
    covered = rng.random() >= _NOT_COVERED
    first = resident.born
    if not covered or rng.random() < _MOVED_HERE:
        first = max(resident.born, file.window.first - timedelta(days=rng.randint(0, 1500)))
    file.add("insurance", Insurance(covered=covered, first=first, last=resident.died))


def add_medicine(file: File, resident: Resident) -> None:
    """File, for some, how much of the annual ceiling on medicine costs is used."""
    rng = file.rng
    if rng.random() >= _BUYS_MEDICINE:
        return
    for year, ceiling in medicine_ceilings().items():
        begins, ends = date(year, 1, 1), min(date(year, 12, 31), resident.died or date.max)
        if begins > ends or not file.window.first <= begins <= file.window.last:
            continue
        reached = rng.random() < _REACHED
        file.add(
            "medicine",
            Medicine(
                year=year,
                ceiling=ceiling,
                used=ceiling if reached else cents(ceiling * Decimal(rng.randint(5, 95)) / 100),
                reached=begins + timedelta(days=rng.randint(0, (ends - begins).days)) if reached else None,
            ),
        )


def add_notice(file: File, resident: Resident) -> None:
    """File, for some, what Kela tells their municipality: mostly of 2017, so after the register's own time."""
    rng, benefits = file.rng, frozenset(resident.member.benefits)
    likely = _NOTICE * (_MORE_LIKELY if benefits & _BASIC_ASSISTANCE_BENEFITS else 1)
    if resident.died is not None or rng.random() >= likely:
        return
    fitting = [row for row in notice_terms() if _fits(row, resident, benefits)]
    if fitting:
        file.add("notice", _notice(rng, rng.choices(fitting, [row.weight for row in fitting])[0], resident))


def _fits(row: NoticeTerms, resident: Resident, benefits: frozenset[str]) -> bool:
    age = (row.days[0] - resident.born).days / _YEAR_DAYS
    return row.age[0] <= age < row.age[1] + 1 and (not row.benefits or not benefits.isdisjoint(row.benefits))


def _notice(rng: Random, row: NoticeTerms, resident: Resident) -> Notice:
    first, last = row.days
    day = on_or_after(first + timedelta(days=rng.randint(0, (last - first).days)))
    decided = day if row.after else None
    created = _at(rng, day)
    return Notice(
        type=row.type,
        municipality=current_code(resident.municipality, day),
        created=created,
        decided=decided,
        application=row.application,
        urgent=row.urgent,
        phone=resident.phone,
        text=row.text,
        attachments=_attachments(rng) if row.application else (),
    )


def _at(rng: Random, day: date) -> datetime:
    hour, minute = divmod(rng.randint(*_OFFICE_MINUTES), 60)
    return at_helsinki(day, time(hour, minute))


def _attachments(rng: Random) -> tuple[Attachment, ...]:
    def one(name: str) -> Attachment:
        content = rng.randbytes(16)
        return Attachment(
            name=f"{name}.pdf",
            media_type="application/pdf",
            size=rng.randint(20_000, 900_000),
            sha256=hashlib.sha256(content).hexdigest(),
        )

    return tuple(one(name) for name in _FILES[: rng.randint(1, len(_FILES))])
