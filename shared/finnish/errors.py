"""How a value that is not what it claims to be is refused."""


class FormatError(ValueError):
    """A value that does not follow its Finnish format. Its text never repeats the value.

    Attributes:
        code: Stable machine code ``<what>.<why>``, for example ``identity_code.check_character``.
        reason: What is wrong, in plain words.
        advice: What to do next.
    """

    def __init__(self, code: str, reason: str, advice: str) -> None:
        super().__init__(f"{reason} {advice}")
        self.code = code
        self.reason = reason
        self.advice = advice
