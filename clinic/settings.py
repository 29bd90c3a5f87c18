"""One settings file. The environment holds deployment only; what a clinic decides is in its settings rows."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

DATA = Path(env("ENTWINE_DATA", default=str(BASE_DIR / "var")))
DEMO = env.bool("ENTWINE_DEMO", default=False)
TESTING = env.bool("TEST", default=False)
DEBUG = env.bool("ENTWINE_DEBUG", default=False)
SECRET_KEY = env("ENTWINE_SECRET_KEY")
SEAL_KEY = env("ENTWINE_SEAL_KEY")
FIELD_KEY = env("ENTWINE_FIELD_KEY")
SEAL_ANCHOR = env("ENTWINE_SEAL_ANCHOR", default=str(DATA / "ledger.anchor"))
ALLOWED_HOSTS = env.list("ENTWINE_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
BASE_URL = env("ENTWINE_BASE_URL", default="http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https") else []

INSTALLED_APPS = [
    "clinic.access",  # first: its migrate is ours
    "clinic.office",
    "clinic.consent",
    "clinic.record",
    "clinic.people",
    "clinic.audit",
    "clinic.kit",
    "caseload",
    "follow_up",
    "intake",
    "treatment_plans",
    "screening",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "clinic.office.middleware.HealthMiddleware",
    "clinic.kit.memory.TidyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "clinic.office.middleware.TextMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clinic.office.middleware.SignInMiddleware",
    "clinic.office.middleware.IdleMiddleware",
    "clinic.office.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "clinic.office.middleware.LogMiddleware",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "clinic.kit.templatetags.entwine",  # last: some of Django's tags are ours, and quicker
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic.office.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASE = env.db("DATABASE_URL")
DATABASES = {
    "default": {
        **DATABASE,
        "OPTIONS": {
            **DATABASE.get("OPTIONS", {}),
            # Statements of clinic.kit.written are prepared on their connection, and planned once: planning them takes longer
            # than answering them. They are few, and each has one good plan, whatever is open.
            "prepare_threshold": 5,
            "options": "-c plan_cache_mode=force_generic_plan -c jit=off",
        },
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,  # a refusal must outlive the exception after it
    }
}
# Our migrate installs the triggers (clinic/access/secure.py); in migrations each cost a tenth of a second, every time.
PGTRIGGER_MIGRATIONS = False
DATABASE_ROUTERS = ["clinic.kit.scope.ChartRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "clinic.office.cache.CalmRedisCache",
        "LOCATION": env("CACHE_URL", default=""),
        # One that hangs is away too.
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}
if not env("CACHE_URL", default=""):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "people.Staff"
AUTHENTICATION_BACKENDS = ["clinic.people.backends.StaffBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:  # hundreds of sign-ins; production keeps Argon2
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "clinic.office.accounts.ClosedSignup"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("ENTWINE_PROXIES", default=0)
MFA_ADAPTER = "clinic.office.accounts.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Entwine"
SECOND_FACTOR_REQUIRED = not (DEMO or TESTING)

# Kept in the database, read from the cache: one query fewer on every page. Without a cache it is read from the database.
SESSION_ENGINE = "clinic.office.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_COOKIES = BASE_URL.startswith("https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_COOKIES
SECURE_SSL_REDIRECT = False  # the proxy does it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "clinic.office.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# No LocaleMiddleware: the staff's pages are English whatever a browser asks for; a client's pages are in the language of
# what they were handed (clinic.access.views.opens_handed).
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
TIME_ZONE = env("ENTWINE_ZONE", default="America/New_York")
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env("ENTWINE_STATIC", default=str(DATA / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
WHITENOISE_USE_FINDERS = TESTING

SMTP_URL = env("ENTWINE_SMTP_URL", default="")
MAIL_FROM = env("ENTWINE_MAIL_FROM", default="desk@localhost")
MAIL_SINK = DATA / "mail"
# A gateway that takes POST JSON {to, text, from, id}; none is no texts.
SMS_URL = env("ENTWINE_SMS_URL", default="")
SMS_TOKEN = env("ENTWINE_SMS_TOKEN", default="")

CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_MAX_TASKS_PER_CHILD = 100
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
TICK_SECONDS = env.float("ENTWINE_TICK_SECONDS", default=15.0)
CELERY_BEAT_SCHEDULE = {
    "seal the ledger": {"task": "clinic.office.tasks.seal_ledger", "schedule": 60.0},
    "deliver what is due": {"task": "clinic.consent.tasks.deliver_due", "schedule": TICK_SECONDS},
    "ask the next person about a flag": {"task": "screening.tasks.escalate_due", "schedule": TICK_SECONDS},
    "ask every room what is due": {"task": "follow_up.tasks.remind_due", "schedule": TICK_SECONDS * 4},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "clinic.office.logs.JsonLines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": env("ENTWINE_LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["out"], "propagate": False},
        "weasyprint": {"level": "ERROR"},
        "pgtrigger": {"level": "WARNING"},
        "fontTools": {"level": "ERROR"},
    },
}
