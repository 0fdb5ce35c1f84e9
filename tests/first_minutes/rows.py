"""What went wrong in somebody's first minutes, the command that shows it, and the line that is seen now."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.shared_data import SHARED_DATA

ROOT = Path(__file__).parents[2]
SAMPLE = "screening/lists/data/sample-2023-08-16.csv"
LOCK = "pip install --quiet --dry-run --ignore-installed --no-deps --only-binary :all: --require-hashes"


@dataclass(frozen=True)
class Row:
    """`line` is a regular expression that the output holds; what stands in braces in `command` is filled in.

    `needs` is `broker`, `network`, a program or a folder; without it the row is not tried, and says so.
    """

    trouble: str
    command: str
    line: str
    code: int = 0
    stdin: str = ""
    needs: str = ""
    files: dict[str, str] = field(default_factory=dict)
    widest: int | None = None
    """Columns that no line exceeds."""


ROWS = (
    Row(
        "Debian 12's Python 3.11.2: `make` ended with conflicting dependencies, and did not say so",
        f"{LOCK} --python-version 3.11.2 --target {{work}}/none --requirement locks/product.txt",
        r"^(?!.*(?i:error|conflict))",
        needs="network",
    ),
    Row(
        "Python 3.14: refused after an environment had been built",
        f"{LOCK} --python-version 3.14.0 --target {{work}}/none --requirement locks/product.txt",
        r"^(?!.*(?i:error|conflict))",
        needs="network",
    ),
    Row(
        "A Python that is too old was told so by a resolver's riddle, after minutes",
        "python3.10 deploy/install.py product",
        r"interdict needs Python 3\.11 or newer; .* is 3\.10",
        code=1,
        needs="python3.10",
    ),
    Row(
        "The demo was silent for its first half-minute, and its tables were wider than 80 columns",
        "interdict demo --seconds 12 --web-port 0",
        r"Versor s\.r\.o\. .* ms",
        widest=80,
    ),
    Row(
        "Where the demo's output was no terminal, it did not say where its console is",
        "interdict demo --seconds 10 --web-port 0",
        r"^live console http://127\.0\.0\.1:\d+/",
    ),
    Row(
        "The example that sends payments printed nothing",
        "python docs/examples/send_payments.py --broker {broker} --count 2 --rate 50",
        r"EX-1: .* pays ",
        needs="broker",
    ),
    Row(
        "With OFAC published, the example's ordinary payers alerted",
        f"interdict match --list ofac:{SHARED_DATA}/ofac 'Birch Maritime Oy'",
        r"(?i)no hit",
        needs=str(SHARED_DATA),
    ),
    Row(
        "`publish` with an address said that there is no such file",
        "interdict lists publish ofac https://lists.example.com/sdn.xml --broker {broker}",
        r"lists\s+watch",
        code=2,
        needs="broker",
    ),
    Row(
        "A list file of another format was called cut off",
        "interdict lists publish un {work}/list.xml --broker {broker} --dry-run",
        r"the root is <sdnList>, not <CONSOLIDATED_LIST>; is this the right format\?",
        code=1,
        files={
            "list.xml": '<?xml version="1.0"?><sdnList xmlns="http://tempuri.org/sdnList.xsd"><x/></sdnList>'
        },
        needs="broker",
    ),
    Row(
        "A port in use was a traceback",
        "interdict console --broker {broker} --web-port {port}",
        r"web_port \d+: Address already in use; set INTERDICT_WEB_PORT",
        code=2,
        needs="broker",
    ),
    Row(
        "A wrong policy was a traceback",
        f"interdict screen --policy {{work}}/policy.toml --list csv:{SAMPLE} -",
        r"policy\.toml",
        code=2,
        files={"policy.toml": "threshold = 'high'\n"},
    ),
    Row(
        "A missing file was a traceback",
        "interdict match --list ofac:{work}/nowhere Somebody",
        r"^Error: .*nowhere: no such file or folder$",
        code=2,
    ),
    Row(
        "A mistyped command said only that there is none",
        "interdict wroker",
        r"Did you mean 'worker'\?",
        code=2,
    ),
    Row("So did one of a group", "interdict lists wtach ofac", r"Did you mean 'watch'\?", code=2),
    Row(
        "`screen` ended with code 0 although a message could not be read",
        f"interdict screen --list csv:{SAMPLE} -",
        r'"outcome":"error"(.|\n)*1 message could not be read',
        code=1,
        stdin="what is no payment\n",
    ),
    Row(
        "A file without payments was passed over in silence",
        f"interdict screen --list csv:{SAMPLE} {{work}}/none.jsonl",
        r"none\.jsonl: holds no payments",
        files={"none.jsonl": ""},
    ),
    Row(
        "Without kcat nobody could look at a topic",
        "interdict tail decisions --last 5 --broker {broker}",
        r"^screening\.decisions: nothing to show$",
        needs="broker",
    ),
    Row(
        "`doctor` did not look at lists, and took a worker that waits for a dead group",
        "interdict doctor --broker {broker}",
        r"(?i)list",
        code=1,
        needs="broker",
    ),
    Row(
        "A setting that does not exist was taken in silence",
        "env INTERDICT_BROKERS=kafka:9092 interdict doctor --broker {broker}",
        r"INTERDICT_BROKERS is no setting.*did you mean INTERDICT_BROKER",
        code=1,
        needs="broker",
    ),
)
