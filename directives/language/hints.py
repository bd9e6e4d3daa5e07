"""What follows from a word, in a sentence for whoever is writing it; the page of the word (docs/words) says the same, and more."""

from __future__ import annotations

from collections.abc import Mapping

#: By place and word.
HINTS: Mapping[tuple[str, str], str] = {
    ("duty", "do"): "Lời văn của bản giấy, giữ nguyên.",
    ("duty", "ask"): "Chủ trì và phối hợp nhận thư, được nhắc lịch sự; không bậc nào vượt quá họ, không báo lên cấp trên của họ.",
    ("duty", "note"): "Không ai nhận việc, không có hạn; câu chữ được giữ để tệp khớp với bản giấy.",
    ("duty", "short"): "Đứng ở tiêu đề thư và trong bảng; không ghi thì lấy những chữ đầu của câu.",
    ("duty", "lead"): "Nhận thư giao việc, là nơi duy nhất báo xong; bậc thang tính theo đơn vị này.",
    ("duty", "with"): "Thấy việc, góp ý kiến, gửi kèm tài liệu, nhưng không báo xong thay chủ trì.",
    ("duty", "for"): "Chỉ lưu: nơi hưởng kết quả không nhận thư nào vì từ này.",
    ("duty", "cascade"): "Mỗi đơn vị dưới quyền nhận một việc “theo chỉ đạo của …” ngay khi ban hành.",
    ("duty", "due"): "Ngày ghi trên giấy không bao giờ bị dời.",
    ("duty", "every"): "Mỗi kỳ là một việc riêng, có hạn riêng, mở vào ngày đầu của kỳ.",
    ("duty", "until"): "Của nhiệm vụ có nhịp: kỳ cuối kết thúc ở ngày này. Của nhiệm vụ không có nhịp: hạn là ngày này.",
    ("duty", "target"): "Mã của một chỉ tiêu ở `indicators`, hoặc một giá trị riêng.",
    ("duty", "evidence"): "Điều kiện để báo xong trên trang trả lời.",
    ("duty", "confirm"): "Báo xong mới là đề nghị; việc chỉ xong khi cơ quan ban hành xác nhận bằng `dondoc decide`.",
    ("duty", "code"): "Báo xong bằng đường dẫn phải gõ thêm mã sáu chữ số vừa gửi vào hộp thư đã đăng ký của đơn vị.",
    ("directive", "to"): "Kính gửi không tự sinh ra việc: việc nằm ở `lead`.",
    ("directive", "cc"): "Chỉ lưu: dondoc không gửi thư cho nơi nhận.",
    ("directive", "basis"): "Không hạn nào lấy từ ngày của căn cứ; hạn trùng đúng ngày ấy thì được nhắc.",
    ("directive", "period"): "Là tên gọi, không phải hạn.",
    ("directive", "amends"): "Văn bản đã ban hành là bản giấy, không sửa được; muốn đổi thì ban hành văn bản sửa đổi.",
    ("directive", "changes"): "Ghi số điều khoản của văn bản cũ và chỉ những gì đổi.",
    ("directive", "urges"): "Văn bản này được gắn vào việc còn mở của điều ấy.",
    ("directive", "duties"): "Số của bản giấy là tên của điều khoản ở đây, trong thư và trong báo cáo.",
    ("directive", "escalation"): "Mỗi dòng là một bậc: khi nào, ai được nhắc.",
    ("directive", "reports"): "Mỗi kỳ, mỗi nơi nhận một thư có tình hình của kỳ và đường dẫn tới trang luôn mới.",
    ("directive", "source"): "Nếu là tệp chữ (.txt, .md) thì `dondoc check` đối chiếu và nhắc điều khoản, ngày tháng mà tệp này bỏ sót.",
    ("directive", "indicators"): "Mỗi chỉ tiêu có một mã do người soạn đặt; nhiệm vụ nhận chỉ tiêu bằng `target: mã`.",
    ("directive", "figures"):
        "Tên một tệp .csv hoặc .xlsx đặt cạnh văn bản, mỗi dòng một đơn vị: cột `đơn vị`, `chỉ tiêu`, `ngày`, `đạt`, `tổng số`",
    ("directive", "agencies"): "Một tên (`agencies: xa`) thì dùng danh bạ `config/agencies/xa.yaml`; không ghi thì dùng mọi danh bạ.",
    ("indicator", "targets"): "Ngày và giá trị từng mốc theo thứ tự thời gian, hoặc một giá trị không ngày.",
    ("directive", "groups"): "Nhóm là một câu hỏi đặt cho danh bạ; thành viên được lấy vào ngày ban hành và giữ nguyên từ đó.",
    ("agency", "head"): "Bậc `head` của bậc thang nhắc chức danh này.",
    ("agency", "mail"): "Không ghi thì thư tới cấp trên gần nhất có địa chỉ.",
    ("agency", "since"): "Nhóm chỉ lấy đơn vị đã có vào ngày ban hành.",
}
