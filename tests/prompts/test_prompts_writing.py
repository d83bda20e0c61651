"""The examples in docs/writing.md are true."""

import re
import shutil
from pathlib import Path

from prompts.checking_markers import markers
from prompts.findings import Bench
from prompts.loading import ROOT, load_questions, read_questions
from prompts.markers import FAMILIES, GATES, SAFETY, WORDS

from .conftest import TODAY, Copy

QUESTION, MARKER = re.findall(
    r"^```yaml\n(.*?)^```$",
    (ROOT.parent / "docs" / "writing.md").read_text(encoding="utf-8"),
    re.MULTILINE | re.DOTALL,
)
M7 = """\
own-time:
  away:
  - family: M7
    plain: your own world has faded
    label: merging
    weights: {self: [0, 1]}
    patterns:
"""


def test_the_question_is_one_of_ours(content: Copy) -> None:
    content.write("questions.yaml", QUESTION)
    (shown,) = read_questions(content.folder).things
    assert shown in load_questions()


def test_the_marker_passes_the_check(tmp_path: Path) -> None:
    for name in (WORDS, GATES, "rules.yaml", "wording.yaml"):
        shutil.copy(ROOT / "en" / name, tmp_path / name)
    (tmp_path / SAFETY).write_text("patterns: []\ngates: []\n", encoding="utf-8")
    (tmp_path / FAMILIES).write_text(M7 + MARKER, encoding="utf-8")
    found = {finding.message for finding in markers(Bench.of(tmp_path, TODAY))}
    assert all("stands under no rule" in message for message in found)
    assert not any(message.startswith("M7 ") for message in found)
