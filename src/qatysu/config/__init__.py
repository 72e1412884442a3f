"""Settings, WSGI entry, the ``qatysu`` command."""
