"""What an author sees while writing: a project made by `init`, opened in the real yaml-language-server as editors open it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.clock import HandClock
from directives.language.printing import printed
from dondoc.editors import FOLDER, schemas
from dondoc.main import main
from tests.command_line import MORNING, SAMPLE
from tests.editor import SERVER, Editor, opened
from tests.examples import DIRECTORY, is_directory, whole
from tests.generated import sample as generated
from tests.reader import ROOT, Page
from tests.seeds import PAPERS

pytestmark = pytest.mark.skipif(
    not (SERVER.exists() and shutil.which("node")), reason="yaml-language-server is not installed; it comes by scripts/language-server"
)
BOOK = "config/agencies/don-vi.yaml"
NOBODY = "danh bạ không có đơn vị hay nhóm này"
NEW = "directives/moi.yaml"
EXAMPLES = [
    block.text
    for path in (ROOT / "docs/directives.md", *sorted((ROOT / "docs/words").glob("*.md")))
    for block in Page(str(path.relative_to(ROOT))).blocks("yaml")
    if not block.wrong
]
DRAFT = """\
title: Rà soát hộ nghèo
issuer: ubnd-xa
to: [thon]
duties:
  1:
    lead: thon
    do: Rà soát, lập danh sách hộ nghèo.
"""


def project(home: Path) -> Path:
    """A new project."""
    assert main(["init", str(home)], HandClock(MORNING)) == 0
    return home


@pytest.fixture(scope="module", autouse=True)
def surroundings() -> Iterator[None]:
    """What commands leave in the environment is taken back at the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DONDOC_HOME", "")
        yield


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """An editor on a new project."""
    with opened(project(tmp_path_factory.mktemp("project"))) as found:
        yield found


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """An editor on the directives and directories of this repository, whose schemas `dondoc schema` has written."""
    home = project(tmp_path_factory.mktemp("house"))
    for path in (home / BOOK, home / SAMPLE):
        path.unlink()
    for folder in ("directives", "config/agencies"):
        for path in (ROOT / folder).glob("*.yaml"):
            shutil.copy(path, home / folder)
    assert main(["--home", str(home), "schema"], HandClock(MORNING)) == 0
    with opened(home) as found:
        yield found


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """An editor on a project whose only directory is that of the documentation."""
    home = project(tmp_path_factory.mktemp("sample"))
    (home / BOOK).unlink()
    (home / "config/agencies/xa.yaml").write_text(DIRECTORY, encoding="utf-8")
    assert main(["--home", str(home), "schema"], HandClock(MORNING)) == 0
    with opened(home) as found:
        yield found


# What is marked

def test_a_new_project_has_no_marks(editor: Editor) -> None:
    assert editor.marks(SAMPLE) == []
    assert editor.marks(BOOK) == []
    assert editor.marks(NEW, DRAFT) == []


def test_a_draft_has_a_mark_at_each_place_that_is_to_be_filled_in(editor: Editor, tmp_path: Path) -> None:
    home = project(tmp_path)
    assert main(["--home", str(home), "new", str(home / NEW)], HandClock(MORNING)) == 0
    marks = editor.marks(NEW, (home / NEW).read_text(encoding="utf-8"))
    assert [word for word, said in marks if "danh bạ" in said] == ["‹mã cơ quan ban hành›", "‹mã nơi nhận›", "‹mã nơi chủ trì›"]
    assert [word for word, said in marks if said == "chỗ ‹…› này phải điền"] == ["‹trích yếu›", "‹nguyên văn câu giao việc›"]


def test_last_years_days_have_a_mark_each(editor: Editor, tmp_path: Path) -> None:
    home = project(tmp_path)
    assert main(["--home", str(home), "new", str(home / NEW), "--like", str(home / SAMPLE)], HandClock(MORNING)) == 0
    text = (home / NEW).read_text(encoding="utf-8")
    marked = [word for word, said in editor.marks(NEW, text) if said == "chỗ ‹…› này phải điền"]
    assert marked[:4] == ["‹năm trước 01/UBND-VX›", "‹năm trước 2/3/2026›", "‹năm trước 30/6/2026›", "‹năm trước 30/9/2026›"]
    assert marked[4:] == [">-", "‹năm trước 1/4/2026›", "‹năm trước 30/9/2026›", ">-"], "of a long sentence its sign is marked"


