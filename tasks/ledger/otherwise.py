"""What a letter has come to that no mailbox took: sent once another way has taken its message, for nobody where none has."""

from __future__ import annotations

from sqlalchemy import Connection

from . import ending, parcels
from .echoing import BY
from .parcels import Parcel
from .rows import sql


def heard(db: Connection, letter: int) -> None:
    """Let it count as sent if a way has taken its message: at that instant its reader was told. One that went by mail stays as it is."""
    taken = db.execute(sql(_TAKEN), {"key": parcels.of_letter(letter)}).first()
    if taken is None:
        return
    at = {"id": letter, "at": taken.sent_at, "reply": f"{BY}{taken.channel}", "by": f"{BY}%"}
    if db.execute(sql(_HEARD), at).rowcount:
        db.execute(sql("UPDATE failures SET until = :at WHERE notice = :id AND until IS NULL"), at)
        ending.tell(db, [letter], taken.sent_at)


def given_up(db: Connection, of: Parcel, words: str) -> None:
    """Of a message that its way will not take: the letter has reached nobody, unless another way still tries or has taken it."""
    if letter := parcels.letter_of(of):
        db.execute(sql(_NOBODY), {"id": letter, "key": of.key, "by": f"{BY}%", "reply": f"{of.channel}: {words}"[:500]})


_TAKEN = """
SELECT channel, sent_at FROM parcels WHERE endpoint = 0 AND key = :key AND state = 'sent' ORDER BY sent_at, id LIMIT 1"""

_HEARD = """
UPDATE notices SET state = 'sent', sent_at = :at, params = NULL, reply = :reply,
       hint = CASE WHEN lane IN ('receipt', 'decision') THEN '' ELSE hint END
 WHERE id = :id AND (state IN ('undeliverable', 'failed') OR (state = 'superseded' AND reply LIKE :by))"""

_NOBODY = """
UPDATE notices SET state = 'undeliverable', reply = :reply
 WHERE id = :id AND state = 'superseded' AND reply LIKE :by
   AND NOT EXISTS (SELECT 1 FROM parcels p WHERE p.endpoint = 0 AND p.key = :key AND p.state IN ('queued', 'sent'))"""
