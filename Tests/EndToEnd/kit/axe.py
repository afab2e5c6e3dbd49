"""axe-core's check of a page: WCAG 2.2 A and AA, and what axe calls best practice."""

import pathlib

import axe_playwright_python

# DevTools run it, so that a page's security policy stays as it is.
SCRIPT = (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RUN = """async () => {
    const { violations } = await axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        rules: { "target-size": { enabled: true } },
        resultTypes: ["violations"],
        preload: false,
    });
    return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id} (${help}): ${node.target.join(" ")} ${node.html}`));
}"""


def violations(page):
    """Returns what axe finds wrong, one text for each element."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SCRIPT)
    return page.evaluate(RUN)
