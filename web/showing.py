"""Evidence shown again: to the agency whose task it was brought for, as a file to save and nothing that a browser runs."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse

from tasks.evidence import ending_of
from tasks.sayings import File

from .front import Front
from .visit import visit, work_of

TYPES = {
    "pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def exhibit(request: Request) -> FileResponse:
    """One file of a task that this link leads; of any other task, and of any other name, there is none."""
    at = visit(request, "desk")
    work = work_of(at.desk_of(request.path_params["task"]), request.path_params["task"])
    named = {file[0]: file for file in at.front.exhibits(work.id)} if work.lead and request.method in ("GET", "HEAD") else {}
    if (file := named.get(request.path_params["hash"])) is None:
        raise HTTPException(404)
    return served(at.front, file)


def served(front: Front, file: File) -> FileResponse:
    """A kept file as a download under its own name."""
    hash_, name, _ = file
    if (path := front.exhibit(hash_)) is None:
        raise HTTPException(404)
    kind = TYPES.get(ending_of(name), "application/octet-stream")
    return FileResponse(path, media_type=kind, filename=name, headers={"content-security-policy": POLICY})
