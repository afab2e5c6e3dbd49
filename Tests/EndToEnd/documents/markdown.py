"""What documents say: links, headings, and the code in them."""

import re
import subprocess

from kit.places import ROOT

FENCE = re.compile(r"^ {0,3}```.*?^ {0,3}```[^\n]*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!\\)!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+(?:\([^()]*\)[^()\s]*)?)\)")


def documents():
    """The documents that are in the repository: {path below ROOT: text}."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {name: (ROOT / name).read_text() for name in listed.split("\0") if name and (ROOT / name).exists()}


def links(text):
    """The targets of links and pictures, without those in code."""
    prose = re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))
    return [found.group(1) for found in LINK.finditer(prose)]


def anchors(text):
    """The anchors of headings, as GitHub makes them."""
    found = set()
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", FENCE.sub("", text), re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        found.add(re.sub(r"[^\w\- ]", "", words).replace(" ", "-"))
    return found


def code(text):
    """Every line of code blocks and every piece of code within sentences."""
    blocks = FENCE.findall(text)
    lines = [line for block in blocks for line in re.sub(r"\\\n\s*", " ", block).splitlines()[1:-1]]
    rest = FENCE.sub("", text)
    lines += [line.strip() for line in re.findall(r"^(?: {4}|\t).*$", rest, re.MULTILINE)]
    return lines + re.findall(r"`([^`\n]+)`", rest)
