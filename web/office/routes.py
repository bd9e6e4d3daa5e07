"""Which page of the desk answers which address."""

from __future__ import annotations

from starlette.routing import Route

from .asking import ask
from .decisions import answered, corrected, decide
from .history import evidence, task
from .many import decide_many, many, undo
from .orders import letters as paper_letters
from .orders import withdraw
from .papers import home, paper, plan, tasks
from .people import agencies, agency
from .post import eml, letter, letters, settle, text, view
from .samples import check, draw, sample, samples
from .urging import urge
from .waiting import release, reply, tray

_BOTH = ["GET", "POST"]

ROUTES = [
    Route("/office", home),
    Route("/office/waiting/{tray}", tray),
    Route("/office/papers/{directive}", paper),
    Route("/office/papers/{directive}/tasks", tasks),
    Route("/office/papers/{directive}/plan", plan),
    Route("/office/papers/{directive}/withdraw", withdraw, methods=_BOTH),
    Route("/office/papers/{directive}/letters/{verb}", paper_letters, methods=_BOTH),
    Route("/office/papers/{directive}/many", many),
    Route("/office/papers/{directive}/many/{kind}", decide_many, methods=_BOTH),
    Route("/office/papers/{directive}/undo/{key}", undo, methods=_BOTH),
    Route("/office/papers/{directive}/urge", urge, methods=_BOTH),
    Route("/office/papers/{directive}/ask", ask, methods=_BOTH),
    Route("/office/papers/{directive}/samples", samples),
    Route("/office/papers/{directive}/samples/draw", draw, methods=_BOTH),
    Route("/office/papers/{directive}/samples/{sample}", sample),
    Route("/office/papers/{directive}/samples/{sample}/{place}", check, methods=_BOTH),
    Route("/office/tasks/{task}", task),
    Route("/office/tasks/{task}/decide/{kind}", decide, methods=_BOTH),
    Route("/office/tasks/{task}/figure", corrected, methods=_BOTH),
    Route("/office/tasks/{task}/answer/{kind}", answered, methods=_BOTH),
    Route("/office/evidence/{directive}/{seq}/{hash}", evidence),
    Route("/office/replies/{reply}/{kind}", reply, methods=_BOTH),
    Route("/office/release", release, methods=_BOTH),
    Route("/office/letters", letters),
    Route("/office/letters/{letter}", letter),
    Route("/office/letters/{letter}/view", view),
    Route("/office/letters/{letter}/text", text),
    Route("/office/letters/{letter}/eml", eml),
    Route("/office/letters/{letter}/settle/{kind}", settle, methods=_BOTH),
    Route("/office/agencies", agencies),
    Route("/office/agencies/{code}", agency),
]
