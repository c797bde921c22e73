import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from config.startup import in_words

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_WORK", "web")
# By which gunicorn knows that starting the process again is no help.
GUNICORN_BOOT_ERROR = 3

try:
    application = get_wsgi_application()
    from config.bundles import make_at_start  # which reads settings

    make_at_start()
except (ImproperlyConfigured, OSError) as error:
    print(in_words(error) or error, file=sys.stderr, flush=True)
    sys.exit(GUNICORN_BOOT_ERROR)

from config.backup import half_restored  # noqa: E402 (its settings are read by the line above)

half_restored.refuse_to_serve()

from crossings.similar import topic_vectors  # noqa: E402 (it needs the applications)

topic_vectors.load_model_soon()
