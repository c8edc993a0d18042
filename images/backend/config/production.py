"""The configuration file for APP_CONFIG_FILE: all values come from the environment."""

import os

from app.settings import Settings

_settings = Settings.from_environment(os.environ)

SECRET_KEY = _settings.secret_key
SECRET_KEY_FALLBACKS = _settings.secret_key_fallbacks
ACCESS_TOKEN_LIFETIME = _settings.access_token_lifetime
ALLOWED_ORIGIN = _settings.allowed_origin
REFRESH_COOKIE = _settings.refresh_cookie
SQLALCHEMY_DATABASE_URI = _settings.database_url
DATABASE_PASSWORD_FALLBACK = _settings.database_password_fallback
REDIS = _settings.redis
TRUSTED_PROXIES = _settings.trusted_proxies
PROXIED_PORT = _settings.proxied_port
METRICS_PORT = _settings.metrics_port

# Bytes. Bodies of valid requests are much smaller.
MAX_CONTENT_LENGTH = 256 * 1024
