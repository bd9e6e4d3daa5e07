"""How values are written: of each kind of value its usual forms, and what each says in Vietnamese; editors and pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from .shapes import Baseline, Basis, Due, Every, Rung, Span, Target

Sample = tuple[str, str]  # as written in a file, what it says

SAMPLES: Mapping[type, tuple[Sample, ...]] = {
    Due: (
        ("30/9/2026", "đến hết ngày này"),
        ("before 30/9/2026", "trước ngày này: đến hết hôm trước"),
        ("16:00 30/9/2026", "đến giờ này của ngày này"),
        ("tháng 9/2026", "trong tháng: đến hết ngày cuối tháng"),
        ("quý III/2026", "trong quý: đến hết ngày cuối quý"),
        ("6 tháng đầu năm 2026", "trong sáu tháng: đến hết 30/6"),
        ("năm 2026", "trong năm: đến hết 31/12"),
        ("30/9/2026 cutoff 25/9/2026", "đến hết ngày này, số liệu chốt đến ngày kia"),
        ("10 working days", "trong 10 ngày làm việc kể từ ngày ban hành"),
        ("3 days after 6.4", "3 ngày sau khi xong mục 6.4"),
        ("at once", "khẩn trương, không có ngày"),
    ),
    Every: (
        ("week", "mỗi tuần"),
        ("friday at 8:00", "mỗi thứ sáu lúc 8 giờ"),
        ("2 weeks on friday", "hai tuần một lần, vào thứ sáu"),
        ("month on 25", "ngày 25 hằng tháng"),
        ("month before 25", "trước ngày 25 hằng tháng"),
        ("month on 25 cutoff 20", "ngày 25 hằng tháng, số liệu chốt đến ngày 20"),
        ("month on last day", "ngày cuối mỗi tháng"),
        ("quarter on 20 of last month", "ngày 20 của tháng cuối quý"),
        ("half year", "sáu tháng một lần"),
        ("year on 15/6 and 1/12", "hằng năm vào 15/6 và 1/12"),
        ("on request", "đột xuất, khi có yêu cầu"),
        ("on event", "khi phát sinh"),
    ),
    Target: (
        ("90%", "đạt 90% trở lên"),
        ("over 90%", "vượt 90%: 90% là chưa đạt"),
        ("at most 5", "không quá 5"),
        ("under 5", "dưới 5"),
        ("exactly 12", "đúng 12"),
        ("strive 100%", "phấn đấu 100%: chỉ báo cáo, không đôn đốc"),
    ),
    Rung: (
        ("7 days before", "trước hạn 7 ngày"),
        ("3 working days before", "trước hạn 3 ngày làm việc"),
        ("1 day late", "quá hạn 1 ngày"),
        ("5 working days late", "quá hạn 5 ngày làm việc"),
        ("10 working days late", "quá hạn 10 ngày làm việc"),
    ),
    Basis: (
        ("1249/UBND-VX ngày 14/9/2026", "số, ký hiệu và ngày ban hành"),
        ("20-KH/TU", "văn bản dẫn không ghi ngày"),
    ),
    Span: (("năm học 2026-2027", "một tên gọi; ghi thêm ngày đầu, ngày cuối bằng from, until"),),
    Baseline: (("78,11% on 15/5/2026", "giá trị, tính đến ngày"), ("78,11%", "giá trị, không ghi ngày")),
    date: (("30/9/2026", "ngày/tháng/năm"),),
    Decimal: (("78,11%", "dấu phẩy thập phân"),),
    int: (("3.960", "dấu chấm hàng nghìn"),),
    bool: (("yes", "có"), ("no", "không")),
}

#: What is chosen from a few words, and what each says.
CHOICES: Mapping[str, str] = {
    "TM": "thay mặt", "KT": "ký thay", "TL": "thừa lệnh", "TUQ": "thừa ủy quyền", "Q": "quyền",
    "TM KT": "thay mặt, ký thay", "TM Q": "thay mặt, quyền", "TL KT": "thừa lệnh, ký thay", "TUQ KT": "thừa ủy quyền, ký thay",
    "khẩn": "khẩn", "thượng khẩn": "thượng khẩn", "hỏa tốc": "hỏa tốc",
    "optional": "không bắt buộc", "required": "số văn bản hoặc một tệp", "photo": "ảnh", "file": "một tệp",
    "document": "số, ngày của văn bản",
    "mail": "chỉ thư", "zalo": "tin Zalo tới điện thoại", "apprise": "tin tới địa chỉ người vận hành ghi",
    "docx": "tệp Word", "xlsx": "tệp Excel", "pdf": "tệp PDF",
    "vi": "tiếng Việt", "en": "tiếng Anh",
}
