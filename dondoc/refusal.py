"""Why a command ends without its work: one sentence, one advice, one exit code."""

from __future__ import annotations

#: Exit codes beside 0: findings or failed work · wrong use · try later, since the mail server or the database is away.
FOUND, USAGE, LATER = 1, 2, 75


class Refusal(Exception):  # noqa: N818  # it names an end, not a mistake
    """A command cannot be done. The sentence is already in the reader's language."""

    def __init__(self, sentence: str, advice: str = "", *, code: int = FOUND) -> None:
        super().__init__(sentence)
        self.sentence, self.advice, self.code = sentence, advice, code
