"""The program `dondoc`: its commands, each loaded only when it is called, and the one place where a command's end becomes an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from cyclopts import App, Group, Parameter

from config.clock import Clock, WallClock

from .guide import Guide
from .home import found
from .refusal import Refusal
from .screen import complaint, tell
from .speech import Lang, asked, say, speak
from .usage import usage_error


class Command(NamedTuple):
    """A command: where its function is, what it does."""

    name: str
    function: str
    help: str


#: Commands by what they are for, in the order in which one needs them.
COMMANDS: dict[str, tuple[Command, ...]] = {
    "Soạn và ban hành": (
        Command("init", "starting:init", "tạo thư mục làm việc mới, có một văn bản mẫu"),
        Command("new", "drafting:new", "bắt đầu một văn bản: tệp trống, hoặc theo văn bản năm trước"),
        Command("check", "checking:check", "kiểm tra văn bản và danh bạ: mọi lỗi của mọi tệp trong một lần"),
        Command("fmt", "formatting:fmt", "viết lại văn bản theo một dạng chung; giữ lời văn và ghi chú"),
        Command("schema", "schemas:schema", "lược đồ cho trình soạn thảo: gợi ý, giải thích, gạch chân khi soạn"),
        Command("plan", "planning:plan", "xem trước: giao ai, hạn nào, những thư nào sẽ gửi"),
        Command("apply", "issuing:apply", "ban hành: mở việc và gửi thư giao việc"),
        Command("agencies", "directory:agencies", "danh bạ: nhập từ bảng, xem, kiểm tra ai không nhận được thư"),
        Command("approve", "approving:approve", "duyệt văn bản do người khác trình: ban hành đúng như đã trình, hoặc trả lại"),
        Command("withdraw", "amending:withdraw", "thu hồi một mục, hoặc cả văn bản: việc đang mở thôi thực hiện, có thư báo lý do"),
        Command("recall", "recalling:recall", "thu hồi văn bản vừa ban hành, khi chưa thư nào rời đi"),
    ),
    "Theo dõi": (
        Command("status", "following:status", "tình hình mọi văn bản, hoặc của một văn bản"),
        Command("show", "showing:show_", "một văn bản, hoặc một nhiệm vụ với thư và diễn biến"),
        Command("report", "reporting:report", "báo cáo cho lãnh đạo: trang, PDF, Word, Excel, CSV"),
        Command("urge", "urging:urge", "dự thảo công văn đôn đốc (.docx): đúng những đơn vị quá hạn"),
        Command("lateness", "reckoning:lateness_", "mỗi ngày chậm là của ai; xếp thứ tự các đơn vị"),
        Command("calls", "reckoning:calls", "gọi ai trước: đơn vị chưa trả lời, theo lý do im lặng"),
        Command("sample", "sampling:sample", "chọn ngẫu nhiên việc đã báo xong để kiểm tra tại chỗ"),
        Command("decide", "deciding:decide", "quyết định của cơ quan ban hành: gia hạn, xác nhận"),
        Command("answer", "answering:answer", "ghi câu trả lời của đơn vị nhận qua điện thoại hoặc văn bản giấy"),
        Command("workbook", "workbooks:workbook", "bảng tính cho đơn vị điền: xuất, xem đổi gì, nhập lại"),
        Command("tasks", "tasking:tasks", "quyết định nhiều việc một lần: kết thúc, lùi hạn, chuyển, tạm dừng, mở lại"),
        Command("figure", "restating:figure", "đính chính số liệu: số cũ vẫn giữ, báo cáo cho thấy cả hai"),
        Command("ask", "asking:ask", "yêu cầu báo cáo đột xuất một mục, mở kỳ hôm nay"),
    ),
    "Thư": (
        Command("link", "linking:link", "đường dẫn trả lời của một đơn vị: xem, đổi, thu hồi"),
        Command("keys", "keying:keys", "khóa ký đường dẫn: xem, thêm khóa mới, bỏ khóa cũ"),
        Command("replies", "replying:replies", "thư trả lời của đơn vị: xem, ghi, bỏ qua"),
        Command("mail", "posting:mail", "thư: gửi thử, xem trước, danh sách, gửi lại"),
        Command("templates", "templating:templates", "mẫu thư riêng của cơ quan: chép, thử, xem, công bố"),
        Command("letters", "campaigning:letters", "gửi thư hàng loạt: dự báo, tình hình, giữ lại, cho đi tiếp, thôi gửi"),
    ),
    "Vận hành": (
        Command("up", "serving:up", "chạy tất cả: lịch, thư và trang trả lời"),
        Command("run", "serving:run", "làm những việc đến hạn, không cần Prefect"),
        Command("calendar", "calendaring:calendar", "lịch làm việc: đổi ngày nghỉ thì đổi những hạn nào, tính lại"),
        Command("release", "releasing:release", "cho đi những thư bị giữ vì nhiều hơn dự kiến"),
        Command("deploy", "serving:deploy", "đăng ký lịch chạy với máy chủ Prefect có sẵn"),
        Command("demo", "serving:demo", "xem thử 898/UBND chạy trọn vòng đời trên đồng hồ giả"),
        Command("doctor", "operating:doctor", "khám: sổ, máy chủ thư, lịch nghỉ, địa chỉ, đĩa"),
        Command("db", "operating:db", "sổ: nâng cấp, kiểm tra"),
        Command("audit", "auditing:audit", "đối chiếu sổ với sự kiện đã tạo ra nó; xóa tên một người"),
        Command("programs", "programs:programs", "khóa của chương trình khác dùng giao diện lập trình: cấp, xem, thu hồi"),
        Command("webhooks", "webhooks:webhooks", "báo sự kiện cho hệ thống khác: thêm địa chỉ, xem, gửi thử, bỏ"),
        Command("config", "operating:config", "cài đặt đang dùng và nguồn của chúng"),
    ),
}


_HOME = "thư mục làm việc; mặc định: nơi gần nhất có dondoc.toml"


def run() -> None:
    """The entry point: a command line in, an exit code out."""
    sys.exit(main(sys.argv[1:], WallClock()))


def main(tokens: Sequence[str], clock: Clock) -> int:
    """Run one command line; returns its exit code. A wrong command line raises SystemExit(2)."""
    home = Path(os.environ.get("DONDOC_HOME") or found(Path.cwd()))
    speak(asked(tokens, os.environ, home))
    try:
        return program(clock).meta(tokens) or 0
    except Refusal as refusal:
        tell(complaint(refusal))
        return refusal.code
    except BrokenPipeError:  # `dondoc … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def program(clock: Clock) -> App:
    """The commands and the flags that all of them take."""
    app = _commands()

    @app.meta.default
    def launch(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        home: Annotated[Path | None, Parameter(env_var="DONDOC_HOME", help=say(_HOME))] = None,
        lang: Annotated[Lang | None, Parameter(env_var="DONDOC_LANG", help=say("tiếng Việt hoặc tiếng Anh"))] = None,
    ) -> int | None:
        from .project import Project  # reading the language is not for `--help`

        command, bound, missing = app.parse_args(tokens)
        project = Project((home or found(Path.cwd())).resolve(), clock.now())
        os.environ["DONDOC_HOME"] = str(project.home)  # the flows' own processes find the project by it
        given = {name: project for name, wanted in missing.items() if wanted is Project}
        ended: int | None = command(*bound.args, **bound.kwargs, **given)
        return ended

    return app


def _commands() -> App:
    others = Group(say("Khác"), sort_key=len(COMMANDS))
    app = App(
        name="dondoc", version=_version, group_commands=others, group_parameters=Group(say("Tùy chọn"), sort_key=99),
        group_arguments=Group(say("Tham số"), sort_key=98), help_formatter=Guide(), help_format="plaintext", error_formatter=usage_error,
        result_action="return_value", help=say("Đôn đốc: từ văn bản chỉ đạo đến việc đã xong, không bỏ sót thư nào."),
    )
    for order, (heading, commands) in enumerate(COMMANDS.items()):
        group = Group(say(heading), sort_key=order)
        for place, command in enumerate(commands):
            app.command(f"dondoc.{command.function}", name=command.name, help=say(command.help), group=group, sort_key=place)
    app.register_install_completion_command(help=say("cài gợi ý lệnh cho bash, zsh, fish"))
    app["--help"].help, app["--version"].help = say("xem hướng dẫn"), say("xem phiên bản")
    return app


def _version() -> str:
    from importlib import metadata  # not for `--help`

    try:
        return metadata.version("dondoc")
    except metadata.PackageNotFoundError:
        return say("chưa cài đặt")


if __name__ == "__main__":
    run()
