"""How many questions somebody who complains is asked before everything is read back to them."""

from collections import defaultdict
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from bot.evaluation.runs import Progress, each
from bot.webclient import WebClient

# So many, and it is a loop.
MOST = 15
REVIEW = "case_review"
ANSWERS = {
    "case_parallel": "có",
    "case_narrative": "chị ấy quát tôi trước mặt mọi người rồi ném hồ sơ trả lại, không nói thiếu giấy gì",
    "case_unit": "phường Cầu Giấy",
    "case_desk": "quầy một cửa",
    "case_event_time": "9 giờ sáng hôm qua",
    "case_staff": "chị tóc ngắn đeo kính",
    "case_anonymous": "giấu tên tôi với phường",
    "case_consent": "đồng ý",
    "case_contact": "0912345678",
}


class FirstStory(BaseModel):
    """A first message of a complaint; `kind` tells how much it says."""

    model_config = ConfigDict(extra="forbid")
    id: str
    kind: str
    text: str


async def questions_asked(
    client: WebClient, stories: Sequence[FirstStory], progress: Progress
) -> dict[str, list[int]]:
    """Return the numbers of questions by kind, in the order of the stories; each question gets its plain answer.

    A reply that is neither a question of the talk nor the read-back counts as MOST.
    """

    async def one(story: FirstStory) -> tuple[str, int]:
        session, text = await client.open(), story.text
        for asked in range(MOST):
            event = await client.reply(session, await client.post(session, text))
            act = str(event["body"]["act"])
            if act == REVIEW:
                return story.kind, asked
            if act not in ANSWERS:
                break
            text = ANSWERS[act]
        return story.kind, MOST

    found: dict[str, list[int]] = defaultdict(list)
    for kind, asked in await each(stories, one, progress):
        found[kind].append(asked)
    return dict(found)
