"""axe on a page, with the colours of each look of an element judged once.

Colour contrast takes half of a run of axe, and nearly all that stands on a page looks like what stood on the one
before. So the colours of an element are judged where something is new of what they depend on (looks.js), for each width
and scheme. What is wrong is found on each page, and what axe cannot decide is asked twice.
"""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT

OF_COLOURS = ["color-contrast", "link-in-text-block"]
LOOKS = Path(__file__).with_name("looks.js").read_text(encoding="utf-8")
NAMES = f"() => {{ window.looks = {LOOKS}; return [...window.looks.keys()]; }}"
# The colours of these looks, which of them are wrong, and which axe cannot decide.
JUDGE = """async ([looks, options]) => {
  const elements = looks.map(look => window.looks.get(look));
  const where = {include: elements.map(element => [element])};
  const result = await axe.run(where, {...options, elementRef: true, selectors: false});
  const looksOf = rules => {
    const found = rules.flatMap(rule => rule.nodes.map(node => node.element));
    return looks.filter((_, place) => found.some(element => elements[place].contains(element)));
  };
  const found = result.violations.map(rule => [rule.id, rule.nodes[0].html]);
  return [found, looksOf(result.violations), looksOf(result.incomplete)];
}"""
RUN = "async options => (await axe.run(options)).violations.map(rule => [rule.id, rule.nodes[0].html])"


class Axe:
    """What axe finds wrong with pages: (rule, beginning of the first element's HTML)."""

    def __init__(self):
        self.judged, self.unsure = set(), set()

    def violations(self, page, *, only_colours=False, everywhere=False):
        """With `everywhere` the colours of every element are judged."""
        if not page.evaluate("typeof axe === 'object'"):  # half a megabyte, once for each page
            page.evaluate(AXE_SCRIPT)
        others = {rule: {"enabled": False} for rule in OF_COLOURS}
        found = [] if only_colours else page.evaluate(RUN, {"resultTypes": ["violations"], "rules": others})
        colours = {"resultTypes": ["violations", "incomplete"], "runOnly": OF_COLOURS}
        found += page.evaluate(RUN, colours) if everywhere else self._of_new_colours(page, colours)
        return [(rule, html[:200]) for rule, html in found]

    def _of_new_colours(self, page, options):
        place = (page.viewport_size["width"], page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"))
        new = {(*place, look) for look in page.evaluate(NAMES)} - self.judged
        if not new:
            return []
        found, wrong, undecided = page.evaluate(JUDGE, [[look for *_, look in new], options])
        unsure = {(*place, look) for look in undecided} - self.unsure
        self.unsure |= unsure
        self.judged |= new - unsure - {(*place, look) for look in wrong}
        return found
