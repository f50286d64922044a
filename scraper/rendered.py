"""Put into a tree what a browser shows in place of what stands there: shadow roots, formulas, hidden addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CLOUDFLARE: Final = "/cdn-cgi/l/email-protection"
_PLACEHOLDER: Final = re.compile(r"\s*\[\s*email\s+protected\s*\]\s*", re.I)
_SHADOW: Final = ("shadowrootmode", "shadowroot")
_FORMULA_MARKS: Final = ("katex", "MathJax", "mjx-", "math/tex", "mwe-math", "latex", "asciimath")
_FORMULA_IMAGE: Final = re.compile(r"(?:^|[\s_-])(?:latex|tex|math|mathtex|equation|formula)(?:$|[\s_-])", re.I)
_RENDERED: Final = ("MathJax", "MathJax_Display", "MathJax_CHTML", "mjx-chtml", "MathJax_SVG", "MJXc-display")


def show(root: HtmlElement, text: str) -> None:
    """Change a tree, made of `text`, to what a reader sees. Costs a few searches of the text where nothing is to do."""
    if "shadowroot" in text:
        _open_shadow_roots(root)
    if "data-cfemail" in text or _CLOUDFLARE in text:
        _show_mail(root)
    if any(mark in text for mark in _FORMULA_MARKS):
        _show_formulas(root)


def _open_shadow_roots(root: HtmlElement) -> None:
    """Put what declarative shadow roots hold where a browser shows it, the host's own content in the slots.

    Content that no slot takes is not shown (HTML Standard, 4.12.3; DOM Standard, 4.2.2).
    """
    for template in [one for one in root.iter("template") if any(name in one.attrib for name in _SHADOW)]:
        host = template.getparent()
        if host is None:
            continue
        light = [child for child in host if child is not template]
        slots = {slot.get("name") or "": slot for slot in reversed(list(template.iter("slot")))}
        text = f"{host.text or ''} {template.tail or ''}"
        host.text = template.tail = None
        for child in light:
            host.remove(child)
        for slot in slots.values():
            taken = [child for child in light if (child.get("slot") or "") == (slot.get("name") or "")]
            is_default = not slot.get("name")
            if taken or (is_default and text.strip()):
                slot[:] = taken
                slot.text = text if is_default else None
            slot.tag = "div"
        template.tag = "div"
        for name in _SHADOW:
            template.attrib.pop(name, None)


def _show_mail(root: HtmlElement) -> None:
    """Put the mail addresses back that Cloudflare keeps from harvesters and its script shows to readers."""
    for element in root.iter("a", "span"):
        href = element.get("href") or ""
        linked = _unscrambled(href.partition("#")[2]) if _CLOUDFLARE in href else ""
        if linked:
            element.set("href", f"mailto:{linked}")
        shown = _unscrambled(element.get("data-cfemail") or "")
        if not shown and linked and _PLACEHOLDER.fullmatch("".join(element.itertext())):
            shown = linked.partition("?")[0]
        if shown:
            for child in list(element):
                element.remove(child)
            element.text = shown


def _unscrambled(code: str) -> str:
    """Return the address in hexadecimal digits whose first byte is the key of all others; `""` for none."""
    try:
        key, *scrambled = bytes.fromhex(code)
        address = bytes(byte ^ key for byte in scrambled).decode("utf-8")
    except ValueError:
        return ""
    return address if "@" in address and address.isprintable() else ""


def _show_formulas(root: HtmlElement) -> None:
    """Leave one of the forms in which a formula is written: the MathML, else what is drawn, else TeX."""
    for element in list(root.iter("span", "script", "img", "mjx-assistive-mml", "div")):
        names = (element.get("class") or "").split()
        above = element.getparent()
        if above is None:
            continue
        if element.tag == "script" and (element.get("type") or "").startswith(("math/tex", "math/asciimath")):
            _show_source(element, above)
        elif element.tag == "img":
            _show_image(element, above)
        elif "katex-html" in names and above.find(".//math") is None:
            element.attrib.pop("aria-hidden", None)
        elif "MathJax_Preview" in names or ("MJX_Assistive_MathML" in names and _has_text_beside(element, above)):
            _empty(element)
        elif any(name.startswith("mwe-math-mathml") for name in names):
            element.attrib.pop("style", None)


def _show_source(script: HtmlElement, above: HtmlElement) -> None:
    """Show a formula's source where no drawn form stands before it; else that one, which it hides from hearers."""
    before = script.getprevious()
    while before is not None and "MathJax_Preview" in (before.get("class") or "").split():
        before = before.getprevious()
    follows = before is not None and not (before.tail or "").strip()
    if follows and before is not None and set((before.get("class") or "").split()) & set(_RENDERED):
        before.attrib.pop("aria-hidden", None)
        return
    script.tag = "span"
    script.attrib.pop("type", None)


def _show_image(image: HtmlElement, above: HtmlElement) -> None:
    """Show the source of a formula that is drawn as an image, unless its MathML stands beside it."""
    source = (image.get("alt") or "").strip()
    is_formula = _FORMULA_IMAGE.search(image.get("class") or "") or source.startswith("{\\displaystyle")
    if not (source and is_formula) or above.find(".//math") is not None:
        return
    image.tag = "span"
    image.attrib.clear()
    image.text = source


def _empty(element: HtmlElement) -> None:
    element[:] = []
    element.text = None


def _has_text_beside(element: HtmlElement, above: HtmlElement) -> bool:
    return any("".join(other.itertext()).strip() for other in above if other is not element)
