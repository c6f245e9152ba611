"""Whoever speaks of a report made before has nothing new to report."""

import pytest

from bot.core.cases.earlier import of_earlier_report


@pytest.mark.parametrize(
    "text",
    [
        "cho em rút phản ánh hôm qua, em gửi lúc đang bực",
        "Tôi xin hủy yêu cầu phản ánh vì đã nhận được giấy.",
        "toi xin nhac lai phan anh ve loa phuong gui ngay 3/8",
        "Phản ánh của em hôm 5/5 hẹn 10 ngày trả lời, nay quá hẹn rồi, nhờ anh chị xem giúp",
        "phan anh cua toi den dau roi",
        "bổ sung giúp tôi vào đơn hôm trước một ý",
        "Kiểm tra giúp tôi cái phản ánh gửi tuần trước",
        "Xin sửa lại phản ánh hôm qua: tôi ghi nhầm tên",
        "check hộ e cái pá hôm bữa vs",
        "lỡ gửi p/a mà ghi sai tên thì sửa đc hk ad",
        "tôi gọi tổng đài báo mất giấy, trực máy hứa 5 ngày trả lời, nay đủ 5 ngày rồi",
    ],
)
def test_an_earlier_report_is_asked_after(text: str) -> None:
    assert of_earlier_report(text)


@pytest.mark.parametrize(
    "text",
    [
        "từ hôm tôi gửi phản ánh, ông tổ trưởng gọi điện dọa cắt trợ cấp",
        "Sau phản ánh của tôi hôm qua, chị ấy quát tôi trước mặt mọi người",
        "Tôi muốn phản ánh cán bộ phường hôm qua bắt tôi chờ hai tiếng",
        "hồ sơ của tôi nộp tháng trước đến giờ chưa xong",
        "họ bắt tôi rút đơn khiếu nại hôm trước",
        "bổ sung giấy tờ ba lần rồi vẫn chưa nhận",
        "xin phản ánh việc hôm qua ở một cửa",
        "Sáng nay cán bộ phường tôi khiếu nại hôm trước trả đũa, không nhận hồ sơ của tôi",
        "Cho tôi hỏi, tôi muốn phản ánh chị cán bộ hôm qua ném hồ sơ vào mặt tôi",
        "Cán bộ bắt bổ sung giấy tờ 5 lần, em muốn phản ánh thái độ cán bộ hôm qua",
        "cho tôi hỏi vụ cụ bà 80 tuổi bị cán bộ bắt leo 4 tầng lầu",
        "Tôi phản ánh hồ sơ của tôi nộp từ tháng trước quá hạn 15 ngày mà không ai trả lời",
        "",
    ],
)
def test_a_new_story_is_none(text: str) -> None:
    assert not of_earlier_report(text)
