"""The one error of the local stack: a code, the reason in plain words, and what to do next."""


class StackError(Exception):
    """Something the person at the keyboard has to know, and can act on.

    Attributes:
        code: stable name for scripts and tests, such as `java.missing`.
        reason: what is wrong.
        advice: what to do next.
    """

    def __init__(self, code: str, reason: str, advice: str) -> None:
        super().__init__(f"{reason}\n{advice}")
        self.code = code
        self.reason = reason
        self.advice = advice
