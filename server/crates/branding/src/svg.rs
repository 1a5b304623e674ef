//! Drawings (SVG) without what no picture needs.
//!
//! The file is read as XML and written anew from what the list allows: no script, no handler, no address outside
//! the document, no processing instruction, no document type. Entities are never declared, so none can explode.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use domain::SvgFault;
use roxmltree::{Attribute, Document, Node, ParsingOptions};

use crate::css::{self, Item};
use crate::svg_words::{ATTRIBUTES, ELEMENTS};

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// Elements, texts and attributes of one drawing.
const MOST_NODES: u32 = 100_000;
/// Elements within elements.
const DEEPEST: usize = 128;
/// What is told of what was left out.
const MOST_TOLD: usize = 20;

/// A drawing as it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drawing {
    pub(crate) text: String,
    /// Width and height in pixels, where it has some.
    pub(crate) size: Option<(u32, u32)>,
    /// Names of what was left out.
    pub(crate) left_out: Vec<String>,
}

/// Reads a drawing and writes it anew; or says why that can not be done.
pub(crate) fn filter(bytes: &[u8]) -> Result<Drawing, SvgFault> {
    let text = std::str::from_utf8(bytes).map_err(|_| SvgFault::NotUtf8)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Whatever expands is declared in these letters and no others (XML 1.0 §4.2).
    if text.contains("<!ENTITY") {
        return Err(SvgFault::Entities);
    }
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|_| SvgFault::NotXml)?;
    let root = document.root_element();
    if !is_drawn(root) || root.tag_name().name() != "svg" {
        return Err(SvgFault::Root);
    }
    let mut pen = Pen::default();
    pen.element(root, 0)?;
    Ok(Drawing { text: pen.text, size: size_of(root), left_out: pen.left_out.into_iter().collect() })
}

/// Whether a node is an element of SVG. Without any namespace it becomes one when it is written.
fn is_drawn(node: Node<'_, '_>) -> bool {
    node.is_element() && matches!(node.tag_name().namespace(), None | Some(SVG))
}

#[derive(Default)]
struct Pen {
    text: String,
    left_out: BTreeSet<String>,
}

impl Pen {
    fn element(&mut self, node: Node<'_, '_>, depth: usize) -> Result<(), SvgFault> {
        if depth > DEEPEST {
            return Err(SvgFault::TooDeep);
        }
        let name = node.tag_name().name();
        let style = match name {
            "style" => match self.sheet(node) {
                Some(sheet) => Some(sheet),
                None => return Ok(()),
            },
            _ => None,
        };
        let attributes = self.attributes(node);
        let moves_address = |(name, value): &(&str, Cow<'_, str>)| {
            let value = value.trim().to_ascii_lowercase();
            *name == "attributeName" && (value.contains("href") || value.starts_with("on"))
        };
        if attributes.iter().any(moves_address) {
            self.tell(&format!("<{name}>"));
            return Ok(());
        }
        let _ = write!(self.text, "<{name}");
        if depth == 0 {
            let _ = write!(self.text, " xmlns=\"{SVG}\"");
        }
        for (name, value) in attributes {
            let _ = write!(self.text, " {name}=\"");
            self.escaped(&value);
            self.text.push('"');
        }
        self.text.push('>');
        match style {
            Some(sheet) => self.escaped(&sheet),
            None => self.children(node, depth)?,
        }
        let _ = write!(self.text, "</{name}>");
        Ok(())
    }

    fn children(&mut self, node: Node<'_, '_>, depth: usize) -> Result<(), SvgFault> {
        for child in node.children() {
            if child.is_text() {
                self.escaped(child.text().unwrap_or_default());
            } else if child.is_element() {
                let name = child.tag_name().name();
                if is_drawn(child) && ELEMENTS.contains(&name) {
                    self.element(child, depth + 1)?;
                } else {
                    self.tell(&format!("<{name}>"));
                }
            }
        }
        Ok(())
    }

    /// The attributes that stay, each once.
    fn attributes<'a>(&mut self, node: Node<'a, '_>) -> Vec<(&'a str, Cow<'a, str>)> {
        let element = node.tag_name().name();
        let mut kept: Vec<(&str, Cow<'_, str>)> = Vec::new();
        for attribute in node.attributes() {
            let name = attribute.name();
            let known = name_of(&attribute).filter(|name| ATTRIBUTES.contains(name));
            match known.map(|name| (name, self.value_of(element, name, attribute.value()))) {
                Some((name, Some(value))) if kept.iter().all(|(known, _)| *known != name) => kept.push((name, value)),
                Some((_, Some(_))) => {}
                _ => self.tell(name),
            }
        }
        kept
    }

