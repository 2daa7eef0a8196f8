# SPDX-License-Identifier: EUPL-1.2
"""Reading a call's parameters, however they were sent, and checking each of them."""

import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from botapi.kinds import File, Method, RefusedError, Upload

Json = dict[str, Any]


async def read(request: web.BaseRequest, method: Method) -> Json:
    """Return the parameters, checked. Uploaded files that others refer to are in `files`.

    Raises RefusedError for unknown or missing parameters and wrong kinds.
    """
    kind = request.content_type
    if kind == "application/json" and request.can_read_body:
        try:
            params = json.loads(await request.read())
        except ValueError:
            raise RefusedError("Bad Request: can't parse JSON") from None
        if not isinstance(params, dict):
            raise RefusedError("Bad Request: object expected")
        params = {name: _native(method, name, value) for name, value in params.items()}
        files: dict[str, Upload] = {}
    else:
        form, files = await _form(request, kind)
        params = {name: _read(method, name, text) for name, text in form.items()}
    for name in [each for each in files if isinstance(method.all.get(each), File)]:
        params[name] = files.pop(name)
    _check(method, params, files)
    params["files"] = files
    return params


async def _form(request: web.BaseRequest, kind: str) -> tuple[dict[str, str], dict[str, Upload]]:
    form: dict[str, str] = dict(parse_qsl(request.query_string, keep_blank_values=True))
    files: dict[str, Upload] = {}
    if kind == "application/x-www-form-urlencoded":
        body = await request.read()
        form.update(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100))
    elif kind == "multipart/form-data":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = Upload(value.filename, value.content_type, value.file.read())
                value.file.close()
            else:
                form[name] = str(value) if not isinstance(value, bytes) else value.decode()
    elif request.can_read_body and await request.read():
        raise RefusedError(f"Bad Request: unknown content type {kind!r}")
    return form, files


def _read(method: Method, name: str, text: str) -> Any:
    known = method.all.get(name)
    if known is None:
        raise RefusedError(f"Bad Request: unknown parameter {name!r}")
    try:
        return known.read(text)
    except ValueError:
        raise RefusedError(f"Bad Request: can't parse {name}: {text[:50]!r}") from None


def _native(method: Method, name: str, value: Any) -> Any:
    """Return a JSON call's value; numbers and objects may also come as text, as in forms."""
    return _read(method, name, value) if isinstance(value, str) else value


def _check(method: Method, params: Json, files: dict[str, Upload]) -> None:
    for name in method.required:
        if name not in params:
            raise RefusedError(f"Bad Request: parameter {name!r} is missing")
    for name, value in params.items():
        known = method.all.get(name)
        if known is None:
            raise RefusedError(f"Bad Request: unknown parameter {name!r}")
        known.check(value, name)
    if files:
        named = json.dumps(params, default=str)
        for name in files:
            if f"attach://{name}" not in named:
                raise RefusedError(f"Bad Request: nothing refers to the file {name!r}")
