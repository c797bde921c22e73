"""A process that has imported the application once, and forks a web server for each port that it reads.

To import it takes two CPU seconds, which each new process of gunicorn would take again.
"""

import os
import signal
import sys

import django
from gunicorn.app.wsgiapp import run


def main():
    django.setup()
    from config import urls  # noqa: F401 (with all views, before any fork)

    for line in sys.stdin:
        word, number = line.split()
        if word == "start":
            print(fork_server(int(number)), flush=True)
        else:
            os.kill(int(number), signal.SIGTERM)
            os.waitpid(int(number), 0)
            print("ended", flush=True)


def fork_server(port):
    """The number of the process, which is a gunicorn of its own."""
    if process := os.fork():
        return process
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.argv = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", *sys.argv[1:]]
    run()
    os._exit(0)


if __name__ == "__main__":
    main()
