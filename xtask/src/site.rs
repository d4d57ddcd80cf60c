//! The bundled page as a static host would serve it.
//!
//! The whole folder is read at the start: a request is a look-up in a table,
//! so no address can lead outside of it.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use tiny_http::{Header, Method, Request, Response};

/// What a static host has to send with every file. The page carries its
/// policy itself too, but only a header can forbid framing.
const EVERY_RESPONSE: [(&str, &str); 3] = [
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
         worker-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
];

/// The contents of files by their path, with forward slashes.
pub type Files = BTreeMap<String, Vec<u8>>;

pub struct Site {
    files: BTreeMap<String, File>,
}

struct File {
    kind: Kind,
    plain: Vec<u8>,
    gzipped: Option<Vec<u8>>,
    cache: &'static str,
}

/// What a browser has to be told about a file.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Kind {
    mime: &'static str,
    compresses: bool,
}

/// An answer to one request, before it is written to a connection.
#[derive(Debug, PartialEq)]
struct Reply<'site> {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: &'site [u8],
}

impl Site {
    pub fn read(folder: &Path) -> Result<Site> {
        let files = read_folder(folder)?;
        Ok(Site::new(files))
    }

    fn new(files: Files) -> Site {
        let file = |(path, plain): (String, Vec<u8>)| {
            let kind = kind_of(&path);
            let gzipped = kind.compresses.then(|| gzip(&plain));
            let cache = cache_of(&path);
            (path, File { kind, plain, gzipped, cache })
        };
        Site { files: files.into_iter().map(file).collect() }
    }

    /// Answers one request; an error means that the client has gone away.
    pub fn answer(&self, request: Request) -> std::io::Result<()> {
        let header = |name: &'static str| {
            let mut headers = request.headers().iter();
            let found = headers.find(|header| header.field.equiv(name));
            found.map_or("", |header| header.value.as_str())
        };
        let reply = self.reply(request.method(), request.url(), header("Accept-Encoding"));
        let headers = reply.headers.iter().chain(&EVERY_RESPONSE);
        let headers = headers.map(|(name, value)| Header::from_bytes(*name, *value).expect("headers are ASCII"));
        let response = Response::new(
            reply.status.into(),
            headers.collect(),
            Cursor::new(reply.body),
            Some(reply.body.len()),
            None,
        );
        // A length that is known is told, whatever it is.
        request.respond(response.with_chunked_threshold(usize::MAX))
    }

    fn reply(&self, method: &Method, url: &str, accept_encoding: &str) -> Reply<'_> {
        const TEXT: (&str, &str) = ("Content-Type", "text/plain; charset=utf-8");
        if !matches!(method, Method::Get | Method::Head) {
            return Reply {
                status: 405,
                headers: vec![TEXT, ("Allow", "GET, HEAD")],
                body: b"This server only hands out files.\n",
            };
        }
        let Some(file) = self.find(url) else {
            return Reply { status: 404, headers: vec![TEXT], body: b"There is no such file.\n" };
        };
        let mut headers = vec![("Content-Type", file.kind.mime), ("Cache-Control", file.cache)];
        if file.gzipped.is_some() {
            headers.push(("Vary", "Accept-Encoding"));
        }
        let body = match &file.gzipped {
            Some(gzipped) if accepts_gzip(accept_encoding) => {
                headers.push(("Content-Encoding", "gzip"));
                gzipped
            }
            _ => &file.plain,
        };
        Reply { status: 200, headers, body }
    }

    /// The file at an address; a folder stands for its `index.html`.
    fn find(&self, url: &str) -> Option<&File> {
        let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
        if path.is_empty() || path.ends_with('/') {
            self.files.get(&format!("{path}index.html"))
        } else {
            self.files.get(path)
        }
    }
}

/// Every file below a folder.
pub fn read_folder(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let entries = std::fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                folders.push((entry.path(), format!("{name}/")));
            } else {
                files.insert(name, std::fs::read(entry.path())?);
            }
        }
    }
    Ok(files)
}

pub fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).expect("memory takes every byte");
    encoder.finish().expect("memory takes every byte")
}