def test_an_editor_that_knows_no_schemas_follows_the_first_line(tmp_path: Path) -> None:
    home = project(tmp_path)
    (home / ".vscode" / "settings.json").write_text('{"yaml.schemaStore.enable": false, "yaml.validate": true}', encoding="utf-8")
    sample, book = ((home / name).read_text(encoding="utf-8") for name in (SAMPLE, BOOK))
    with opened(home) as plain:
        assert [word for word, _ in plain.marks(SAMPLE, sample.replace("lead:", "lede:", 1))] == ["lede"]
        assert [word for word, _ in plain.marks(BOOK, book.replace("kind: thon", "kinds: thon", 1))] == ["kinds"]


def test_the_real_directives_and_directories_have_no_marks(house: Editor) -> None:
    names = [f"directives/{paper}.yaml" for paper in PAPERS]
    names += [f"config/agencies/{path.name}" for path in (ROOT / "config" / "agencies").glob("*.yaml")]
    assert [each for each in zip(names, house.marks_of_all([(name, None) for name in names]), strict=True) if each[1]] == []


def test_the_examples_of_the_documentation_have_no_marks(sample: Editor) -> None:
    assert len(EXAMPLES) > 70
    files = [("config/agencies/moi.yaml" if is_directory(text) else NEW, whole(text)) for text in EXAMPLES]
    assert [each for each in zip(EXAMPLES, sample.marks_of_all(files), strict=True) if each[1]] == []


def test_what_chance_writes_has_no_marks(tmp_path: Path) -> None:
    home, drawn = project(tmp_path), {f"office-{n}": directive for n, directive in enumerate(generated(20))}
    for name, text in schemas({name: directive.directory for name, directive in drawn.items()}, {}).items():
        (home / FOLDER / name).write_text(text, encoding="utf-8")
    texts = [printed(directive, name, directive.directory) for name, directive in drawn.items()]
    with opened(home) as found:
        assert [each for each in zip(texts, found.marks_of_all([(NEW, text) for text in texts]), strict=True) if each[1]] == []


@pytest.mark.parametrize(("old", "new", "marked", "said"), [
    pytest.param("    lead: thon", "    lede: thon", "lede", "chỗ này gồm các mục: do, ask, note,", id="a misspelt word of a duty"),
    pytest.param("    lead: thon", "    lead: thonn", "thonn", NOBODY, id="an unknown agency"),
    pytest.param("    lead: thon", "    lead: [thon, bhxh]", "bhxh", NOBODY, id="an unknown agency of a list"),
    pytest.param("issuer: ubnd-xa", "issuer: thon", "thon", NOBODY, id="a group that issues"),
    pytest.param("issuer: ubnd-xa\n", "", "t", "thiếu issuer: cơ quan ban hành", id="no issuer"),
    pytest.param("duties:", "urgncy: khẩn\nduties:", "urgncy", "các mục: directive, date,", id="a misspelt word of the document"),
    pytest.param("  1:\n", "  điều một:\n", "điều một", "số điều khoản như bản giấy", id="no number of a clause"),
    pytest.param("do: Rà", "do:\n      - leed: thon\n        do: Rà", "leed", "chỗ này gồm các mục:", id="a misspelt word of a point"),
    pytest.param("do: Rà soát, lập", "due: [1/4/2026]\n    do: Rà soát, lập", "[1/4/2026]", "cần một câu", id="a list for a day"),
    pytest.param("    do:", "    evidence: ảnh\n    do:", "ảnh", "dùng được: optional, required, photo, file, document", id="no choice"),
    pytest.param("duties:", "urgency: gấp\nduties:", "gấp", "dùng được: khẩn, thượng khẩn, hỏa tốc", id="no urgency"),
    pytest.param("duties:", "agencies: donvi\nduties:", "donvi", "không có danh bạ này; có: don-vi", id="an unknown directory"),
    pytest.param("duties:", "secrecy: mật\nduties:", "mật", "văn bản mật không xử lý ở đây", id="a secret paper"),
    pytest.param("duties:", "reports: month on 25\nduties:", "month on 25", "every, to, attach", id="a sentence for a report"),
    pytest.param("duties:", "escalation: {1 day late: cấp trên}\nduties:", "cấp trên", "danh bạ không có", id="nobody hears a rung"),
])
def test_a_mistake_is_marked_and_explained(editor: Editor, old: str, new: str, marked: str, said: str) -> None:
    assert old in DRAFT
    [(word, message)] = editor.marks(NEW, DRAFT.replace(old, new, 1))
    assert word == marked
    assert said in message


