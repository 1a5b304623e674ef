//! The HTML part of a mail, and plain text made of HTML.

use std::fmt::Write as _;

use protocol::Sensitive;

use crate::LOGO;

/// Text as it may stand in HTML, in an attribute's quotes too.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// What a mail of ours says; everything is HTML already.
pub(crate) struct Parts {
    /// Who it is from.
    pub(crate) brand: String,
    /// Whether the brand's picture stands in the place of its name.
    pub(crate) has_logo: bool,
    /// Shown in the list of mails beside the subject.
    pub(crate) preheader: String,
    /// Before the code or button.
    pub(crate) before: String,
    /// The code, large.
    pub(crate) code: Option<Sensitive>,
    /// A button: address and label.
    pub(crate) button: Option<(String, String)>,
    /// Behind them.
    pub(crate) after: String,
    /// How long it lives, and what to do if it was not you.
    pub(crate) foot: Vec<String>,
}

/// Mail readers know no style sheets from elsewhere, so styles stand inline here (and only here). Colours are
/// the reader's own, light or dark, but for the button's; nothing is loaded from anywhere.
pub(crate) fn lay_out(parts: &Parts) -> String {
    let mut html = String::with_capacity(2_048);
    let brand = &parts.brand;
    // Where pictures are not shown, the name is, in the same letters. A logo that is made for light grounds keeps one
    // in dark mode.
    let head = if parts.has_logo {
        format!(
            "<img src=\"cid:{LOGO}\" alt=\"{brand}\" height=\"40\" \
             style=\"display:block;border:0;height:40px;width:auto;max-width:240px;object-fit:contain;\
             padding:8px;border-radius:8px;background:#ffffff;color:#1a1d23\">"
        )
    } else {
        brand.clone()
    };
    let _ = write!(
        html,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <meta name=\"supported-color-schemes\" content=\"light dark\"><title>{brand}</title></head>\n\
         <body style=\"margin:0;padding:32px 16px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif\">\n\
         <div style=\"display:none;max-height:0;overflow:hidden\">{preheader}{filler}</div>\n\
         <div style=\"max-width:480px;margin:0 auto;overflow-wrap:break-word\">\n\
         <div style=\"margin:0 0 32px;font-size:20px;font-weight:600\">{head}</div>\n",
        preheader = parts.preheader,
        // Keeps the words of the mail itself out of the preview.
        filler = "&#8199;&#847; ".repeat(40),
    );
    let mut paragraph = |style: &str, text: &str| {
        if !text.trim().is_empty() {
            let _ = writeln!(html, "<p style=\"margin:0 0 16px{style}\">{}</p>", text.trim());
        }
    };
    paragraph("", &parts.before);
    if let Some(code) = &parts.code {
        let code = format!("<strong style=\"-webkit-user-select:all;user-select:all\">{}</strong>", code.as_str());
        paragraph(
            ";padding:16px 8px;border:1px solid #8a8f98;border-radius:8px;text-align:center;\
             font:600 32px/1.25 ui-monospace,Menlo,Consolas,monospace;letter-spacing:4px",
            &code,
        );
    }
    if let Some((link, label)) = &parts.button {
        let style = "display:inline-block;padding:12px 24px;border-radius:8px;background:#2456d6;color:#ffffff;font-weight:600;text-decoration:none";
        paragraph(";padding:8px 0", &format!("<a href=\"{link}\" style=\"{style}\">{label}</a>"));
    }
    paragraph("", &parts.after);
    for (index, line) in parts.foot.iter().enumerate() {
        paragraph(if index == 0 { ";padding-top:8px;font-size:14px" } else { ";font-size:14px" }, line);
    }
    html.push_str("</div>\n</body></html>\n");
    html
}

