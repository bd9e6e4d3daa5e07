"""Every sentence that is said of a directive file, by its code, in Vietnamese and in English; the notes that collect them."""

from __future__ import annotations

from typing import NamedTuple

Said = tuple[str, str]  # Vietnamese, English
Fact = str | Said

LIMIT = 100  # findings of one file; whoever has more begins with these


class Mark(NamedTuple):
    """A stretch of one line, counted from 1; `end_column` is the first column after it."""

    line: int
    column: int
    end_column: int


class Mistake(ValueError):  # noqa: N818 - it is the author's, not the program's
    """Something that the author of a file should change: a code of `SENTENCES` and the facts that fill its sentence."""

    def __init__(self, code: str, /, **facts: Fact) -> None:
        """Raises KeyError where no sentence has this code."""
        super().__init__(SENTENCES[code][0][0])
        self.code, self.facts = code, facts


class Enough(Exception):  # noqa: N818 - a signal
    """A file is not read any further; the reason has been told."""


class Notes:
    """The margin of one file: where it says what, in the order in which it was seen."""

    def __init__(self) -> None:
        """An empty margin."""
        self.slips: list[tuple[Mark, Mistake, int | None]] = []
        self._seen: set[tuple[Mark, str, frozenset[tuple[str, Fact]]]] = set()

    def tell(self, mark: Mark, mistake: Mistake, related: int | None = None) -> None:
        """Note a mistake at `mark`, once; `related` is another line that it concerns. Raises Enough past the limit."""
        slip = (mark, mistake.code, frozenset(mistake.facts.items()))
        if slip in self._seen:
            return
        self._seen.add(slip)
        self.slips.append((mark, mistake, related))
        if len(self.slips) >= LIMIT:
            self.slips.append((mark, Mistake("D009", count=str(LIMIT)), None))
            raise Enough

    def has(self, *codes: str) -> bool:
        """Whether one of these was told."""
        return any(mistake.code in codes for _, mistake, _ in self.slips)


def _table(text: str) -> dict[str, tuple[Said, ...]]:
    """Read the table below: a code opens an entry, `=` a hint, `|` parts the two languages."""
    table: dict[str, tuple[Said, ...]] = {}
    entry = ""
    for line in filter(None, text.splitlines()):
        code, _, words = line.partition(" ")
        said, _, english = words.partition(" | ")
        entry = code if code != "=" else entry
        table[entry] = (*table.get(entry, ()), (said, english))
    return table


