"""`keys`: the secrets behind links; a new one signs from now on, an old one opens its links until it is dropped."""

from __future__ import annotations

from typing import Annotated

from config import keyring
from config.keyring import LastKeyError
from config.settings import KeysError

from .arguments import Here, option
from .refusal import USAGE, Refusal
from .screen import show_raw, tell
from .speech import say


def keys(
    *, project: Here,
    rotate: Annotated[bool, option("thêm khóa mới để ký từ nay; khóa cũ vẫn mở đường dẫn đã gửi")] = False,
    drop: Annotated[str, option("bỏ hẳn một khóa cũ: mọi đường dẫn nó đã ký hết dùng ngay")] = "",
) -> int:
    """Print the ids of the keys, the one that signs first. Pages that run take a change in after a restart."""
    if rotate and drop:
        raise Refusal(say("chọn một: --rotate hoặc --drop"), code=USAGE)
    folder = project.settings.data
    try:
        _ = project.settings.keys  # made at first use
        if rotate:
            kid = keyring.rotate(folder)
            tell(say("Khóa mới: {kid}. Khởi động lại dondoc up để trang dùng khóa mới; ai đang đăng nhập phải đăng nhập lại.", kid=kid))
        if drop:
            keyring.drop(folder, drop)
            tell(say("Đã bỏ khóa {kid}. Khởi động lại dondoc up.", kid=drop))
    except LastKeyError as error:
        raise Refusal(say("không bỏ được {kid}: không có khóa này, hoặc nó đang ký", kid=drop), code=USAGE) from error
    except KeysError as error:
        raise Refusal(str(error)) from error
    show_raw("\n".join(keyring.kids(folder)))
    return 0
