"""Django's settings. Everything an operator may set is read here, from POMOST_* variables, and nowhere else.

| variable | what | default |
|---|---|---|
| POMOST_DATA | folder of the database, keys and files | ./var |
| POMOST_DATABASE | a postgresql:// address | SQLite in POMOST_DATA |
| POMOST_SECRET_KEY | signs cookies and links, seals secrets; made and kept in POMOST_DATA when unset | |
| POMOST_HOSTS | host names the desk answers to, comma separated | localhost,127.0.0.1 |
| POMOST_URL | address at which people reach the desk; stands in mails | http://localhost:8000 |
| POMOST_HTTPS | "1" behind HTTPS: cookies are then sent over HTTPS only | 0 |
| POMOST_API_REQUESTS_A_MINUTE | how many requests a token of the API may make a minute | 600 |
| POMOST_WEBHOOK_NETWORKS | networks that webhooks may reach besides public addresses, comma separated | none |
| POMOST_FILES | folder of what customers send and vendors return, encrypted | files in POMOST_DATA |
| POMOST_FILES_KEY | the age identity that opens it; made and kept in POMOST_DATA when unset | |
| POMOST_FILE_MB_MAX | how large one file may be, in MB | 4000 |
| POMOST_FILES_CUSTOMER_MB_MAX, POMOST_FILES_VENDOR_MB_MAX | how much one customer, one vendor may have at once, in MB | 20000, 200000 |
| POMOST_FILES_KEEP_DAYS | after how many days the content of a file is erased | 90 |
| POMOST_SMTP_HOST, POMOST_SMTP_PORT, POMOST_SMTP_USER, POMOST_SMTP_PASSWORD, POMOST_SMTP_TLS | outgoing mail | 127.0.0.1, 25 |
"""

import ipaddress
import os
import secrets
from collections.abc import Callable
from pathlib import Path

import csp.constants
import pyrage
from django.utils.translation import gettext_lazy as _

from pomost.config.database import database_settings
from pomost.ui.catalogues import CATALOGUES

SOURCE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("POMOST_DATA", "var")).resolve()
DATA.mkdir(parents=True, exist_ok=True)


def _kept(name: str, made: Callable[[], str]) -> str:
    """Return a secret kept in POMOST_DATA, made on first use, so that no default one exists anywhere."""
    file = DATA / name
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(made())
    return file.read_text().strip()


SECRET_KEY = os.environ.get("POMOST_SECRET_KEY") or _kept("secret_key", lambda: secrets.token_urlsafe(50))
DEBUG = False
ALLOWED_HOSTS = os.environ.get("POMOST_HOSTS", "localhost,127.0.0.1").split(",")
PUBLIC_URL = os.environ.get("POMOST_URL", "http://localhost:8000").rstrip("/")
HTTPS = os.environ.get("POMOST_HTTPS", "0") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "pomost.journal",
    "pomost.people",
    "pomost.files",
    "pomost.contracts",
    "pomost.tickets",
    "pomost.remote",
    "pomost.worklog",
    "pomost.billing",
    "pomost.webhooks",
    "pomost.ui",
    "pomost.notices",
    "pomost.portal",
    "pomost.console",
    "pomost.audit",
    "pomost.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "pomost.api.middleware.Machines",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "pomost.config.middleware.Moment",
    "pomost.config.middleware.VendorAndLanguage",
    "pomost.config.middleware.NoNul",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "pomost.config.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

DATABASES = {"default": database_settings(os.environ.get("POMOST_DATABASE", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"

LANGUAGE_CODE = "en"
LANGUAGES = [("ru", _("Russian")), ("pl", _("Polish")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [CATALOGUES]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "media"},
    },
    "staticfiles": {"BACKEND": "pomost.ui.staticfiles.HashedByContent"},
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("POMOST_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("POMOST_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("POMOST_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("POMOST_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("POMOST_SMTP_TLS", "0") == "1"
EMAIL_TIMEOUT = 15

WEBHOOK_NETWORKS = [
    ipaddress.ip_network(each.strip())
    for each in os.environ.get("POMOST_WEBHOOK_NETWORKS", "").split(",")
    if each.strip()
]
API_REQUESTS_A_MINUTE = int(os.environ.get("POMOST_API_REQUESTS_A_MINUTE", "600"))

FILES_FOLDER = Path(os.environ.get("POMOST_FILES") or DATA / "files").resolve()
FILES_KEY = os.environ.get("POMOST_FILES_KEY") or _kept(
    "files_key", lambda: str(pyrage.x25519.Identity.generate())
)
FILE_BYTES_MAX = int(os.environ.get("POMOST_FILE_MB_MAX", "4000")) * 10**6
FILES_CUSTOMER_BYTES_MAX = int(os.environ.get("POMOST_FILES_CUSTOMER_MB_MAX", "20000")) * 10**6
FILES_VENDOR_BYTES_MAX = int(os.environ.get("POMOST_FILES_VENDOR_MB_MAX", "200000")) * 10**6
FILES_KEEP_DAYS = int(os.environ.get("POMOST_FILES_KEEP_DAYS", "90"))

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.constants.SELF],
        "script-src": [csp.constants.SELF, csp.constants.NONCE],
        "img-src": [csp.constants.SELF, "data:", "blob:"],
        "connect-src": [csp.constants.SELF],
        "object-src": [csp.constants.NONE],
        "base-uri": [csp.constants.NONE],
        "frame-ancestors": [csp.constants.NONE],
        "form-action": [csp.constants.SELF],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
