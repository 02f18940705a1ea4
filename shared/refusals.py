"""Making refusals of a service's own, beside those of the gate, which has a maker for its rules (`shared.gate`)."""

from shared.contracts.base import Refusal, Text


def refusal(code: str, reason: Text, advice: Text, *, law: str, rule: str | None = None) -> Refusal:
    """A refusal in the three languages.

    Its texts never repeat what was typed: that may be personal.

    Args:
        code: Stable machine code, by which programs tell refusals apart.
        reason: Why, in plain words.
        advice: What to do next.
        law: What it rests on.
        rule: Which rule refuses, as the log tells it; the code, where none is named.
    """
    return Refusal(code=code, rule=rule or code, law=law, reason=reason, advice=advice)
