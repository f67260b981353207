"""Gives Schemathesis requests that mean something here.

Random data is of the documented form, but no random id is that of a booking. So for a part of the cases that are meant to be good, the
next request that e2e/api/prepare-requests.ts made ready for the operation takes the place of the generated one. All others, and
everything that is meant to be wrong, stay as generated.
"""

import json
import os
import threading

import schemathesis

with open(os.environ["JATRA_PREPARED_REQUESTS"], encoding="utf-8") as file:
    PREPARED = json.load(file)

#: Every second good case: enough generated ones are left.
EVERY = 2
LOCK = threading.Lock()
seen = {}


def next_prepared(operation_id):
    """The next one, in turns; those that work once only are gone then."""
    entry = PREPARED.get(operation_id)
    if not entry or not entry["requests"]:
        return None
    with LOCK:
        count = seen[operation_id] = seen.get(operation_id, -1) + 1
        if count % EVERY:
            return None
        if entry["once"]:
            return entry["requests"].pop(0) if entry["requests"] else None
        return entry["requests"][count // EVERY % len(entry["requests"])]


@schemathesis.hook
def before_call(ctx, case, kwargs):
    meta = case.meta
    if meta is not None and not meta.generation.mode.is_positive:
        return
    prepared = next_prepared(case.operation.definition.raw["operationId"])
    if prepared is None:
        return
    if "path" in prepared:
        case.path_parameters = {**(case.path_parameters or {}), **prepared["path"]}
    if "query" in prepared:
        case.query = dict(prepared["query"])
    if "body" in prepared:
        case.body = prepared["body"]
        case.media_type = "application/json"
    if "headers" in prepared:
        case.headers = {**(case.headers or {}), **prepared["headers"]}