/// The text of an HTML template: tags gone, links with their address behind them, lines where blocks begin.
pub(crate) fn to_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut link: Option<(String, usize)> = None;
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let (plain, from_tag) = rest.split_at(open);
        push_plain(&mut text, plain);
        let Some(close) = from_tag.find('>') else {
            push_plain(&mut text, from_tag);
            rest = "";
            break;
        };
        let (tag, behind) = from_tag.split_at(close + 1);
        rest = behind;
        let tag = tag.trim_start_matches('<').trim_end_matches('>');
        let name: String =
            tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect::<String>().to_ascii_lowercase();
        match name.as_str() {
            "br" | "br/" => text.push('\n'),
            "p" | "/p" | "div" | "/div" | "tr" | "/tr" | "li" | "h1" | "/h1" | "h2" | "/h2" | "h3" | "/h3" | "ul"
            | "/ul" | "table" => break_line(&mut text),
            // What is between is nobody's to read.
            "style" | "script" | "head" | "title" => {
                let end = format!("</{name}");
                let lower = rest.to_ascii_lowercase();
                rest = lower.find(&end).and_then(|at| rest.get(at..)).unwrap_or("");
            }
            "a" => link = attribute(tag, "href").map(|href| (decode(&href), text.len())),
            "/a" => {
                if let Some((href, from)) = link.take()
                    && text.get(from..).is_some_and(|label| label.trim() != href)
                {
                    let _ = write!(text, " ({href})");
                }
            }
            _ => {}
        }
    }
    push_plain(&mut text, rest);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut tidy = String::with_capacity(text.len());
    for line in lines {
        if !(line.is_empty() && (tidy.is_empty() || tidy.ends_with("\n\n"))) {
            tidy.push_str(line);
            tidy.push('\n');
        }
    }
    tidy.trim_end().to_owned()
}

/// White space in HTML is one blank.
fn push_plain(text: &mut String, plain: &str) {
    let decoded = decode(plain);
    for character in decoded.chars() {
        if !character.is_ascii_whitespace() {
            text.push(character);
        } else if !text.ends_with([' ', '\n']) {
            text.push(' ');
        }
    }
}

fn break_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.to_ascii_lowercase().find(&format!("{name}="))?;
    let value = tag.get(at + name.len() + 1..)?;
    let quote = value.chars().next()?;
    match quote {
        '"' | '\'' => value.get(1..)?.split(quote).next().map(str::to_owned),
        _ => value.split_ascii_whitespace().next().map(str::to_owned),
    }
}

/// The few character references that templates hold.
fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        decoded.push_str(before);
        let end = from.find(';').filter(|end| *end <= 8);
        let character = end.and_then(|end| from.get(1..end)).and_then(referenced);
        match (character, end) {
            (Some(character), Some(end)) => {
                decoded.push(character);
                rest = from.get(end + 1..).unwrap_or("");
            }
            _ => {
                decoded.push('&');
                rest = from.get(1..).unwrap_or("");
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

fn referenced(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_read_as_a_person_reads_it() {
        let html = "<html><head><title>x</title><style>p { color: red }</style></head><body>\
                    <p>Hello &amp; welcome,\n  Ann</p><p>Your code is <b>123456</b>.<br/>It\u{a0}is &#39;new&#39;.</p>\
                    <a href=\"https://a.example/?x=1&amp;y=2\">Click here</a></body></html>";
        assert_eq!(
            to_text(html),
            "Hello & welcome, Ann\nYour code is 123456.\nIt\u{a0}is 'new'.\nClick here (https://a.example/?x=1&y=2)"
        );
    }

    #[test]
    fn broken_html_loses_nothing_and_stops_nobody() {
        for (html, text) in [
            ("a < b", "a < b"),
            ("<", "<"),
            ("<a href=>x</a>", "x"),
            ("<style>never closed", ""),
            ("&bogus; &#xD800; &", "&bogus; &#xD800; &"),
            ("<A HREF='u'>u</A>", "u"),
            ("ü<é>ß", "üß"),
        ] {
            assert_eq!(to_text(html), text, "{html}");
        }
    }
}