#: The sentence of each code, then its hints: the first that the facts can fill is shown. From D080 on they are warnings.
SENTENCES = _table("""
D001 tệp lớn hơn 1 MB | the file is larger than 1 MB
= chuyển số liệu dài sang phụ lục (figures) | move long figures to an annex (figures)
D002 tệp lưu ở dạng UTF-16 | the file is saved as UTF-16
= lưu lại ở dạng UTF-8 | save it as UTF-8
D003 chữ trong tệp không phải UTF-8 | the text is not UTF-8
= lưu lại ở dạng UTF-8 | save it as UTF-8
D004 đầu dòng có {what}, không phải dấu cách | the line begins with {what}, not with a space
= thay bằng dấu cách thường; còn {more} dòng như vậy | use plain spaces; {more} more such lines
= thay bằng dấu cách thường (hay gặp khi dán từ Word) | use plain spaces (often pasted from a word processor)
D005 có ký tự không nhìn thấy {what} | there is an invisible character {what}
= xóa ký tự này; còn {more} chỗ như vậy | delete it; {more} more such places
= xóa ký tự này | delete it
D006 không mở được tệp: {why} | the file cannot be opened: {why}
D009 đã dừng ở {count} lỗi | stopped at {count} findings
= sửa các lỗi trên rồi kiểm tra lại | mend those above, then check again
D010 không dùng nhãn kiểu '{word}' | type tags such as '{word}' are not used
= bỏ nhãn: mọi giá trị đều là chữ | leave it out: every value is text
D011 lồng nhau quá {depth} cấp | nested more than {depth} levels deep
D012 dùng dấu * quá {count} lần | more than {count} aliases
= chép lại nội dung thay cho dấu * | repeat the content instead
D013 không có '&{word}' để '*{word}' dẫn tới | there is no '&{word}' for '*{word}' to refer to
= câu bắt đầu bằng * thì đặt trong dấu nháy "…" | quote a sentence that begins with *
D014 tệp có quá {count} mục | the file has more than {count} entries
= chia danh bạ thành nhiều tệp | split the directory into several files
D015 một tệp chỉ có một văn bản, '---' mở văn bản thứ hai | a file holds one directive, '---' opens a second
D016 tệp trống | the file is empty
D017 tên mục phải là chữ, không phải danh sách | the name of an entry is a word, not a list
= câu bắt đầu bằng [ hoặc ? thì đặt trong dấu nháy "…" | quote a sentence that begins with [ or ?
D018 '{word}' viết hai lần | '{word}' is written twice
= lần đầu ở dòng {line} | first on line {line}
D019 không dùng '<<' | '<<' is not used
= viết lại các mục cần dùng | repeat the entries that are meant
D020 dấu ': ' nằm giữa câu | ': ' stands inside a sentence
= đặt cả câu trong dấu nháy "…" | put the whole sentence in quotes "…"
D021 dấu nháy mở mà không đóng | a quote is opened and never closed
D022 ngoặc mở mà không đóng, hoặc thiếu dấu phẩy | a bracket is not closed, or a comma is missing
= ví dụ: to: [bhxh, phuong] | for example: to: [bhxh, phuong]
D023 câu không mở đầu bằng ký tự này được | a sentence cannot begin with this character
= đặt cả câu trong dấu nháy "…" | put the whole sentence in quotes "…"
D024 thiếu dấu ':' sau tên mục | a ':' is missing after the name of the entry
= câu dài xuống dòng thì thụt vào | indent the next line of a long sentence
D025 dòng này thụt vào không khớp với các dòng trên | the indentation does not match the lines above
D026 dấu '\\' lạ trong dấu nháy kép | an unknown '\\' inside double quotes
= dùng dấu nháy đơn '…' | use single quotes '…'
D027 YAML không đọc được chỗ này: {why} | YAML cannot read this: {why}
D028 tệp phải gồm các mục 'tên: nội dung' | the file must hold entries 'name: content'
= ví dụ: title: Tăng cường vận động tham gia BHYT | for example: title: Tăng cường vận động tham gia BHYT
D029 có chữ thừa ở đây | there is something too much here
= đặt cả câu trong dấu nháy "…" | put the whole sentence in quotes "…"
D030 không có mục '{word}' | there is no word '{word}'
= có phải '{near}'? | did you mean '{near}'?
= dùng được ở đây: {known} | known here: {known}
D031 thiếu '{word}' | '{word}' is missing
D032 '{word}' cần các mục con, không phải một câu | '{word}' takes entries, not a sentence
= ví dụ: {example} | for example: {example}
D033 '{word}' cần một câu, không phải các mục con | '{word}' takes one sentence, not entries
D034 mục trống | an empty entry
D035 không hiểu '{word}' | '{word}' is not understood
= có phải '{near}'? | did you mean '{near}'?
= dùng được: {known} | use one of: {known}
D036 văn bản mật không xử lý ở đây | secret papers are not handled here
= theo dõi văn bản mật theo quy định về bảo vệ bí mật nhà nước | follow the rules for state secrets
D037 điều khoản thiếu do, ask hoặc note | the clause lacks do, ask or note
= do: giao, yêu cầu · ask: đề nghị · note: không giao việc | do: an order · ask: a request · note: orders nothing
D038 điều khoản vừa '{one}' vừa '{two}' | the clause has both '{one}' and '{two}'
= tách thành hai điểm | part it into two points
D039 không dùng '{word}' làm mã được | '{word}' cannot be an id
= chữ thường không dấu, số, '-', '.': ví dụ pgd-cai-rang | plain small letters, digits, '-', '.': for example pgd-cai-rang
D040 không đọc được ngày; viết 30/9/2020 | not a date; write 30/9/2020
D041 ngày thiếu năm đủ bốn chữ số; viết 30/9/2020 | the date needs a year of four digits; write 30/9/2020
D042 không có tháng {month} | there is no month {month}
= ngày trước, tháng sau: có phải {near}? | day before month: did you mean {near}?
D043 không có ngày này: tháng {month}/{year} chỉ có {days} ngày | no such day: month {month}/{year} has only {days} days
D044 năm {year} không hợp lý | the year {year} makes no sense
D045 không đọc được giờ; viết 16:00 | not an hour; write 16:00
D046 không hiểu thời hạn | the due date is not understood
= ví dụ: 30/9/2020, before 25/5/2020, tháng 8/2026, 10 working days | for example: 30/9/2020, before 25/5/2020, 10 working days
D047 không hiểu nhịp lặp | the rhythm is not understood
= ví dụ: week, 2 weeks on friday, month on 25, quarter | for example: week, 2 weeks on friday, month on 25, quarter
D048 không đọc được số; viết 85% hoặc 78,11% | not a number; write 85% or 78,11%
= có phải {near}? | did you mean {near}?
D049 không hiểu bậc đôn đốc | the rung is not understood
= ví dụ: 7 days before, 1 day late, 5 working days late | for example: 7 days before, 1 day late, 5 working days late
D050 năm học cần ngày cuối: ghi period với until | a school year needs its last day: write period with until
= period: {{ name: {word}, until: 31/5/{year} }} | period: {{ name: {word}, until: 31/5/{year} }}
D051 không đọc được địa chỉ thư '{word}' | '{word}' is not a mail address
D052 viết yes hoặc no | write yes or no
D053 chưa có danh bạ nào | there is no directory yet
= ghi agencies trong tệp này, hoặc đặt danh bạ vào config/agencies | write agencies in this file, or put a directory into config/agencies
D054 '{word}' không phải số điều khoản | '{word}' is not the number of a clause
= ví dụ: 6, 6.4, II.1, a, end.1 | for example: 6, 6.4, II.1, a, end.1
D055 điều khoản có nhiều điểm thì không có short | a clause with points has no short
= đề mục chung thì ghi title; short ghi ở từng điểm | use title for a heading; short belongs to a point
D056 tệp '{word}' phải nằm cùng thư mục với văn bản | the file '{word}' must lie beside the directive
D057 dấu phẩy trong {{ }} tách câu này làm hai | a comma inside {{ }} tears this in two
= đặt trong dấu nháy: "{word}" | put it in quotes: "{word}"
D058 câu này quá dài cho mục '{word}' | this is too long for '{word}'
D059 không hiểu chỗ này: {why} | this is not understood: {why}
D060 không có danh bạ '{word}' | there is no directory '{word}'
= có phải '{near}'? | did you mean '{near}'?
= các danh bạ: {known} | directories: {known}
D061 danh bạ không có '{word}' | the directory has no '{word}'
= có phải '{near}' — {name}? | did you mean '{near}' — {name}?
D062 '{word}' có trong cả {one} và {two} | '{word}' stands in both {one} and {two}
= ghi agencies: {one} hoặc agencies: {two} | write agencies: {one} or agencies: {two}
D063 không có chỉ tiêu '{word}' | there is no indicator '{word}'
= có phải '{near}'? | did you mean '{near}'?
D064 {value}% nằm ngoài 0–100% | {value}% is not between 0 and 100%
D065 mốc {day} đứng sau mốc {before} | {day} comes after {before}
= xếp các mốc theo thứ tự thời gian | put the milestones in order of time
D066 mốc này {value}, thấp hơn mốc trước là {before} | this milestone is {value}, below {before} of the one before
D067 còn {missing} mà tổng số chỉ có {total} | {missing} are missing of only {total}
D068 còn {missing} trên {total} là đạt {share}%, không phải {value}% | {missing} missing of {total} make {share}%, not {value}%
D069 thiếu đơn vị chủ trì (lead) | nobody leads (lead)
= lead: đơn vị hoặc nhóm trong danh bạ | lead: an agency or a group of the directory
D070 nhóm '{word}' không có đơn vị nào | the group '{word}' has no members
D071 không có điều khoản '{word}' | there is no clause '{word}'
= có phải '{near}'? | did you mean '{near}'?
D072 bậc '{word}' trùng với '{other}' | the rung '{word}' is the same as '{other}'
D073 '{word}' không có địa chỉ thư, nên không ai nhận được | '{word}' has no mail address, so nobody would receive this
= ghi mail cho '{word}' hoặc cho đơn vị cấp trên | give '{word}' or what it belongs to a mail
D074 '{word}' vừa là đơn vị vừa là nhóm | '{word}' is both an agency and a group
D075 '{word}' trực thuộc chính mình | '{word}' hangs under itself
D076 ngày bắt đầu {start} sau ngày kết thúc {end} | begins on {start}, after its end on {end}
D077 điều khoản chờ chính mình | the clause waits for itself
D078 tử số {numerator} lớn hơn mẫu số {denominator} | the numerator {numerator} is larger than the denominator {denominator}
D079 '{agency}' đã có số của '{indicator}' cùng ngày ở dòng trên | '{agency}' has a figure of '{indicator}' on that day above
D080 phần sau dấu # bị bỏ, vì ' #' mở một ghi chú | what follows # is left out, since ' #' opens a comment
= câu có dấu # thì đặt trong dấu nháy "…"; ghi chú thì cách hai dấu cách | quote a sentence with #; before a comment leave two spaces
D081 '{word}' có tên ở kính gửi mà không có nhiệm vụ | '{word}' is addressed but has no duty
D082 {name} chủ trì điều {clause} nhưng không có tên ở kính gửi | not addressed, but leads {clause}: {name}
D083 hạn {due} trước ngày ban hành {issued} | due on {due}, before the issue on {issued}
D084 {words} là hết {end}, ngày nghỉ; ngày làm việc cuối: {last} | {words} ends on {end}, a day off; last working day: {last}
D085 chưa có địa chỉ thư: {names} | no mail address: {names}
= ghi mail trong danh bạ; thiếu thì phải gửi bằng cách khác | give a mail in the directory; without it, send another way
D086 tháng không có ngày {day} thì không có kỳ | months without a day {day} have no turn
= month on last day | month on last day
D087 không lấy hạn nào từ period, kể cả ngày ghi ở đây | no due date is taken from period, nor from the date in it
= period: {{name: …, from: …, until: …}} nếu đó là mốc của giai đoạn | period: {{name: …, from: …, until: …}} if these are its bounds
D088 hạn {due} sau ngày kết thúc của {name} ({until}) | due on {due}, after {name} ends ({until})
D089 hạn trùng ngày của văn bản căn cứ {number} | the due date is the date of the legal basis {number}
D090 câu nhắc ngày {day} mà nhiệm vụ không có hạn | the sentence names {day} but the duty has no due date
= ghi due: {day} nếu đó là hạn | write due: {day} if it is the due date
D091 chỉ tiêu '{word}' không giao cho ai | nobody has the indicator '{word}'
= target: {word} ở nhiệm vụ | target: {word} in a duty
D092 văn bản không có nhiệm vụ nào | the directive has no duties
D093 không có tệp '{word}' bên cạnh văn bản | there is no file '{word}' beside the directive
D095 vừa có hạn (due) vừa có nhịp lặp (every) | both a due date (due) and a rhythm (every)
= nhiệm vụ định kỳ thì dùng until | a recurring duty ends with until
D096 văn bản gốc có mục {words} mà tệp không có | the paper has clauses that the file lacks: {words}
D097 văn bản gốc nhắc ngày {words} mà tệp không nhắc | the paper names days that the file does not: {words}
""")
