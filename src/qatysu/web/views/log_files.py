"""The public files of a log (LEDGER 1.7): for everybody, for browsers of other sites too. nginx can serve the same folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

import qatysu.verify
from qatysu.ballots import logs
from qatysu.bulletin.archiving import published_files, zipped
from qatysu.bulletin.models import Log
from qatysu.bulletin.serving import NEVER, TEXT, Served, serve
from qatysu.core.errors import Conflict, NotFound
from qatysu.identity.access import public
from qatysu.results import queries as results
from qatysu.results.bundle import bundle
from qatysu.web.open_data import public_round

_VERIFY = Path(qatysu.verify.__file__).parent
#: Programs and pages beside the log that do not belong to it: file, type.
_BESIDE = {
    "verify.py": (_VERIFY / "standalone" / "verify.py", "text/x-python; charset=utf-8"),
    "saved.html": (_VERIFY / "static" / "verify" / "saved.html", "text/html; charset=utf-8"),
}


@public
@require_safe
def log_file(request: HttpRequest, name: str, path: str) -> HttpResponse:
    """``checkpoint``, ``vkey``, a tile or a bundle; 404 for anything else."""
    log = logs.find_log(name)
    served = serve(log, logs.storage_of(log), path) if log is not None else None
    return _answer(request, served) if served is not None else _absent()


@public
@require_safe
def policy(request: HttpRequest, name: str) -> HttpResponse:
    """Key of the log, witnesses and quorum, as the checking programs read them."""
    log = logs.find_log(name)
    return _answer(request, Served(_policy(log), TEXT, NEVER)) if log is not None else _absent()


@public
@require_safe
def beside(request: HttpRequest, name: str, file: str) -> HttpResponse:
    """The checking program, or the page that checks receipts from a disk: to be kept, hence as a download."""
    if logs.find_log(name) is None:
        return _absent()
    response = _answer(request, Served(_bytes(file), _BESIDE[file][1], NEVER))
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


@public
@require_safe
def archive(request: HttpRequest, name: str) -> HttpResponseBase:
    """The whole published log with what checks it, written as it is read."""
    log = logs.find_log(name)
    if log is None:
        return _absent()
    return _zip(request, zipped(archive_files(log, name)), f"{name}-log.zip")


@public
@require_safe
def results_bundle(request: HttpRequest, name: str) -> HttpResponseBase:
    """All that counts a round again; 404 before its results are published, or where its ballots stand in no log."""
    try:
        round_ = public_round(name)
        if results.published(round_) is None:
            return _absent()
        return _zip(request, bundle(round_), f"{name}-bundle.zip")
    except (NotFound, Conflict):
        return _absent()


def _zip(request: HttpRequest, pieces: Iterator[bytes], name: str) -> HttpResponseBase:
    response = StreamingHttpResponse(pieces if request.method == "GET" else iter(()), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = NEVER
    response["Access-Control-Allow-Origin"] = "*"
    # It is packed already: the middleware would pack it once more.
    response["Content-Encoding"] = "identity"
    return response


def archive_files(log: Log, name: str) -> Iterator[tuple[str, bytes]]:
    """Everything in the archive below one folder named like the log."""
    texts = {"origin": log.origin, "vkey": log.vkey, "name": name}
    yield f"{name}/README.txt", render_to_string("web/log_readme.txt", texts).encode()
    for file in _BESIDE:
        yield f"{name}/{file}", _bytes(file)
    yield f"{name}/policy", _policy(log)
    for path, data in published_files(log, logs.storage_of(log)):
        yield f"{name}/{path}", data


def _policy(log: Log) -> bytes:
    found = logs.policy_of(log)
    return "".join([f"log {found.log}\n", *(f"witness {key}\n" for key in found.witnesses), f"quorum {found.quorum}\n"]).encode()


@cache
def _bytes(file: str) -> bytes:
    return _BESIDE[file][0].read_bytes()


def _answer(request: HttpRequest, served: Served) -> HttpResponse:
    """The bytes with an ETag; 304 when the reader has them already."""
    etag = f'"{hashlib.sha256(served.data).hexdigest()[:32]}"'
    plain = HttpResponse(served.data, headers={**served.headers, "ETag": etag})
    response = get_conditional_response(request, etag=etag, response=plain) or plain
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _absent() -> HttpResponse:
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": NEVER}
    return HttpResponse("There is no such file in this log.\n", status=404, content_type=TEXT, headers=headers)