    /// What may stay of a value; None where nothing may.
    fn value_of<'a>(&mut self, element: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
        let whole = match name {
            "href" => is_reference(value) || (matches!(element, "image" | "feImage") && is_embedded_picture(value)),
            "style" => {
                let mut declared = String::new();
                self.declarations(&mut declared, &css::parse_declarations(value).ok()?);
                return Some(Cow::Owned(declared));
            }
            "font-family" | "class" | "id" | "lang" | "xml:lang" | "systemLanguage" => {
                !value.contains(['\\', '(', '<'])
            }
            // Presentation attributes are CSS values, and animations list some of them (`0;1`).
            _ => value.split([';', ':']).all(css::is_inert),
        };
        whole.then_some(Cow::Borrowed(value))
    }

    fn declarations(&mut self, text: &mut String, declarations: &[css::Declaration]) {
        for one in declarations {
            if !matches!(one.name.as_str(), "behavior" | "-moz-binding" | "src") && css::is_inert(&one.value) {
                let _ = write!(text, "{}:{};", one.name, one.value);
            } else {
                self.tell(&one.name);
            }
        }
    }

    fn tell(&mut self, name: &str) {
        if self.left_out.len() < MOST_TOLD {
            self.left_out.insert(name.chars().take(40).collect());
        }
    }

    /// A style element's sheet, rule by rule; None where nothing of it can be trusted.
    fn sheet(&mut self, node: Node<'_, '_>) -> Option<String> {
        let text: String = node.children().filter_map(|child| child.text()).collect();
        let Ok(items) = css::parse(&text) else {
            self.tell("<style>");
            return None;
        };
        let mut sheet = String::new();
        for item in items {
            match item {
                Item::Rule(rule) => self.rule(&mut sheet, &rule),
                Item::Media(condition, rules) if is_condition(&condition) => {
                    let _ = write!(sheet, "@media {condition}{{");
                    rules.iter().for_each(|rule| self.rule(&mut sheet, rule));
                    sheet.push('}');
                }
                Item::Media(..) => self.tell("@media"),
                Item::At(name) => self.tell(&format!("@{name}")),
            }
        }
        Some(sheet)
    }

    fn rule(&mut self, sheet: &mut String, rule: &css::Rule) {
        let is_selector = |c: char| c.is_alphanumeric() || " .#-_:,>+~*()[]='\"".contains(c);
        if !rule.selector.chars().all(is_selector) {
            self.tell("a selector");
            return;
        }
        let _ = write!(sheet, "{}{{", rule.selector);
        self.declarations(sheet, &rule.declarations);
        sheet.push('}');
    }

    fn escaped(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                '\t' | '\n' | '\r' => {
                    let _ = write!(self.text, "&#{};", u32::from(c));
                }
                c => self.text.push(c),
            }
        }
    }
}

/// An attribute's name as it is written; None for those of foreign vocabularies, which mean nothing to a browser.
fn name_of<'a>(attribute: &Attribute<'a, '_>) -> Option<&'a str> {
    match (attribute.namespace(), attribute.name()) {
        (None, name) => Some(name),
        (Some(XLINK), "href") => Some("href"),
        (Some(XML), "space") => Some("xml:space"),
        (Some(XML), "lang") => Some("xml:lang"),
        _ => None,
    }
}

/// `#id`
fn is_reference(value: &str) -> bool {
    let id = value.trim_matches(|c: char| c.is_ascii_whitespace()).strip_prefix('#');
    id.is_some_and(|id| id.chars().all(|c| c.is_alphanumeric() || "-_.:".contains(c)))
}

/// A raster picture within the address itself.
fn is_embedded_picture(value: &str) -> bool {
    let kinds = ["png", "jpeg", "jpg", "gif", "webp"];
    let rest = value.trim().strip_prefix("data:image/").and_then(|rest| rest.split_once(";base64,"));
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=') || c.is_ascii_whitespace();
    rest.is_some_and(|(kind, data)| kinds.contains(&kind) && data.chars().all(is_base64))
}

fn is_condition(condition: &str) -> bool {
    condition.chars().all(|c| c.is_ascii_alphanumeric() || " ():,-.".contains(c))
}

/// The size that the root says, else that of its view box.
fn size_of(root: Node<'_, '_>) -> Option<(u32, u32)> {
    let length = |name: &str| {
        let text = root.attribute(name)?.trim();
        pixels(text.strip_suffix("px").unwrap_or(text))
    };
    if let (Some(width), Some(height)) = (length("width"), length("height")) {
        return Some((width, height));
    }
    let sides = root.attribute("viewBox")?.split([' ', ',', '\t', '\n', '\r']).filter(|part| !part.is_empty());
    match sides.skip(2).map(pixels).collect::<Vec<_>>().as_slice() {
        [Some(width), Some(height)] => Some((*width, *height)),
        _ => None,
    }
}

fn pixels(text: &str) -> Option<u32> {
    let value: f64 = text.parse().ok()?;
    // Fits: it was held against the bounds.
    (value > 0.0 && value <= 65_535.0).then(|| value.ceil() as u32)
}

#[cfg(test)]
#[path = "svg_tests.rs"]
mod tests;
