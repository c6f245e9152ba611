"""Template messages as the fake Zalo takes them: approved ones, with all their parameters, to people it knows."""

from typing import Any

from tests.fakes.zalo_state import Answer, Sent, ZaloState, error


def send_template(state: ZaloState, fields: Any) -> Answer:
    """Take a template message or refuse it. The window does not matter; a block does."""
    with state.lock:
        if not isinstance(fields, dict) or not isinstance(fields.get("template_data"), dict):
            return error(-201)
        if not set(fields) <= {"user_id", "template_id", "template_data", "tracking_id"}:
            return error(-201)
        person = state.people.get(str(fields.get("user_id")))
        if person is None:
            return error(-201)
        if person.blocked:
            return error(-217)
        wanted = state.approved.get(str(fields.get("template_id")))
        if wanted is None:
            return error(-109)
        data, tracking = fields["template_data"], fields.get("tracking_id", "")
        if set(data) != wanted or not isinstance(tracking, str) or len(tracking) > 48:
            return error(-201)
        if not all(isinstance(value, str) and 0 < len(value) <= 400 for value in data.values()):
            return error(-1121)
        if state.templates_left <= 0:
            return error(-144)
        state.templates_left -= 1
        serial = len(state.templates) + 1
        state.templates.append(Sent(str(fields["user_id"]), fields, f"t-out-{serial}", state.now(), "template"))
        return {"error": 0, "message": "Success", "data": {"message_id": f"t-out-{serial}"}}