fn kind_of(path: &str) -> Kind {
    let (mime, compresses) = match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => ("text/html; charset=utf-8", true),
        "js" | "mjs" => ("text/javascript; charset=utf-8", true),
        "css" => ("text/css; charset=utf-8", true),
        "json" | "map" => ("application/json", true),
        "webmanifest" => ("application/manifest+json", true),
        "svg" => ("image/svg+xml", true),
        "txt" => ("text/plain; charset=utf-8", true),
        "wasm" => ("application/wasm", true),
        "ico" => ("image/x-icon", true),
        "png" => ("image/png", false),
        "webp" => ("image/webp", false),
        "woff2" => ("font/woff2", false),
        _ => ("application/octet-stream", false),
    };
    Kind { mime, compresses }
}

/// The bundler names what it puts under `assets/` after its contents.
fn cache_of(path: &str) -> &'static str {
    if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn accepts_gzip(accept_encoding: &str) -> bool {
    accept_encoding.split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = matches!(parts.next(), Some("gzip" | "*"));
        let refused = parts.any(|part| {
            let weight = part.strip_prefix("q=").map(str::parse::<f32>);
            matches!(weight, Some(Ok(0.0)))
        });
        named && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        let file = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
        Site::new(Files::from([
            file("index.html", "<h1>page</h1>"),
            file("assets/lab-4f2a.wasm", "\0asm"),
            file("assets/dot-77ab.png", "png"),
            file("docs/index.html", "docs"),
        ]))
    }

    fn get(url: &str) -> (u16, String) {
        let site = site();
        let reply = site.reply(&Method::Get, url, "");
        (reply.status, String::from_utf8_lossy(reply.body).into_owned())
    }

    #[test]
    fn an_address_is_looked_up_and_never_followed() {
        let found = |text: &str| (200, text.to_owned());
        let missing = (404, "There is no such file.\n".to_owned());
        assert_eq!(get("/"), found("<h1>page</h1>"));
        assert_eq!(get("/index.html?bug=1"), found("<h1>page</h1>"));
        assert_eq!(get("/docs/"), found("docs"));
        for url in [
            "/docs",
            "/assets/",
            "/../Cargo.toml",
            "/assets/../index.html",
            "/%2e%2e/Cargo.toml",
            "//index.html",
            "index.html",
            "*",
            "",
        ] {
            assert_eq!(get(url), missing, "{url}");
        }
    }

    #[test]
    fn a_hashed_file_may_be_kept_for_ever_and_the_page_not() {
        let site = site();
        assert_eq!(
            site.reply(&Method::Get, "/assets/dot-77ab.png", "gzip").headers,
            [("Content-Type", "image/png"), ("Cache-Control", "public, max-age=31536000, immutable")]
        );
        assert_eq!(
            site.reply(&Method::Get, "/", "").headers,
            [
                ("Content-Type", "text/html; charset=utf-8"),
                ("Cache-Control", "no-cache"),
                ("Vary", "Accept-Encoding"),
            ]
        );
    }

    #[test]
    fn wasm_is_compressed_for_whoever_accepts_it() {
        let site = site();
        let reply = site.reply(&Method::Head, "/assets/lab-4f2a.wasm", "gzip");
        assert_eq!(reply.body, gzip(b"\0asm"));
        assert_eq!(
            reply.headers,
            [
                ("Content-Type", "application/wasm"),
                ("Cache-Control", "public, max-age=31536000, immutable"),
                ("Vary", "Accept-Encoding"),
                ("Content-Encoding", "gzip"),
            ]
        );
    }

    #[test]
    fn only_reading_is_answered() {
        let site = site();
        let reply = site.reply(&Method::Post, "/", "");
        assert_eq!((reply.status, reply.headers[1]), (405, ("Allow", "GET, HEAD")));
    }

    #[test]
    fn a_client_may_refuse_gzip() {
        let answers = ["gzip", "br, gzip;q=0.5", "*", "", "gzip;q=0", "br", "x-gzip"];
        assert_eq!(answers.map(accepts_gzip), [true, true, true, false, false, false, false]);
    }
}
