//! HTTP/1.1 over one kept connection: no more than these tests need, and little work, so that a bench's
//! client is not what it measures.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than anything asked here takes; a server that was killed is noticed at once.
const PATIENCE: Duration = Duration::from_secs(30);

/// One connection, kept open.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    /// What was read beyond the last answer's end, and room for the next.
    buffer: Vec<u8>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The status line and the header lines.
    pub head: Vec<u8>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; `null` where it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// The socket's.
    pub fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a request and reads its answer.
    ///
    /// # Errors
    /// The socket's; `InvalidData` for what is no answer with a Content-Length.
    pub fn ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.send(request)?;
        self.receive()
    }

    /// The first half of [`Connection::ask`].
    ///
    /// # Errors
    /// The socket's.
    pub fn send(&mut self, request: &[u8]) -> io::Result<()> {
        self.stream.write_all(request)
    }

    /// The second half of [`Connection::ask`].
    ///
    /// # Errors
    /// As [`Connection::ask`].
    pub fn receive(&mut self) -> io::Result<Answer> {
        let head = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            self.fill()?;
        };
        let (status, length) = read_head(self.buffer.get(..head).unwrap_or_default()).ok_or_else(malformed)?;
        while self.buffer.len() < head + length {
            self.fill()?;
        }
        let body = self.buffer.get(head..head + length).unwrap_or_default().to_vec();
        let head = self.buffer.drain(..head + length).take(head).collect();
        Ok(Answer { status, head, body })
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut chunk = [0; 8192];
        let read = self.stream.read(&mut chunk)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.buffer.extend_from_slice(chunk.get(..read).unwrap_or_default());
        Ok(())
    }
}

fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not an HTTP/1.1 answer with a Content-Length")
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// Status and Content-Length.
fn read_head(head: &[u8]) -> Option<(u16, usize)> {
    let head = std::str::from_utf8(head).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    // An answer that never has a body need not say that it has none.
    Some((status, length.or((status == 204).then_some(0))?))
}

/// `GET path`.
#[must_use]
pub fn get(host: &str, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes()
}

/// A form posted to `path`, with an Authorization header where there is one.
#[must_use]
pub fn post_form(host: &str, path: &str, authorization: Option<&str>, form: &str) -> Vec<u8> {
    let authorization = authorization.map(|value| format!("Authorization: {value}\r\n")).unwrap_or_default();
    let length = form.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\n{authorization}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
    )
    .into_bytes()
}

/// AWS JSON 1.1, with further header lines, each ended by CRLF.
#[must_use]
pub fn post_json(host: &str, operation: &str, more: &str, input: &serde_json::Value) -> Vec<u8> {
    let body = input.to_string();
    let length = body.len();
    format!(
        "POST / HTTP/1.1\r\nHost: {host}\r\nX-Amz-Target: AWSCognitoIdentityProviderService.{operation}\r\n{more}\
         Content-Type: application/x-amz-json-1.1\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    #[test]
    fn answers_in_pieces_and_two_in_one_are_told_apart() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            for piece in
                ["HTTP/1.1 20", "0 OK\r\ncontent-LENGTH: 4\r\n\r\nab", "cdHTTP/1.1 404 X\r\nContent-Length:0\r\n\r\n"]
            {
                stream.write_all(piece.as_bytes()).unwrap();
                stream.flush().unwrap();
            }
        });
        let mut connection = Connection::open(address).unwrap();
        let answer = connection.receive().unwrap();
        assert_eq!((answer.status, answer.body.as_slice()), (200, b"abcd".as_slice()));
        assert_eq!(answer.head, b"HTTP/1.1 200 OK\r\ncontent-LENGTH: 4\r\n\r\n");
        assert_eq!(connection.receive().unwrap().status, 404);
        assert!(connection.receive().is_err());
        server.join().unwrap();
    }

    #[test]
    fn what_has_no_length_is_no_answer() {
        assert_eq!(read_head(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), None);
        assert_eq!(read_head(b"SSH-2.0\r\n\r\n"), None);
        assert_eq!(read_head(b"HTTP/1.1 204 No Content\r\n\r\n"), Some((204, 0)));
    }
}
