//! A parser for our own output that takes nothing browsers would have to repair: quoted attributes, closed and nested
//! elements, no comments, known entities.

/// An element, in document order, with the text directly in it.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) tag: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Element {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

const VOID: [&str; 6] = ["meta", "link", "input", "img", "source", "br"];

pub(crate) fn parse(html: &str) -> Result<Vec<Element>, String> {
    let mut rest = html.strip_prefix("<!doctype html>").ok_or("no doctype")?;
    let mut all: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    while !rest.is_empty() {
        if let Some(tail) = rest.strip_prefix("</") {
            let (tag, tail) = tail.split_once('>').ok_or("an end tag without end")?;
            let last = open.pop().ok_or_else(|| format!("</{tag}> closes nothing"))?;
            if all[last].tag != tag {
                return Err(format!("</{tag}> closes <{}>", all[last].tag));
            }
            rest = tail;
        } else if let Some(tail) = rest.strip_prefix('<') {
            let (element, tail) = tag(tail)?;
            if !VOID.contains(&element.tag.as_str()) {
                open.push(all.len());
            }
            all.push(element);
            rest = tail;
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            let (text, tail) = rest.split_at(end);
            let into = open.last().ok_or("text outside the document")?;
            let text = unescape(text)?;
            all[*into].text.push_str(&text);
            rest = tail;
        }
    }
    if open.is_empty() { Ok(all) } else { Err(format!("{} elements are left open", open.len())) }
}

fn tag(text: &str) -> Result<(Element, &str), String> {
    let end = text.find([' ', '>']).ok_or("a tag without end")?;
    let (name, mut rest) = text.split_at(end);
    if name.is_empty()
        || !name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
    {
        return Err(format!("a tag called {name:?}"));
    }
    let mut attributes: Vec<(String, String)> = Vec::new();
    loop {
        rest = rest.trim_start_matches(' ');
        if let Some(tail) = rest.strip_prefix('>') {
            return Ok((Element { tag: name.to_owned(), attributes, text: String::new() }, tail));
        }
        let end = rest.find(['=', ' ', '>']).ok_or("an attribute without end")?;
        let (key, tail) = rest.split_at(end);
        if key.is_empty() || key.contains(['"', '\'', '<', '/']) {
            return Err(format!("an attribute called {key:?} in <{name}>"));
        }
        if attributes.iter().any(|(had, _)| had == key) {
            return Err(format!("{key} twice in <{name}>"));
        }
        let value = if let Some(tail) = tail.strip_prefix("=\"") {
            let (value, tail) = tail.split_once('"').ok_or("a value without end")?;
            rest = tail;
            unescape(value)?
        } else if tail.starts_with('=') {
            return Err(format!("{key} is not quoted"));
        } else {
            rest = tail;
            String::new()
        };
        attributes.push((key.to_owned(), value));
    }
}

fn unescape(text: &str) -> Result<String, String> {
    if text.contains(['<', '>']) {
        return Err(format!("bare angle bracket in {text:?}"));
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (entity, tail) = after.split_once(';').ok_or_else(|| format!("bare ampersand in {text:?}"))?;
        out.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            other => return Err(format!("&{other};")),
        });
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}
