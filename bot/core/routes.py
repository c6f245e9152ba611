"""The kinds of turn a citizen can start, and how a turn can end."""

from enum import StrEnum


class Route(StrEnum):
    """What the citizen wants; the sixteen values that routing is measured on."""

    ASK_PROCEDURE = "ask_procedure"
    REPORT_STAFF = "report_staff"
    FORMAL_COMPLAINT = "formal_complaint"
    DENUNCIATION = "denunciation"
    REGULATION_FEEDBACK = "regulation_feedback"
    TRACK_CASE = "track_case"
    TALK_TO_HUMAN = "talk_to_human"
    GREETING = "greeting"
    THANKS_BYE = "thanks_bye"
    OUT_OF_SCOPE = "out_of_scope"
    OTHER_AGENCY = "other_agency"
    EMERGENCY = "emergency"
    PRIVACY_REQUEST = "privacy_request"
    SURVEY = "survey"
    ABUSE = "abuse"
    INJECTION = "injection"


class Outcome(StrEnum):
    """How a turn ended, as evaluation and the daily figures count it."""

    ANSWERED = "answered"
    CLARIFICATION = "clarification"
    COMPLAINT_STEP = "complaint_step"
    COMPLAINT_FILED = "complaint_filed"
    REFUSED = "refused"
    HANDED_OVER = "handed_over"
    STATUS = "status"
    SMALL_TALK = "small_talk"
    ERROR = "error"


class Reason(StrEnum):
    """Why a turn was not answered from the catalogue."""

    NO_ID_PHOTO = "no_id_photo"
    OTHER_AGENCY = "other_agency"
    NOT_IN_CATALOGUE = "not_in_catalogue"
    NEEDS_FILE = "needs_file"
    NEEDS_PERSON = "needs_person"
    BEING_REVISED = "being_revised"
    NOT_UNDERSTOOD = "not_understood"


class Agency(StrEnum):
    """Bodies that citizens take for ours; the names evaluation uses."""

    CONG_AN = "cong_an"
    THUE = "thue"
    BHXH = "bhxh"
    TOA_AN = "toa_an"
    TRUONG_HOC = "truong_hoc"
    BENH_VIEN = "benh_vien"
    NGAN_HANG = "ngan_hang"
    SO_DAN_TOC_TON_GIAO = "so_dan_toc_ton_giao"
    OTHER = "other"
