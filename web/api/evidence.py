"""Evidence that programs bring: files under the rules of the pages, each named in an act by a handle that only its own key may use."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request

from config import vault
from web.evidence import MOST_FILES, File, Upload, kept, sealed, unsealed
from web.form import submitted
from web.threads import run_in_threadpool
from web.words import tongue

from .caller import Called, Caller
from .problems import Refused, responses
from .saying import FileOut

router = APIRouter(responses=responses(400, 401, 403, 409, 413, 422, 429, 507))

_BODY = {
    "required": True,
    "content": {"multipart/form-data": {"schema": {
        "type": "object", "required": ["file"], "additionalProperties": False,
        "properties": {"file": {
            "type": "array", "minItems": 1, "maxItems": MOST_FILES, "items": {"type": "string", "format": "binary"},
            "description": "PDF, Word (.docx), Excel (.xlsx), JPG or PNG, 10 MB each, with its file name",
        }},
    }}},
}  # fmt: skip


@router.post("/files", summary="Bring evidence for an act", openapi_extra={"requestBody": _BODY})
async def bring(of: Called, request: Request) -> list[FileOut]:
    """Needs `act:<agency>`. The act names each by its `file`; brought again it is the same. Nothing is recorded yet."""
    if not of.program.of("act"):  # before a byte of the files is read
        raise Refused(403, "scope", "Khóa này không được trả lời thay đơn vị nào.")
    async with submitted(request) as sent:
        if not (uploads := sent.uploads.get("file", ())):
            raise Refused(422, "malformed", "Gửi tệp, có tên tệp, ở phần “file” của multipart/form-data; chưa có gì được ghi.")
        return await run_in_threadpool(_kept, of, uploads)


def named(of: Caller, handles: Sequence[str]) -> tuple[File, ...]:
    """The files that an act names. Raises Refused for one that this key has not brought, or that is no longer here."""
    settings = of.office.settings
    found = [unsealed(handle, _owner(of), settings.form_key) for handle in handles]
    files = {file[0]: file for file in found if file and vault.found(settings.data, file[0])}
    if None in found or len(files) != len({file[0] for file in found if file}):
        raise Refused(409, "file", "Tệp này không do khóa này gửi lên, hoặc không còn giữ: hãy gửi lại qua /files.")
    return tuple(files.values())


def _kept(of: Caller, uploads: Sequence[Upload]) -> list[FileOut]:
    settings = of.office.settings
    try:
        files, mistakes = kept(uploads, (), lambda content, name: vault.keep(settings.data, content, name))
    except OSError as error:
        raise Refused(507, "disk", "Máy chủ không còn chỗ cho tệp; chưa có gì được ghi.") from error
    if mistakes:
        raise Refused(409, "file", ". ".join(map(tongue("vi").say, mistakes)))
    return [
        FileOut(file=sealed(file, _owner(of), settings.form_key), sha256=file[0], name=file[1], size=file[2]) for file in files
    ]


def _owner(of: Caller) -> str:
    """Whose a handle is; no link is called so."""
    return f"program {of.program.id}"
