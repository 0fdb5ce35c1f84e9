"""Claims about `python -m config.images`, against a server that speaks a registry's protocol."""

import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from config import images
from config.images import Image, ImageError, digest_of, pinned

ROOT = Path(__file__).parents[2]
DIGEST = "sha256:" + "a1" * 32
DOCKERFILE = """FROM {registry}/team/base:1.2.3 AS build
RUN echo FROM nothing:1
FROM {registry}/team/base:1.2.3
"""
COMPOSE = """services:
  ours:
    image: interdict:local
  theirs:
    image: {registry}/team/theirs:v4.5.6@sha256:{old}
    command: ["--image: none:1"]
"""


class Registry(BaseHTTPRequestHandler):
    """Serves two tags of `team`, to those who fetched a token where the challenge says."""

    def do_HEAD(self) -> None:
        if self.headers["Authorization"] != "Bearer for team":
            self.send_response(401)
            realm = f"http://{self.headers['Host']}/token"
            self.send_header("WWW-Authenticate", f'Bearer realm="{realm}",service="here",scope="pull"')
        elif self.path in ("/v2/team/base/manifests/1.2.3", "/v2/team/theirs/manifests/v4.5.6"):
            assert "image.index" in self.headers["Accept"]
            self.send_response(200)
            self.send_header("Docker-Content-Digest", DIGEST)
        else:
            self.send_response(404)
        self.end_headers()

    def do_GET(self) -> None:
        assert self.path == "/token?service=here&scope=pull"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"token": "for team"}).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def registry() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def checkout(registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE.format(registry=registry))
    (tmp_path / "docker-compose.yml").write_text(COMPOSE.format(registry=registry, old="0" * 64))
    monkeypatch.setattr(images, "ROOT", tmp_path)
    return tmp_path


def test_all_that_a_checkout_names_is_found() -> None:
    named = {image.name for name in images.FILES for image in images.images((ROOT / name).read_text())}

    assert named == {"python", "apache/kafka", "prom/prometheus", "prom/alertmanager", "grafana/grafana"}


@pytest.mark.parametrize(
    ("name", "registry", "repository"),
    [
        ("python", "registry-1.docker.io", "library/python"),
        ("apache/kafka", "registry-1.docker.io", "apache/kafka"),
        ("ghcr.io/kedacore/keda", "ghcr.io", "kedacore/keda"),
        ("localhost/mine", "localhost", "mine"),
    ],
)
def test_a_name_says_which_registry_has_it(name: str, registry: str, repository: str) -> None:
    image = Image(name, "1", "")

    assert (image.registry, image.repository) == (registry, repository)


def test_a_checkout_is_shown_as_it_is(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_text() for path in checkout.iterdir()}

    assert images.main([]) == 0

    states = [line.rpartition(": ")[2] for line in capsys.readouterr().out.splitlines()]
    assert states == ["not pinned", "has moved on"]
    assert {path: path.read_text() for path in checkout.iterdir()} == before


def test_pinning_writes_the_digest_and_nothing_else(checkout: Path, registry: str) -> None:
    assert images.main(["--write"]) == 0

    assert (checkout / "Dockerfile").read_text() == DOCKERFILE.format(registry=registry).replace(
        "base:1.2.3", f"base:1.2.3@{DIGEST}"
    )
    assert (checkout / "docker-compose.yml").read_text() == COMPOSE.format(registry=registry, old="a1" * 32)
    assert images.main(["--write"]) == 0  # pinned again: the same


def test_a_tag_that_is_not_there_is_named(registry: str) -> None:
    with pytest.raises(ImageError, match=r"team/base:9: .* HTTP Error 404"):
        digest_of(Image(f"{registry}/team/base", "9", ""))


def test_a_registry_out_of_reach_leaves_the_files_and_ends_with_1(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "Dockerfile").write_text("FROM 127.0.0.1:1/team/base:1.2.3\n")

    assert images.main(["--write"]) == 1

    assert "from 127.0.0.1:1: " in capsys.readouterr().out
    assert (checkout / "Dockerfile").read_text() == "FROM 127.0.0.1:1/team/base:1.2.3\n"


def test_an_image_that_nobody_asked_about_stays() -> None:
    assert pinned("FROM a/b:1\n", {("a/c", "1"): DIGEST}) == "FROM a/b:1\n"


def test_the_image_is_compiled_as_make_native_does_it() -> None:
    (direct,) = re.findall("^DIRECT := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert f'CFLAGS="{direct}" HATCH_BUILD_HOOK_ENABLE_MYPYC=1' in (ROOT / "Dockerfile").read_text()
