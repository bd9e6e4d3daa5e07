"""What a directory says, as frozen values: agencies, positions and groups; and what every shape of the language has in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from .fields import Ids, Mail, Many, On, one_of, says

#: The kind of the positions that an agency's contacts become: a group takes them only where it asks for that kind.
POSITION = "chuc-danh"

#: By which ways an agency may be told. Mail always is one of them; alone it says that no other is wanted.
Way = Literal["mail", "zalo", "apprise"]

Lang = Literal["vi", "en"]


class Shape(BaseModel):
    """A frozen value whose unknown words are refused. `with_`, `for_`, `from_`, `in_` … are the file's words with, for, from, in."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


#: Left out of what is hashed where nobody says it, so that a directory without it has the hash that it always had.
UNSAID = Field(exclude_if=lambda value: not value)


class Agency(Shape):
    """Anything that can receive a letter: a body, a school, a position (`in_` names what it hangs under)."""

    id: str
    name: Annotated[str, says("tên đầy đủ")]
    short: Annotated[str, says("tên gọn")]
    kind: Annotated[Ids, says("loại, khối")] = ()
    in_: Annotated[Ids, says("trực thuộc", "in")] = ()
    head: Annotated[str | None, says("người đứng đầu")] = None
    mail: Annotated[Mail | None, says("địa chỉ thư")] = None
    phone: Annotated[str | None, says("điện thoại")] = None
    channels: Annotated[tuple[Annotated[Way, one_of(*get_args(Way))], ...], Many, says("kênh nhắn tin ngoài thư"), UNSAID] = ()
    since: Annotated[On | None, says("thành lập ngày")] = None
    until: Annotated[On | None, says("đến ngày")] = None
    successor: Annotated[str | None, says("đơn vị kế thừa")] = None
    lang: Annotated[Lang | None, one_of(*get_args(Lang)), says("ngôn ngữ của thư và trang"), UNSAID] = None


class Contact(Shape):
    """A contact of an agency by role, as the file has it; it becomes a position under the agency (`contacts.spread`)."""

    name: Annotated[str | None, says("chức danh")] = None
    mail: Annotated[Mail | None, says("địa chỉ thư")] = None
    phone: Annotated[str | None, says("điện thoại")] = None


class Group(Shape):
    """A query over the directory: every given word narrows it, `list_` adds, `except_` removes."""

    id: str
    kind: Annotated[Ids, says("loại, khối")] = ()
    in_: Annotated[Ids, says("trực thuộc", "in")] = ()
    list_: Annotated[Ids, says("danh sách", "list")] = ()
    except_: Annotated[Ids, says("trừ", "except")] = ()


class Directory(Shape):
    """All agencies and groups by id; ids and group ids share one namespace."""

    agencies: Mapping[str, Agency] = {}
    groups: Mapping[str, Group] = {}
