"""Prints signatures made by botocore as JSON: a table of requests whose names need escaping.

botocore builds and signs every request, headers and URL; nothing is sent. Each entry has the input (the name and the
query, not encoded) and the result (host, path and signature)."""

import datetime
import itertools
import json
import sys
import urllib.parse

import botocore.auth
import botocore.session
from botocore.config import Config

KEY_ID, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "FwoGZXIvYXdzE//+token=="
REGION, BUCKET, ENDPOINT = "eu-central-1", "some-bucket", "https://s3.example.net:9000"
TIME = datetime.datetime(2026, 2, 28, 23, 59, 58)


def names():
    """Returns more than two hundred different names."""
    marks = [chr(code) for code in range(0x20, 0x7F) if not chr(code).isalnum()]
    plain = ["a", "clips/one/0.grdn", "a" * 1024, "0", "Z", "/".join("abcdefghij")]
    around = [form.replace("*", mark) for mark in marks for form in ("a*b", "*a", "a*/*b", "a**b", "*")]
    slashes = ["a//b", "//", "/", "/a", "a/", "///a///", "a/./b", "a/../b", "./a", "../a", "a/..", "a//../b"]
    percents = ["%", "%%", "%2", "%20", "%2F", "%2f", "%25", "%zz", "100%/done", "a%20b c+d", "%C3%A9", "a=b&c=d", "?a=b", "#a"]
    spaces = ["  ", "a  b", " a b ", "a+b c", "+", "++", " +", "a\tb", "a\nb", "\x01", "\x7f", "tab\tand  two spaces"]
    letters = [
        "é", "e\u0301", "ü/ß", "日本語", "한국어", "עברית", "العربية", "ไทย", "👩‍👩‍👧", "\u200b", "\ufeff", "\u2028", "ﬁ", "İ",
        "\U0010ffff", "ñ" * 300,
    ]
    return list(dict.fromkeys(plain + around + slashes + percents + spaces + letters))


def operations(name):
    """Returns (HTTP method, botocore method, its arguments) for each operation."""
    key = {"Bucket": BUCKET, "Key": name}
    return [
        ("GET", "get_object", {**key, "Range": "bytes=0-39"}),
        ("GET", "list_objects_v2", {"Bucket": BUCKET, "Prefix": name, "Delimiter": "", "StartAfter": name}),
        ("POST", "create_multipart_upload", {**key, "Metadata": {"guardian-upload": "two  words"}}),
        ("GET", "list_parts", {**key, "UploadId": name}),
        ("GET", "get_object", {**key, "ResponseContentDisposition": f'attachment; filename="{name}"'}),
        ("GET", "list_multipart_uploads", {"Bucket": BUCKET, "Prefix": "", "KeyMarker": name}),
    ]


class Intercepted(Exception):
    """Carries a signed request instead of sending it."""

    def __init__(self, request):
        super().__init__()
        self.request = request


def intercept(request, **_):
    raise Intercepted(request)


def client(style, token):
    session = botocore.session.Session()
    session.set_credentials(KEY_ID, SECRET, token)
    made = session.create_client(
        "s3", region_name=REGION, endpoint_url=ENDPOINT,
        config=Config(
            s3={"addressing_style": style}, signature_version="s3v4", request_checksum_calculation="when_required",
            retries={"max_attempts": 0},
        ),
    )
    made.meta.events.register("before-send", intercept)
    return made


def query_of(url):
    """Returns decoded names and values. Only `uploads` has no `=`; parse_qsl would skip it."""
    pairs = (pair.partition("=") for pair in urllib.parse.urlsplit(url).query.split("&") if pair)
    return [[urllib.parse.unquote(name), urllib.parse.unquote(value)] for name, _, value in pairs]


def by_header(made, operation, arguments):
    try:
        getattr(made, operation)(**arguments)
    except Intercepted as error:
        request = error.request
    headers = {key.lower(): value.decode() if isinstance(value, bytes) else value for key, value in request.headers.items()}
    authorization = headers["authorization"]
    signed = authorization.split("SignedHeaders=")[1].split(",")[0].split(";")
    own = {"host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"}
    return request.url, query_of(request.url), {
        "headers": [[key, headers[key]] for key in signed if key not in own], "payload": headers["x-amz-content-sha256"],
        "expected": authorization,
    }


def by_query(made, operation, arguments):
    arguments = {key: value for key, value in arguments.items() if key not in ("Range", "Metadata")}
    url = made.generate_presigned_url(operation, Params=arguments, ExpiresIn=3600)
    query = query_of(url)
    return url, [pair for pair in query if not pair[0].startswith("X-Amz-")], {
        "headers": [], "payload": "UNSIGNED-PAYLOAD", "expected": dict(query)["X-Amz-Signature"],
    }


def entries():
    botocore.auth.get_current_datetime = lambda *_, **__: TIME
    styles, tokens = ("path", "virtual"), (None, TOKEN)
    clients = {pair: client(*pair) for pair in itertools.product(styles, tokens)}
    for form, make in (("header", by_header), ("query", by_query)):
        turns = itertools.cycle(itertools.product(range(6), styles, tokens))
        for name, (number, style, token) in zip(names(), turns):
            method, operation, arguments = operations(name)[number]
            url, query, rest = make(clients[style, token], operation, arguments)
            split = urllib.parse.urlsplit(url)
            yield {
                "form": form, "style": style, "token": token, "method": method, "bucket": BUCKET,
                "name": name if "Key" in arguments else "", "query": query, "host": split.netloc, "path": split.path, **rest,
            }


table = {"keyId": KEY_ID, "secret": SECRET, "region": REGION, "time": TIME.isoformat() + "Z", "endpoint": ENDPOINT, "entries": list(entries())}
json.dump(table, sys.stdout)