@pytest.mark.parametrize("more", [
    pytest.param("  2.1:\n    lead: thon\n    do: Một\n", id="a number of two parts"),
    pytest.param("  2:\n    lead: thon\n    2.1: { do: Một, due: at once }\n    2.2: { ask: Hai }\n", id="clauses inside a clause"),
    pytest.param("  2:\n    lead: thon\n    do: [Một, { do: Hai, every: month on 25 }]\n", id="points"),
    pytest.param("  2:\n    lead: ubnd-xa\n    cascade: [[thon, truong], tram-y-te]\n    do: Hai\n", id="levels"),
    pytest.param("  2: { lead: thon, do: 2, due: 2026-03-16, confirm: yes, target: 90 }\n", id="what YAML takes for a day or a number"),
    pytest.param("period: { name: năm 2026, until: 31/12/2026 }\nbasis: [1249/UBND, { directive: 5/UBND }]\n", id="long and short forms"),
    pytest.param("urgency: Hỏa tốc\nsign: KT. CHỦ TỊCH\n", id="other capitals, a sign as it is printed"),
    pytest.param("cc: { report: ct, archive: [VT, VX] }\n", id="copies by purpose"),
    pytest.param("amends: 12/UBND\nchanges:\n  to: [thon, truong]\n  6.4: { due: 5/6/2026 }\n  7: { drop: Đã xong }\n", id="changes"),
])
def test_what_may_be_written_is_not_marked(editor: Editor, more: str) -> None:
    assert editor.marks(NEW, DRAFT + more) == []


def test_entries_of_its_own_are_taken_as_they_are(editor: Editor) -> None:
    assert editor.marks(NEW, DRAFT.replace("thon", "ven-song") + "groups: { ven-song: { list: [thon-dong] } }\n") == []


# What is offered

@pytest.mark.parametrize(("place", "offered"), [
    pytest.param("    |\n", {"with": "phối hợp", "due": "thời hạn hoàn thành", "every": "nhịp lặp, định kỳ"}, id="words of a duty"),
    pytest.param("    due: |\n", {"30/9/2026": "đến hết ngày này", "at once": "khẩn trương, không có ngày"}, id="days"),
    pytest.param("    with: tr|\n", {"tram-y-te": "Trạm Y tế xã", "truong": "nhóm 2 đơn vị: Trường Tiểu học xã, Trường THCS xã"}, id="ids"),
    pytest.param("    with: [tr|]\n", {"tram-y-te": "Trạm Y tế xã"}, id="ids of a list"),
    pytest.param("    evidence: |\n", {"photo": "ảnh"}, id="choices"),
    pytest.param("|\n", {"urgency": "mức độ khẩn", "reports": "báo cáo tổng hợp"}, id="words of the document"),
    pytest.param("escalation:\n  |\n", {"5 working days late": "quá hạn 5 ngày làm việc"}, id="rungs"),
    pytest.param("escalation:\n  1 day late: |\n", {"above": "cấp trên trực tiếp", "ct": "Chủ tịch UBND xã"}, id="who hears"),
    pytest.param("agencies: |\n", {"don-vi": ""}, id="directories"),
])
def test_the_next_word_is_offered_with_its_meaning(editor: Editor, place: str, offered: dict[str, str]) -> None:
    found = editor.offers(NEW, DRAFT + place)
    assert {word: found[word].split("\n")[0].strip("*") for word in offered} == offered


