"""A hundred thousand hostile strings in every place of a line that a publisher can reach."""

from services.audit.domain.cef import Entry, event_of, line
from shared.contracts.access import AccessDecided
from tests.harness.cef_lines import hostile, parse

STRINGS = 100_000
SEED = 20_261_124


def test_a_hundred_thousand_hostile_strings_survive_the_round_trip() -> None:
    tried = 0
    for text in hostile(SEED, STRINGS):
        body = {"outcome": text, "rule": text, "service": text, "worker": text, "purpose": text, "law": text}
        found = parse(line(event_of(Entry(tried, text, AccessDecided.ce_type, 0, body), text)))
        # an empty value is left out, and an outcome never is
        assert found.extension["outcome"] == (text or "unknown"), repr(text)
        assert found.extension["externalId"] == found.extension["dvchost"] == text, repr(text)
        for key in ("reason", "suid", "cs4", "cs5") if text else ():
            assert found.extension[key] == text, repr(text)
        tried += 1
    assert tried == STRINGS
