"""The code side of the house: a task's code is mailed, and what is typed is held against it."""

from __future__ import annotations

from datetime import datetime

from config.office import Office
from tasks.ledger import coding

from .postman import Postman


class Doorkeeper:
    """The part of `web.front.Front` that mails codes and knows them again, over an office."""

    office: Office
    postman: Postman

    def send_code(self, task: int, now: datetime) -> bool:
        """Mail a code for the task's "done" to the registered address; False where that is known not to work."""
        with self.office.store.write() as db:
            sent = coding.ask(db, task, now)
        self.postman.wake()
        return sent

    def prove(self, task: int, code: str, now: datetime) -> bool:
        """Whether it is the code that was mailed for the task."""
        keys = self.office.settings.keys
        with self.office.store.write() as db:
            return coding.prove(db, task, lambda seed: keys.is_code(seed, code), now)
