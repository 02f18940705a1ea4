"""Whoever starts the demonstration is told one sign-in for each role, and it has that role."""

import json
from datetime import date
from pathlib import Path

import pytest

from deploy.demo.agreements.named import demo_worker
from deploy.demo.agreements.roles import CITIZEN, SHOWN_BY, role_lines, shown_by_role
from deploy.demo.agreements.sign_in import sign_in_table
from deploy.demo.furnishing import PERSONS, REGISTERED, invitation, register
from deploy.devidp.users import load_users
from shared.contracts.base import Role
from shared.secrets import Secrets

DAYS = (date(2016, 12, 31), date(2017, 1, 1))


def test_every_role_and_a_citizen_have_a_sign_in_of_their_own() -> None:
    assert set(SHOWN_BY) == {*Role, CITIZEN}
    assert len(set(SHOWN_BY.values())) == len(SHOWN_BY)


@pytest.mark.parametrize("role", Role)
def test_whoever_shows_a_role_has_it_before_and_after_the_mergers(role: Role) -> None:
    worker = demo_worker(SHOWN_BY[role])
    for day in DAYS:
        assert role in {one for grant in worker.grants if grant.days.covers(day) for one in grant.roles}


def test_the_citizen_acts_for_nobody() -> None:
    assert demo_worker(SHOWN_BY[CITIZEN]).grants == ()


def test_the_development_sign_in_and_the_printed_lines_name_the_same_people(tmp_path: Path) -> None:
    table = tmp_path / "workers.json"
    table.write_text(sign_in_table(), encoding="utf-8")
    users = load_users(table)
    assert len(json.loads(sign_in_table())) == len(users)
    assert {user.name for user in users.values() if user.role} == {worker.name for _, worker in shown_by_role()}
    lines = role_lines().splitlines()
    assert len(lines) == len(SHOWN_BY)
    assert all(worker.name in line for line, (_, worker) in zip(lines, shown_by_role(), strict=True))


def test_whoever_starts_the_stack_reads_them_all(tmp_path: Path) -> None:
    (tmp_path / "pseudonym").write_text("ab" * 32, encoding="ascii")
    told = invitation(register(Secrets(tmp_path), PERSONS, REGISTERED))
    assert role_lines() in told
    assert "Mäkinen Anna to look up" in told
