"""docs/errors.md: every code of `dondoc check` explained, from the same source that `--explain` shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from directives.language.explained import DIRECTORY, FRAME, Example, Explanation, explanations
from directives.language.findings import level_of

PAGE = Path(__file__).parents[1] / "docs" / "errors.md"

_HEAD = """\
# Mã lỗi và cảnh báo

Mỗi mã là một điều mà `dondoc check` nhắc: vì sao, viết thế nào thì bị nhắc, viết thế nào thì đúng. Lỗi giữ văn bản lại cho tới khi sửa;
cảnh báo chỉ hỏi lại, văn bản vẫn ban hành được. Ở dòng lệnh: `dondoc check --explain D043`. Cảnh báo không cần nghe thì tắt bằng cài đặt
`lints_off`, xem [operations.md](operations.md#settings).

Mọi ví dụ ở đây đều được bộ kiểm thử chạy thử: bản sai bị nhắc đúng mã ấy, bản đúng không bị nhắc gì. Ví dụ chỉ ghi những dòng đáng xem;
những dòng không ghi thì như sau:

```yaml
{frame}```

Danh bạ của các ví dụ, tệp `config/agencies/quan.yaml`:

```yaml
{directory}```
"""


def page() -> str:
    """The page as it should be."""
    parts = [_HEAD.format(frame=FRAME, directory=DIRECTORY), *map(_section, explanations().values())]
    return "\n".join(parts)


def _section(of: Explanation) -> str:
    kind = {"error": "Lỗi", "warning": "Cảnh báo"}[level_of(of.code)]
    head = [f"## {of.code}", "", f"{kind}: **{of.sentence()}**", "", of.words, ""]
    return "\n".join([*head, "Sai:", "", *_shown(of.wrong), "Đúng:", "", *_shown(of.right)])


def _shown(example: Example) -> Iterator[str]:
    """A block for each file; what cannot be shown is told."""
    for name, text in example.files:
        if example.is_told:
            said = text.strip()[1:-1]
            yield f"{said[0].upper()}{said[1:]}.\n"
            continue
        if name:
            yield f"`{name}`:\n"
        yield f"```{'yaml' if not name or name.endswith('.yaml') else ''}\n{text}```\n"


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
