"""Django, with django-cors-headers; `app` is WSGI, `asgi` is ASGI."""

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods

settings.configure(
    SECRET_KEY="no secret",
    ALLOWED_HOSTS=["api.example.com"],
    ROOT_URLCONF=__name__,
    LOGGING_CONFIG=None,
    INSTALLED_APPS=["corsheaders"],
    MIDDLEWARE=["corsheaders.middleware.CorsMiddleware", "django.middleware.common.CommonMiddleware"],
    CORS_ALLOWED_ORIGINS=["https://app.example.com", "https://admin.example.com"],
    CORS_ALLOW_METHODS=["GET", "HEAD", "POST", "PUT"],
    CORS_ALLOW_HEADERS=["X-CSRF-Token", "Content-Type"],
    CORS_EXPOSE_HEADERS=["X-Total"],
    CORS_ALLOW_CREDENTIALS=True,
    CORS_PREFLIGHT_MAX_AGE=60,
)
django.setup()


@require_http_methods(["GET", "HEAD", "POST", "PUT"])
def items(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain", headers={"X-Total": "3", "X-Hidden": "4"})


@require_http_methods(["GET"])
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


urlpatterns = [path("items", items), path("broken", broken)]
app = get_wsgi_application()
asgi = get_asgi_application()
