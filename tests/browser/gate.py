import threading

UNAVAILABLE = "503 Service Unavailable"
SECONDS = 60


class Gate:
    """A WSGI application before another that can be shut: `shut` waits for requests inside, and lets in no more.

    A browser leaves requests behind that nobody waits for, such as the draft that a closed page sends last; they would
    meet the database being emptied after the test.
    """

    def __init__(self, application):
        self.application = application
        self.inside = 0
        self.is_open = True
        self.changed = threading.Condition()

    def __call__(self, environ, start_response):
        with self.changed:
            comes_in = self.is_open
            self.inside += comes_in
        if not comes_in:
            start_response(UNAVAILABLE, [("Content-Length", "0")])
            return
        try:
            response = self.application(environ, start_response)
            try:
                yield from response
            finally:
                response.close()
        finally:
            with self.changed:
                self.inside -= 1
                self.changed.notify_all()

    def open(self):
        with self.changed:
            self.is_open = True

    def shut(self):
        with self.changed:
            self.is_open = False
            assert self.changed.wait_for(lambda: not self.inside, SECONDS), f"{self.inside} requests do not end"
