"""What `make` does before its first command: a virtual environment with the locked packages, step by step.

    python3 deploy/install.py product     what `interdict` needs to run
    python3 deploy/install.py dev      and what its tests, lint and documentation need

Runs on any Python 3, so that one that is too old or too new is told so in a sentence; needs nothing but the
standard library. Every package is checked against the hash in `locks/` (PEP 440 markers choose by version).
"""

import os
import subprocess
import sys
import time

OLDEST, NEWEST = (3, 11), (3, 14)
"""As `requires-python` in pyproject.toml has it; a test holds the two together."""
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(HERE, ".venv")
PIP = os.path.join(VENV, "bin", "pip")
EVERY_SECONDS = 5.0
"""How often progress is told where the output is no terminal."""


def wrong_version(version: "tuple[int, ...]") -> "str | None":
    """The sentence for a Python that does not do, or None."""
    here = "{}.{}".format(*version[:2])
    if version[:2] < OLDEST:
        wanted = "{}.{} or newer".format(*OLDEST)
    elif version[:2] > NEWEST:
        wanted = "{}.{} to {}.{} (not every package has a build for newer ones)".format(*OLDEST, *NEWEST)
    else:
        return None
    return (
        f"interdict needs Python {wanted}; {sys.executable} is {here}. Name another one, for example:\n"
        "  make clean && make PYTHON=python3.13 demo"
    )


def environment() -> None:
    """Makes the virtual environment where there is none."""
    if os.path.exists(PIP):
        return
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
    if made.returncode:
        said = (made.stdout + made.stderr).strip()
        sys.exit(
            f"{sys.executable} cannot make a virtual environment. "
            f"On Debian and Ubuntu: apt-get install python3-venv\n{said}"
        )


def packages(lock: str) -> None:
    """Installs what the lock names and tells how far it is."""
    with open(lock, encoding="utf-8") as lines:
        expected = sum("==" in line and not line.startswith((" ", "#")) for line in lines)
    pip(["--require-hashes", "--only-binary", ":all:", "--requirement", lock], expected)


def pip(arguments: "list[str]", expected: int = 0) -> None:
    """Runs pip; shows its own words only where it fails."""
    command = [PIP, "install", "--disable-pip-version-check", "--progress-bar", "off", *arguments]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said, done, told = [], 0, time.monotonic()
    for line in running.stdout or ():
        said.append(line)
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            done += 1
            told = progress(done, expected, line, told)
        elif expected and line.startswith("Installing collected"):
            say(f"      unpacking {done} packages")
    if running.wait():
        sys.stdout.write("\n" + "".join(said[-40:]))
        sys.exit("The packages could not be installed: pip says above what stands in the way.")


def progress(done: int, expected: int, line: str, told: float) -> float:
    """One line on a terminal, rewritten; elsewhere one now and then. Returns when it last wrote one."""
    if not expected:
        return told
    name = line.split()[1].partition("==")[0]
    if sys.stdout.isatty():
        sys.stdout.write(f"\r      {done:>3} of {expected:<3} {name:<40.40}\r")
        sys.stdout.flush()
    elif time.monotonic() - told >= EVERY_SECONDS:
        say(f"      {done} of {expected} ({name})")
        return time.monotonic()
    return told


def say(text: str) -> None:
    sys.stdout.write(text.ljust(64) + "\n" if sys.stdout.isatty() else text + "\n")
    sys.stdout.flush()


def main(what: str) -> None:
    problem = wrong_version(sys.version_info[:2])
    if problem:
        sys.exit(problem)
    began = time.monotonic()
    say("First time here: an environment of its own in .venv, about a minute.")
    say(f"[1/3] virtual environment, Python {sys.version.split()[0]}")
    environment()
    say("[2/3] packages, each checked by its hash")
    packages(os.path.join(HERE, "locks", what + ".txt"))
    say("[3/3] interdict itself")
    pip(["--no-deps", "--editable", HERE])
    say(f"Ready after {time.monotonic() - began:.0f} s.")


if __name__ == "__main__":
    main(sys.argv[1])
