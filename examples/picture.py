"""`make picture`: draw the demo's output, in colour, as docs/demo.svg for README.md."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).resolve().parent
PICTURE = HERE.parent / "docs" / "demo.svg"
# Rich's own frame, without its web fonts.
_FRAME = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>.{unique_id}-matrix {{ font: {char_height}px ui-monospace, Menlo, Consolas, monospace;
line-height: {line_height}px; }}
.{unique_id}-title {{ font: bold 18px system-ui, sans-serif; }}
{styles}</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>
{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""


def main() -> None:
    """Run the demo and draw its output."""
    env = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": "118"}
    command = [sys.executable, str(HERE / "demo.py")]
    shown = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout  # noqa: S603 - ours
    console = Console(record=True, width=118, file=Path(os.devnull).open("w"))  # noqa: SIM115 - lives as long as we do
    console.print(Text.from_ansi(_without_noise(shown)))
    PICTURE.write_text(console.export_svg(title="make demo", code_format=_FRAME, unique_id="demo"))


def _without_noise(text: str) -> str:
    """The output without the parts that differ between machines."""
    lines = [line for line in text.splitlines() if not re.search(r"generated xml file|^\x1b?\[?\d*m?rootdir:", line)]
    return "\n".join(lines).replace(str(HERE.parent), ".").strip()


if __name__ == "__main__":
    main()
