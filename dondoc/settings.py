"""What each setting means, where its value comes from, and the example file that lists them all."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from dotenv import dotenv_values
from pydantic import SecretStr

from config.settings import Settings

from .home import MARK
from .speech import say

PREFIX = "DONDOC_"

_MEANINGS = {
    "home": "thư mục làm việc: directives/, config/, .dondoc/",
    "database": "địa chỉ cơ sở dữ liệu (SQLAlchemy); để trống: SQLite trong .dondoc/ledger.sqlite",
    "base_url": "địa chỉ công khai của trang trả lời, in trong thư",
    "lang": "tiếng của dòng lệnh và trang: vi hoặc en",
    "smtp_host": "máy chủ thư của cơ quan",
    "smtp_port": "cổng của máy chủ thư",
    "smtp_tls": "mã hóa: starttls, tls, hoặc plain (chỉ khi máy chủ thư ở ngay máy này)",
    "smtp_user": "tài khoản gửi thư",
    "smtp_password": "mật khẩu gửi thư; tốt hơn: để trong tệp, ghi ở smtp_password_file",
    "smtp_password_file": "tệp chứa mật khẩu gửi thư",
    "smtp_ca": "chứng thư gốc riêng của cơ quan",
    "smtp_profile": "loại máy chủ thư, cho biết giới hạn: postfix, m365, google, careful",
    "smtp_connections": "số kết nối cùng lúc tới máy chủ thư; để trống: theo smtp_profile",
    "smtp_per_minute": "nhiều nhất bấy nhiêu thư mỗi phút; để trống: theo smtp_profile; 0: không giới hạn",
    "smtp_per_day": "nhiều nhất bấy nhiêu thư trong 24 giờ; để trống: theo smtp_profile; 0: không giới hạn",
    "smtp_per_connection": "sau bấy nhiêu thư thì nối lại; để trống: theo smtp_profile",
    "smtp_second": "máy chủ thư thứ hai, khi máy chủ thứ nhất không dùng được: smtp://tai-khoan@may-chu:587; để trống: không có",
    "smtp_second_password_file": "tệp chứa mật khẩu của máy chủ thư thứ hai",
    "smtp_second_profile": "loại của máy chủ thư thứ hai: postfix, m365, google, careful",
    "mail_from": "địa chỉ gửi",
    "mail_from_name": "tên người gửi",
    "mail_reply_to": "địa chỉ nhận trả lời",
    "mail_return": "địa chỉ nhận thư bị trả lại, {{}} là chỗ ghi thư nào: tra-lai+{{}}@xa.example; để trống: địa chỉ gửi",
    "imap_host": "máy chủ của hộp thư nhận trả lời và thư bị trả lại; để trống: không đọc hộp thư nào",
    "imap_port": "cổng của máy chủ hộp thư",
    "imap_tls": "mã hóa khi đọc hộp thư: tls, starttls, hoặc plain (chỉ khi hộp thư ở ngay máy này)",
    "imap_user": "tài khoản của hộp thư",
    "imap_password": "mật khẩu của hộp thư; tốt hơn: để trong tệp, ghi ở imap_password_file",
    "imap_password_file": "tệp chứa mật khẩu của hộp thư",
    "imap_ca": "chứng thư gốc riêng của máy chủ hộp thư",
    "imap_folder": "ngăn thư đến của hộp thư",
    "inbox_trust": "các thư mục trong inbox/ của hệ thống được ghi thay mọi đơn vị",
    "reply_trust": "các tên miền mà thư trả lời có chữ ký DKIM đúng thì được ghi ngay, không chờ xác nhận",
    "mail_lang": "ngôn ngữ của thư: vi hoặc en",
    "webhook_networks": "các mạng nội bộ được nhận sự kiện (webhook): 10.1.0.0/16; để trống: chỉ địa chỉ công cộng",
    "channels": "ngoài thư, đơn vị không ghi channels được nhắn bằng: zalo, apprise; để trống: chỉ thư",
    "apprise_file": "tệp địa chỉ apprise của các đơn vị, mỗi dòng: mã-đơn-vị địa-chỉ; để trống: không nhắn bằng apprise",
    "zalo_url": "địa chỉ dịch vụ nhắn tin Zalo (ZNS)",
    "zalo_token_file": "tệp chứa khóa truy cập Zalo (access token); để trống: không nhắn bằng Zalo",
    "zalo_template": "mã mẫu tin Zalo đã duyệt, có hai tham số content và link",
    "zone": "múi giờ của ngày, giờ trong văn bản",
    "before_means": "“trước ngày D” bớt đi mấy ngày: 1 = hết hôm trước, 0 = ngày D vẫn còn hạn",
    "opens": "giờ bắt đầu gửi thư trong ngày làm việc",
    "closes": "giờ thôi gửi thư",
    "grace": "đơn vị được báo ít nhất bấy nhiêu ngày làm việc thì cấp trên mới nghe",
    "ack_timeout": "đã tiếp nhận mà im lặng bấy nhiêu ngày làm việc thì hỏi lại đơn vị; 0: không hỏi lại",
    "letters_a_week": "mỗi hộp thư nhiều nhất bấy nhiêu thư nhắc một tuần, phần còn lại dồn sang tuần sau; 0: không giới hạn",
    "gap": "trước mốc bấy nhiêu ngày làm việc, báo đơn vị có số liệu chưa đủ đà đạt mốc; 0: không báo",
    "lock": "sau ngày chốt số liệu bấy nhiêu ngày làm việc thì đơn vị không nhập, sửa số của kỳ đó; 0: không khóa",
    "recall": "số phút giữ thư lại sau khi ban hành",
    "lints_off": "các cảnh báo không cần nghe, theo mã: D081, D085 (lỗi thì không tắt được)",
    "approve": "mọi văn bản đều cần người khác duyệt rồi mới gửi: never hoặc always",
    "approve_over": "ban hành mà gửi ngay nhiều hơn bấy nhiêu thư thì cần người khác duyệt; để trống: không xét",
    "user": "ai đang làm việc; để trống: tên của người dùng trên máy",
    "oidc_issuer": "nơi cấp tài khoản đăng nhập (OpenID Connect); để trống: chỉ đăng nhập bằng thư",
    "oidc_client": "mã của dondoc ở nơi cấp tài khoản",
    "oidc_secret": "mật khẩu của dondoc ở nơi cấp tài khoản; tốt hơn: để trong tệp, ghi ở oidc_secret_file",
    "oidc_secret_file": "tệp chứa mật khẩu đó",
    "oidc_name": "tên nơi cấp tài khoản, như ghi trên nút đăng nhập",
    "old_libraries": "thư viện có lỗ hổng đã biết: refuse (không chạy) hoặc allow (chỉ cảnh báo)",
    "web_host": "địa chỉ mà trang trả lời nghe",
    "web_port": "cổng mà trang trả lời nghe",
    "prefect_host": "địa chỉ của máy chủ Prefect do `dondoc up` chạy",
    "prefect_port": "cổng của máy chủ Prefect do `dondoc up` chạy",
    "trusted_proxies": "địa chỉ các máy chuyển tiếp được tin, dạng JSON: [\"10.0.0.1\"]",
}
_HIDDEN = "••••••"


class Shown(NamedTuple):
    """A setting with its value as it may be shown, and where that comes from."""

    name: str
    value: str
    source: str
    meaning: str


def meaning(name: str) -> str:
    """What a setting is for, in one line."""
    return say(_MEANINGS[name]) if name in _MEANINGS else Settings.model_fields[name].description or ""


def shown(settings: Settings, environ: Mapping[str, str]) -> Iterator[Shown]:
    """Yield every setting; secrets are not shown."""
    spoken = [(source, {key.lower() for key in keys}) for source, keys in _sources(settings.home, environ)]
    for name in Settings.model_fields:
        value = getattr(settings, name)
        source = next((source for source, keys in spoken if name in keys), say("mặc định"))
        yield Shown(name, _HIDDEN if isinstance(value, SecretStr) else _without_password(name, value), source, meaning(name))


def example() -> str:
    """`.env.example`: every setting with what it means and its default."""
    lines = [f"# {say('Mọi cài đặt của dondoc. Chép thành .env rồi bỏ dấu # ở dòng cần đặt.')}", ""]
    for name, field in Settings.model_fields.items():
        if name != "home":
            default = "" if field.default is None or field.default == () else field.default
            lines += [f"# {meaning(name)}", f"#{PREFIX}{name.upper()}={default}", ""]
    return "\n".join(lines)


def _sources(home: Path, environ: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """The names that each source sets, the strongest first."""
    yield say("môi trường"), [key[len(PREFIX) :] for key in environ if key.upper().startswith(PREFIX)]
    yield ".env", [key[len(PREFIX) :] for key in dotenv_values(home / ".env") if key.upper().startswith(PREFIX)]
    path = home / MARK
    yield MARK, list(tomllib.loads(path.read_text(encoding="utf-8"))) if path.exists() else []


def _without_password(name: str, value: object) -> str:
    """A value as text; a database's address without its password."""
    text = "" if value is None else str(value)
    head, at, host = text.rpartition("@")
    if name != "database" or not at or "://" not in head:
        return text
    scheme, _, user = head.partition("://")
    return f"{scheme}://{user.partition(':')[0]}:{_HIDDEN}@{host}"