def test_a_lead_is_offered_in_an_empty_duty(editor: Editor) -> None:
    found = editor.offers(NEW, DRAFT.replace("    lead: thon\n", "    |\n"))
    assert found["lead"].startswith("**chủ trì**")
    assert "secrecy" not in found


def test_a_clause_is_offered_ready_to_be_filled_in(editor: Editor) -> None:
    assert editor.offers(NEW, DRAFT + "  |\n") == {"điều khoản": "ai làm, việc gì, hạn nào"}


@pytest.mark.parametrize(("place", "word", "inserted"), [
    ("    |\n", "due", "due: "),
    ("    |\n", "with", "with: "),
    ("    due: |\n", "before 30/9/2026", "before 30/9/2026"),
    ("    with: |\n", "tram-y-te", "tram-y-te"),
    ("|\n", "signer", "signer: "),
    ("|\n", "urgency", "urgency: "),
])
def test_an_offer_that_is_taken_can_be_written_on(editor: Editor, place: str, word: str, inserted: str) -> None:
    assert editor.inserts(NEW, DRAFT + place, word) == inserted


@pytest.mark.parametrize(("name", "word", "lines"), [
    (NEW, "indicators", ["indicators", "${1", "name", "targets", "${3"]),
    (BOOK, "agencies", ["agencies", "${1", "name", "in", "mail"]),
    (BOOK, "groups", ["groups", "${1", "kind"]),
])
def test_entries_begin_with_one_to_be_filled_in(editor: Editor, name: str, word: str, lines: list[str]) -> None:
    written = editor.inserts(name, "|\n", word)
    assert [line.strip().split(":")[0] for line in written.splitlines()] == lines


def test_the_duties_begin_with_a_clause(editor: Editor) -> None:
    written = editor.inserts(NEW, "title: Rà soát hộ nghèo\nissuer: ubnd-xa\n|\n", "duties")
    assert [line.strip().split(":")[0] for line in written.splitlines()] == ["duties", "${1", "lead", "do", "due"]


# What is said

def test_hovering_over_due_tells_its_meaning_and_its_forms(editor: Editor) -> None:
    said = editor.hover(NEW, DRAFT + "    d|ue: before 16/3/2026\n")
    assert said.startswith("**thời hạn hoàn thành**\n\nNgày ghi trên giấy không bao giờ bị dời.")
    assert "* `before 30/9/2026` trước ngày này: đến hết hôm trước" in said


def test_hovering_over_lead_tells_what_follows_from_it(editor: Editor) -> None:
    assert editor.hover(NEW, DRAFT.replace("lead", "le|ad")).startswith("chủ trì\n\nNhận thư giao việc, là nơi duy nhất báo xong;")


def test_hovering_over_an_entry_tells_what_it_is(editor: Editor) -> None:
    said = editor.hover(BOOK, "agencies:\n  tram-|y-te: { name: Trạm Y tế xã }\n")
    assert said.startswith("một đơn vị hoặc chức danh, gọi bằng mã này")


def test_hovering_over_an_id_tells_whom_it_means_first(editor: Editor) -> None:
    said = editor.hover(NEW, DRAFT.replace("issuer: ubnd", "issuer: u|bnd"))
    assert "* `ubnd-xa`: Ủy ban nhân dân xã" in said
    said = editor.hover(NEW, DRAFT + "    with: tram|-y-te\n")
    assert said.split("* ")[1].strip() == "`tram-y-te`: Trạm Y tế xã"
