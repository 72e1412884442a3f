"""The one settings module. Values of the environment come from the table in ``config.environment``."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url

from qatysu.config import environment as env
from qatysu.config.secret import read_or_make

PACKAGE = Path(__file__).resolve().parents[1]
DATA = env.data_folder()

DEMO = env.flag("QATYSU_DEMO")
DEBUG = env.flag("QATYSU_DEBUG")
SECRET_KEY = env.text("QATYSU_SECRET_KEY") or read_or_make(DATA / "keys" / "secret")
ORIGIN = env.text("QATYSU_ORIGIN").rstrip("/")
ALLOWED_HOSTS = env.items("QATYSU_HOSTS")
CSRF_TRUSTED_ORIGINS = [ORIGIN]
TRUSTED_PROXIES = env.number("QATYSU_TRUSTED_PROXIES")
TILES = env.text("QATYSU_TILES")
KEY_FOLDER = DATA / "keys"
LOG_KEY_FOLDER = Path(env.text("QATYSU_LOG_KEYS") or KEY_FOLDER)
LOG_ROOT = DATA / "logs"
LOG_STORAGE = env.text("QATYSU_LOG_STORAGE")
WITNESSES = env.text("QATYSU_WITNESSES")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "qatysu.audit",
    "qatysu.outbox",
    "qatysu.ui",
    "qatysu.files",
    "qatysu.bulletin",
    "qatysu.places",
    "qatysu.identity",
    "qatysu.rounds",
    "qatysu.documents",
    "qatysu.proposals",
    "qatysu.desk",
    "qatysu.coaching",
    "qatysu.council",
    "qatysu.ballots",
    "qatysu.motions",
    "qatysu.tally",
    "qatysu.results",
    "qatysu.web",
]

MIDDLEWARE = [
    "qatysu.web.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qatysu.web.middleware.refusals",
]

ROOT_URLCONF = "qatysu.web.urls"
WSGI_APPLICATION = "qatysu.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "qatysu.web.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "qatysu.ui.templatetags.ui"],
        },
    },
]


def _database() -> dict[str, object]:
    url = env.text("DATABASE_URL")
    if url:
        settings = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
        return settings
    DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "qatysu.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            # Writers queue at BEGIN instead of failing in the middle; FULL keeps acknowledged votes through a power loss.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cache_size=-16000;",
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "qatysu"}}

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["qatysu.identity.backend.AccountBackend"]
LOGIN_URL = "sign_in"
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "qatysu.web.views.errors.csrf_failure"
_HTTPS = urlsplit(ORIGIN).scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
OTP_TOTP_ISSUER = "Qatysu"

LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["qatysu.ui.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
# Numbers for readers go through the filters of ``ui`` (grouped, tenge); in attributes a group sign would break them.
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
# Modules that check receipts belong to the verifier, which is no application of Django's.
STATICFILES_DIRS = [PACKAGE / "verify" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Compressed copies beside the files; ``qatysu serve`` makes them (config/serving.py).
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = DATA / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# An estimate of 300 lines with a schedule of 100 is one form of 2 400 fields (workbook.schema.CEILING).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 12
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

EMAIL_URL = env.text("QATYSU_EMAIL_URL")
DESK_IMAP = env.text("QATYSU_DESK_IMAP")
CMS_VERIFIER = env.text("QATYSU_CMS_VERIFIER")
SMS_URL = env.text("QATYSU_SMS_URL")
CODES_PER_DAY = env.number("QATYSU_CODES_PER_DAY")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("QATYSU_LOG_LEVEL")},
    # A refused request is an answer, not an incident: 4xx are not worth a line each.
    "loggers": {"django.request": {"level": "ERROR"}, "django.security": {"level": "ERROR"}},
}
