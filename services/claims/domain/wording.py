"""How a rule words its refusal."""

from shared.contracts.base import Refusal, Text

Triple = tuple[str, str, str]
"""The same sentence in Finnish, Swedish and English."""


def text(sentence: Triple) -> Text:
    """Make a text of its three languages."""
    fi, sv, en = sentence
    return Text(fi=fi, sv=sv, en=en)


def refusal(rule: str, code: str, law: str, *, reason: Triple, advice: Triple) -> Refusal:
    """Make a refusal. Its texts never repeat what was typed: it may be personal."""
    return Refusal(code=code, rule=rule, law=law, reason=text(reason), advice=text(advice))
