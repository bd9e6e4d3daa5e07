"""The five real directives as their papers say: the table of every clause, and the files as the reader reads them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from directives.language.reading import Reading, read
from directives.language.shapes import Directive, Duty
from tests.cai_rang import CALENDAR

ROOT = Path(__file__).parent.parent
DONG_THAP, AN_GIANG, MY_TU = "2020-dong-thap-bhyt", "2019-an-giang-757-ubnd-kgvx", "2023-my-tu-609-pgddt"
HAI_PHONG, CAI_RANG = "2026-hai-phong-bhyt", "2020-cai-rang-898-ubnd"
PAPERS = (DONG_THAP, AN_GIANG, MY_TU, HAI_PHONG, CAI_RANG)
SCHOOLS = "tieu-hoc thcs"


class Row(NamedTuple):
    """A clause: its force and lead, words of the paper that it must hold, and all else that it says; nothing besides."""

    clause: str
    force: str
    lead: str
    words: str
    said: str = ""


CLAUSES: dict[str, list[Row]] = {
    DONG_THAP: [
        Row("1.1", "do", "bhxh", "Tiếp tục tham mưu Tỉnh uỷ, Uỷ ban nhân dân Tỉnh", "for tinh-uy ubnd-tinh; target hssv"),
        Row("1.2", "do", "bhxh", "Chủ trì, phối hợp Sở Giáo dục và Đào tạo, các Trường Cao đẳng, Đại học", "with so-gddt truong-cd-dh"),
        Row("1.3", "do", "bhxh", "Tổ chức lễ ra quân, truyền thông"),
        Row("1.4", "do", "bhxh", "Phối hợp Sở Tài chính đề xuất Uỷ ban nhân dân Tỉnh hỗ trợ", "with so-tc; for ubnd-tinh"),
        Row("2.1", "do", "so-gddt", "Chỉ đạo Phòng Giáo dục và Đào tạo", "cascade pgd thpt co-so-dao-tao > truong; target hoc-sinh"),
        Row("2.2", "do", "so-gddt", "tổ chức cấp phát thẻ BHYT kịp thời", "cascade pgd thpt co-so-dao-tao > truong"),
        Row("2.3", "do", "so-gddt", "Giao chỉ tiêu 100% học sinh", "cascade truc-thuoc-so; target hoc-sinh"),
        Row("2.4", "do", "so-gddt", "Phối hợp với Bảo hiểm xã hội Tỉnh tuyên truyền", "with bhxh"),
        Row("3.1", "do", "so-yte", "Chỉ đạo các cơ sở khám bệnh, chữa bệnh trong tỉnh", "cascade co-so-kcb"),
        Row("3.2", "do", "so-yte", "Phối hợp với Sở Giáo dục và Đào tạo củng cố", "with so-gddt"),
        Row("4.1", "do", "so-tc", "Cấp phát kinh phí hỗ trợ mức đóng BHYT"),
        Row("4.2", "do", "so-tc", "Chủ trì, phối hợp Bảo hiểm xã hội Tỉnh, các cơ quan, đơn vị có liên quan", "with bhxh"),
        Row("5", "do", "so-tttt", "Chỉ đạo các cơ quan truyền thông trong tỉnh phối hợp", "with bhxh; cascade truyen-thong"),
        Row("6.1", "do", "huyen", "nhằm đảm bảo 100% học sinh, sinh viên", "cascade pgd co-so-dao-tao xa > truong; target hssv"),
        Row("6.2", "do", "huyen", "Chịu trách nhiệm về tỷ lệ học sinh, sinh viên tham gia BHYT", "target hssv"),
        Row("7.1", "do", "cd-cong-dong cd-y-te dh-dong-thap", "giải pháp đảm bảo 100% sinh viên tham gia BHYT", "target sinh-vien"),
        Row("7.2", "do", "cd-cong-dong cd-y-te dh-dong-thap", "thực hiện thu phí BHYT"),
        Row("8.1", "ask", "mttq thanh-vien", "Tuyên truyền, vận động nhân dân, đoàn viên, hội viên"),
        Row("8.2", "ask", "mttq thanh-vien", "Thực hiện các giải pháp xã hội hóa"),
        Row("8.3", "ask", "mttq thanh-vien", "Giám sát việc thực hiện chính sách BHYT"),
        Row("8.4", "ask", "doan-tn", "Đề nghị Đoàn Thanh niên Cộng sản Hồ Chí Minh Tỉnh"),
    ],
    AN_GIANG: [
        Row("a.1", "do", "so-gddt", "các Trường Trung học phổ thông", "cascade pgd thpt; target hoc-sinh"),
        Row("a.2", "do", "so-gddt", "Chỉ đạo các trường học sử dụng đúng mục đích", "cascade truong"),
        Row("a.3", "do", "so-gddt", "Hàng năm tổ chức tổng kết đánh giá", "every year"),
        Row("b.1", "do", "so-yte", "chỉ đạo các Cơ sở khám chữa bệnh", "cascade co-so-kcb"),
        Row("b.2", "do", "so-yte", "chức năng quản lý nhà nước về khám chữa bệnh"),
        Row("b.3", "do", "so-yte", "hướng dẫn cho Trạm Y tế xã, phường, thị trấn", "cascade ttyt > tram-y-te"),
        Row("b.4", "do", "so-yte", "Phối hợp ngành Giáo dục và Đào tạo củng cố", "with so-gddt"),
        Row("c.1", "do", "bhxh", "chủ trì phối hợp với các Sở, ban, ngành, cơ quan truyền thông", "with so-nganh truyen-thong"),
        Row("c.2", "do", "bhxh", "ban, ngành, đoàn thể cấp huyện", "with ban-nganh-huyen doan-the-huyen xa truong; cascade bhxh-huyen"),
        Row("c.3", "do", "bhxh", "Cung cấp kịp thời các ấn phẩm tuyên truyền"),
        Row("d", "do", "so-tc", "hỗ trợ 30% kinh phí đóng bảo hiểm y tế"),
        Row("e", "do", "tinh-doan", "mua thẻ bảo hiểm y tế tặng bạn nghèo"),
        Row("f.1", "do", "huyen", "nhiệm vụ trọng tâm, cấp bách"),
        Row("f.2", "do", "huyen", "Chủ trì tổ chức Hội nghị tổng kết đánh giá"),
        Row("f.3", "do", "huyen", "đảm bảo 100% học sinh, sinh viên tham gia bảo hiểm y tế", "cascade xa; target hssv"),
    ],
    MY_TU: [
        Row("1", "do", SCHOOLS, "vận động phụ huynh tham gia BHYT cho học sinh"),
        Row("2.1", "do", SCHOOLS, "nắm chặt danh sách học sinh chưa tham gia BHYT"),
        Row("2.2", "do", SCHOOLS, "để tham mưu cho cấp uỷ Đảng", "with doan-the xa; for dang-uy"),
        Row("2.3", "do", SCHOOLS, "tham mưu đề xuất UBND xã, thị trấn", "for xa"),
        Row("3.1", "do", SCHOOLS, "trách nhiệm của người đứng đầu"),
        Row("3.2", "do", SCHOOLS, "đạt được chỉ tiêu UBND huyện giao", "target hoc-sinh"),
        Row("end.1", "note", "", "tiêu chí xét thi đua, khen thưởng cuối năm"),
        Row("end.2", "ask", SCHOOLS, "Đề nghị thủ trưởng các đơn vị"),
    ],
    HAI_PHONG: [
        Row("1.1", "do", "co-so-gd", "Quán triệt đầy đủ mục tiêu"),
        Row("1.2", "do", "co-so-gd", "tuyên truyền tới học sinh, cha mẹ học sinh"),
        Row("2.1", "do", "co-so-gd", "Rà soát, thống kê chính xác số lượng học sinh"),
        Row("2.2", "do", "co-so-gd", "Phối hợp chặt chẽ với cơ quan Bảo hiểm xã hội", "with bhxh"),
        Row("2.3", "do", "co-so-gd", "Phấn đấu 100% học sinh", "target hoc-sinh"),
        Row("2.4", "do", "co-so-gd", "Quan tâm, hỗ trợ học sinh có hoàn cảnh khó khăn"),
        Row("3.1", "do", "co-so-gd", "nguồn kinh phí trích lại từ quỹ bảo hiểm y tế"),
        Row("3.2", "do", "co-so-gd", "Phối hợp chặt chẽ với ngành Y tế", "with so-yte"),
        Row("4", "note", "", "là căn cứ để đánh giá mức độ hoàn thành nhiệm vụ"),
        Row("5.1", "do", "co-so-gd", "báo cáo định kỳ, đột xuất", "for so-gddt"),
        Row("5.2", "do", "co-so-gd", "báo cáo định kỳ, đột xuất", "for so-gddt; every on request"),
        Row("end.1", "ask", "xa", "kính đề nghị Uỷ ban nhân dân xã, phường, đặc khu"),
        Row("end.2", "ask", "phong-so", "đề nghị các phòng chuyên môn, nghiệp vụ thuộc Sở"),
        Row("end.3", "do", "co-so-gd", "yêu cầu Hiệu trưởng/ Thủ trưởng"),
    ],
    CAI_RANG: [
        Row("1", "ask", "ban-nganh doan-the phuong truong", "Đề nghị Thủ trưởng các ban, ngành, đoàn thể quận"),
        Row("2.1", "do", "pgd", "đến ngày 30 tháng 9 năm 2020 tất cả 100% học sinh", "cascade truong; due on 2020-09-30; target hoc-sinh"),
        Row("2.2", "do", "pgd", "trong tháng 9 năm 2020", "cascade truong; due within 2020-09-30; from 2020-09-01; target tre-den-truong"),
        Row("3", "do", "ldtbxh", "100% các đối tượng được ngân sách nhà nước hỗ trợ", "target ngan-sach"),
        Row("4.1", "ask", "mttq thanh-vien", "lồng ghép vào các buổi sinh hoạt lệ", "with ban-nganh phuong"),
        Row("4.2", "ask", "mttq thanh-vien", "tham gia giám sát các cơ quan chuyên môn"),
        Row("5.1", "do", "ttyt", "nâng cao chất lượng khám chữa bệnh bảo hiểm y tế"),
        Row("5.2", "do", "ttyt", "phối hợp với Giám đốc Bảo hiểm xã hội quận", "with bhxh"),
        Row("6.1", "do", "bhxh", "tổ chức các buổi đối thoại"),
        Row("6.2", "do", "bhxh", "đến Ủy ban nhân dân các phường", "for phuong"),
        Row("6.3", "do", "bhxh", "làm lại thẻ ngay khi có sai sót"),
        Row("6.4", "do", "bhxh", "(Hoàn thành trước ngày 25 tháng 5 năm 2020)", "with ttvh phuong; due before 2020-05-25"),
        Row("7.1", "do", "ttvh", "hướng dẫn bộ phần truyền thanh các phường", "with phuong"),
        Row("7.2", "do", "ttvh", "Hàng tuần sử dụng ô tô tuyên truyền", "every week; from 2020-05-30; until 2020-09-30"),
        Row("8", "do", "ttgdnn", "hoàn thành chỉ tiêu trước ngày 30 tháng 9 năm 2020", "due before 2020-09-30"),
        Row("9", "ask", "bbt", "Đề nghị các thành viên Ban Biên tập"),
        Row("10", "do", "phuong", "ngày 31/12/2020 vượt chỉ tiêu độ bao phủ", "with ban-nganh; target bao-phu"),
        Row("end.1", "note", "", "Nhận được Công văn này"),
    ],
}


@cache
def reading() -> Reading:
    """All five files, read in one run as the office reads them."""
    return read([ROOT / "directives" / f"{paper}.yaml" for paper in PAPERS], ROOT / "config" / "agencies", CALENDAR)


@cache
def directive(paper: str) -> Directive:
    """One of the five."""
    return {Path(path).stem: found for path, found in reading().directives}[paper]


def clause(paper: str, number: str) -> Duty:
    """One duty of one of the five."""
    return next(duty for duty in directive(paper).duties if duty.clause == number)


def body(paper: str) -> str:
    """The clauses of the paper itself, as they were copied from it."""
    return (ROOT / "tests" / "papers" / f"{paper}.txt").read_text(encoding="utf-8")
