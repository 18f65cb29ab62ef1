"""The commands: parse, call one use case, print. Refusals are one sentence on stderr and exit code 2."""

import argparse
import gc
import logging
import os
import sys
from collections.abc import Sequence

# These modules import what takes time only in the command that needs it, so that --help answers at once.
from movieapp.cli import comparing, enriching, importing, instances, jobs, lists, simulating
from movieapp.cli.edge import settings_of
from movieapp.errors import MovieAppError
from movieapp.options import parser_of

REFUSED = 2
INTERRUPTED = 130
# Seconds after which a thread lets others have Python. An answer goes from thread to thread a dozen times:
# beside a training, or another answer, it would otherwise wait up to five milliseconds each time.
TURN_S = 0.0005


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser_of(_COMMANDS).parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("movieapp").setLevel(logging.INFO if options.verbose else logging.WARNING)
    try:
        options.run(options)
    except MovieAppError as refusal:
        print(f"movieapp: {refusal}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt as interrupt:
        print(f"movieapp: {str(interrupt) or 'stopped.'}", file=sys.stderr)
        return 0 if options.run is _serve else INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`... | head`); closing stdout again at exit would complain once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _serve(options: argparse.Namespace) -> None:
    settings = settings_of(options, host=options.host, port=options.port)
    sys.setswitchinterval(TURN_S)
    # Nothing that is imported becomes garbage: looking for some again and again takes a tenth of the start.
    gc.disable()
    from movieapp.app import serve

    gc.freeze()
    gc.enable()

    def ready(address: str) -> None:
        print(f"movieapp is at {address} (data in {settings.data}). Ctrl+C stops it.", flush=True)
        if not options.no_browser:
            import threading
            import webbrowser

            # A text browser would hold up the server that it waits for.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    serve(settings, on_ready=ready)


_COMMANDS = {
    "serve": _serve,
    "ingest": instances.ingest,
    "enrich": enriching.enrich,
    "train": instances.train,
    "promote": instances.promote,
    "rollback": instances.rollback,
    "evaluate": instances.evaluate,
    "compare": comparing.compare,
    "tune": instances.tune,
    "retrain": jobs.retrain,
    "replay": jobs.replay,
    "report": jobs.report,
    "publish": jobs.publish,
    "housekeeping": jobs.housekeeping,
    "explore": jobs.explore,
    "simulate": simulating.simulate,
    "import": importing.import_,
    "export": importing.export,
    "recommend": lists.recommend,
    "rank": lists.rank,
    "similar": lists.similar,
    "popular": lists.popular,
}
