"""What axe finds wrong with a page (WCAG 2.2 AA)."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

_AXE = Path(__file__).resolve().parent.parent / "vendor" / "axe.min.js"
_RUN = """async () => {
  const found = await axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: { region: { enabled: false } },
  });
  const where = (rule) => rule.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ');
  return found.violations.map((rule) => `${rule.id}: ${rule.help}: ${where(rule)}`);
}"""


def violations(page: Page) -> list[str]:
    """One line for each rule that the page breaks, and where."""
    page.evaluate(_axe())
    found: list[str] = page.evaluate(_RUN)
    return found


@cache
def _axe() -> str:
    return _AXE.read_text(encoding="utf-8")
