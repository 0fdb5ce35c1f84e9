"""`python -m config.images`: every image that others made and we name, and the digest its tag has today.

    python -m config.images            each is pinned, has moved on or is not pinned; 1 if one is not there
    python -m config.images --write    pins each: `name:tag@sha256:…` in the Dockerfile and in Compose

Asks the registries by the OCI distribution protocol, without an account; needs nothing but Python.
Dependabot keeps current what is pinned.
"""

import http.client
import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = ("Dockerfile", "docker-compose.yml")
NAMED = re.compile(
    r"^(?:FROM|\s*image:)\s+(?P<name>[\w./:-]+):(?P<tag>[\w.-]+)(?:@(?P<digest>sha256:[0-9a-f]{64}))?",
    re.MULTILINE,
)
OURS = "interdict"
"""Built here, so in no registry."""
DOCKER_HUB = "registry-1.docker.io"
KINDS = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
"""Indexes first: the digest is then that of the image for every architecture."""
TIMEOUT_SECONDS = 30.0


class ImageError(Exception):
    """A registry has no such image, or gives no answer; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Image:
    """As a file names it; `digest` is empty where it is not pinned."""

    name: str
    tag: str
    digest: str

    @property
    def registry(self) -> str:
        """The host that serves it: the first part of the name if it reads like one, else Docker Hub."""
        host = self.name.partition("/")[0]
        return host if "/" in self.name and (set(".:") & set(host) or host == "localhost") else DOCKER_HUB

    @property
    def repository(self) -> str:
        """Its path in that registry; Docker Hub's own images stand under `library`."""
        if self.registry != DOCKER_HUB:
            return self.name.partition("/")[2]
        return self.name if "/" in self.name else f"library/{self.name}"


def images(text: str) -> Iterator[Image]:
    """Those that a Dockerfile or a Compose file names and others have made, in order."""
    for found in NAMED.finditer(text):
        if found["name"] != OURS:
            yield Image(found["name"], found["tag"], found["digest"] or "")


def pinned(text: str, digests: dict[tuple[str, str], str]) -> str:
    """The file with every image that `digests` knows, by name and tag, named by its digest too."""

    def with_digest(found: re.Match[str]) -> str:
        digest = digests.get((found["name"], found["tag"]))
        return f"{found[0].partition('@')[0]}@{digest}" if digest else found[0]

    return NAMED.sub(with_digest, text)


def digest_of(image: Image) -> str:
    """What the image's tag stands for in its registry now. Raises ImageError."""
    plain = image.registry.partition(":")[0] in ("localhost", "127.0.0.1")  # a registry for trying out
    scheme = "http" if plain else "https"
    url = f"{scheme}://{image.registry}/v2/{image.repository}/manifests/{image.tag}"
    try:
        return _digest(url)
    except (OSError, ValueError) as problem:
        if isinstance(problem, urllib.error.HTTPError):
            problem.close()
        raise ImageError(f"{image.name}:{image.tag}: from {image.registry}: {problem}") from None


def _digest(url: str) -> str:
    try:
        return _head(url, "")
    except urllib.error.HTTPError as refused:
        if refused.code != http.client.UNAUTHORIZED:
            raise
        refused.close()
        return _head(url, f"Bearer {_token(refused.headers['WWW-Authenticate'] or '')}")


def _head(url: str, authorization: str) -> str:
    headers = {"Accept": KINDS} | ({"Authorization": authorization} if authorization else {})
    request = urllib.request.Request(url, headers=headers, method="HEAD")  # noqa: S310 -- http or https
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
        digest = answer.headers["Docker-Content-Digest"]
    if not digest:
        raise ValueError("names no digest; is this a registry?")
    return str(digest)


def _token(challenge: str) -> str:
    """One that lets anybody read, from where the registry's challenge (RFC 6750) says.

    Raises ValueError, OSError.
    """
    said = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
    realm = said.pop("realm", "")
    if not realm.startswith(("https://", "http://")):
        raise ValueError(f"asks for a login that is not known here: {challenge!r}")
    url = f"{realm}?{urllib.parse.urlencode(said)}"
    with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
        answered = json.load(answer)
    return str(answered.get("token") or answered["access_token"])


def main(words: Sequence[str]) -> int:
    """1 where an image is not there or its registry gives no answer, 2 for words that mean nothing."""
    if set(words) - {"--write"}:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    texts = {ROOT / name: (ROOT / name).read_text() for name in FILES}
    digests, missing = {}, 0
    for image in sorted(
        {image for text in texts.values() for image in images(text)}, key=lambda each: (each.name, each.tag)
    ):
        try:
            digest = digest_of(image)
        except ImageError as problem:
            missing += 1
            sys.stdout.write(f"{problem}\n")
            continue
        digests[image.name, image.tag] = digest
        state = "pinned" if image.digest == digest else "has moved on" if image.digest else "not pinned"
        sys.stdout.write(f"{image.name}:{image.tag}@{digest}: {state}\n")
    if "--write" in words:
        for path, text in texts.items():
            path.write_text(pinned(text, digests))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
