"""From settings to the Zalo channel: the mapping that bot.main calls; opens nothing."""

from datetime import timedelta

from pydantic import SecretStr

from bot.core.ports import Clock
from bot.settings.zalo import ZaloSettings, listed
from channels.zalo.api import ApiRules, Counters
from channels.zalo.channel import ZaloChannel, ZaloRules
from channels.zalo.media import MediaRules
from channels.zalo.oauth import OAuthRules
from channels.zalo.reading import ReadingRules
from channels.zalo.sending import SendingRules
from channels.zalo.signature import SignatureRules, parse_variants
from channels.zalo.templates import TemplateRules
from channels.zalo.tokens import TokenRules, TokenStore
from channels.zalo.uploads import UploadMemory


def zalo_channel(
    settings: ZaloSettings, store: TokenStore, memory: UploadMemory, counters: Counters, clock: Clock
) -> ZaloChannel:
    """Return the channel that the settings describe."""
    return ZaloChannel(zalo_rules(settings), store, memory, counters, clock)


def zalo_rules(settings: ZaloSettings) -> ZaloRules:
    """Return the rules that the settings describe."""
    window = timedelta(hours=settings.free_window_hours)
    closed = timedelta(hours=settings.closed_after_hours)
    return ZaloRules(
        oauth=OAuthRules(
            app_id=settings.app_id,
            app_secret=_text(settings.app_secret),
            oa_id=settings.oa_id,
            redirect_uri=settings.redirect_uri,
            url=settings.oauth_url.rstrip("/"),
            verifier=_text(settings.pkce_verifier),
            lost_codes=frozenset(int(code) for code in listed(settings.refresh_lost_codes)),
        ),
        reading=ReadingRules(
            oa_id=settings.oa_id,
            button_prefix=settings.button_prefix,
            audio_endings=frozenset(ending.lower() for ending in listed(settings.audio_endings)),
            own_admin_ids=frozenset(listed(settings.own_admin_ids)),
            followers_only=settings.followers_only,
        ),
        signature=SignatureRules(
            app_id=settings.app_id,
            oa_id=settings.oa_id,
            oa_secret=_text(settings.oa_secret),
            app_secret=_text(settings.app_secret),
            variants=parse_variants(settings.signature_variants),
            max_age=timedelta(hours=settings.event_max_age_hours),
        ),
        tokens=TokenRules(
            ahead=timedelta(hours=settings.refresh_ahead_hours),
            alarm_age=timedelta(days=settings.refresh_alarm_days),
            forced_pause=timedelta(seconds=settings.forced_refresh_pause_seconds),
        ),
        api=ApiRules(
            url=settings.api_url.rstrip("/"),
            per_minute=settings.requests_per_minute,
            rate_pause_seconds=settings.rate_pause_seconds,
            request_seconds=settings.request_seconds,
        ),
        sending=SendingRules(
            text_limit=settings.text_limit,
            template_type=settings.button_template_type,
            query=settings.button_query,
            button_prefix=settings.button_prefix,
            list_template=settings.list_template,
            form_title=settings.form_title,
            form_subtitle=settings.form_subtitle,
            form_image_url=settings.form_image_url,
        ),
        templates=TemplateRules(
            template_id=settings.notice_template_id,
            data=dict(part.split("=", 1) for part in listed(settings.notice_template_data)),
            tracking=settings.notice_template_tracking,
        ),
        media=MediaRules(listed(settings.media_hosts), settings.media_seconds, listed(settings.media_origins)),
        upload_reuse=timedelta(hours=settings.upload_reuse_hours),
        window=window,
        closed_after=closed if settings.paid_replies else window,
    )


def _text(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
