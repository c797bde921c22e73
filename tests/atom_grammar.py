"""What RFC 4287 demands of an Atom feed, as a RELAX NG grammar of our own."""

from lxml import etree

_GRAMMAR = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="feed"><ref name="common"/><interleave>
    <zeroOrMore><ref name="author"/></zeroOrMore>
    <zeroOrMore><ref name="category"/></zeroOrMore>
    <optional><element name="generator"><ref name="common"/><text/></element></optional>
    <ref name="id"/>
    <zeroOrMore><ref name="link"/></zeroOrMore>
    <optional><element name="rights"><ref name="words"/></element></optional>
    <optional><element name="subtitle"><ref name="words"/></element></optional>
    <element name="title"><ref name="words"/></element>
    <ref name="updated"/>
    <zeroOrMore><ref name="entry"/></zeroOrMore>
  </interleave></element></start>
  <define name="entry"><element name="entry"><ref name="common"/><interleave>
    <zeroOrMore><ref name="author"/></zeroOrMore>
    <zeroOrMore><ref name="category"/></zeroOrMore>
    <optional><element name="content"><ref name="words"/></element></optional>
    <ref name="id"/>
    <oneOrMore><ref name="link"/></oneOrMore>
    <optional><element name="published"><ref name="time"/></element></optional>
    <optional><element name="summary"><ref name="words"/></element></optional>
    <element name="title"><ref name="words"/></element>
    <ref name="updated"/>
  </interleave></element></define>
  <define name="author"><element name="author"><ref name="common"/><interleave>
    <element name="name"><data type="string"><param name="minLength">1</param></data></element>
    <optional><element name="uri"><ref name="address"/></element></optional>
    <optional><element name="email"><data type="string"><param name="pattern">.+@.+</param></data></element></optional>
  </interleave></element></define>
  <define name="category"><element name="category"><ref name="common"/><attribute name="term"/></element></define>
  <define name="id"><element name="id"><ref name="common"/><ref name="address"/></element></define>
  <define name="link"><element name="link"><ref name="common"/><attribute name="href"><ref name="address"/></attribute>
    <optional><attribute name="rel"/></optional><optional><attribute name="type"/></optional></element></define>
  <define name="updated"><element name="updated"><ref name="time"/></element></define>
  <define name="time"><ref name="common"/>
    <data type="dateTime"><param name="pattern">.+T.+(Z|[+-][0-9]{2}:[0-9]{2})</param></data></define>
  <define name="words"><ref name="common"/>
    <optional><attribute name="type"><choice><value>text</value><value>html</value></choice></attribute></optional>
    <text/></define>
  <define name="address"><data type="anyURI"><param name="pattern">https?://.+</param></data></define>
  <define name="common">
    <optional><attribute name="xml:base"><ref name="address"/></attribute></optional>
    <optional><attribute name="xml:lang"><data type="language"/></attribute></optional>
  </define>
</grammar>
"""
_ATOM = "{http://www.w3.org/2005/Atom}"


def problems_of(xml: bytes) -> list[str]:
    """What is wrong with a feed by the grammar, and by the rules that it cannot say."""
    grammar = etree.RelaxNG(etree.fromstring(_GRAMMAR))
    feed = etree.fromstring(xml)
    found = [] if grammar.validate(feed) else [str(error) for error in grammar.error_log]
    entries = feed.findall(f"{_ATOM}entry")
    if feed.find(f"{_ATOM}author") is None and any(entry.find(f"{_ATOM}author") is None for entry in entries):
        found.append("an entry without author in a feed without one")
    ids = [entry.findtext(f"{_ATOM}id") for entry in entries]
    if len(set(ids)) < len(ids):
        found.append("two entries of one id")
    if not any(link.get("rel") == "self" for link in feed.findall(f"{_ATOM}link")):
        found.append("no link to itself")
    return found
