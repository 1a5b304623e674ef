/// A hand-written file that the pages load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The name it is served under.
    pub name: &'static str,
    /// The value of its `Content-Type`.
    pub content_type: &'static str,
    /// The file.
    pub bytes: &'static [u8],
}

/// The hand-written files. Beside `island.js` the build's `islands_glue.js` and `islands_glue_bg.wasm` are served.
pub fn assets() -> &'static [Asset] {
    &[
        Asset { name: "style.css", content_type: "text/css; charset=utf-8", bytes: include_bytes!("assets/style.css") },
        Asset {
            name: "island.js",
            content_type: "text/javascript; charset=utf-8",
            bytes: include_bytes!("assets/island.js"),
        },
        Asset {
            name: "worker.js",
            content_type: "text/javascript; charset=utf-8",
            bytes: include_bytes!("assets/worker.js"),
        },
        Asset { name: "favicon.svg", content_type: "image/svg+xml", bytes: include_bytes!("assets/favicon.svg") },
    ]
}
